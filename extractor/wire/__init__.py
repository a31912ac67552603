"""A Pydantic schema on its way to a model, and the reply on its way back.

`compile.py` turns any `BaseModel` into a `Shape` once; `json_schema.py` and `outline.py` write it
for a provider or a prompt; `restore.py` reads a reply by it. Rewrites for the wire (a dict as a
list of pairs, a wrapped root) are undone by `restore`, so no technique has to remember what it
sent.
"""

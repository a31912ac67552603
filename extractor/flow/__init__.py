"""The ladder from a reply to a valid, proved value, as generators without I/O.

`extraction.py` yields the requests that one document needs and is sent the replies; `dialogue.py`
has the turns about one text of it, `reask.py` what is asked again, `proving.py` what becomes of a
value that no quote bears, and `second_look.py` how it is looked for once more.
"""

"""Systems that extract structured data, this project among them, on the same contracts.

`python -m benchmarks.side_by_side` runs each of them as its documentation shows, in a process and
an environment of its own, against a stand-in for OpenAI's API on this machine. What a system is run
with (`contracts`, `schema`, `system`, `systems`, `judging`, `worker`, `adapters`) runs in any of
these environments and imports nothing of this project, but for the adapter of it; the rest is the
side of whoever measures.
"""

"""Files of results: one JSON object a line, read as they come."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

LONGEST = 32 * 1024 * 1024
"""Bytes of a line; what is longer is no reply of any model, and is cut off."""

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield the lines of a stream that are not empty.

    Only a line feed ends one: a contract may hold any of Unicode's other line ends, which JSON does
    not escape.

    >>> list(lines([b'{"a": 1}\n{"b"', b': 2}\r\n\n{"c": 3}']))
    [b'{"a": 1}', b'{"b": 2}', b'{"c": 3}']
    """
    rest = bytearray()
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        rest += first
        for other in others:
            if line := bytes(rest).strip():
                yield line
            rest[:] = other
        del rest[LONGEST:]
    if line := bytes(rest).strip():
        yield line


def members(text: str) -> dict[str, str]:
    """Return the members of a JSON object, each as the text that it was.

    A reply inside a result keeps its numbers as they were written: 12.10 does not become 12.1.

    Raises:
        ValueError: it is no JSON object.

    >>> members('{"id": "a", "amount": 12.10, "more": {"b": [1.0]}}')
    {'id': '"a"', 'amount': '12.10', 'more': '{"b": [1.0]}'}
    """
    found: dict[str, str] = {}
    at = _after(text, 0, "{")
    if text[at : at + 1] == "}":
        return found
    while True:
        name, at = _DECODER.raw_decode(text, at)
        begin = _after(text, at, ":")
        _, end = _DECODER.raw_decode(text, begin)
        found[str(name)] = text[begin:end]
        at = _space(text, end)
        if text[at : at + 1] == "}":
            return found
        at = _after(text, at, ",")


def _after(text: str, at: int, sign: str) -> int:
    """Return the place of what follows a sign and the space around it."""
    at = _space(text, at)
    if text[at : at + 1] != sign:
        raise ValueError(f"no {sign!r} at {at}")
    return _space(text, at + 1)


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at

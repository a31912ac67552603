"""Clean JSON, read at the speed of the standard library and without loss.

Numbers stay as they are written. What plain JSON allows but a careful reader must look at (repeated
keys, NaN, lone surrogates, NUL, deep nesting) is refused here and left to `json_scanner`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any, NoReturn, cast

from extractor.backends.reading import MAX_DEPTH
from extractor.wire.reading import Lexeme

_DOUBTFUL_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class NotCleanError(ValueError):
    """The text is no JSON, or JSON that takes care to read."""


def read_clean(text: str) -> Any:
    """Read a text that is one JSON value and nothing else.

    Raises:
        NotCleanError: it is not, or not a harmless one.
    """
    start = len(text) - len(text.lstrip())
    value, end = read_clean_at(text, start)
    if text[end:].strip():
        raise NotCleanError("more text follows")
    return value


def read_clean_at(text: str, start: int) -> tuple[Any, int]:
    """Read the JSON value at `start`, and return it with where it ends.

    Raises:
        NotCleanError: there is none, or not a harmless one.
    """
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise NotCleanError(type(error).__name__) from error
    if _DOUBTFUL_ESCAPE.search(text, start, end):
        raise NotCleanError("an escape that may be no character")
    if text.count("{", start, end) + text.count("[", start, end) > MAX_DEPTH:
        _check_depth(value)
    return value, end


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for item in level for inner in _children(item)]
    if any(isinstance(item, dict | list) for item in level):
        raise NotCleanError("nested too deeply")


def _children(value: Any) -> Collection[Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("Collection[Any]", value) if isinstance(value, list) else ()


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotCleanError("a key is repeated")
    return members


def _refuse(constant: str) -> NoReturn:
    raise NotCleanError(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=Lexeme, parse_float=Lexeme, parse_constant=_refuse
)

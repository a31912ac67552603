"""Clean JSON, read at the speed of the standard library and without loss.

Numbers stay as they are written. What plain JSON allows but a careful reader must look at (repeated
keys, NaN, lone surrogates, NUL, deep nesting) is refused here and left to `json_scanner`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from json import JSONDecodeError
from typing import Any, NoReturn, cast

from extractor.backends.reading import MAX_DEPTH
from extractor.wire.reading import Lexeme

_DOUBTFUL_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_START = re.compile(r"""\{\s*+["}]|\[\s*+["\]{\[0-9tfn-]""")
_STRETCH = 1024
"""Characters that are first looked at for a value, eight times as many when they end within it."""
_LONGEST_TOKEN = 12
"""Characters of a literal or escape: an error further from a stretch's end is no cut-off one."""


class NotCleanError(ValueError):
    """The text is no JSON, or JSON that takes care to read."""


def read_clean(text: str) -> Any:
    """Read a text that is one JSON value and nothing else.

    Raises:
        NotCleanError: it is not, or not a harmless one.
    """
    start = len(text) - len(text.lstrip())
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise NotCleanError(type(error).__name__) from error
    if text[end:].strip():
        raise NotCleanError("more text follows")
    _check(value, text, start, end)
    return value


def read_container_at(text: str, start: int) -> tuple[Any, int]:
    """Read the JSON object or array that opens at `start`, and return it with where it ends.

    The standard library counts the lines up to an error, from the start of what it is given. It
    is given a stretch at a time, or a reply full of broken JSON would take quadratic time.

    Raises:
        NotCleanError: there is none, or not a harmless one.
    """
    if not _START.match(text, start):
        raise NotCleanError("neither a value nor a key follows")
    length = _STRETCH
    while True:
        stretch = text[start : start + length]
        try:
            value, size = _DECODER.raw_decode(stretch)
        except JSONDecodeError as error:
            is_all = start + length >= len(text)
            if is_all or not _may_go_on(error, len(stretch)):
                raise NotCleanError(type(error).__name__) from error
            length *= 8
        except (ValueError, RecursionError) as error:
            raise NotCleanError(type(error).__name__) from error
        else:
            _check(value, stretch, 0, size)
            return value, start + size


def _may_go_on(error: JSONDecodeError, length: int) -> bool:
    """Whether a stretch of that length may be no JSON only because it ends too early."""
    return error.pos >= length - _LONGEST_TOKEN or error.msg.startswith("Unterminated string")


def _check(value: Any, text: str, start: int, end: int) -> None:
    if _DOUBTFUL_ESCAPE.search(text, start, end):
        raise NotCleanError("an escape that may be no character")
    if text.count("{", start, end) + text.count("[", start, end) > MAX_DEPTH:
        _check_depth(value)


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

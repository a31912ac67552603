"""Media queries (Media Queries 4), held against the window of a usual screen.

What is not known holds for nothing: rules for narrow windows and dark rooms are there to hide.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from extractor.documents.readers.html.values import points

_WIDTH = 960.0
"""Points of a window of 1,280 pixels."""

_TYPE = re.compile(r"(?:only\s+|(not)\s+)?([a-z-]+)")
_FEATURE = re.compile(r"\(\s*(?:(min|max)-width\s*:|width\s*([<>]=?))\s*([^\s()]+)\s*\)")
_HOLDS: dict[str, Callable[[float], bool]] = {
    "min": lambda said: said <= _WIDTH,
    ">=": lambda said: said <= _WIDTH,
    ">": lambda said: said < _WIDTH,
    "max": lambda said: said >= _WIDTH,
    "<=": lambda said: said >= _WIDTH,
    "<": lambda said: said > _WIDTH,
}


def for_screen(queries: str) -> bool:
    """Say whether any of the queries between commas holds for a window of 1,280 pixels.

    >>> for_screen("print, screen"), for_screen("(min-width: 40em)"), for_screen("(hover: none)")
    (True, True, False)
    """
    return any(map(_holds, queries.lower().split(",")))


def _holds(query: str) -> bool:
    kind, *features = re.split(r"\band\b", query.strip())
    if kind.lstrip().startswith("("):
        return all(map(_has, (kind, *features)))
    found = _TYPE.fullmatch(kind.strip())
    if found is None:
        return not kind.strip() and not features
    if found[1]:
        return not features and found[2] not in ("all", "screen")
    return found[2] in ("all", "screen") and all(map(_has, features))


def _has(feature: str) -> bool:
    found = _FEATURE.fullmatch(feature.strip())
    said = points(found[3]) if found else None
    return found is not None and said is not None and _HOLDS[found[1] or found[2]](said)

"""Values of CSS: lengths, shares and functions."""

from __future__ import annotations

import re
from collections.abc import Iterator

EM = 12.0
"""Points of a font whose size is not told."""

_LENGTH = re.compile(r"([+-]?\d*\.?\d+)(px|pt|pc|em|rem|ex|ch|%|in|cm|mm|vw|vh)?")
_IN_POINTS = {
    "px": 0.75,
    "pt": 1.0,
    "pc": 12.0,
    "rem": 12.0,
    "in": 72.0,
    "cm": 28.3,
    "mm": 2.83,
    "vw": 9.6,
    "vh": 6.0,
}
"""Parts of the window (vw, vh) are those of a usual one."""

_FUNCTION = re.compile(r"(?<![a-z0-9-])([a-z0-9-]+)\(([^()]*)\)")


def points(text: str, em: float = EM) -> float | None:
    """Return a length in points, a percentage as a share of `em`; None where it is not one.

    >>> points("2px"), points("-1.5em", 10), points("auto")
    (1.5, -15.0, None)
    """
    found = _LENGTH.match(text)
    if found is None:
        return None
    units = {"em": em, "%": em / 100, "ex": em / 2, "ch": em / 2} | _IN_POINTS
    return float(found[1]) * units[found[2] or "px"]


def lengths(text: str) -> list[float]:
    """Return the lengths among words, in points."""
    found = (points(word) for word in re.split(r"[\s,]+", text.strip()))
    return [length for length in found if length is not None]


def share(text: str) -> float | None:
    """Return a number, or a percentage as a number.

    >>> share(".5"), share("4%"), share("inherit")
    (0.5, 0.04, None)
    """
    found = re.match(r"([+-]?\d*\.?\d+)(?:e([+-]?\d{1,2}))?(%)?", text)
    if found is None:
        return None
    return float(found[1]) * 10.0 ** int(found[2] or 0) / (100 if found[3] else 1)


def functions(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the functions of a value with their arguments.

    >>> list(functions("scale(0, 1) inset(50%)"))
    [('scale', ['0', '1']), ('inset', ['50%'])]
    """
    for found in _FUNCTION.finditer(text):
        yield found[1], re.split(r"[\s,]+", found[2].strip())

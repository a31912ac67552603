"""Whether an element of a page can be seen, by its attributes and styles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extractor.documents.readers.elements import Element
from extractor.documents.readers.html.css import Declarations

_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "transparent": None, "inherit": None}
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})\b")
_RGB = re.compile(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)")
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|em|rem|%|in|cm|mm)?")
_IN_POINTS = {"px": 0.75, "pt": 1.0, "rem": 12.0, "in": 72.0, "cm": 28.3, "mm": 2.83}
_TINY = 1.0
"""Points: 1 px is less. (A Word file's limit is 2 pt; browsers scale.)"""

_FAR = -700
"""Points to the left or above, where no page reaches."""

_NEAR = 24
_NEVER_SHOWN = frozenset(("template", "datalist"))

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """What an element hands on to those within it.

    `gone` is the reason why nothing within it can be seen, whatever is said there.
    """

    gone: str | None = None
    invisible: bool = False
    size: float = 12.0
    colour: Colour | None = None
    background: Colour | None = (255, 255, 255)

    @property
    def hidden(self) -> str | None:
        """How text is hidden that stands right here, None if it is not."""
        if self.gone:
            return self.gone
        if self.invisible:
            return "invisible"
        if self.size < _TINY:
            return "tiny"
        if self.colour and self.background and _alike(self.colour, self.background):
            return "white"
        return None

    def within(self, element: Element, style: Declarations) -> Look:
        """Return the look of an element within this one."""
        look = self
        if look.gone is None:
            look = replace(look, gone=_gone(element, style))
        if "visibility" in style:
            look = replace(look, invisible=style["visibility"] in ("hidden", "collapse"))
        size = _size(style, self.size)
        if size is not None:
            look = replace(look, size=size)
        ink = style.get("color") or (element.get("color") if element.tag == "font" else None)
        if ink:
            look = replace(look, colour=_colour(ink))
        ground = style.get("background-color") or style.get("background") or element.get("bgcolor")
        if ground and ground not in ("none", "transparent", "inherit"):
            look = replace(look, background=_colour(ground))  # a picture's colour is not known
        return look


def breaks_page(style: Declarations, side: str) -> bool:
    """Say whether a page ends before or after an element."""
    said = style.get(f"page-break-{side}") or style.get(f"break-{side}") or ""
    return said in ("always", "page", "left", "right")


def _gone(element: Element, style: Declarations) -> str | None:
    if "hidden" in element.attrib or element.tag in _NEVER_SHOWN:
        return "styled"
    if style.get("display") == "none" or style.get("opacity") in ("0", "0.0", "0%"):
        return "styled"
    if style.get("position") in ("absolute", "fixed"):
        sides = (_points(style.get(side, ""), 12.0) for side in ("left", "top"))
        if any(far is not None and far < _FAR for far in sides):
            return "off_page"
    indent = _points(style.get("text-indent", ""), 12.0)
    return "off_page" if indent is not None and indent < _FAR else None


def _size(style: Declarations, outer: float) -> float | None:
    """Return a font's size in points, also from the short form ("italic 10pt/12pt Times")."""
    said = style.get("font-size")
    if said is None and "font" in style:
        words = [word for word in style["font"].split() if re.match(r"\d", word)]
        said = next((word for word in words if not word.isdigit() or word == "0"), None)
    return _points(said, outer) if said else None


def _points(text: str, em: float) -> float | None:
    found = _LENGTH.match(text)
    if found is None:
        return None
    unit = found[2] or "px"
    return float(found[1]) * ({"em": em, "%": em / 100} | _IN_POINTS)[unit]


def _colour(text: str) -> Colour | None:
    text = text.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    rgb = _RGB.match(text)
    if rgb:
        return int(rgb[1]), int(rgb[2]), int(rgb[3])
    found = _HEX.match(text)
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(c * 2 for c in found[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))

"""How an element of a page is seen, by its attributes and styles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from extractor.documents.readers.elements import Element
from extractor.documents.readers.html.colours import (
    WHITE,
    Colour,
    alike,
    background,
    colour,
    over,
)
from extractor.documents.readers.html.css import Declarations
from extractor.documents.readers.html.fonts import first_family
from extractor.documents.readers.html.hiding import FAINT, hidden_by, is_inline
from extractor.documents.readers.html.values import EM, points

Spaces: TypeAlias = Literal["one", "lines", "all"]

_TINY = 2.0
"""Points; what is smaller nobody reads."""

_LIFTED = 2.0
"""Points above the line that raise a figure."""

_SMALL = 0.9
"""The share of the size around it below which what is aligned to the top of a line is raised."""

_STRUCK = frozenset(("del", "s", "strike"))
_VERBATIM = frozenset(("pre", "textarea"))
_SPACES: Mapping[str, Spaces] = {
    "normal": "one",
    "nowrap": "one",
    "initial": "one",
    "pre-line": "lines",
    "pre": "all",
    "pre-wrap": "all",
    "break-spaces": "all",
}
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "option", "p"),
        *("page", "pre", "section", "summary", "table", "tbody", "td", "text", "tfoot", "th"),
        *("textarea", "thead", "tr", "ul"),
    )
)
_AS_BLOCK = frozenset(("block", "flow-root", "flex", "grid", "list-item"))
_AS_OUTSIDE = ("inherit", "unset", "currentcolor")


@dataclass(frozen=True, slots=True)
class Look:
    """What an element hands on to those within it.

    `gone` is the reason why nothing within it can be seen, whatever is said there. `spaces` tells
    what white space shows as: one space, lines with one space each, or what it is. A colour is None
    where it is not known.
    """

    gone: str | None = None
    invisible: bool = False
    struck: bool = False
    spaces: Spaces = "one"
    size: float = EM
    font: str = ""
    colour: Colour | None = None
    background: Colour | None = WHITE

    @property
    def unseen(self) -> bool:
        """Whether nothing can be seen that stands right here, be it text or not."""
        return self.gone is not None or self.invisible

    @property
    def hidden(self) -> str | None:
        """How text is hidden that stands right here, None if it is not."""
        if self.gone:
            return self.gone
        if self.invisible or (self.colour and self.colour[3] < FAINT):
            return "invisible"
        if self.size < _TINY:
            return "tiny"
        if self.colour and self.background:
            return "white" if alike(over(self.colour, self.background), self.background) else None
        return None

    def within(self, element: Element, style: Declarations) -> Look:
        """Return the look of an element within this one."""
        look = self
        if look.gone is None and (reason := hidden_by(element, style)):
            look = replace(look, gone=reason)
        if style.get("visibility") in ("visible", "hidden", "collapse", "initial"):
            look = replace(look, invisible=style["visibility"] in ("hidden", "collapse"))
        if element.tag in _STRUCK or "line-through" in style.get("text-decoration", ""):
            look = replace(look, struck=True)
        spaces = _SPACES.get(style.get("white-space", "pre" if element.tag in _VERBATIM else ""))
        if spaces and spaces != look.spaces:
            look = replace(look, spaces=spaces)
        size = points(style.get("font-size", ""), self.size)
        if size is not None:
            look = replace(look, size=size)
        fonts = style.get("font-family") or _attribute(element, font="face")
        if fonts and fonts not in _AS_OUTSIDE:
            look = replace(look, font=first_family(fonts))
        ink = style.get("color") or _attribute(element, font="color", body="text")
        if ink and ink not in _AS_OUTSIDE:
            look = replace(look, colour=colour(ink))
        grounds = (
            element.get("bgcolor", "") if "background-color" not in style else "",
            style.get("background-color", ""),
            style.get("background-image", ""),
            "url()" if element.get("background") else "",
        )
        for ground in grounds:
            if ground:
                look = replace(look, background=background(ground, look.background))
        return look


def is_block(element: Element, style: Declarations) -> bool:
    """Say whether an element begins a line, and ends one."""
    display = style.get("display", "")
    return element.tag in _BLOCKS or display in _AS_BLOCK or display.startswith("table")


def is_raised(element: Element, style: Declarations, around: Look) -> bool:
    """Say whether an element is part of a line and stands above it, as the mark of a note does.

    `around` is the look of what it is part of.
    """
    if not is_inline(element, style):
        return False
    said = style.get("vertical-align", "super" if element.tag == "sup" else "baseline")
    size = points(style.get("font-size", ""), around.size)
    small = element.tag == "sup" or (size is not None and size < _SMALL * around.size)
    if said == "super" or (small and said in ("top", "text-top")):
        return True
    lifts = [points(said)]
    if style.get("position") == "relative":
        lifts.append(points(style.get("bottom", "")))
        top = points(style.get("top", ""))
        lifts.append(None if top is None else -top)
    return any(lift is not None and lift >= _LIFTED for lift in lifts)


def breaks_page(style: Declarations, side: str) -> bool:
    """Say whether a page ends before or after an element."""
    said = style.get(f"page-break-{side}") or style.get(f"break-{side}") or ""
    return said in ("always", "page", "left", "right")


def _attribute(element: Element, **names: str) -> str | None:
    """Return the attribute that an element's tag gives a meaning to."""
    name = names.get(str(element.tag))
    return element.get(name) if name else None

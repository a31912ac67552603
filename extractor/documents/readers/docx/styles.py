"""Styles (ISO/IEC 29500-1, 17.7): what a paragraph and a run inherit, and how a run looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractor.documents.readers.docx.xml import (
    attribute,
    find,
    find_all,
    number,
    short,
    switch,
)
from extractor.documents.readers.elements import Element

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_HIGHLIGHTS = {"white": "FFFFFF", "lightGray": "C0C0C0", "yellow": "FFFF00", "black": "000000"}
_TINY = 4
"""Half points; what is smaller nobody reads."""

_LIFTED = 6
"""Half points above the line: what Word offers for text that is raised by hand."""

_NEAR = 24
"""Steps of 255 that two shades of each of red, green and blue may differ and look the same."""


@dataclass(frozen=True, slots=True)
class Look:
    """What of a run's properties decides whether and how it can be seen.

    `colour` and `fill` are RRGGBB, None where automatic; `size` and `lift` are in half points;
    `low` and `high` are the fonts of ASCII and of further characters, "" where a theme has them.
    """

    vanish: bool = False
    web_hidden: bool = False
    colour: str | None = None
    fill: str | None = None
    size: int | None = None
    strike: bool = False
    double_strike: bool = False
    superscript: bool = False
    lift: int = 0
    low: str = ""
    high: str = ""

    @property
    def struck(self) -> bool:
        """Whether it is struck through."""
        return self.strike or self.double_strike

    @property
    def raised(self) -> bool:
        """Whether it stands above the line."""
        return self.superscript or self.lift >= _LIFTED

    def under(self, properties: Element | None) -> Look:  # noqa: PLR0912  # one case a property
        """Return this look with a `w:rPr` laid over it."""
        look = self
        for item in properties if properties is not None else ():
            match short(item.tag):
                case "w:vanish":
                    look = replace(look, vanish=switch(item) is True)
                case "w:webHidden":
                    look = replace(look, web_hidden=switch(item) is True)
                case "w:color":
                    look = replace(look, colour=_colour(attribute(item)))
                case "w:sz":
                    look = replace(look, size=number(item))
                case "w:shd":
                    look = replace(look, fill=shading(item))
                case "w:highlight":
                    look = replace(look, fill=_HIGHLIGHTS.get(attribute(item) or "", look.fill))
                case "w:strike":
                    look = replace(look, strike=switch(item) is True)
                case "w:dstrike":
                    look = replace(look, double_strike=switch(item) is True)
                case "w:vertAlign":
                    look = replace(look, superscript=attribute(item) == "superscript")
                case "w:rFonts":
                    low, high = _font(item, "ascii", look.low), _font(item, "hAnsi", look.high)
                    look = replace(look, low=low, high=high)
                case "w:position":
                    look = replace(look, lift=number(item) or 0)
                case _:
                    pass
        return look

    def hidden(self, background: str | None) -> str | None:
        """Say how a run is hidden, None if it can be seen.

        Args:
            background: RRGGBB of what lies behind the run, None where that is not known.
        """
        behind = self.fill or background
        if self.vanish:
            return "invisible"
        if self.size is not None and self.size < _TINY:
            return "tiny"
        if self.colour and behind and _alike(self.colour, behind):
            return "white"
        return None


@dataclass(frozen=True, slots=True)
class Style:
    """One style: of a paragraph, a run, a table or a list."""

    name: str
    based_on: str | None
    element: Element


class Styles:
    """The styles of a document; a style that is not there has no properties."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._defaults: dict[str, str] = {}
        self._looks: dict[tuple[str | None, str | None], Look] = {}
        self._base = Look().under(find(root, "w:docDefaults/w:rPrDefault/w:rPr"))
        for element in find_all(root, "w:style"):
            name = attribute(element, "styleId") or ""
            self._styles[name] = Style(name, attribute(find(element, "w:basedOn")), element)
            if attribute(element, "default") in ("1", "true", "on"):
                self._defaults[attribute(element, "type") or "paragraph"] = name

    def paragraph_style(self, properties: Element | None) -> str | None:
        """Return the style that a paragraph names, or else the default one."""
        named = attribute(find(properties, "w:pStyle"))
        return named if named in self._styles else self._defaults.get("paragraph")

    def chain(self, name: str | None) -> Iterator[Style]:
        """Yield a style and those that it is based on, the nearest first."""
        seen: set[str] = set()
        while name is not None and name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = self._styles[name].based_on

    def look(self, paragraph: str | None, character: str | None) -> Look:
        """Return how a run of these two styles looks.

        `w:vanish` and `w:strike` are toggle properties (17.7.3): set by both, they are off.
        """
        key = (paragraph, character)
        if key not in self._looks:
            below = self._under_chain(self._base, paragraph)
            above = self._under_chain(replace(below, vanish=False, strike=False), character)
            self._looks[key] = replace(
                above,
                vanish=self._base.vanish or below.vanish != above.vanish,
                strike=self._base.strike or below.strike != above.strike,
            )
        return self._looks[key]

    def paragraph_fill(self, name: str | None) -> str | None:
        """Return the shading of a paragraph by its style."""
        for style in self.chain(name):
            found = find(style.element, "w:pPr/w:shd")
            if found is not None:
                return shading(found)
        return None

    def heading_level(self, name: str | None) -> int | None:
        """Return the level of a paragraph by its style, from 1; None where it is no heading.

        What fields count is Word's own headings, which have these names in every language.
        """
        for style in self.chain(name):
            known = _HEADING.fullmatch(attribute(find(style.element, "w:name")) or "")
            if known:
                return int(known[1])
        return None

    def table_is_shaded(self, name: str | None) -> bool:
        """Say whether a table style colours any of its cells, whichever these are."""
        return any(
            shading(item) is not None
            for style in self.chain(name)
            for item in find_all(style.element, ".//w:shd")
        )

    def _under_chain(self, look: Look, name: str | None) -> Look:
        for style in reversed(list(self.chain(name))):
            look = look.under(find(style.element, "w:rPr"))
        return look


def shading(element: Element | None) -> str | None:
    """Return the colour of a `w:shd` as RRGGBB; None where it has none."""
    solid = attribute(element) == "solid"
    return _colour(attribute(element, "color" if solid else "fill"))


def _font(fonts: Element, kind: str, before: str) -> str:
    """Return the font of a kind of characters; that of a theme is none of symbols."""
    if attribute(fonts, f"{kind}Theme"):
        return ""
    return attribute(fonts, kind) or before


def _colour(text: str | None) -> str | None:
    text = (text or "").strip().upper()
    return text if len(text) == 6 and all(c in "0123456789ABCDEF" for c in text) else None


def _alike(one: str, other: str) -> bool:
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (0, 2, 4))
    return all(abs(a - b) <= _NEAR for a, b in pairs)

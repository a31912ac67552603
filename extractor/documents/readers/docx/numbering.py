"""Automatic numbers of paragraphs, counted and written as Word does (ISO/IEC 29500-1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.documents.readers.docx.styles import Styles
from extractor.documents.readers.docx.xml import (
    attribute,
    find,
    find_all,
    number,
    switch,
)
from extractor.documents.readers.elements import Element
from extractor.documents.readers.numerals import WORD_FORMATS
from extractor.documents.readers.symbols import bullet

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_SUFFIXES = {"space": " ", "nothing": ""}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts and looks.

    Attributes:
        start: the first number.
        form: its number format's name.
        width: the least figures of it, in a format that is spelt out ("001, 002").
        text: with `%1` to `%9` for the numbers of the levels.
        restart: from 1: the level after which this one begins anew; 0 is never, None any above it.
        legal: its number, and those of other levels in it, in decimal figures.
        suffix: what stands between it and the paragraph.
        style: of the paragraphs that are numbered so.
    """

    start: int
    form: str
    width: int
    text: str
    restart: int | None
    legal: bool
    suffix: str
    style: str | None

    def write(self, value: int, *, legal: bool = False) -> str:
        """Return a number of this level as it is printed.

        In a legal number Word makes figures of all formats but the one that is figures with a
        zero, which it leaves ([MS-DOC] 2.9.150, fLegal): Section 1.01.
        """
        if self.form in ("bullet", "none"):
            return ""
        if legal and self.form != "decimalZero":
            return str(value)
        return WORD_FORMATS.get(self.form, str)(value).rjust(self.width, "0")


@dataclass(frozen=True, slots=True)
class _List:
    """A `w:num`: the counters it shares with others of its kind, its levels, its own starts."""

    counter: str
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbering:
    """The lists of a document, with the state of their counters."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract = {
            attribute(item, "abstractNumId"): item for item in find_all(root, "w:abstractNum")
        }
        self._nums = {attribute(item, "numId"): item for item in find_all(root, "w:num")}
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        self.unknown: set[str] = set()

    def place(self, properties: Element | None, style: str | None) -> tuple[str, int] | None:
        """Return the list and level of a paragraph, from its own properties or its style's.

        List 0 is no list: it switches a style's numbering off.
        """
        own = find(properties, "w:numPr")
        list_id, level = attribute(find(own, "w:numId")), number(find(own, "w:ilvl"))
        if list_id is None:
            list_id, by_style = self._by_style(style)
            level = by_style if level is None else level
        if list_id is None or self._list(list_id) is None:
            return None
        return list_id, min(max(level or 0, 0), _LEVELS - 1)

    def label(self, list_id: str, at: int) -> str:
        """Count a paragraph and return its number, with what stands between it and the text."""
        numbered = self._list(list_id)
        if numbered is None or at not in numbered.levels:
            return ""
        counts = self._count(list_id, numbered, at)
        level = numbered.levels[at]

        def printed(place: re.Match[str]) -> str:
            other = int(place[1]) - 1
            if other > at or other not in numbered.levels:
                return ""
            value = counts[other]
            start = numbered.starts.get(other, numbered.levels[other].start)
            return numbered.levels[other].write(
                start if value is None else value, legal=level.legal
            )

        text = level.text if level.form == "bullet" else _PLACE.sub(printed, level.text)
        return text + level.suffix if text else ""

    def _count(self, list_id: str, numbered: _List, at: int) -> list[int | None]:
        """Set the counters to a paragraph's; lists of one kind count on from each other."""
        counts = self._counts.setdefault(numbered.counter, [None] * _LEVELS)
        if list_id not in self._begun:  # starts of its own hold from where a list is first used
            self._begun.add(list_id)
            for other in numbered.starts:
                counts[other] = None
        value = counts[at]
        start = numbered.starts.get(at, numbered.levels[at].start)
        counts[at] = start if value is None else value + 1
        for other in range(at + 1, _LEVELS):
            level = numbered.levels.get(other)
            after = level.restart if level else None
            if after is None or at < after:
                counts[other] = None
        return counts

    def _by_style(self, style: str | None) -> tuple[str | None, int | None]:
        """Return the list that a style or one below it names, and the level.

        A level that names the style decides, then what the style itself says (17.9.23).
        """
        list_id: str | None = None
        level: int | None = None
        chain = list(self._styles.chain(style))
        for item in chain:
            own = find(item.element, "w:pPr/w:numPr")
            list_id = list_id or attribute(find(own, "w:numId"))
            level = number(find(own, "w:ilvl")) if level is None else level
        found = self._list(list_id) if list_id else None
        if found and chain:
            named = (at for at, item in found.levels.items() if item.style == chain[0].name)
            level = next(named, level)
        return list_id, level

    def _list(self, list_id: str) -> _List | None:
        if list_id not in self._lists:
            self._lists[list_id] = self._resolved(list_id) if list_id != "0" else None
        return self._lists[list_id]

    def _resolved(self, list_id: str) -> _List | None:
        num = self._nums.get(list_id)
        abstract = self._abstract_of(num)
        if abstract is None:
            return None
        levels = self._levels(abstract)
        starts: dict[int, int] = {}
        for override in find_all(num, "w:lvlOverride"):
            at = number(override, "ilvl")
            if at is None:
                continue
            levels |= self._levels(override)
            start = number(find(override, "w:startOverride"))
            if start is not None:
                starts[at] = start
        return _List(attribute(abstract, "abstractNumId") or "", levels, starts)

    def _abstract_of(self, num: Element | None) -> Element | None:
        """Return a list's definition; it may be that of a numbering style (17.9.21)."""
        seen: set[str] = set()
        while num is not None:
            abstract = self._abstract.get(attribute(find(num, "w:abstractNumId")))
            link = attribute(find(abstract, "w:numStyleLink"))
            if abstract is None or link is None:
                return abstract
            if link in seen:
                return None
            seen.add(link)
            style = next(self._styles.chain(link), None)
            target = find(style.element if style else None, "w:pPr/w:numPr/w:numId")
            num = self._nums.get(attribute(target))
        return None

    def _levels(self, parent: Element) -> dict[int, Level]:
        levels: dict[int, Level] = {}
        for element in find_all(parent, "w:lvl"):
            at = number(element, "ilvl")
            if at is not None and 0 <= at < _LEVELS:
                levels[at] = level = _level(element)
                if level.form not in WORD_FORMATS and level.form != "custom":
                    self.unknown.add(level.form)
        return levels


def _level(element: Element) -> Level:
    form = find(element, "w:numFmt")
    if form is None:  # a format that old Word does not know stands beside one that it does
        form = find(element, ".//w:numFmt")
    name = attribute(form) or "decimal"
    text = attribute(find(element, "w:lvlText")) or ""
    if name == "bullet":
        font = attribute(find(element, "w:rPr/w:rFonts"), "ascii") or ""
        picture = find(element, "w:lvlPicBulletId") is not None
        text = "•" if picture else bullet(text, font)
    spelt = (attribute(form, "format") or "").partition(",")[0].strip()
    return Level(
        start=number(find(element, "w:start")) or 0,
        form=name,
        width=min(len(spelt), 9) if name == "custom" else 0,
        text=text,
        restart=number(find(element, "w:lvlRestart")),
        legal=switch(find(element, "w:isLgl")) is True,
        suffix=_SUFFIXES.get(attribute(find(element, "w:suff")) or "tab", "\t"),
        style=attribute(find(element, "w:pStyle")),
    )

"""Tables as lines: a table's rows in columns, of which those that only set others apart are none.

Filings set a figure's signs in cells of their own, put blank cells between columns, and number
clauses in a table's first column. Browsers lay cells out by their spans (WHATWG HTML, 4.9.12).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from extractor.documents.readers.elements import Element
from extractor.documents.readers.paged import table_row

_WIDEST = 100
"""Columns that a cell may span, and that a cell may take from later rows: no more, for speed."""

_LABEL = (
    r"(?:\(?(?:\d{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,7})[.)]|\d+(?:\.\d+)+\.?|[•·●○▪■□◆❖❑❒➢§\u2013*-])"
)
"""A clause's number or a bullet in a cell of its own: no table, but a hanging indent."""

_IS_LABEL = re.compile(_LABEL)
_BEGINS = re.compile(
    rf"{_LABEL}\s+[^\W\d]|(?:section|article|clause|exhibit|schedule|annex|appendix)\b"
    r"|(?:by|name|title|its|date)\s*:|/s/|_{3}",
    re.IGNORECASE,
)
"""What begins a line of its own and no row: a clause, or a place to sign."""

_FIGURE = re.compile(r"[\d(.\u2013\u2014-]")
_LETTER = re.compile(r"[^\W\d_]")
_PROSE = 60
"""Characters of a cell that is a paragraph, if it is alone in its row."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell says, if anything, and its columns: the first, and the one after its last."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class _Row:
    before: str
    cells: list[_Cell] = field(default_factory=list[_Cell])


class Table:
    """A table under way; `opener` is the element that ends it, `depth` how many cells it is in."""

    def __init__(self, opener: Element, depth: int) -> None:
        self.opener = opener
        self.depth = depth
        self._rows: list[_Row] = []
        self._row: _Row | None = None
        self._number = 0
        self._column = 0
        self._taken: dict[int, int] = {}

    def open_row(self, before: str = "") -> None:
        """Begin a row; `before` stands before its text."""
        self.close_row()
        self._row = _Row(before)
        self._number += 1
        self._column = 0

    def close_row(self) -> None:
        """End a row, if there is one."""
        if self._row:
            self._rows.append(self._row)
            self._row = None

    def add(self, text: str, element: Element) -> None:
        """Put a cell in the first place of its row that no cell above takes."""
        if self._row is None:
            self.open_row()
        start = self._column
        while self._taken.get(start, 0) > self._number:
            start += 1
        self._column = end = start + min(_span(element, "colspan"), _WIDEST)
        if (rows := _span(element, "rowspan")) > 1:
            places = range(start, min(end, _WIDEST))
            self._taken |= dict.fromkeys(places, self._number + rows)
        if text and self._row:
            self._row.cells.append(_Cell(text, start, end))

    def take_rows(self) -> list[tuple[str, str]]:
        """Return the rows so far, and forget them: what stands before each, its text."""
        rows = [replace(row, cells=_with_signs(row.cells)) for row in self._rows]
        self._rows = []
        places = _places(rows)
        return [(row.before, _line(row.cells, places)) for row in rows]


def _span(element: Element, name: str) -> int:
    said = (element.get(name) or "").strip()
    return max(1, int(said[:5])) if said.isdecimal() else 1


def _with_signs(cells: Iterable[_Cell]) -> list[_Cell]:
    """Join signs that stand in cells of their own to their figures, as `table_row` does."""
    joined: list[_Cell] = []
    for cell in cells:
        if joined and (together := _together(joined[-1], cell)):
            joined[-1] = _Cell(together, joined[-1].start, cell.end)
        else:
            joined.append(cell)
    return joined


def _together(one: _Cell, other: _Cell) -> str | None:
    """Return the text of two cells that are one figure, None if they are not."""
    text = table_row((one.text, other.text))
    if text == f"{one.text} | {other.text}":
        return None
    opened = text == f"{one.text} {other.text}"
    if opened and (one.text == other.text or not _is_near(one, other)):
        return None  # a sign whose figure is left blank
    return text


def _is_near(one: _Cell, other: _Cell) -> bool:
    gap = other.start - one.end
    return gap == 0 or (gap == 1 and _FIGURE.match(other.text) is not None)


def _places(rows: list[_Row]) -> dict[int, int]:
    """Return the place on a line of every column in which a cell begins.

    A column that has nothing but beginnings of wider cells shares its place with the next one
    that these reach, unless a row has something in both: a head above a figure and its sign.
    """
    filled: dict[int, set[int]] = {}
    reach: dict[int, int] = {}
    for number, row in enumerate(rows):
        for cell in row.cells:
            filled.setdefault(cell.start, set()).add(number)
            reach[cell.start] = min(reach.get(cell.start, cell.end), cell.end)
    places: dict[int, int] = {}
    together: set[int] = set()
    place, shared_to = -1, 0
    for column in sorted(filled):
        if column < shared_to and together.isdisjoint(filled[column]):
            together |= filled[column]
            shared_to = min(shared_to, reach[column])
        else:
            together = filled[column]
            place += 1
            shared_to = reach[column]
        places[column] = place
    return places


def _line(cells: list[_Cell], places: dict[int, int]) -> str:
    """Return a row's cells with the blank ones before and between them.

    A number and a text are a paragraph with a hanging indent, and the paragraphs beside it no
    cells either: nothing stands before them.
    """
    texts = [cell.text for cell in cells]
    at = [places[cell.start] for cell in cells]
    if len(texts) == 2 and _IS_LABEL.fullmatch(texts[0]) and _says(texts):
        return " ".join(texts)
    blanks = [after - before - 1 for before, after in zip([-1, *at], at, strict=False)]
    if texts and _begins_line(texts):
        blanks[0] = 0
    row: list[str] = []
    for blank, text in zip(blanks, texts, strict=True):
        row += [*[""] * blank, text]
    return " | ".join(row).strip(" ")


def _begins_line(texts: list[str]) -> bool:
    if len(texts) == 1 and (len(texts[0]) > _PROSE or "\n" in texts[0]):
        return True
    if _IS_LABEL.fullmatch(texts[0]):
        return _says(texts)
    return _BEGINS.match(texts[0]) is not None


def _says(texts: list[str]) -> bool:
    """Say whether there are words behind a number, not another figure."""
    return len(texts) > 1 and _LETTER.search(texts[1]) is not None

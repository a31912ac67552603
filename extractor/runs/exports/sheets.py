"""The one door to xlsxwriter, which has no types: a workbook, and sheets that take rows of cells.

Its `write()` makes formulas, links and numbers of text; nothing here calls it. Rows go to disk as
they come (`constant_memory`), so they can only be added, and only comments are kept in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from extractor.runs.exports.cells import Cell, fitting

_xlsxwriter: Any = import_module("xlsxwriter")
_exceptions: Any = import_module("xlsxwriter.exceptions")

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet, the head included."""

_LONGEST_COMMENT = 1_000
_NARROWEST, _WIDEST = 10, 60
"""Of columns, in characters."""
_MARK = "#FFEB9C"
"""The fill of values that somebody has to look at."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A cell with a comment; `marked` shows that somebody has to look at it."""

    value: Cell
    comment: str | None = None
    marked: bool = False


class _Style(NamedTuple):
    """How a cell looks."""

    is_day: bool
    is_marked: bool
    is_wrapped: bool

    def properties(self) -> dict[str, Any]:
        """Return it in xlsxwriter's words; all begins at the top of its row."""
        return (
            {"valign": "top"}
            | ({"num_format": "yyyy-mm-dd"} if self.is_day else {})
            | ({"bg_color": _MARK} if self.is_marked else {})
            | ({"text_wrap": True} if self.is_wrapped else {})
        )


class Book:
    """A workbook that is being written.

    Args:
        path: the file.
        created: the time that it bears.
    """

    def __init__(self, path: Path, *, created: datetime) -> None:
        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self.book: Any = _xlsxwriter.Workbook(str(path), options)
        self.book.use_zip64()  # as far as a sheet needs it: a million rows of quotes do
        self.book.set_properties({"created": created.replace(tzinfo=None)})
        styles = (_Style(*each) for each in product((False, True), repeat=3))
        self._styles = {style: self.book.add_format(style.properties()) for style in styles}
        self._head = self.book.add_format({"bold": True, "bottom": 1})

    def sheet(
        self,
        name: str,
        head: Sequence[str],
        *,
        widths: Mapping[str, int] = MappingProxyType({}),
        wraps: Collection[str] = (),
    ) -> Sheet:
        """Add a sheet; its head and its first column stay in sight.

        Args:
            name: of the sheet.
            head: the names of its columns.
            widths: characters that a column is to have room for, by its name; within reason.
            wraps: the columns whose long texts take several lines.
        """
        sheet: Any = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for column, title in enumerate(head):
            room = max(widths.get(title, _NARROWEST), min(len(title), _NARROWEST * 2) + 2)
            sheet.set_column(column, column, min(max(room, _NARROWEST), _WIDEST))
        wrapped = frozenset(number for number, title in enumerate(head) if title in wraps)
        return Sheet(sheet, head, self._head, self._styles, wrapped)


class Sheet:
    """A sheet that rows are added to."""

    def __init__(
        self,
        sheet: Any,
        head: Sequence[str],
        bold: Any,
        styles: Mapping[_Style, Any],
        wrapped: Collection[int],
    ) -> None:
        self._sheet, self._styles, self._wrapped = sheet, styles, wrapped
        self._columns = len(head)
        self.rows = 0
        for column, name in enumerate(head):
            self._write_text(0, column, fitting(name), bold)

    def add(self, cells: Iterable[Cell | Noted]) -> None:
        """Add a row."""
        self.rows += 1
        for column, cell in enumerate(cells):
            noted = cell if isinstance(cell, Noted) else Noted(cell)
            self._write(column, noted.value, is_marked=noted.marked)
            if noted.comment is not None:
                text = fitting(noted.comment, _LONGEST_COMMENT, " [...] see Evidence")
                size = {"x_scale": 2, "y_scale": 2}
                self._sheet.write_comment(self.rows, column, text, size)

    def finish(self) -> None:
        """Let the rows be filtered by their columns."""
        self._sheet.autofilter(0, 0, self.rows, self._columns - 1)

    def _write(self, column: int, value: Cell, *, is_marked: bool) -> None:
        style = self._styles[_Style(isinstance(value, date), is_marked, column in self._wrapped)]
        match value:
            case None | "":
                self._sheet.write_blank(self.rows, column, None, style if is_marked else None)
            case bool():
                self._sheet.write_boolean(self.rows, column, value, style)
            case int() | float():
                self._sheet.write_number(self.rows, column, value, style)
            case date():
                self._sheet.write_datetime(self.rows, column, value, style)
            case str():
                self._write_text(self.rows, column, value, style)

    def _write_text(self, row: int, column: int, text: str, style: Any) -> None:
        if text.startswith("<r>") and text.endswith("</r>"):
            # `write_string` takes it for markup, and lets it into the file as it is.
            self._sheet.write_rich_string(row, column, text[0], text[1], text[2:], style)
        else:
            self._sheet.write_string(row, column, text, style)


@contextmanager
def written_book(path: Path, *, created: datetime) -> Generator[Book]:
    """Write a workbook; it is whole when the block has ended well.

    Raises:
        OSError: it can't be written.
    """
    book = Book(path, created=created)
    try:
        yield book
        book.book.close()
    except _exceptions.XlsxWriterException as error:
        raise OSError(str(error)) from error

"""Excel: the values, a row per file; their evidence; what has to be looked at; what the run was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor.errors import ConfigurationError
from extractor.outputs.result import TO_CHECK
from extractor.outputs.texts import as_text
from extractor.runs.exports.base import Written
from extractor.runs.exports.cells import Cell, fitting, typed
from extractor.runs.exports.columns import FILE_COLUMNS, Columns, file_cells
from extractor.runs.exports.facts import made_at, run_facts
from extractor.runs.exports.fields import Field, fields_of, troubles_of
from extractor.runs.exports.sheets import MOST_COLUMNS, MOST_ROWS, Noted, written_book
from extractor.runs.reader import RunReader, RunRow

_EVIDENCE = (
    *("file path", "field", "status", "value", "quote", "text", "page", "start", "end"),
    *("evidence status", "note"),
)
_PROBLEMS = ("file path", "about", "field", "status", "message", "what to do")
_RUN = ("fact", "value")
_ROOM = {
    "field": 28,
    "status": 12,
    "value": 40,
    "quote": 60,
    "text": 60,
    "evidence status": 16,
    "note": 44,
    "message": 60,
    "what to do": 50,
    "fact": 26,
}
"""Widths of columns by their names, in characters; others are as wide as what is in them."""
_LONG = ("quote", "text", "note", "message", "what to do")

_WIDEST_VALUE = 40
"""Characters of a value that its column has room for, so that several fit a screen."""

_MOST_COMMENTS = 10_000
"""Cells with a quote as their comment: each is a drawing that Excel has to make room for."""


def write_workbook(reader: RunReader, path: Path) -> Written:
    """Write the sheets Values, Evidence, Problems and Run.

    Raises:
        ConfigurationError: a sheet would have more rows than Excel takes; nothing is written.
        OSError: it can't be written.
    """
    survey = _surveyed(reader)
    names = survey.columns.names()
    shown = names[: MOST_COLUMNS - len(FILE_COLUMNS)]
    notes = survey.notes(names[len(shown) :])
    with written_book(path, created=made_at(reader)) as book:
        values = book.sheet("Values", [*FILE_COLUMNS, *shown], widths=survey.widths)
        room = _ROOM | {FILE_COLUMNS[0]: survey.widths.get(FILE_COLUMNS[0], 0)}
        evidence = book.sheet("Evidence", _EVIDENCE, widths=room, wraps=_LONG)
        problems = book.sheet("Problems", _PROBLEMS, widths=room, wraps=_LONG)
        run = book.sheet("Run", _RUN, widths=room)
        comments = _Comments()
        for row in reader.rows():
            values.add(_value_cells(row, shown, comments))
            for cells in _evidence_rows(row):
                evidence.add(cells)
            for trouble in troubles_of(row):
                cells = (trouble.field, trouble.status, trouble.message, trouble.hint)
                problems.add(map(_text, (row.path, trouble.kind, *cells)))
        for name, value in run_facts(reader).items():
            run.add((_text(name), typed(value)))
        for note in notes:
            run.add(("note", _text(note)))
        for sheet in (values, evidence, problems, run):
            sheet.finish()
    rows = values.rows + evidence.rows + problems.rows + run.rows
    return Written(values.rows, rows, notes)


@dataclass(slots=True)
class _Survey:
    """What has to be known of all rows before the first is written."""

    columns: Columns = field(default_factory=Columns)
    files: int = 0
    evidence: int = 0
    problems: int = 0
    quotes: int = 0
    widths: dict[str, int] = field(default_factory=dict[str, int])

    def measure(self, row: RunRow) -> None:
        """Take in how long the texts of a row are."""
        cells = dict(zip(FILE_COLUMNS, file_cells(row), strict=True))
        cells |= {found.path: as_text(found.value) for found in fields_of(row)}
        for name, text in cells.items():
            self.widths[name] = max(self.widths.get(name, 0), min(len(text or ""), _WIDEST_VALUE))

    def notes(self, left_out: Sequence[str]) -> tuple[str, ...]:
        """Say what is not in the workbook, though it is in the run."""
        told: list[str] = []
        if left_out:
            told.append(
                f"Excel takes {MOST_COLUMNS:,} columns: {len(left_out):,} fields are not on "
                f"Values, from {left_out[0]!r} on; Evidence has them, and so have csv and sqlite."
            )
        if self.quotes > _MOST_COMMENTS:
            told.append(
                f"Only the first {_MOST_COMMENTS:,} quotes are comments on Values; Evidence has all"
                " of them."
            )
        return tuple(told)


def _surveyed(reader: RunReader) -> _Survey:
    survey = _Survey()
    for row in reader.rows():
        survey.columns.add(row)
        survey.measure(row)
        survey.files += 1
        survey.evidence += sum(len(found.evidence) or 1 for found in fields_of(row))
        survey.problems += sum(1 for _ in troubles_of(row))
        survey.quotes += sum(1 for found in fields_of(row) if _is_commented(found))
    counted = {
        "Values": survey.files,
        "Evidence": survey.evidence,
        "Problems": survey.problems,
    }
    for name, rows in counted.items():
        if rows >= MOST_ROWS:
            raise ConfigurationError(
                f"The sheet {name} would have {rows:,} rows; Excel takes {MOST_ROWS - 1:,}.",
                hint="Export as csv or sqlite, which take any number.",
            )
    return survey


class _Comments:
    """Counts the comments that there is still room for."""

    def __init__(self) -> None:
        self._left = _MOST_COMMENTS

    def of(self, found: Field) -> str | None:
        if not _is_commented(found) or not self._left:
            return None
        self._left -= 1
        return found.quote


def _is_commented(found: Field) -> bool:
    return bool(found.quote) and found.value is not None


def _value_cells(row: RunRow, names: Sequence[str], comments: _Comments) -> Iterator[Cell | Noted]:
    yield from map(_text, file_cells(row))
    found = {each.path: each for each in fields_of(row)}
    for name in names:
        if (each := found.get(name)) is None:
            yield None
        else:
            marked = each.status in TO_CHECK
            yield Noted(typed(each.value), comments.of(each), marked=marked)


def _evidence_rows(row: RunRow) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each place of a field's quotes; one for a field that has none."""
    for found in fields_of(row):
        about = (_text(row.path), _text(found.path), found.status, typed(found.value))
        note = _text(found.note)
        for place in found.evidence:
            said = (_text(place["quote"]), _text(place["text"]))
            where = (place["page"], place["start"], place["end"], place["status"])
            yield (*about, *said, *where, note)
        if not found.evidence:
            yield (*about, None, None, None, None, None, None, note)


def _text(text: str | None) -> str | None:
    return None if text is None else fitting(text)

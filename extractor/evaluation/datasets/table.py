"""Gold labels as a table: a row a document, a column a field.

It may be the csv export of a run that somebody has corrected, and saved with a spreadsheet.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from extractor.errors import DocumentError
from extractor.paths import Path as FieldPath
from extractor.paths import parse_path
from extractor.runs.exports.defusing import defused

_PATHS = ("file path", "file", "path")
_DOCUMENT = (*_PATHS, "doc_id")
_MOST_ITEMS = 10_000
"""Of a list in a column's name: another number is a slip."""

SAVE_TABLE = "Save it as CSV UTF-8, comma separated."
_TABLE = "The first row names the columns, `file path` and the fields; then comes a row a document."

_STATE = "file state"
_OF_A_RUN = (_STATE, "duplicate of", "file error", "to check")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a table, or a line: where it stands, its document's path or name, and the labels.

    `gold` is None of a file that a run has no result of: it says nothing of what there is.
    """

    where: str
    path: str
    name: str
    gold: dict[str, Any] | None


def has_labels(state: object) -> bool:
    """Whether a file of a run in some state has a result; what is of no run has no state."""
    return state in (None, "", "done")


def read_table(path: Path) -> Iterator[Entry]:
    """Yield the rows of a table.

    Raises:
        DocumentError: it is no table with a head and rows, a column is no path of a field, or a row
            not as wide as the head; the message says in which line.
        UnicodeDecodeError: it is no text in UTF-8.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        _check_separator(file.readline(), path)
        file.seek(0)
        rows = csv.DictReader(file, strict=True)
        try:
            yield from _rows(rows, path)
        except csv.Error as error:
            told = f"{path}, line {rows.reader.line_num} is no row of a table: {error}"
            raise DocumentError(told, hint=SAVE_TABLE) from error


def _check_separator(head: str, path: Path) -> None:
    """Refuse what spreadsheets write in countries where the comma stands in numbers."""
    if _named(head, ","):
        return
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if _named(head, mark):
            told = f"{path}, line 1: its columns are separated by {name}, not by commas"
            raise DocumentError(told, hint=SAVE_TABLE)


def _named(head: str, mark: str) -> bool:
    """Whether a column of documents is among the columns, if they are separated by a mark."""
    return any(cell.strip().strip('"') in _DOCUMENT for cell in head.split(mark))


def _rows(rows: csv.DictReader[str], path: Path) -> Iterator[Entry]:
    head = [*(rows.fieldnames or ())]
    if not any(head):
        told = f"{path}, line 1 has no head, which names the columns"
        raise DocumentError(told, hint=_TABLE)
    if twice := {name for name in head if head.count(name) > 1}:
        raise DocumentError(f"{path}, line 1 has two columns {min(twice)!r}", hint="Take one out.")
    fields = {name: _steps(name, path) for name in head if name not in _DOCUMENT + _OF_A_RUN}
    is_empty = True
    for row in rows:
        if any(str(cell or "").strip() for cell in row.values()):
            is_empty = False
            yield _entry(row, fields, f"{path}, line {rows.line_num}")
    if is_empty:
        raise DocumentError(f"{path}, line 2: there is no row below the head", hint=_TABLE)


def _entry(row: Mapping[str, str | None], fields: Mapping[str, FieldPath], where: str) -> Entry:
    if None in row or None in row.values():
        told = f"{where} has more or fewer cells than there are columns"
        raise DocumentError(told, hint="A comma within a cell stands in quotation marks.")
    cells = {name: _plain(cell or "") for name, cell in row.items()}
    gold: dict[str, Any] = {str(steps[0]): None for steps in fields.values()}
    filled = {column: _value(cells[column]) for column in fields if cells[column]}
    full = [fields[column] for column, value in filled.items() if value not in ([], {})]
    for column, value in filled.items():
        steps = fields[column]
        if any(steps[: len(other)] == other != steps for other in full):
            raise DocumentError(f"{where}: {column!r} lies in the value of another column")
        _put(gold, steps, value)
    document = next(filter(None, map(cells.get, _PATHS)), "")
    is_labelled = bool(filled) or has_labels(cells.get(_STATE))  # by hand, or by the run
    labels = _without_gaps(gold) if is_labelled else None
    return Entry(where, document, cells.get("doc_id", ""), labels)


def _steps(column: str, path: Path) -> FieldPath:
    try:
        steps = parse_path(column)
    except ValueError:
        steps = ()
    is_far = any(isinstance(step, int) and step >= _MOST_ITEMS for step in steps)
    if not steps or isinstance(steps[0], int) or is_far:
        raise DocumentError(
            f"{path}, line 1: the column {column!r} is no path of a field",
            hint="Call a column as its field is: `term`, or `parties[0].name`.",
        )
    return steps


def _plain(cell: str) -> str:
    """Take off the apostrophe that the csv export puts before what could be a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and defused(text[1:]) == text else text


_WORDS = {"true": True, "false": False, "null": None}


def _value(cell: str) -> Any:
    """Read a cell as the csv export writes values, and a spreadsheet saves them again.

    Numbers stay text: a title may be 2019 and a version 1.10, and scorers read numbers from text.

    >>> _value("TRUE"), _value('["a"]'), _value("12.50"), _value("[Name]")
    (True, ['a'], '12.50', '[Name]')
    """
    if cell.lower() in _WORDS:
        return _WORDS[cell.lower()]
    try:
        return json.loads(cell) if cell[0] in "[{" else cell
    except (ValueError, RecursionError):
        return cell


def _put(gold: dict[str, Any], steps: FieldPath, value: Any) -> None:
    """Set what stands at a path, with the lists and objects on the way to it."""
    here: Any = gold
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        below: Any = value
        if following is not None:
            below = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            here.extend({} for _ in range(step + 1 - len(here)))
            if following is None or not here[step]:
                here[step] = below
        elif following is None or not here.get(step):
            here[str(step)] = below
        here = here[step]


def _without_gaps(value: Any) -> Any:
    """Take out the items of lists of which nothing is said."""
    if isinstance(value, list):
        items = cast("Sequence[Any]", value)
        return [_without_gaps(item) for item in items if item not in (None, {})]
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value)
        return {name: _without_gaps(part) for name, part in parts.items()}
    return value

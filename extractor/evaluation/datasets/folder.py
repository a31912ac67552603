"""A folder of contracts with labels of one's own: `gold.csv`, or `gold.jsonl`, beside them.

The table has a row a document: its path in the column `file path` (or `file`, or `doc_id`), then a
column for each field, by paths such as `parties[0].name`. It may be the csv export of a run that
somebody has corrected: what stands in its columns is gold, and an empty cell says that the document
has no such value, or the list no such item. A line of `gold.jsonl` is {"file" or "doc_id", "gold":
{...}}, or one of the jsonl export.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from glob import escape
from pathlib import Path
from typing import Any, cast

from extractor.errors import DocumentError
from extractor.evaluation.datasets.gold import GoldDocument, labelled
from extractor.paths import Path as FieldPath
from extractor.paths import parse_path
from extractor.runs.exports.defusing import defused

NAMES = ("gold.csv", "gold.jsonl")
_DOCUMENT = ("file path", "file", "path", "doc_id")
_MOST_ITEMS = 10_000
"""Of a list in a column's name: another number is a slip."""

_OF_A_RUN = ("file state", "duplicate of", "file error", "to check")


def read_folder(labels: Path) -> Iterator[GoldDocument]:
    """Yield the documents that a file of labels names.

    Raises:
        DocumentError: a row or line names no document, or a column is no path of a field.
    """
    rows = _table if labels.suffix == ".csv" else _lines
    for where, path, name, gold in rows(labels):
        if not path and not name:
            raise DocumentError(
                f"{where} names no document",
                hint="Name it in a column `file path`, or as `file` in a line.",
            )
        file = _file_of(labels.parent, path or name)
        yield GoldDocument(
            doc_id=Path(file or path).stem if file or path else name,
            gold=gold,
            gold_status=labelled(gold),
            file=file,
            source=labels.parent.resolve().name,
        )


def _table(path: Path) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield where each row stands, the document's path or else its name, and the labels."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        head = [*(rows.fieldnames or ())]
        if twice := {name for name in head if head.count(name) > 1}:
            raise DocumentError(f"{path} has two columns {min(twice)!r}")
        fields = {name: _steps(name, path) for name in head if name not in _DOCUMENT + _OF_A_RUN}
        for row in rows:
            where = f"{path}, line {rows.line_num}"
            if not any(str(cell or "").strip() for cell in row.values()):
                continue
            if None in row or None in row.values():
                told = f"{where} has more or fewer cells than there are columns"
                raise DocumentError(told, hint="A comma within a cell stands in quotation marks.")
            cells = {name: _plain(row[name]) for name in head}
            gold: dict[str, Any] = {str(steps[0]): None for steps in fields.values()}
            filled = {column: _value(cells[column]) for column in fields if cells[column]}
            full = [fields[column] for column, value in filled.items() if value not in ([], {})]
            for column, value in filled.items():
                steps = fields[column]
                if any(steps[: len(other)] == other != steps for other in full):
                    told = f"{where}: {column!r} lies in the value of another column"
                    raise DocumentError(told)
                _put(gold, steps, value)
            document = cells.get("file path") or cells.get("file") or ""
            yield where, document, cells.get("doc_id", ""), _without_gaps(gold)


def _lines(path: Path) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            where = f"{path}, line {number}"
            if not line.strip():
                continue
            try:
                told: Any = json.loads(line)
            except ValueError as error:
                raise DocumentError(f"{where} is no JSON: {error}") from error
            if not isinstance(told, dict):
                raise DocumentError(f"{where} is no object")
            record = cast("dict[str, Any]", told)
            document = str(record.get("file") or record.get("path") or "")
            yield where, document, str(record.get("doc_id") or ""), _gold_of(record, where)


def _gold_of(record: Mapping[str, Any], where: str) -> dict[str, Any]:
    result = cast("Mapping[str, Any]", record.get("result") or {})
    gold: Any = record.get("gold", result.get("value"))
    if not isinstance(gold, dict):
        raise DocumentError(f"{where} has no `gold`, an object with the value of each field")
    return cast("dict[str, Any]", gold)


def _file_of(folder: Path, name: str) -> str | None:
    """Return the document's file: of that path, or of that name with any ending."""
    if (folder / name).is_file():
        return name
    if Path(name).is_absolute():
        return None
    found = sorted(path for path in folder.rglob(f"{escape(name)}.*") if path.name not in NAMES)
    return str(found[0].relative_to(folder)) if found else None


def _steps(column: str, path: Path) -> FieldPath:
    try:
        steps = parse_path(column)
    except ValueError:
        steps = ()
    is_far = any(isinstance(step, int) and step >= _MOST_ITEMS for step in steps)
    if not steps or isinstance(steps[0], int) or is_far:
        raise DocumentError(f"{path}: the column {column!r} is no path of a field")
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

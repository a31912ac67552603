"""A folder of contracts with labels of one's own: `gold.csv`, or `gold.jsonl`, beside them.

The table has a row a document: its path in the column `file path` (or `file`, or `doc_id`), then a
column for each field, by paths such as `parties[0].name`. It may be the csv export of a run that
somebody has corrected: what stands in its columns is gold, and an empty cell says that the document
has no such value. A line of `gold.jsonl` is {"file" or "doc_id", "gold": {...}}, or one of the
jsonl export.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from extractor.errors import DocumentError
from extractor.evaluation.datasets.gold import GoldDocument, labelled
from extractor.paths import Path as FieldPath
from extractor.paths import parse_path

NAMES = ("gold.csv", "gold.jsonl")
_DOCUMENT = ("file path", "file", "doc_id")
_OF_A_RUN = ("file state", "duplicate of", "file error", "to check")


def read_folder(labels: Path) -> Iterator[GoldDocument]:
    """Yield the documents that a file of labels names.

    Raises:
        DocumentError: a row or line names no document, or a column is no path of a field.
    """
    rows = _table if labels.suffix == ".csv" else _lines
    for where, name, gold in rows(labels):
        if not name:
            raise DocumentError(
                f"{where} names no document",
                hint="Name it in a column `file path`, or as `file` in a line.",
            )
        file = _file_of(labels.parent, name)
        yield GoldDocument(
            doc_id=Path(name).stem if file else name,
            gold=gold,
            gold_status=labelled(gold),
            file=file,
            source=labels.parent.name,
        )


def _table(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        head = [*(rows.fieldnames or ())]
        fields = {name: _steps(name, path) for name in head if name not in _DOCUMENT + _OF_A_RUN}
        for row in rows:
            name = next((row[key] for key in _DOCUMENT if row.get(key)), "")
            gold: dict[str, Any] = {str(steps[0]): None for steps in fields.values()}
            for column, steps in fields.items():
                if row[column]:
                    _put(gold, steps, _value(row[column]))
            yield f"{path}, line {rows.line_num}", name, gold


def _lines(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
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
            name = record.get("file") or record.get("path") or record.get("doc_id") or ""
            yield where, str(name), _gold_of(record, where)


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
    found = sorted(path for path in folder.rglob(f"{name}.*") if path.name not in NAMES)
    return str(found[0].relative_to(folder)) if found else None


def _steps(column: str, path: Path) -> FieldPath:
    try:
        return parse_path(column)
    except ValueError as error:
        raise DocumentError(f"{path}: the column {column!r} is no path of a field") from error


def _value(cell: str) -> Any:
    """Read a cell as the csv export writes values: JSON for what is no text.

    >>> _value("true"), _value("12.5"), _value("P2Y"), _value("2019-01-01")
    (True, 12.5, 'P2Y', '2019-01-01')
    """
    try:
        return json.loads(cell)
    except ValueError:
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

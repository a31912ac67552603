"""A folder of contracts with labels of one's own: `gold.csv`, or `gold.jsonl`, beside them.

The table has a row a document: its path in the column `file path` (or `file`, or `path`; or its
name as `doc_id`), then a column for each field, by paths such as `parties[0].name`. It may be the
csv export of a run that somebody has corrected: what stands in its columns is gold, and an empty
cell says that the document has no such value, or the list no such item. A line of `gold.jsonl` is
{"file" or "path" or "doc_id", "gold": {...}}, or one of the jsonl export. Files that the run has no
result of have no labels, and are left out, unless somebody has added some.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from glob import escape
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from extractor.errors import DocumentError
from extractor.evaluation.datasets.gold import GoldDocument, labelled
from extractor.evaluation.datasets.table import SAVE_TABLE, Entry, has_labels, read_table
from extractor.evaluation.faults import fault, no_utf8

NAMES = ("gold.csv", "gold.jsonl")


def read_folder(labels: Path) -> Iterator[GoldDocument]:
    """Yield the documents that a file of labels has labels of.

    Raises:
        DocumentError: a row or line names no document, or a column is no path of a field.
    """
    has_any = False
    for entry in _entries(labels):
        if entry.gold is None:
            continue
        yield _document(entry, entry.gold, labels.parent)
        has_any = True
    if not has_any:
        hint = "Export the run when some of its files are done, or add their labels by hand."
        raise DocumentError(f"{labels} has labels of no file: none is done", hint=hint)


def _document(entry: Entry, gold: Mapping[str, Any], folder: Path) -> GoldDocument:
    file = _file_of(folder, entry.path or entry.name)
    try:
        return GoldDocument(
            doc_id=Path(file or entry.path).stem if file or entry.path else entry.name,
            gold=gold,
            gold_status=labelled(gold),
            file=file,
            source=folder.resolve().name,
        )
    except ValidationError as error:
        raise DocumentError(fault(entry.where, error)) from error


def folder_notes(labels: Path) -> Iterator[str]:
    """Say of which files a run's export has no labels, and which labels no file.

    Raises:
        DocumentError: as `read_folder`.
    """
    entries = [*_entries(labels)]
    if left_out := [entry for entry in entries if entry.gold is None]:
        what = "left out, failed or not done in the run and without labels"
        yield f"{labels}: {what}: {len(left_out):,} ({_named(left_out)})"
    if gone := [
        entry
        for entry in entries
        if entry.gold is not None and entry.path and _file_of(labels.parent, entry.path) is None
    ]:
        what = "there is no such file, correct its path or take it out"
        yield f"{labels}: {what}: {len(gone):,} ({_named(gone)})"


def _named(entries: Sequence[Entry]) -> str:
    """Name the first of some files as they are written, with their lines.

    >>> _named([Entry("gold.csv, line 3", "b.pdf", "", None)])
    "line 3: 'b.pdf'"
    """
    named = [f"{each.where.rpartition(', ')[2]}: {each.path!r}" for each in entries[:_NAMED]]
    return ", ".join([*named, *(["..."] if len(entries) > _NAMED else [])])


_NAMED = 3
"""Files that a note names."""


def _entries(labels: Path) -> Iterator[Entry]:
    is_table = labels.suffix == ".csv"
    try:
        for entry in (read_table if is_table else _lines)(labels):
            if not entry.path and not entry.name:
                raise DocumentError(
                    f"{entry.where} names no document",
                    hint="Name it in a column `file path`, or as `file` in a line.",
                )
            yield entry
    except UnicodeDecodeError as error:
        raise (no_utf8(labels, hint=SAVE_TABLE) if is_table else no_utf8(labels)) from error


def _lines(path: Path) -> Iterator[Entry]:
    is_empty = True
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                is_empty = False
                yield _line(line, f"{path}, line {number}")
    if is_empty:
        raise DocumentError(f"{path}, line 1: there is no line in it", hint=_LINE)


_NOT_HERE = {"gold_status", "evidence"}
"""What would say how far a label counts: it is not read here, and not passed over."""

_LINE = 'A line is {"file": path, "gold": {field: value}}.'


def _line(line: str, where: str) -> Entry:
    try:
        told: Any = json.loads(line)
    except ValueError as error:
        raise DocumentError(f"{where} is no JSON: {error}", hint=_LINE) from error
    if not isinstance(told, dict):
        raise DocumentError(f"{where} is no object", hint=_LINE)
    record = cast("dict[str, Any]", told)
    document = str(record.get("file") or record.get("path") or "")
    return Entry(where, document, str(record.get("doc_id") or ""), _gold_of(record, where))


def _gold_of(record: Mapping[str, Any], where: str) -> dict[str, Any] | None:
    if unread := sorted(_NOT_HERE & record.keys()):
        told = f"{where} has {' and '.join(unread)}, which only contracts.jsonl can have"
        raise DocumentError(told, hint="Take it out, or write such a file, with a `doc_id` a line.")
    if "gold" not in record and not has_labels(record.get("state")):
        return None
    result = cast("Mapping[str, Any]", record.get("result") or {})
    gold: Any = record.get("gold", result.get("value"))
    if not isinstance(gold, dict):
        told = f"{where} has no `gold`, an object with the value of each field"
        raise DocumentError(told, hint=_LINE)
    return cast("dict[str, Any]", gold)


def _file_of(folder: Path, name: str) -> str | None:
    """Return the document's file: of that path, or of that name with any ending."""
    if (folder / name).is_file():
        return name
    if Path(name).is_absolute():
        return None
    found = sorted(path for path in folder.rglob(f"{escape(name)}.*") if path.name not in NAMES)
    return str(found[0].relative_to(folder)) if found else None

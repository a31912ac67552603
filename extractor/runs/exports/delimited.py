"""CSV: the same table as an Excel export's Values, for whatever reads tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from extractor.outputs.texts import as_text, visible
from extractor.runs.exports.base import Written
from extractor.runs.exports.columns import FILE_COLUMNS, Columns, file_cells
from extractor.runs.exports.defusing import defused
from extractor.runs.exports.fields import fields_of
from extractor.runs.reader import RunReader


def sidecar_of(to: Path) -> Path:
    """Return the file beside a CSV file that tells which of its cells were changed."""
    return to.with_name(f"{to.name}.defused.json")


def write_delimited(reader: RunReader, path: Path, *, raw: bool) -> Written:
    """Write a row for each file; and beside the file which cells were changed, if any were.

    Args:
        reader: the run.
        path: the file.
        raw: write what could be taken for a formula as it is.
    """
    columns = Columns()
    for row in reader.rows():
        columns.add(row)
    names = columns.names()
    count = 0
    with (
        _Changes(sidecar_of(path)) as changes,
        path.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        table = csv.writer(file)
        head = [visible(name) for name in (*FILE_COLUMNS, *names)]
        table.writerow(head if raw else changes.made(0, head, head))
        for count, row in enumerate(reader.rows(), start=1):
            values = {field.path: as_text(field.value) for field in fields_of(row)}
            cells = [visible(text or "") for text in (*file_cells(row), *map(values.get, names))]
            table.writerow(cells if raw else changes.made(count, head, cells))
    sidecar = f"Cells with an apostrophe before what could be a formula: {changes.count:,}."
    return Written(count, count, (sidecar,) if changes.count else ())


class _Changes:
    """The list of cells that were changed, written as it grows; no file where it stays empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.count = 0

    def __enter__(self) -> Self:
        self._file = self._path.open("w", encoding="utf-8", newline="\n")
        self._file.write('{"schema_version": 1, "prefix": "\'", "cells": [')
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.write("\n]}\n")
        self._file.close()
        if not self.count:
            self._path.unlink()

    def made(self, record: int, head: Iterable[str], cells: Iterable[str]) -> list[str]:
        """Return a record's cells with formulas defused, and note which; the head is record 0."""
        safe: list[str] = []
        for number, (name, cell) in enumerate(zip(head, cells, strict=True)):
            changed = defused(cell)
            if changed != cell:
                place = {"record": record, "column": number, "name": name}
                self._file.write(f"{',' if self.count else ''}\n{json.dumps(place)}")
                self.count += 1
            safe.append(changed)
        return safe

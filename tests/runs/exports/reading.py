"""What other programs read in exports."""

from __future__ import annotations

import csv
from importlib import import_module
from pathlib import Path
from typing import Any

_openpyxl: Any = import_module("openpyxl")


def cells_of(path: Path, sheet: str) -> list[list[Any]]:
    """Return a sheet's cells, row by row, as openpyxl reads them."""
    book = _openpyxl.load_workbook(path)
    return [list(row) for row in book[sheet].iter_rows()]


def values_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    """Return a sheet's rows by the names in its head."""
    head, *rows = [[cell.value for cell in row] for row in cells_of(path, sheet)]
    return [dict(zip(head, row, strict=True)) for row in rows]


def records_of(path: Path) -> list[dict[str, str]]:
    """Return a CSV file's records by the names in its head."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file, strict=True)]

"""The formats of an export, and what is told of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from extractor.errors import ConfigurationError

ExportFormat: TypeAlias = Literal["xlsx", "csv", "jsonl", "sqlite", "parquet", "html"]

_SUFFIXES: dict[str, ExportFormat] = {
    ".xlsx": "xlsx",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
    ".parquet": "parquet",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a format's writer has written.

    Attributes:
        files: the run's files, each of which it has once.
        rows: rows of data in all tables or sheets, heads not counted.
        notes: what whoever opens it should know, a sentence each: what is cut, left out, changed.
    """

    files: int
    rows: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """An export that is in place; see `Written` for the counts.

    Attributes:
        path: the file.
        format: of which format it is.
    """

    path: Path
    format: ExportFormat
    files: int
    rows: int
    notes: tuple[str, ...] = ()


def format_of(path: Path) -> ExportFormat:
    """Return the format that a file's name ends with.

    Raises:
        ConfigurationError: it ends with none.

    >>> format_of(Path("leases.XLSX"))
    'xlsx'
    """
    found = _SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise ConfigurationError(
            f"The name {path.name!r} does not say what is to be written.",
            hint=f"End it with one of {', '.join(_SUFFIXES)}, or name the format; of a folder of "
            "pages that is html.",
        )
    return found

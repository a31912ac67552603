"""Parquet, by duckdb: one long table, a row for each file and field, for analyses of many runs.

A file without fields has one row, in which all about fields is null: so no file is ever missing,
and the failed ones can be counted. `value` is text in all rows, since a column has one type; `kind`
names the type that it has in JSON. The quote is the chosen one of each value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from extractor.calls.storage.database import storable
from extractor.errors import ConfigurationError
from extractor.outputs.texts import as_json, as_text, kind_of
from extractor.runs.exports.base import Written
from extractor.runs.exports.fields import Field, failure_of, fields_of
from extractor.runs.reader import RunReader, RunRow

_COLUMNS = {
    "position": "BIGINT",
    "file": "VARCHAR",
    "state": "VARCHAR",
    "sha256": "VARCHAR",
    "duplicate_of": "VARCHAR",
    "error": "VARCHAR",
    "field": "VARCHAR",
    "status": "VARCHAR",
    "kind": "VARCHAR",
    "value": "VARCHAR",
    "raw": "VARCHAR",
    "note": "VARCHAR",
    "quote": "VARCHAR",
    "page": "BIGINT",
    "start": "BIGINT",
    "end": "BIGINT",
    "evidence_status": "VARCHAR",
}
_COUNTED = "SELECT count(DISTINCT position), count(*) FROM run"

_BATCH = 2_000
"""Rows that are handed over at a time."""


def write_parquet(reader: RunReader, path: Path) -> Written:
    """Write the long table; where memory is short, duckdb puts rows into files beside it.

    Raises:
        ConfigurationError: duckdb is not installed.
        OSError: it can't be written.
    """
    duckdb = _duckdb()
    settings = {
        "threads": "1",  # rows stay in order, and the bytes the same
        "memory_limit": "256MB",
        "temp_directory": str(path.parent),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    try:
        with closing(duckdb.connect(":memory:", config=settings)) as database:
            columns = ", ".join(f'"{name}" {kind}' for name, kind in _COLUMNS.items())
            database.execute(f"CREATE TABLE run ({columns})")
            _fill(database, reader)
            files, rows = database.execute(_COUNTED).fetchone()
            database.execute("COPY run TO ? (FORMAT parquet, COMPRESSION zstd)", [str(path)])
    except duckdb.Error as error:
        raise OSError(str(error)) from error
    return Written(files, rows)


def _duckdb() -> Any:
    try:
        return import_module("duckdb")
    except ImportError as error:
        raise ConfigurationError(
            "Parquet is written by duckdb, which is not installed.",
            hint="pip install 'contract-extractor[parquet]'; csv, jsonl and sqlite need nothing.",
        ) from error


def _fill(database: Any, reader: RunReader) -> None:
    lists = ", ".join(f"unnest(?::{kind}[])" for kind in _COLUMNS.values())
    rows = _rows(reader.rows())
    while batch := [*islice(rows, _BATCH)]:
        by_column = [[_cell(value) for value in column] for column in zip(*batch, strict=True)]
        database.execute(f"INSERT INTO run SELECT {lists}", by_column)


def _rows(files: Iterable[RunRow]) -> Iterator[tuple[Any, ...]]:
    for row in files:
        about = (row.position, row.path, row.state, row.sha256, row.duplicate_of, failure_of(row))
        is_empty = True
        for found in fields_of(row):
            is_empty = False
            value = (kind_of(found.value), as_text(found.value), as_json(found.raw), found.note)
            yield (*about, found.path, found.status, *value, *_proof(found))
        if is_empty:
            yield (*about, *(None,) * (len(_COLUMNS) - len(about)))


def _proof(found: Field) -> tuple[Any, ...]:
    if not found.evidence:
        return (None,) * 5
    chosen = found.evidence[0]
    return tuple(chosen[name] for name in ("quote", "page", "start", "end", "status"))


def _cell(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value

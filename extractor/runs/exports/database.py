"""SQLite: a database of its own with a run's values and their evidence, for queries and Datasette.

    files         a row for each file of the run, in the order of the input
    field_values  a row for each file and field
    evidence      a row for each place of a field's quotes
    run           what the run was, by name
    wide          a view with a row for each file and a column for each field

`value` has the type that it has in JSON, which `kind` names: booleans are 0 and 1, numbers that
SQLite would round, lists and objects are JSON. `raw` and `warnings` are always JSON.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from extractor.calls.storage.database import storable
from extractor.outputs.texts import as_json, as_text, kind_of, visible
from extractor.runs.exports.base import Written
from extractor.runs.exports.columns import FILE_COLUMNS, Columns
from extractor.runs.exports.facts import run_facts
from extractor.runs.exports.fields import Field, failure_of, fields_of, to_check
from extractor.runs.reader import RunReader, RunRow

_VERSION = 1
"""Of the tables, as `PRAGMA user_version`: columns are added, never renamed or removed."""

_TABLES = (
    """CREATE TABLE run (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID""",
    """CREATE TABLE files (
        id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, state TEXT NOT NULL, sha256 TEXT,
        duplicate_of TEXT REFERENCES files (path), error TEXT, error_type TEXT, hint TEXT,
        to_check TEXT, began_at REAL, ended_at REAL, attempts INTEGER, input_tokens INTEGER,
        output_tokens INTEGER, cost_usd REAL, model TEXT, coverage REAL, warnings TEXT
    ) STRICT""",
    """CREATE TABLE field_values (
        file INTEGER NOT NULL REFERENCES files, field TEXT NOT NULL, position INTEGER NOT NULL,
        status TEXT NOT NULL, kind TEXT NOT NULL, value ANY, raw TEXT NOT NULL, note TEXT,
        PRIMARY KEY (file, field)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE evidence (
        file INTEGER NOT NULL, field TEXT NOT NULL, number INTEGER NOT NULL, status TEXT NOT NULL,
        quote TEXT, text TEXT, page INTEGER, "start" INTEGER, "end" INTEGER, score REAL,
        PRIMARY KEY (file, field, number),
        FOREIGN KEY (file, field) REFERENCES field_values
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX files_by_original ON files (duplicate_of) WHERE duplicate_of IS NOT NULL",
    "CREATE INDEX files_by_state ON files (state)",
    "CREATE INDEX field_values_by_field ON field_values (field, status)",
)

_LARGEST = 2**63
"""Integers below it are SQLite's; larger ones it would round."""


def write_database(reader: RunReader, path: Path) -> Written:
    """Write the tables into a new file.

    Raises:
        OSError: it can't be written.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            for statement in _PREPARATIONS:
                database.execute(statement)
            database.execute("BEGIN")
            for statement in _TABLES:
                database.execute(statement)
            written = _filled(database, reader)
            database.execute(f"PRAGMA user_version = {_VERSION}")
            database.execute("COMMIT")
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    return written


_PREPARATIONS = (
    # The file is nobody's before it is whole: it needs no journal, and is synced at the end.
    "PRAGMA page_size = 4096",
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = ON",
)


def _filled(database: sqlite3.Connection, reader: RunReader) -> Written:
    columns, files, rows = Columns(), 0, 0
    for row in reader.rows():
        columns.add(row)
        files += 1
        rows += _insert(database, "files", [_file_row(row)])
        for position, found in enumerate(fields_of(row)):
            rows += _insert(database, "field_values", [_value_row(row, position, found)])
            rows += _insert(database, "evidence", _evidence_rows(row, found))
    facts = [(name, _cell(value)) for name, value in run_facts(reader).items()]
    rows += _insert(database, "run", facts)
    return Written(files, rows, _add_view(database, columns.names()))


def _insert(database: sqlite3.Connection, table: str, rows: Sequence[Sequence[Any]]) -> int:
    """Insert rows; their texts are made such that SQLite takes them."""
    for row in rows:
        marks = ", ".join("?" * len(row))
        cells = [storable(cell) if isinstance(cell, str) else cell for cell in row]
        database.execute(f"INSERT INTO {table} VALUES ({marks})", cells)  # noqa: S608 - our names
    return len(rows)


def _file_row(row: RunRow) -> tuple[Any, ...]:
    error, result = row.error or {}, row.result or {}
    return (
        *(row.position, row.path, row.state, row.sha256, row.duplicate_of),
        *(failure_of(row), error.get("type"), error.get("hint"), to_check(row)),
        *(row.began_at, row.ended_at, row.attempts, row.input_tokens, row.output_tokens),
        *(row.cost_usd, result.get("model"), result.get("coverage")),
        as_json(result.get("warnings", [])),
    )


def _value_row(row: RunRow, position: int, found: Field) -> tuple[Any, ...]:
    kind, value = kind_of(found.value), _cell(found.value)
    raw = as_json(found.raw)
    return row.position, found.path, position, found.status, kind, value, raw, found.note


def _evidence_rows(row: RunRow, found: Field) -> list[tuple[Any, ...]]:
    return [
        (
            *(row.position, found.path, number, place["status"], place["quote"], place["text"]),
            *(place["page"], place["start"], place["end"], place["score"]),
        )
        for number, place in enumerate(found.evidence, start=1)
    ]


def _cell(value: Any) -> str | int | float | None:
    """Return a value as SQLite keeps it without a loss."""
    if isinstance(value, int):
        return value if -_LARGEST <= value < _LARGEST else str(value)
    if isinstance(value, float) and value == value:  # noqa: PLR0124 - NaN would become null
        return value
    return as_text(value)


def _add_view(database: sqlite3.Connection, names: Sequence[str]) -> tuple[str, ...]:
    """Add the wide view, if SQLite takes so many columns; else say that it is not there."""
    most = database.getlimit(sqlite3.SQLITE_LIMIT_COLUMN) - len(FILE_COLUMNS)
    if len(names) > most:
        return (
            f"There is no view `wide`: SQLite takes {most:,} fields, the run has {len(names):,}.",
        )
    wide = ", ".join(_view_columns(names))
    source = "files LEFT JOIN field_values ON file = id GROUP BY id"
    database.execute(f"CREATE VIEW wide AS SELECT {wide} FROM {source}")  # noqa: S608 - quoted
    return ()


def _view_columns(names: Sequence[str]) -> Iterator[str]:
    ours = ("path", "state", "duplicate_of", "error", "to_check")
    for column, name in zip(ours, FILE_COLUMNS, strict=True):
        yield f"{column} AS {_quoted(name)}"
    for name in map(storable, names):
        yield f"max(value) FILTER (WHERE field = {_literal(name)}) AS {_quoted(visible(name))}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    """Write a text in SQL, by its bytes: a statement ends at the first NUL."""
    return f"CAST(X'{text.encode().hex()}' AS TEXT)"

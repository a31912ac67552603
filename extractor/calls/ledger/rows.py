"""The tables of the ledger's file, and records as rows of them.

The columns of `calls` have the names of `CallRecord`'s fields. Money is in micro-dollars. Anybody
may read them with SQLite's own tools; only the ledger writes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from extractor.calls.records import CallRecord
from extractor.calls.storage.database import Schema, storable
from extractor.errors import StoreError
from extractor.types import Usage

_TABLES = (
    # Who wrote a row, to tell later whether it still may finish it.
    """CREATE TABLE processes (
        id INTEGER PRIMARY KEY,
        boot TEXT NOT NULL, namespace TEXT NOT NULL, pid INTEGER NOT NULL, started INTEGER NOT NULL,
        UNIQUE (boot, namespace, pid, started)
    ) STRICT""",
    """CREATE TABLE calls (
        id TEXT PRIMARY KEY,
        extraction TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        account TEXT NOT NULL,
        technique TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        started_at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('sent', 'settled', 'unknown', 'unsent')),
        latency REAL,
        input_tokens INTEGER,
        output_tokens INTEGER,
        cache_read_input_tokens INTEGER,
        cache_creation_input_tokens INTEGER,
        reasoning_tokens INTEGER,
        response_model TEXT,
        stop_reason TEXT,
        error_type TEXT,
        status INTEGER,
        request_id TEXT,
        response_id TEXT,
        retry_cause TEXT,
        reserved INTEGER,
        cost INTEGER,
        metadata TEXT NOT NULL,
        day TEXT NOT NULL,
        accounts TEXT NOT NULL,
        process INTEGER NOT NULL REFERENCES processes
    ) STRICT, WITHOUT ROWID""",
    # What is spent and set aside, for a document, a run, or a user's day.
    """CREATE TABLE totals (
        scope TEXT NOT NULL, key TEXT NOT NULL, spent INTEGER NOT NULL, reserved INTEGER NOT NULL,
        PRIMARY KEY (scope, key)
    ) STRICT, WITHOUT ROWID""",
    # One row: how the ledger's days are kept, and its last moment (see days.py).
    """CREATE TABLE clock (
        id INTEGER PRIMARY KEY CHECK (id = 1), timezone TEXT NOT NULL,
        boot TEXT, steady INTEGER, wall INTEGER, day TEXT
    ) STRICT""",
)


def _make_tables(connection: sqlite3.Connection) -> None:
    for statement in _TABLES:
        connection.execute(statement)


LEDGER = Schema("call ledger", application_id=0x4C454447, migrations=(_make_tables,))

_USAGE = tuple(Usage.__dataclass_fields__)
_BEGUN = (
    *("id", "extraction", "provider", "model", "account", "technique", "attempt", "started_at"),
    *("state", "retry_cause", "reserved", "metadata"),
)
_ENDED = (
    *("state", "latency", *_USAGE, "response_model", "stop_reason", "error_type", "status"),
    *("request_id", "response_id", "cost"),
)
COLUMNS = (*_BEGUN, *(name for name in _ENDED if name != "state"))
"""What a record is read back from."""

INSERT = (
    f"INSERT INTO calls ({', '.join(_BEGUN)}, day, accounts, process) "  # noqa: S608 - our own names
    f"VALUES ({', '.join('?' * (len(_BEGUN) + 3))})"
)
END = (
    f"UPDATE calls SET {', '.join(f'{name} = ?' for name in _ENDED)} "  # noqa: S608 - our own names
    "WHERE id = ? AND state IN ('sent', 'unknown') RETURNING reserved, accounts"
)


def begun(record: CallRecord) -> tuple[object, ...]:
    """Return what is known of an attempt before it is sent, in the order of `INSERT`."""
    target = record.target
    return _storable(
        *(record.id, record.extraction, target.provider, target.model, target.account),
        *(record.technique, record.attempt, record.started_at),
        *(record.state, record.retry_cause, record.reserved, json.dumps(dict(record.metadata))),
    )


def ended(record: CallRecord) -> tuple[object, ...]:
    """Return what is known of it afterwards, in the order of `END`."""
    return _storable(
        *(record.state, record.latency, *(getattr(record.usage, name, None) for name in _USAGE)),
        *(record.response_model, record.stop_reason, record.error_type, record.status),
        *(record.request_id, record.response_id, record.cost, record.id),
    )


def _storable(*values: object) -> tuple[object, ...]:
    return tuple(storable(value) if isinstance(value, str) else value for value in values)


def record_of(row: Sequence[Any]) -> CallRecord:
    """Read a record from the values of `COLUMNS`.

    Raises:
        StoreError: they are none, so somebody else has written to the file.
    """
    facts: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    facts["target"] = {name: facts.pop(name) for name in ("provider", "model", "account")}
    usage: Mapping[str, Any] = {name: facts.pop(name) for name in _USAGE}
    facts["usage"] = None if usage["input_tokens"] is None else usage
    try:
        return _RECORD.validate_python(facts | {"metadata": json.loads(facts["metadata"])})
    except (ValidationError, ValueError):
        raise StoreError(
            f"The ledger's row of call {facts['id']!r} is damaged.",
            hint="Correct or delete it with SQLite's own tools; its other rows can be used.",
        ) from None


_RECORD = TypeAdapter(CallRecord)

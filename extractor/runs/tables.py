"""The tables that a run's file has beside those of the call ledger, and how they came to be.

Anybody may read them with SQLite's own tools, best by the views; only the journal writes.

    files      a row for each file of the folder, in the order of the input
    gone       files that are there no more, and have a result under other settings alone
    documents  a row for each content under each configuration, by a hash of both
    replies    what models answered, until the document is done and after it
    batches    a row for each batch that was, or was to be, handed in to a provider
    batch_items  its requests
    batching   one row: which process works with batches
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from extractor.errors import StoreError

FILE_NAME = "run.sqlite"
"""The run's file in its folder."""


def _first(connection: sqlite3.Connection) -> None:
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute(
        "INSERT INTO run (id, made_at, secret) VALUES (1, ?, ?)",
        (time.time(), secrets.token_bytes(32)),
    )


_TABLES = (
    # One row. `refreshed` counts how often all was asked anew, `scan` the looks at the folder.
    """CREATE TABLE run (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        made_at REAL NOT NULL,
        secret BLOB NOT NULL,
        refreshed INTEGER NOT NULL DEFAULT 0,
        scan INTEGER NOT NULL DEFAULT 0,
        folder TEXT,
        command TEXT,
        configuration BLOB REFERENCES configurations
    ) STRICT""",
    """CREATE TABLE configurations (
        digest BLOB PRIMARY KEY, told TEXT NOT NULL, first_used_at REAL NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE sessions (
        owner INTEGER PRIMARY KEY REFERENCES processes, configuration BLOB NOT NULL,
        lease REAL NOT NULL
    ) STRICT""",
    # `owner` is the process that works on it, until `lease`; `fence` counts the owners, `turn` how
    # often it was asked anew after it had failed.
    """CREATE TABLE documents (
        key BLOB PRIMARY KEY,
        sha256 TEXT NOT NULL,
        configuration BLOB NOT NULL REFERENCES configurations,
        state TEXT NOT NULL DEFAULT 'planned'
            CHECK (state IN ('planned', 'sent', 'done', 'failed')),
        owner INTEGER REFERENCES processes,
        fence INTEGER NOT NULL DEFAULT 0,
        turn INTEGER NOT NULL DEFAULT 0,
        lease REAL,
        begun_at REAL,
        ended_at REAL,
        attempts INTEGER,
        input_tokens INTEGER,
        output_tokens INTEGER,
        cost_usd REAL,
        result TEXT,
        error TEXT
    ) STRICT""",
    "CREATE INDEX documents_owned ON documents (owner) WHERE owner IS NOT NULL",
    # `changed_at` is the file's time in nanoseconds, which with its size tells whether it changed.
    """CREATE TABLE files (
        position INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        scan INTEGER NOT NULL,
        size INTEGER,
        changed_at INTEGER,
        sha256 TEXT,
        document BLOB REFERENCES documents,
        failure TEXT
    ) STRICT""",
    "CREATE INDEX files_by_document ON files (document)",
    "CREATE TABLE replies (key BLOB PRIMARY KEY, reply BLOB NOT NULL) STRICT",
    # `reserving`: nothing was sent; `submitting`: perhaps it was, and `remote`, the provider's id,
    # is not known; `lost`: it was not. `done` and `total` are the provider's own counts.
    """CREATE TABLE batches (
        id INTEGER PRIMARY KEY,
        token TEXT NOT NULL UNIQUE,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        account TEXT NOT NULL,
        count INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'reserving'
            CHECK (state IN ('reserving', 'submitting', 'submitted', 'ended', 'lost')),
        made_at REAL NOT NULL,
        remote TEXT,
        done INTEGER,
        total INTEGER,
        ended_at REAL
    ) STRICT""",
    # `again`: it failed in passing; `failed`: for good; `unsent`: no model was asked. `request` is
    # the key of its reply, `call` its id in the ledger, `in_doubt` whether nobody told its cost.
    """CREATE TABLE batch_items (
        batch INTEGER NOT NULL REFERENCES batches,
        number INTEGER NOT NULL,
        document BLOB NOT NULL REFERENCES documents,
        request BLOB NOT NULL,
        call TEXT NOT NULL,
        technique TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'answered', 'again', 'failed', 'unsent')),
        in_doubt INTEGER NOT NULL DEFAULT 0,
        status INTEGER,
        failure TEXT,
        PRIMARY KEY (batch, number)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX batch_items_by_request ON batch_items (request)",
    "CREATE INDEX batch_items_waiting ON batch_items (document) WHERE state = 'waiting'",
    """CREATE TABLE batching (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        owner INTEGER REFERENCES processes,
        lease REAL
    ) STRICT""",
    "INSERT INTO batching (id) VALUES (1)",
    # What became of each file; the first of several with the same content is the original.
    """CREATE VIEW v_files AS
        SELECT f.position, f.path, f.sha256, f.size,
            CASE
                WHEN f.failure IS NOT NULL THEN 'failed'
                WHEN d.state IN ('planned', 'sent') AND EXISTS (
                    SELECT 1 FROM batch_items i WHERE i.document = d.key AND i.state = 'waiting'
                ) THEN 'sent'
                WHEN d.state = 'sent' AND d.owner IS NULL THEN 'unknown'
                ELSE coalesce(d.state, 'planned')
            END AS state,
            (SELECT o.path FROM files o WHERE o.document = f.document AND o.failure IS NULL
                ORDER BY o.position LIMIT 1) AS original,
            d.begun_at, d.ended_at, d.attempts, d.input_tokens, d.output_tokens, d.cost_usd,
            d.result, coalesce(f.failure, d.error) AS error
        FROM files f LEFT JOIN documents d ON d.key = f.document""",
)


def _documents_of_replies(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE replies ADD COLUMN document BLOB REFERENCES documents")
    connection.execute("CREATE INDEX replies_by_document ON replies (document)")


def _contents(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE INDEX documents_by_content ON documents (sha256)")
    connection.execute("CREATE INDEX files_by_content ON files (sha256)")
    connection.execute(
        "CREATE TABLE gone (path TEXT PRIMARY KEY, size INTEGER, changed_at INTEGER, "
        "sha256 TEXT NOT NULL) STRICT"
    )


MIGRATIONS: Sequence[Callable[[sqlite3.Connection], object]] = (
    _first,
    _documents_of_replies,
    _contents,
)
"""Each leads from one version of the tables to the next, the first one from nothing."""


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of a file's tables; 0 where it has none of a run's."""
    there = "SELECT count(*) FROM sqlite_schema WHERE name = 'run_version'"
    if not connection.execute(there).fetchone()[0]:
        return 0
    version: int = connection.execute("SELECT version FROM run_version").fetchone()[0]
    return version


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables, or bring them up to date, inside an open transaction.

    Raises:
        StoreError: a newer program has made them, or the file is a ledger with other calls.
    """
    version = version_of(connection)
    if not version and connection.execute("SELECT EXISTS (SELECT 1 FROM calls)").fetchone()[0]:
        raise StoreError(
            f"{path} is a call ledger that is in use, and no run.", hint="Use another folder."
        )
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{path} is a run of version {version}; this program knows {len(MIGRATIONS)}.",
            hint="Use the newer program that made it, or another folder.",
        )
    if not version:
        connection.execute("CREATE TABLE run_version (version INTEGER NOT NULL) STRICT")
        connection.execute("INSERT INTO run_version VALUES (0)")
    for migration in MIGRATIONS[version:]:
        migration(connection)
    connection.execute("UPDATE run_version SET version = ?", (len(MIGRATIONS),))

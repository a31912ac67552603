"""The looks at a run's folder: which files there are, and which are there no more."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence


def begin(folder: str, command: str, connection: sqlite3.Connection) -> int:
    """Begin a look, and return its number; `command` is JSON, for who goes on with the run."""
    rows = connection.execute(
        "UPDATE run SET folder = ?, command = ?, scan = scan + 1 RETURNING scan", (folder, command)
    ).fetchall()
    number: int = rows[0][0]
    return number


def take_in(paths: Sequence[tuple[str, int]], connection: sqlite3.Connection) -> None:
    """Write down files that a look has found, each with its number."""
    connection.executemany(
        "INSERT INTO files (path, scan) VALUES (?, ?) "
        "ON CONFLICT (path) DO UPDATE SET scan = excluded.scan",
        paths,
    )


def forget_gone(scan: int, connection: sqlite3.Connection) -> None:
    """Forget files that a look has not found, but for those with a result: it was paid for.

    Where a file that was found has the same content, it has the result too.
    """
    connection.execute(
        "DELETE FROM files WHERE scan < :scan AND (NOT EXISTS "
        "(SELECT 1 FROM documents WHERE key = document AND state = 'done') OR document IN "
        "(SELECT there.document FROM files there WHERE there.scan >= :scan))",
        {"scan": scan},
    )

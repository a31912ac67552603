"""The looks at a run's folder: which files there are, and which are there no more."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from extractor.runs.base import Contents


@dataclass(frozen=True, slots=True)
class Found:
    """A file that a look has found; without contents, if it was looked at, it can't be opened."""

    path: str
    contents: Contents | None
    was_looked_at: bool


def begin(folder: str, connection: sqlite3.Connection) -> int:
    """Begin a look, and return its number."""
    rows = connection.execute(
        "UPDATE run SET folder = ?, scan = scan + 1 RETURNING scan", (folder,)
    ).fetchall()
    number: int = rows[0][0]
    return number


def take_in(files: Sequence[Found], scan: int, connection: sqlite3.Connection) -> None:
    """Write down files that a look has found, each with its number.

    One that was looked at has what is known of its content, and nothing else.
    """
    connection.executemany(
        "INSERT INTO files (path, scan) VALUES (?, ?) "
        "ON CONFLICT (path) DO UPDATE SET scan = excluded.scan",
        [(file.path, scan) for file in files],
    )
    connection.executemany(
        "UPDATE files SET sha256 = :sha256, size = :size, changed_at = :changed_at, "
        "failure = NULL, document = (SELECT key FROM documents WHERE sha256 = :sha256 "
        "AND configuration = (SELECT configuration FROM run)) WHERE path = :path",
        [_row(file) for file in files if file.was_looked_at],
    )


def _row(file: Found) -> dict[str, str | int | None]:
    held = file.contents
    if held is None:
        return {"path": file.path, "sha256": None, "size": None, "changed_at": None}
    return {"path": file.path, **asdict(held)}


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

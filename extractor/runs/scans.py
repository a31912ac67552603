"""The looks at a run's folder: which files there are, and which are there no more."""

from __future__ import annotations

import json
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


def forget_gone(scan: int, alike: Sequence[str], connection: sqlite3.Connection) -> None:
    """Forget files that a look has not found, but for those with a result: it was paid for.

    Where a file that was found has the same content, it has the result too. A result of before
    everything was asked anew stays; one of other settings is put aside, until they are back.

    Args:
        scan: the look.
        alike: the configurations that differ from the run's in how often all was asked anew alone,
            in hexadecimal digits.
        connection: of the run's file.
    """
    told = {"scan": scan, "alike": json.dumps(alike)}
    for statement in (_KEEP, _PUT_ASIDE, _FORGET, _BRING_BACK, _NOT_ASIDE):
        connection.execute(statement, told)


def _result(file: str) -> str:
    """Return SQL for the document with the result of a row; of several, the latest."""
    return (
        f"(SELECT key FROM documents WHERE documents.sha256 = {file}.sha256 AND state = 'done' "  # noqa: S608 - our own words
        "AND hex(configuration) IN (SELECT upper(value) FROM json_each(:alike)) "
        "ORDER BY ended_at DESC LIMIT 1)"
    )


def _is_elsewhere(file: str) -> str:
    """Return SQL for whether a file that was found has the content of a row."""
    return (
        f"EXISTS (SELECT 1 FROM files there WHERE there.sha256 = {file}.sha256 "  # noqa: S608 - our own words
        "AND there.scan >= :scan AND there.failure IS NULL)"
    )


_KEEP = f"UPDATE files SET failure = NULL, document = {_result('files')} WHERE scan < :scan"  # noqa: S608 - our own words
_PUT_ASIDE = (
    "INSERT OR REPLACE INTO gone SELECT path, size, changed_at, sha256 FROM files "  # noqa: S608 - our own words
    f"WHERE scan < :scan AND document IS NULL AND NOT {_is_elsewhere('files')} AND EXISTS "
    "(SELECT 1 FROM documents WHERE documents.sha256 = files.sha256 AND state = 'done')"
)
_FORGET = (
    "DELETE FROM files "  # noqa: S608 - our own words
    f"WHERE scan < :scan AND (document IS NULL OR {_is_elsewhere('files')})"
)
_BRING_BACK = (
    "INSERT OR IGNORE INTO files (path, scan, size, changed_at, sha256, document) "  # noqa: S608 - our own words
    f"SELECT path, 0, size, changed_at, sha256, {_result('gone')} FROM gone "
    f"WHERE {_result('gone')} IS NOT NULL AND NOT {_is_elsewhere('gone')}"
)
_NOT_ASIDE = "DELETE FROM gone WHERE path IN (SELECT path FROM files)"


def _row(file: Found) -> dict[str, str | int | None]:
    held = file.contents
    if held is None:
        return {"path": file.path, "sha256": None, "size": None, "changed_at": None}
    return {"path": file.path, **asdict(held)}

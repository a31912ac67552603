"""One limiter for all processes of a machine: the state of limits in an SQLite file."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from extractor.calls.limits.state import State
from extractor.calls.steps import Target
from extractor.errors import StoreError

R = TypeVar("R")

_STATE = TypeAdapter(State)
_BUSY = 5.0
"""Seconds to wait for other processes, each of which needs about a millisecond."""

_OPEN = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS rate_limits (
    provider TEXT, model TEXT, account TEXT, state TEXT NOT NULL,
    PRIMARY KEY (provider, model, account)
) WITHOUT ROWID;
"""
_READ = "SELECT state FROM rate_limits WHERE provider = ? AND model = ? AND account = ?"
_WRITE = "INSERT OR REPLACE INTO rate_limits VALUES (?, ?, ?, ?)"


class SqliteStore:
    """State in a file that processes of one machine share.

    What the last moments before a power cut taught may be lost (`synchronous = NORMAL`), and is
    learned again from headers.
    """

    shared = True

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened_by = 0

    def update(self, target: Target, change: Callable[[State], R], /) -> R:
        """Change a target's state in one transaction.

        Raises:
            StoreError: the file can't be read or written, or is another version's.
        """
        key = target.provider, target.model, target.account
        try:
            with self._lock:
                connection = self._open()
                connection.execute("BEGIN IMMEDIATE")
                try:
                    row: tuple[str] | None = connection.execute(_READ, key).fetchone()
                    state = State() if row is None else _STATE.validate_json(row[0])
                    result = change(state)
                    connection.execute(_WRITE, (*key, _STATE.dump_json(state).decode()))
                    connection.commit()
                except BaseException:
                    connection.rollback()
                    raise
                return result
        except sqlite3.Error as error:
            raise StoreError(
                f"The rate limits in {self._path} can't be used: {error}.",
                hint="Check that the folder is local and writable, or choose another file.",
            ) from error
        except ValidationError as error:
            raise StoreError(
                f"The rate limits in {self._path} were written by another version.",
                hint="Delete the file; limits are learned again.",
            ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        """Return the connection of this process; SQLite allows none to be taken over by a fork."""
        if self._connection is None or self._opened_by != os.getpid():
            connection = sqlite3.connect(
                self._path, timeout=_BUSY, isolation_level=None, check_same_thread=False
            )
            _prepare(connection)
            self._connection, self._opened_by = connection, os.getpid()
        return self._connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the table; SQLite's busy handler does not cover the change to WAL, so it is tried again.

    That is so when several processes open a new file at the same moment.
    """
    for attempt in range(20):
        try:
            connection.executescript(_OPEN)
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or attempt == 19:
                raise
            time.sleep(0.02)
        else:
            return

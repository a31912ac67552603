"""One limiter for all processes of a machine: the state of limits in an SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from extractor.calls.limits.state import State
from extractor.calls.steps import Target
from extractor.calls.storage.database import Opened, Schema, begin, connect, told
from extractor.errors import StoreError

R = TypeVar("R")

_STATE = TypeAdapter(State)
_BUSY = 5.0
"""Seconds to wait for other processes, each of which needs about a millisecond."""

_TABLE = """
CREATE TABLE rate_limits (
    provider TEXT, model TEXT, account TEXT, state TEXT NOT NULL,
    PRIMARY KEY (provider, model, account)
) WITHOUT ROWID
"""
_SCHEMA = Schema("file of rate limits", 0x4558524C, (lambda made: made.execute(_TABLE),))  # EXRL
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
        self._opened = Opened(self._connect)

    def update(self, target: Target, change: Callable[[State], R], /) -> R:
        """Change a target's state in one transaction.

        Raises:
            StoreError: the file can't be read or written, or is another version's.
        """
        key = target.provider, target.model, target.account
        try:
            with told(self._path), self._opened.using() as connection:
                begin(connection, _BUSY)
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
        except ValidationError as error:
            raise StoreError(
                f"The rate limits in {self._path} were written by another version.",
                hint="Delete the file; limits are learned again.",
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._opened.close()

    def _connect(self) -> sqlite3.Connection:
        connection = connect(self._path, _SCHEMA, patience=_BUSY)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA busy_timeout = 3")  # `begin` waits better than SQLite
        return connection

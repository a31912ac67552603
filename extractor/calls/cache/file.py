"""The reply cache's file: SQLite, entries under a hash, and the secret that fences are made with.

The file is private (0600), because replies quote contracts. It is in WAL mode, so that readers of
any number of threads and processes wait for nobody; writers wait for each other, for a moment.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from extractor.calls.storage.database import Opened, Schema, connect, told
from extractor.errors import ConfigurationError, StoreError

_log = logging.getLogger("extractor.calls")

FORMAT = 1
"""The number of the entries' format, a part of every key."""

_BUSY = 5.0
"""Seconds to wait for another writer; a write takes less than a millisecond."""

_TABLES = (
    "CREATE TABLE secret (nonce_key BLOB NOT NULL, digest BLOB NOT NULL)",
    """CREATE TABLE replies (
        key BLOB PRIMARY KEY,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        stored_at REAL NOT NULL,
        digest BLOB NOT NULL,
        reply BLOB NOT NULL
    )""",
)


def _make_tables(connection: sqlite3.Connection) -> None:
    nonce_key = secrets.token_bytes(32)
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO secret VALUES (?, ?)", (nonce_key, _digest(b"", nonce_key)))


_SCHEMA = Schema("reply cache", application_id=0x45585243, migrations=(_make_tables,))  # EXRC

_COUNTED_BY_MODEL = "SELECT model, count(*) FROM replies GROUP BY 1 ORDER BY 1"
_COUNTED_BY_VERSION = "SELECT version, count(*) FROM replies GROUP BY 1 ORDER BY 1"


class DamagedError(Exception):
    """An entry is not what was stored."""


@dataclass(frozen=True, slots=True)
class CacheStats:
    """What a file holds.

    Attributes:
        replies: all entries, those of other versions of this package included, which never hit.
        by_model: entries by `provider:model`.
        by_version: entries by the version of this package that stored them.
        size: bytes on the disk.
        oldest: when the first of them was stored, in seconds since 1970; None without entries.
        newest: the same of the last.
    """

    replies: int
    by_model: Mapping[str, int]
    by_version: Mapping[str, int]
    size: int
    oldest: float | None
    newest: float | None


class CacheFile:
    """An open file, which threads and forked processes may share.

    Args:
        path: the file.
        create: whether to make it, and its folder, where there is none.

    Raises:
        ConfigurationError: there is no such file, and none is to be made.
        StoreError: it can't be opened, or is something else.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        if not create and not (path.is_file() and path.stat().st_size):
            raise ConfigurationError(
                f"There is no reply cache {path}.",
                hint="Record one first: run once with the cache mode record.",
            )
        self._path = path
        self._is_closed = False
        self._opened = Opened(self._connect)
        try:
            self.nonce_key = self._secret()
        except BaseException:
            self.close()
            raise

    def read(self, key: bytes) -> bytes | None:
        """Return an entry; None if there is none.

        Raises:
            DamagedError: there is one, but not as it was stored.
            StoreError: the file can't be read.
        """
        with self._using() as connection:
            found: tuple[object, object] | None = connection.execute(
                "SELECT digest, reply FROM replies WHERE key = ?", (key,)
            ).fetchone()
        if found is None:
            return None
        digest, reply = found
        if not isinstance(reply, bytes) or digest != _digest(key, reply):
            raise DamagedError
        return reply

    def write(self, key: bytes, reply: bytes, *, model: str, version: str, now: float) -> None:
        """Store an entry in place of what is there.

        Raises:
            StoreError: the file can't be written.
        """
        row = (key, model, version, now, _digest(key, reply), reply)
        with self._using() as connection:
            connection.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)", row)

    def stats(self) -> CacheStats:
        """Count what is there.

        Raises:
            StoreError: the file can't be read.
        """
        with self._using() as connection:
            count, oldest, newest = connection.execute(
                "SELECT count(*), min(stored_at), max(stored_at) FROM replies"
            ).fetchone()
            by_model = dict(connection.execute(_COUNTED_BY_MODEL))
            by_version = dict(connection.execute(_COUNTED_BY_VERSION))
        parts = (self._path, Path(f"{self._path}-wal"))
        size = sum(part.stat().st_size for part in parts if part.exists())
        return CacheStats(count, by_model, by_version, size, oldest, newest)

    def clear(self, *, before: float | None = None) -> int:
        """Delete the entries stored `before` a time (all without one), and overwrite their bytes.

        Returns how many. The secret stays, so that what is recorded afterwards fits what is left.

        Raises:
            StoreError: the file can't be written.
        """
        bound = float("inf") if before is None else before
        with self._using() as connection:
            deleted = connection.execute("DELETE FROM replies WHERE stored_at < ?", (bound,))
            connection.execute("VACUUM")
            in_use, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if in_use:
            _log.warning(
                "The reply cache %s is in use: what was deleted stays in %s-wal until its last "
                "user closes it",
                self._path,
                self._path,
            )
        return deleted.rowcount

    def close(self) -> None:
        """Give the file back; afterwards every use is a `StoreError`."""
        self._is_closed = True
        self._opened.close()

    def _secret(self) -> bytes:
        with self._using() as connection:
            found: tuple[bytes, bytes] | None = connection.execute(
                "SELECT nonce_key, digest FROM secret"
            ).fetchone()
        if found is None or found[1] != _digest(b"", found[0]):
            raise StoreError(
                f"The secret of the reply cache {self._path} is damaged.",
                hint="Delete the file, and record its replies again, or name another.",
            )
        return found[0]

    @contextmanager
    def _using(self) -> Generator[sqlite3.Connection]:
        if self._is_closed:
            raise StoreError(f"The reply cache {self._path} is closed.")
        with told(self._path), self._opened.using() as connection:
            yield connection

    def _connect(self) -> sqlite3.Connection:
        connection = connect(self._path, _SCHEMA, patience=_BUSY)
        connection.execute("PRAGMA synchronous = NORMAL")  # a lost entry is asked for again
        connection.execute("PRAGMA secure_delete = ON")
        return connection


def _digest(key: bytes, content: bytes) -> bytes:
    """Tell a changed byte in a value, or a value in a wrong place, which SQLite does not notice."""
    return hashlib.sha256(key + content).digest()

"""The reply cache's file: SQLite, entries under a hash, and the secret that fences are made with.

The file is private (0600), because replies quote contracts. It is in WAL mode, so that readers of
any number of threads and processes wait for nobody; writers wait for each other, for a moment.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import sqlite3
import tempfile
import threading
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from extractor.errors import ConfigurationError, StoreError

_log = logging.getLogger("extractor.calls")

FORMAT = 1
"""The number of the file's format, and a part of every key."""

_APPLICATION = 0x45585243
"""SQLite's `application_id`, which tells the file from any other: EXRC."""

_BUSY = 5.0
"""Seconds to wait for another writer; a write takes less than a millisecond."""

_TABLES = """
CREATE TABLE secret (nonce_key BLOB NOT NULL, digest BLOB NOT NULL);
CREATE TABLE replies (
    key BLOB PRIMARY KEY,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    stored_at REAL NOT NULL,
    digest BLOB NOT NULL,
    reply BLOB NOT NULL
);
"""

_COUNTED_BY_MODEL = "SELECT model, count(*) FROM replies GROUP BY 1 ORDER BY 1"
_COUNTED_BY_VERSION = "SELECT version, count(*) FROM replies GROUP BY 1 ORDER BY 1"

_FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""The second is what a message that quotes a damaged page makes of the first."""

_REASONS = {
    "SQLITE_BUSY": "another process holds it",
    "SQLITE_CANTOPEN": "it can't be opened",
    "SQLITE_CORRUPT": "it is damaged",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_NOTADB": "it is no SQLite file",
    "SQLITE_READONLY": "it may not be written",
    "ProgrammingError": "it is closed",
    "UnicodeDecodeError": "it is damaged",
}


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
    """An open file. Threads may share it; a forked process opens its own.

    Args:
        path: the file.
        create: whether to make it, and its folder, where there is none.

    Raises:
        ConfigurationError: there is no such file, and none is to be made.
        StoreError: it can't be opened, or is something else.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self._path = path
        self._process = os.getpid()
        self._lock = threading.Lock()
        if create:
            _make_sure_of(path)
        elif not path.is_file():
            raise ConfigurationError(
                f"There is no reply cache {path}.",
                hint="Record one first: run once with the cache mode record.",
            )
        self._connection = _connect(path)
        try:
            self.nonce_key = self._opened()
        except BaseException:
            self._connection.close()
            raise

    def read(self, key: bytes) -> bytes | None:
        """Return an entry; None if there is none.

        Raises:
            DamagedError: there is one, but not as it was stored.
            StoreError: the file can't be read.
        """
        with self._using("read") as connection:
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
        with self._using("written") as connection:
            connection.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)", row)

    def stats(self) -> CacheStats:
        """Count what is there.

        Raises:
            StoreError: the file can't be read.
        """
        with self._using("read") as connection:
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
        with self._using("written") as connection:
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
        if self._process == os.getpid():
            with self._lock:
                self._connection.close()

    def _opened(self) -> bytes:
        """Check that the file is ours and whole at its head; return its secret."""
        with self._using("opened") as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (number,) = connection.execute("PRAGMA user_version").fetchone()
            if application != _APPLICATION:
                raise StoreError(f"{self._path} is no reply cache.", hint="Name another file.")
            if number != FORMAT:
                raise StoreError(
                    f"The reply cache {self._path} has the format {number}; this version of "
                    f"extractor reads {FORMAT}.",
                    hint="Delete the file, or name another.",
                )
            connection.execute("PRAGMA synchronous = NORMAL")  # a lost entry is asked for again
            connection.execute("PRAGMA secure_delete = ON")
            found: tuple[bytes, bytes] | None = connection.execute(
                "SELECT nonce_key, digest FROM secret"
            ).fetchone()
        if found is None or found[1] != _digest(b"", found[0]):
            raise _unusable(self._path, "opened", "its secret is damaged")
        return found[0]

    @contextmanager
    def _using(self, done: str) -> Generator[sqlite3.Connection]:
        if self._process != os.getpid():
            raise StoreError(
                f"The reply cache {self._path} was opened by another process, before a fork.",
                hint="Open it in the process that uses it.",
            )
        with self._lock:
            try:
                yield self._connection
            except _FAILURES as error:
                raise _unusable(self._path, done, _reason(error)) from None


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"file:{quote(str(path.absolute()))}?mode=rw"  # which never makes a file
    try:
        return sqlite3.connect(
            uri, uri=True, timeout=_BUSY, isolation_level=None, check_same_thread=False
        )
    except _FAILURES as error:
        raise _unusable(path, "opened", _reason(error)) from None


def _make_sure_of(path: Path) -> None:
    """Make the file if there is none: whole under another name first, so that nobody sees half."""
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # 0600
        os.close(number)
        try:
            _fill(name)
            with suppress(FileExistsError):  # another process was quicker
                path.hardlink_to(name)
        finally:
            Path(name).unlink()
    except OSError as error:
        raise _unusable(path, "made", str(error)) from error
    except _FAILURES as error:
        raise _unusable(path, "made", _reason(error)) from None


def _fill(name: str) -> None:
    nonce_key = secrets.token_bytes(32)
    with closing(sqlite3.connect(name, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.executescript(_TABLES)
        made.execute("INSERT INTO secret VALUES (?, ?)", (nonce_key, _digest(b"", nonce_key)))
        made.execute(f"PRAGMA user_version = {FORMAT}")
        made.execute(f"PRAGMA application_id = {_APPLICATION}")


def _digest(key: bytes, content: bytes) -> bytes:
    """Tell a changed byte in a value, or a value in a wrong place, which SQLite does not notice."""
    return hashlib.sha256(key + content).digest()


def _reason(error: Exception) -> str:
    """Say what is wrong without SQLite's own message, which may quote a damaged page."""
    name = str(getattr(error, "sqlite_errorname", type(error).__name__))
    return next((told for start, told in _REASONS.items() if name.startswith(start)), name)


def _unusable(path: Path, done: str, reason: str) -> StoreError:
    return StoreError(
        f"The reply cache {path} can't be {done}: {reason}.",
        hint="Look at the file, its folder and the room on the disk, or name another file; "
        "a damaged one can be deleted, and its replies be recorded again.",
    )

"""A SQLite file of ours: made for its owner alone, opened, brought up to date, and what is wrong.

Each is in WAL mode, so that reading and writing go on side by side, and waits for the disk at each
commit (`synchronous=FULL`; https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import StoreError


@dataclass(frozen=True, slots=True)
class Schema:
    """What a kind of file holds.

    `application_id` tells it from other kinds and must never change. Each of `migrations` leads
    from one version of the tables to the next, the first one from nothing; only ever add to them.
    """

    name: str
    application_id: int
    migrations: Sequence[Callable[[sqlite3.Connection], object]]


def connect(path: Path, schema: Schema, *, patience: float = 10.0) -> sqlite3.Connection:
    """Open a file, made or brought up to date if need be; the caller closes the connection.

    Any thread may use it, but no two at once.

    Raises:
        StoreError: as for `Store`.
    """
    with told(path):
        _make(path)
        connection = sqlite3.connect(
            path, isolation_level=None, timeout=patience, check_same_thread=False
        )
        try:
            _prepare(connection, path, schema, patience)
        except BaseException:
            connection.close()
            raise
    return connection


class Opened:
    """The connection to one file for the threads of a process: made when it is used.

    None is open while the process forks. A child that inherits one can't be given safe use of the
    file, not even by a connection of its own: SQLite keeps the locks of a process in its memory,
    and the child has the memory, but not the locks (https://www.sqlite.org/howtocorrupt.html, 2.6).
    """

    def __init__(self, make: Callable[[], sqlite3.Connection]) -> None:
        self._make = make
        self._lock = threading.Lock()  # of who uses it, or is about to fork
        self._connection: sqlite3.Connection | None = None
        with _forking:
            _all_opened.add(self)

    @contextmanager
    def using(self) -> Generator[sqlite3.Connection]:
        """Have the connection for oneself.

        Raises:
            StoreError: the file can't be opened.
        """
        with self._lock:
            if self._connection is None:
                self._connection = self._make()
            yield self._connection

    def close(self) -> None:
        """Let go of the file, until it is used again."""
        with self._lock:
            self._disconnect()

    def pause(self) -> None:
        """Let go of the file until `resume`; what is under way is finished."""
        self._lock.acquire()
        self._disconnect()

    def resume(self) -> None:
        self._lock.release()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


_forking = threading.RLock()  # of who forks, or opens a further file
_all_opened: weakref.WeakSet[Opened] = weakref.WeakSet()
_paused: list[Opened] = []


def _before_fork() -> None:
    _forking.acquire()
    for opened in list(_all_opened):
        opened.pause()
        _paused.append(opened)


def _after_fork() -> None:
    for opened in _paused:
        opened.resume()
    _paused.clear()
    _forking.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork
    )


def begin(connection: sqlite3.Connection, patience: float) -> None:
    """Begin to write as soon as no other process does."""
    _insist(connection, "BEGIN IMMEDIATE", patience)


FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; the second is what becomes of a message that quotes a damaged page."""


@contextmanager
def told(path: Path) -> Generator[None]:
    """Tell failures in our words; SQLite's are not kept as a cause, since they may quote a page."""
    try:
        yield
    except (OSError, *FAILURES) as error:
        raise store_error(path, error) from None


def store_error(path: Path, error: Exception) -> StoreError:
    """Say what is wrong with a file, and what can be done.

    SQLite's own words stand in it but where the file is damaged: they may then quote a contract.
    """
    if isinstance(error, OSError):
        return StoreError(f"{path} can't be opened: {error.strerror or error}.", hint=_PLACE)
    name = str(getattr(error, "sqlite_errorname", type(error).__name__))
    if name.startswith(_DAMAGED):
        return StoreError(f"{path} is damaged, or is no database ({name}).", hint=_MEND)
    for kinds, what, hint in _REASONS:
        if name.startswith(kinds):
            return StoreError(f"{path} {what}: {error} ({name}).", hint=hint)
    return StoreError(f"{path} could not be read or written: {error} ({name}).")


_PLACE = (
    "Check the rights of the file and its folder, or name another: the ledger's with "
    "EXTRACTOR_STORE, a run's with --out, the reply cache's with [cache] path."
)

_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "UnicodeDecodeError")
_MEND = (
    "Restore it from a backup, or move it away: a new one is made, which knows of no spending and "
    "no reply. Or name another file."
)

_REASONS = (
    (("SQLITE_BUSY", "SQLITE_LOCKED"), "is locked", "End the program that has it locked."),
    (("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"), "can't be opened or written", _PLACE),
    (("SQLITE_FULL", "SQLITE_IOERR"), "can't be written", "Make room on the disk, or check it."),
)


def _make(path: Path) -> None:
    """Make the file before SQLite does: its logs take their mode from it."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def storable(text: str) -> str:
    r"""Write half of a surrogate pair as `\ud83d`: a reply may hold one, and SQLite takes none."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _prepare(connection: sqlite3.Connection, path: Path, schema: Schema, patience: float) -> None:
    _recognise(connection, path, schema)  # before anything is changed: it may be somebody else's
    _insist(connection, "PRAGMA journal_mode = WAL", patience)
    connection.execute("PRAGMA synchronous = FULL")
    if _version(connection) == len(schema.migrations):
        return
    begin(connection, patience)
    try:
        _recognise(connection, path, schema)  # again: another process may have made it meanwhile
        for migration in schema.migrations[_version(connection) :]:
            migration(connection)
        connection.execute(f"PRAGMA application_id = {schema.application_id}")
        connection.execute(f"PRAGMA user_version = {len(schema.migrations)}")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _recognise(connection: sqlite3.Connection, path: Path, schema: Schema) -> None:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if tables and application_id != schema.application_id:
        raise StoreError(f"{path} is no {schema.name}; it holds something else.", hint=_PLACE)
    if (version := _version(connection)) > len(schema.migrations):
        raise StoreError(
            f"{path} is a {schema.name} of version {version}; this program knows "
            f"{len(schema.migrations)}.",
            hint="Use the newer program that made it, or another file.",
        )


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _insist(connection: sqlite3.Connection, statement: str, patience: float) -> None:
    """Execute a statement as soon as no lock of another process is in its way.

    SQLite's own handler sleeps up to 100 ms at a time, many times what a transaction takes here.
    """
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            is_locked = error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
            if not is_locked or time.monotonic() >= until:
                raise
        else:
            return
        time.sleep(random.uniform(0.000_5, 0.002))  # noqa: S311 - so that two don't keep in step

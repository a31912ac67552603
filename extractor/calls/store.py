"""A SQLite file of ours, and the one thread in a process that writes it.

What is to be written is a function of the connection. All that is queued goes into one transaction,
each function inside a savepoint: one refusal undoes only itself, and sixty callers share one wait
for the disk. Nobody is told of a success before the disk has it (`synchronous=FULL`; see
https://www.sqlite.org/wal.html and https://www.sqlite.org/lang_savepoint.html).

The file has to be on a local disk: the write-ahead log needs memory shared by all who use it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import sqlite3
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar, cast

from extractor.calls.steps import Signal
from extractor.errors import StoreError

_log = logging.getLogger("extractor.calls")

_GROUP = 256
"""Most pieces of work in one transaction, so that the first does not wait for a flood behind it."""

_BRIEFLY = 0.003
"""Seconds that SQLite itself waits for a lock; what may take longer is for `_insist`."""

T = TypeVar("T")
Work: TypeAlias = Callable[[sqlite3.Connection], T]


@dataclass(frozen=True, slots=True)
class Schema:
    """What a kind of file holds.

    `application_id` tells it from other kinds and must never change. Each of `migrations` leads
    from one version of the tables to the next, the first one from nothing; only ever add to them.
    """

    name: str
    application_id: int
    migrations: Sequence[Callable[[sqlite3.Connection], object]]


class Pending(Generic[T]):
    """A piece of work on its way to the disk."""

    __slots__ = ("_error", "_value", "_work", "signal")

    def __init__(self, work: Work[T]) -> None:
        self._work = work
        self._value: T | None = None
        self._error: Exception | None = None
        self.signal = Signal()

    def result(self) -> T:
        """Return what the work returned, or raise what it raised; only after `signal` is set.

        Raises:
            StoreError: it could not be written; nothing of it is in the file.
        """
        if self._error is not None:
            raise self._error
        return cast("T", self._value)

    def wait(self) -> T:
        """Block until there is a result, and return it."""
        done = threading.Event()
        self.signal.on_set(done.set)
        done.wait()
        return self.result()

    def perform(self, connection: sqlite3.Connection, path: Path) -> None:
        """Do the work inside the open transaction; what it raises undoes it, and it alone."""
        connection.execute("SAVEPOINT work")
        try:
            self._value = self._work(connection)
        except Exception as error:
            if not connection.in_transaction:  # SQLite gave up all of it: the disk is full
                raise
            connection.execute("ROLLBACK TO work")
            self.fail(store_error(path, error) if isinstance(error, sqlite3.Error) else error)
        connection.execute("RELEASE work")

    def fail(self, error: Exception) -> None:
        self._error = error

    def tell(self) -> None:
        try:
            self.signal.set()
        except Exception:  # a listener's fault is not the writer's, who has others to serve
            _log.exception("Somebody who waited for the store failed to be woken")


class Store:
    """Access to one file for any thread or event loop of this process.

    All stores of a process with the same path share one thread and one connection. After a fork
    the child gets its own; what was queued then is the parent's to write. What is queued is
    written before the interpreter ends, closed or not; only a child of `multiprocessing`, which
    ends without ceremony, has to close it.

    Args:
        path: the file; made with mode 0600, in a folder made with mode 0700, if it is not there.
        schema: what it holds; older versions of it are brought up to date.
        patience: seconds to wait while another process has the file locked.

    Raises:
        StoreError: it can't be opened, is damaged, holds something else, or a newer version of it.
    """

    def __init__(self, path: Path, schema: Schema, *, patience: float = 10.0) -> None:
        self.path = path.expanduser().resolve()
        self._schema, self._patience = schema, patience
        self._lock = threading.Lock()
        self._join()
        try:
            self.submit(lambda _: None).wait()
        except BaseException:
            self.close()
            raise

    def submit(self, work: Work[T]) -> Pending[T]:
        """Queue some work; does not block. It must not commit, and must not wait.

        Raises:
            StoreError: the store is closed.
        """
        if self._writer.process != os.getpid():
            with self._lock:
                self._finalizer.detach()
                self._join()
        if not self._finalizer.alive:
            raise StoreError(f"{self.path} is closed.")
        pending = Pending(work)
        self._writer.submit(pending)
        return pending

    def run(self, work: Work[T]) -> T:
        """Do some work and block until the disk has it; raises what `Pending.result` does."""
        return self.submit(work).wait()

    def close(self) -> None:
        """Write what is queued and let go of the file. A second time it does nothing."""
        self._finalizer()

    def _join(self) -> None:
        self._writer = _writer_of(self.path, self._schema, self._patience)
        self._finalizer = weakref.finalize(self, _leave, self._writer)


class _Writer:
    """The thread that writes one file, and its queue.

    The connection is a local variable of the thread. So a forked child, which has no such thread,
    neither uses nor closes it: closing it there would break the locks of the parent.
    """

    def __init__(self, path: Path, schema: Schema, patience: float) -> None:
        self.path, self.schema, self.patience = path, schema, patience
        self.process = os.getpid()
        self.users = 0
        self._queue: deque[Pending[Any]] = deque()
        self._queued = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def submit(self, pending: Pending[Any]) -> None:
        with self._queued:
            if self._is_closed:
                raise StoreError(f"{self.path} is closed.")
            self._queue.append(pending)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="extractor-store")
                self._thread.daemon = True  # `_leave` ends it, which runs at exit too
                self._thread.start()
            self._queued.notify()

    def close(self) -> None:
        with self._queued:
            self._is_closed = True
            self._queued.notify()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        try:
            connection = connect(self.path, self.schema, patience=self.patience)
        except StoreError as error:
            with self._queued:  # whoever comes after these tries again
                refused, self._queue = list(self._queue), deque()
                self._thread = None
            for pending in refused:
                pending.fail(StoreError(error.message, hint=error.hint))
                pending.tell()
            return
        with contextlib.closing(connection):
            while group := self._take():
                self._write(connection, group)
                del group  # whoever waited may go, while this thread sleeps

    def _take(self) -> list[Pending[Any]]:
        """Wait for work and take it; nothing is left to come once this is empty."""
        with self._queued:
            while not self._queue and not self._is_closed:
                self._queued.wait()
            return [self._queue.popleft() for _ in range(min(_GROUP, len(self._queue)))]

    def _write(self, connection: sqlite3.Connection, group: Sequence[Pending[Any]]) -> None:
        try:
            begin(connection, self.patience)
            for pending in group:
                pending.perform(connection, self.path)
            connection.execute("COMMIT")
        except Exception as error:  # the thread has to live on, and everybody to be told
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            for pending in group:
                pending.fail(store_error(self.path, error))
        for pending in group:
            pending.tell()


_writers: dict[Path, _Writer] = {}
_registry = threading.RLock()  # a collected store leaves from wherever the collector happens to run


def _writer_of(path: Path, schema: Schema, patience: float) -> _Writer:
    with _registry:
        writer = _writers.setdefault(path, _Writer(path, schema, patience))
        if writer.schema.application_id != schema.application_id:
            raise StoreError(f"{path} is in use as a {writer.schema.name}, not as a {schema.name}.")
        writer.users += 1
        return writer


def _leave(writer: _Writer) -> None:
    if writer.process != os.getpid():
        return  # a copy in a forked child, whose thread is the parent's
    with _registry:
        writer.users -= 1
        if writer.users:
            return
        _writers.pop(writer.path, None)
    writer.close()


def _start_anew() -> None:
    """Forget, in a forked child, the parent's threads and a lock that one of them may hold."""
    global _registry  # noqa: PLW0603 - a held lock can't be released by anybody else
    _writers.clear()
    _registry = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)


def connect(path: Path, schema: Schema, *, patience: float = 10.0) -> sqlite3.Connection:
    """Open a file, made or brought up to date if need be; the caller closes the connection.

    Raises:
        StoreError: as for `Store`.
    """
    try:
        _make(path)
        connection = sqlite3.connect(path, isolation_level=None, timeout=_BRIEFLY)
    except (OSError, sqlite3.Error) as error:
        raise store_error(path, error) from error
    try:
        _prepare(connection, path, schema, patience)
    except sqlite3.Error as error:
        connection.close()
        raise store_error(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def begin(connection: sqlite3.Connection, patience: float) -> None:
    """Begin to write as soon as no other process does."""
    _insist(connection, "BEGIN IMMEDIATE", patience)


def store_error(path: Path, error: Exception) -> StoreError:
    """Say what is wrong with a file, and what can be done; the error's own words hold no data."""
    if isinstance(error, OSError):
        return StoreError(f"{path} can't be opened: {error.strerror or error}.", hint=_PLACE)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    for kinds, what, hint in _REASONS:
        if name.startswith(kinds):
            return StoreError(f"{path} {what}: {error} ({name}).", hint=hint)
    return StoreError(f"{path} could not be read or written: {error} ({name}).")


_PLACE = "Check the rights of the file and its folder, or name another with EXTRACTOR_STORE."

_REASONS = (
    (
        ("SQLITE_NOTADB", "SQLITE_CORRUPT"),
        "is damaged, or is no database",
        "Restore it from a backup, or move it away: a new one is made, which knows of no spending.",
    ),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), "is locked", "End the program that has it locked."),
    (("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"), "can't be opened or written", _PLACE),
    (("SQLITE_FULL", "SQLITE_IOERR"), "can't be written", "Make room on the disk, or check it."),
)


def _make(path: Path) -> None:
    """Make the file before SQLite does: its logs take their mode from it."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare(connection: sqlite3.Connection, path: Path, schema: Schema, patience: float) -> None:
    _insist(connection, "PRAGMA journal_mode = WAL", patience)
    connection.execute("PRAGMA synchronous = FULL")
    if _identity(connection) == (schema.application_id, len(schema.migrations)):
        return
    begin(connection, patience)
    try:
        _migrate(connection, path, schema)
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _migrate(connection: sqlite3.Connection, path: Path, schema: Schema) -> None:
    application_id, version = _identity(connection)
    is_new = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if is_new:
        connection.execute(f"PRAGMA application_id = {schema.application_id}")
    elif application_id != schema.application_id:
        raise StoreError(f"{path} is no {schema.name}; it holds something else.", hint=_PLACE)
    if version > len(schema.migrations):
        raise StoreError(
            f"{path} is a {schema.name} of version {version}; this program knows "
            f"{len(schema.migrations)}.",
            hint="Use the newer program that made it, or another file.",
        )
    for migration in schema.migrations[version:]:
        migration(connection)
    connection.execute(f"PRAGMA user_version = {len(schema.migrations)}")


def _identity(connection: sqlite3.Connection) -> tuple[int, int]:
    application_id: int = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return application_id, version


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

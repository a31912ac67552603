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
import sqlite3
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar, cast

from extractor.calls.steps import Signal
from extractor.calls.storage.database import FAILURES, Opened, Schema, begin, connect, store_error
from extractor.errors import StoreError

_log = logging.getLogger("extractor.calls")

_GROUP = 256
"""Most pieces of work in one transaction, so that the first does not wait for a flood behind it."""

_GATHER = 0.003
"""Seconds that work waits for more to share its transaction, which costs as much as a call does."""

T = TypeVar("T")
Work: TypeAlias = Callable[[sqlite3.Connection], T]


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
            self.fail(store_error(path, error) if isinstance(error, FAILURES) else error)
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
        if not self._finalizer.alive:
            raise StoreError(f"{self.path} is closed.")
        with self._lock:
            if self._writer.process != os.getpid():
                self._finalizer.detach()
                self._join()
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
    """The thread that writes one file, and its queue."""

    def __init__(self, path: Path, schema: Schema, patience: float) -> None:
        self.path, self.schema, self.patience = path, schema, patience
        self.process = os.getpid()
        self.users = 0
        self._queue: deque[Pending[Any]] = deque()
        self._queued = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._opened = Opened(self._connect)
        self._file: tuple[int, int] | None = None

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
        while self._serve():
            pass
        self._opened.close()

    def _serve(self) -> bool:
        """Write what is queued and tell who waits; False when nothing is left to come."""
        group = self._take()
        try:
            if group:
                self._write(group)
        except Exception as error:  # the thread has to live on, and everybody to be told
            told = error if isinstance(error, StoreError) else store_error(self.path, error)
            for pending in group:  # each an error of its own: who raises one writes to it
                pending.fail(StoreError(told.message, hint=told.hint))
        for pending in group:
            pending.tell()
        return bool(group)

    def _take(self) -> list[Pending[Any]]:
        """Wait for work and take it; nothing is left to come once this is empty."""
        with self._queued:
            while not self._queue and not self._is_closed:
                self._queued.wait()
        if not self._is_closed:
            time.sleep(_GATHER)
        with self._queued:
            return [self._queue.popleft() for _ in range(min(_GROUP, len(self._queue)))]

    def _write(self, group: Sequence[Pending[Any]]) -> None:
        with self._opened.using() as connection:
            self._check_file()
            try:
                begin(connection, self.patience)
                for pending in group:
                    pending.perform(connection, self.path)
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # what SQLite has undone can't be again
                    connection.rollback()
                raise

    def _connect(self) -> sqlite3.Connection:
        self._check_file()  # before another is made in its place
        connection = connect(self.path, self.schema, patience=self.patience)
        connection.execute("PRAGMA busy_timeout = 3")  # `begin` waits better than SQLite
        self._file = _identity(self.path)
        return connection

    def _check_file(self) -> None:
        """Refuse another file than was there at first: it would know of no spending, untold."""
        if self._file is not None and self._file != _identity(self.path):
            raise StoreError(f"{self.path} was removed or replaced while it was in use.")


def _identity(path: Path) -> tuple[int, int] | None:
    """Tell a file from another that comes to have its name."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


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


def _after_fork_in_child() -> None:
    _writers.clear()  # their threads are the parent's
    _registry.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_registry.acquire,
        after_in_parent=_registry.release,
        after_in_child=_after_fork_in_child,
    )

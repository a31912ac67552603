"""Reading processes that are used again: a good file costs no process of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from extractor.documents.isolation import codec
from extractor.documents.isolation.frames import BadFrameError, Frame
from extractor.documents.isolation.worker import CHILD, Worker
from extractor.documents.options import ReadOptions
from extractor.errors import HostileDocumentError
from extractor.types import JsonObject

V = TypeVar("V")

_FILES = 200
"""A process that has read so many is replaced, whatever may have gathered in it."""


class WorkerPool:
    """At most `size` reading processes, each started when it is first needed.

    Safe to use from several threads: who finds all busy waits. A process is replaced after a file
    that took its memory, crashed it or was killed with it. After a fork, the new process has
    workers of its own.

    Args:
        size: how many; by default one for each processor, at most 4.
        module: what they run.
    """

    def __init__(self, size: int | None = None, *, module: str = CHILD) -> None:
        self.size = size or min(_processors(), 4)
        self._start: Callable[[], Worker] = partial(Worker, module)
        self._free = threading.Condition()
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []
        self._starting = 0
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._disown)

    @property
    def pids(self) -> frozenset[int]:
        """The processes that there are just now, by id."""
        return frozenset(worker.pid for worker in self._workers)

    def run(
        self,
        task: str,
        data: bytes,
        read: Callable[[bytes], V],
        *,
        source: str,
        options: ReadOptions,
        arguments: JsonObject,
    ) -> V:
        """Have a task done on a file's bytes; wait for a free process first.

        Args:
            task: its name in `tasks.TASKS`.
            data: the file.
            read: takes the bytes of the answer to a value, with `BadFrameError` if they are none.
            source: what errors call the file.
            options: how to read it, and the limits on it.
            arguments: what else the task needs, as JSON has it.

        Raises:
            DocumentError: as the task's function does.
            HostileDocumentError: the file took more than it may, or crashed its reader.
            ConfigurationError: no process can be started.
        """
        head: JsonObject = {
            **arguments,
            "task": task,
            "source": source,
            "options": codec.options_record(options),
        }
        with self._worker() as worker:
            answer = worker.ask(Frame(head, data), source=source, limits=options.limits)
            try:
                if "error" in answer.head:
                    error = codec.error_of(answer.head["error"])
                else:
                    return read(answer.body)
            except BadFrameError as bad:
                worker.end()
                raise HostileDocumentError(
                    f"{source}: its reader's answer is none: {bad}"
                ) from None
            finally:
                if answer.head.get("worn") is not False or worker.files >= _FILES:
                    worker.end()
            raise error

    def is_offline(self) -> bool:
        """Say whether the processes are cut off from the network, as one of them finds.

        Raises:
            ConfigurationError: no process can be started.
        """
        with self._worker() as worker:
            worker.wait_until_ready()
            return worker.is_offline

    def close(self) -> None:
        """End all processes; the next file starts a new one."""
        with self._free:
            workers, self._workers, self._idle = self._workers, [], []
            self._free.notify_all()
        for worker in workers:
            worker.end()

    @contextmanager
    def _worker(self) -> Generator[Worker]:
        worker = self._taken()
        try:
            yield worker
        finally:
            if not worker.alive:
                worker.end()
            with self._free:
                if worker in self._workers:  # not closed meanwhile
                    if worker.ended:
                        self._workers.remove(worker)
                    else:
                        self._idle.append(worker)
                self._free.notify()

    def _taken(self) -> Worker:
        with self._free:
            while True:
                while self._idle:
                    worker = self._idle.pop()
                    if worker.alive:
                        return worker
                    worker.end()
                    self._workers.remove(worker)
                if len(self._workers) + self._starting < self.size:
                    break
                self._free.wait()
            self._starting += 1
        started: Worker | None = None
        try:
            started = self._start()
            return started
        finally:
            with self._free:
                self._starting -= 1
                if started is None:
                    self._free.notify()
                else:
                    self._workers.append(started)

    def _disown(self) -> None:
        """Forget the workers of the process that this one was forked from."""
        workers, self._workers, self._idle = self._workers, [], []
        self._free, self._starting = threading.Condition(), 0
        for worker in workers:
            worker.disown()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

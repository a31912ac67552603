"""Ctrl-C in a run: the first lets what is under way end, the second ends it at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

from extractor.cli.exits import INTERRUPTED

DRAIN = 30.0
"""Seconds that what is under way has to end after the first interrupt."""

_AT_ONCE = 2.0
"""Seconds after the second one in which it may still end by itself, and say so."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def terminable() -> Generator[None]:
    """Take SIGTERM for Ctrl-C, as long as nothing steers both."""

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Interrupts:
    """While this is entered, signals steer the task that entered it.

    They are heard whatever the event loop is busy with: a schema's validator may be slow.

    Args:
        stop: called at the first interrupt; the task is to come to its end by itself then.

    Attributes:
        any: whether there was one.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._count = 0
        self._before: dict[int, Any] = {}

    @property
    def any(self) -> bool:
        return self._count > 0

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._before = {number: signal.signal(number, self._heard) for number in _SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        self._task = None

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        if self._count == 1:
            told = f"what is under way has {DRAIN:g} s to end; Ctrl-C again stops it now"
            print(f"\nStopping: {told}.", file=sys.stderr, flush=True)
            self._stop()
            self._later(DRAIN, self._cancel)
        elif self._count == 2:
            self._later(0.0, self._cancel)
            self._later(_AT_ONCE, _leave)

    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something in a thread, since the loop may be busy."""
        timer = threading.Timer(seconds, do)
        timer.daemon = True
        timer.start()

    def _cancel(self) -> None:
        task = self._task
        if task is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(task.cancel)


def _leave() -> None:
    """End the process as a kill does, which a run survives: everything is in its file."""
    print("Stopped. The same command goes on.", file=sys.stderr, flush=True)
    os._exit(INTERRUPTED)

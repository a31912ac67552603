"""Ctrl-C in a run: the first lets what is under way end, the second ends it at once."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self

DRAIN = 30.0
"""Seconds that what is under way has to end after the first interrupt."""


class Interrupts:
    """While this is entered, signals steer the task that entered it.

    Args:
        stop: called at the first interrupt; the task is to come to its end by itself then.

    Attributes:
        any: whether there was one.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self.any = False

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._is_told = False
        for number in _SIGNALS:
            self._loop.add_signal_handler(number, self._interrupted)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number in _SIGNALS:
            self._loop.remove_signal_handler(number)
        if self.any:
            self._late.cancel()

    def _interrupted(self) -> None:
        if self.any:
            self._cancel()
            return
        self.any = True
        print(
            f"\nStopping: what is under way has {DRAIN:g} s to end; Ctrl-C again stops it now.",
            file=sys.stderr,
        )
        self._stop()
        self._late = self._loop.call_later(DRAIN, self._cancel)

    def _cancel(self) -> None:
        if self._task is not None and not self._is_told:
            self._is_told = True
            self._task.cancel()


_SIGNALS = (signal.SIGINT, signal.SIGTERM)

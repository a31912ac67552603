"""Which attempts hold money that will come back: who lacks it waits for their end."""

from __future__ import annotations

import threading

from extractor.calls.steps import Signal


class UnderWay:
    """Counts the booked attempts of a core, and tells of each end. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._end = Signal()

    def next_end(self) -> Signal | None:
        """Return what is set when the next attempt ends; None if none is under way.

        Ask before trying to book: an end that comes in between then ends the wait at once.
        """
        with self._lock:
            return self._end if self._count else None

    def begin(self) -> None:
        with self._lock:
            self._count += 1

    def end(self) -> None:
        with self._lock:
            self._count -= 1
            ended, self._end = self._end, Signal()
        ended.set()

    def stay(self) -> Stay:
        """Return what one attempt begins and ends."""
        return Stay(self)


class Stay:
    """One attempt's being under way, begun by the thread that books it. Safe for threads.

    Others that were refused in the same moment then know of it, and wait for its end. One that was
    ended before, as nobody waits for the attempt any more, does not begin.
    """

    def __init__(self, under_way: UnderWay) -> None:
        self._under_way = under_way
        self._lock = threading.Lock()
        self._has_begun = self._has_ended = False

    def begin(self) -> None:
        with self._lock:
            if not (self._has_begun or self._has_ended):
                self._has_begun = True
                self._under_way.begin()

    def end(self) -> None:
        with self._lock:
            if self._has_begun and not self._has_ended:
                self._under_way.end()
            self._has_ended = True

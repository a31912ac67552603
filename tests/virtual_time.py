"""Many generators of steps at once, in time that only this module moves.

A `World` runs them as an event loop would, but no second of it is real: what waits an hour ends at
once. The provider is a function from a `Send` and the time to how long it takes and what comes.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias

from extractor.calls.base import Clock
from extractor.calls.steps import Count, Post, Reply, Send, Steps, Wait, abandon
from extractor.types import CountedTokens, ModelResponse

Answer: TypeAlias = ModelResponse | Exception
Server: TypeAlias = Callable[[Send, float], tuple[float, Answer]]
"""What a provider does with a POST that comes at a time: its latency in seconds, and the answer."""

Counter: TypeAlias = Callable[[Count, float], tuple[float, CountedTokens | Exception]]
"""What it does with one that only has tokens counted."""

EPOCH = 1_790_000_000.0
"""What the clock on the wall shows when a world begins."""


@dataclass
class Run:
    """One generator: its result, or the error that ended it, and when."""

    steps: Steps[Any]
    result: Any = None
    error: Exception | None = None
    ended_at: float | None = None
    cancelled: bool = False
    told: list[str] = field(default_factory=list[str])
    waits: int = 0  # how many began or ended: a wait that was woken must not end twice

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None


@dataclass
class World:
    """Virtual time, one provider, and everything that runs in it."""

    server: Server
    counter: Counter | None = None
    now: float = 1_000.0
    posts: list[tuple[float, Send]] = field(default_factory=list[tuple[float, Send]])
    counts: list[tuple[float, Count]] = field(default_factory=list[tuple[float, Count]])
    _events: list[tuple[float, int, Callable[[], None]]] = field(
        default_factory=list[tuple[float, int, Callable[[], None]]]
    )
    _order: Any = field(default_factory=count)

    @property
    def clock(self) -> Clock:
        start = self.now
        return Clock(lambda: self.now, lambda: EPOCH + self.now - start)

    def at(self, time: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._events, (time, next(self._order), do))

    def start(self, steps: Steps[Any], *, after: float = 0.0) -> Run:
        run = Run(steps)
        self.at(self.now + after, lambda: self._go(run, lambda: next(run.steps)))
        return run

    def cancel(self, run: Run, *, after: float) -> None:
        """Abandon a generator, as the driver of a cancelled task does."""

        def give_up() -> None:
            if not run.is_over:
                run.ended_at, run.cancelled = self.now, True
                abandon(run.steps)

        self.at(self.now + after, give_up)

    def until_idle(self, *, limit: float = 10_000_000.0) -> None:
        """Let time pass until nothing is left to do.

        Raises:
            AssertionError: something still waits after `limit` seconds.
        """
        end = self.now + limit
        while self._events:
            time, _, do = heapq.heappop(self._events)
            assert time <= end, f"still busy after {limit:,.0f} s"
            self.now = max(self.now, time)
            do()

    def _go(self, run: Run, resume: Callable[[], Post | Wait]) -> None:
        if run.is_over:
            return
        try:
            step = resume()
        except StopIteration as done:
            run.result, run.ended_at = done.value, self.now
        except Exception as error:
            run.error, run.ended_at = error, self.now
        else:
            self._do(run, step)

    def _do(self, run: Run, step: Post | Wait) -> None:
        if not isinstance(step, Wait):
            answer: Reply | Exception
            if isinstance(step, Send):
                self.posts.append((self.now, step))
                latency, answer = self.server(step, self.now)
            else:
                assert self.counter, "nobody counts here"
                self.counts.append((self.now, step))
                latency, answer = self.counter(step, self.now)
            timeout = step.timeout
            assert timeout is None or latency <= timeout, "a real driver would have timed out"
            self.at(self.now + latency, lambda: self._go(run, lambda: _answer(run, answer)))
            return
        if step.why:
            run.told.append(step.why)
        run.waits += 1
        this = run.waits

        def over() -> None:
            if run.waits == this:  # not yet woken by the other way
                run.waits += 1
                self._go(run, lambda: run.steps.send(None))

        self.at(self.now + step.seconds, over)
        if step.signal is not None:
            step.signal.on_set(lambda: self.at(self.now, over))


def _answer(run: Run, answer: Reply | Exception) -> Post | Wait:
    return run.steps.throw(answer) if isinstance(answer, Exception) else run.steps.send(answer)

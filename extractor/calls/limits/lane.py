"""The queue before one target's limits, for the threads and tasks of one process."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Sequence
from itertools import islice
from math import inf

from extractor.calls.base import Need
from extractor.calls.limits.needs import NOTHING, Amounts, amounts_of
from extractor.calls.limits.state import LOOK_AGAIN, Rules, State
from extractor.calls.limits.stores import Store
from extractor.calls.steps import Signal, Target
from extractor.errors import RequestTooLargeError
from extractor.types import RateLimitStatus

_FALLBACK = 30.0
"""Seconds after which a caller in the queue asks again though nobody told it to."""
_ABANDONED = 60.0
"""Seconds that a head may be late before its place is given up."""


class QueueTicket:
    """A request's place in a lane, and what it took once it is admitted.

    `admitted_at` is None before; `over` after the end.
    """

    __slots__ = (
        "admitted_at",
        "amounts",
        "cause",
        "due",
        "entered",
        "lane",
        "over",
        "queued",
        "signal",
        "turn_in",
    )

    def __init__(self, lane: Lane, amounts: Amounts, now: float) -> None:
        self.lane = lane
        self.amounts = amounts
        self.entered = self.due = now
        self.admitted_at: float | None = None
        self.queued = False
        self.over = False
        self.cause = ""
        self.turn_in = 0.0
        self.signal = Signal()

    @property
    def is_through(self) -> bool:
        return self.over or self.admitted_at is not None

    def ask(self, now: float, /) -> float:
        return self.lane.ask(self, now)

    def why(self) -> str:
        return self.cause

    def settle(self, used: Need | None, now: float, /) -> None:
        self.lane.end(self, self.amounts if used is None else amounts_of(used), now)

    def cancel(self, now: float, /) -> None:
        self.lane.end(self, NOTHING, now)


class Lane:
    """Admits one request after the other. Signals are set after the lock is let go."""

    def __init__(self, target: Target, rules: Rules, store: Store, owner: str) -> None:
        self._target, self._rules, self._store, self._owner = target, rules, store, owner
        self._lock = threading.Lock()
        self._queue: deque[QueueTicket] = deque()

    def enter(self, need: Need, now: float) -> QueueTicket:
        ticket = QueueTicket(self, amounts_of(need), now)
        with self._lock:
            self._join(ticket)
        return ticket

    def ask(self, ticket: QueueTicket, now: float) -> float:
        try:
            with self._lock:
                wait = 0.0 if ticket.is_through else self._ask(ticket, now)
                if wait:
                    ticket.due, ticket.signal = now + wait, Signal()
                    return wait
                following = self._head()
        except RequestTooLargeError:
            self.end(ticket, NOTHING, now)
            raise
        _wake(following)
        return 0.0

    def end(self, ticket: QueueTicket, used: Amounts, now: float) -> None:
        """Give back what was not used, or take what was used besides; in the queue, leave it."""
        following = None
        try:
            with self._lock:
                if ticket.over:
                    return
                was_head = self._head() is ticket
                ticket.over = True
                following = self._head()
                if ticket.admitted_at is not None:
                    self._settle(ticket, used, ticket.admitted_at)
                elif was_head and self._store.shared:
                    self._hand_on(following, now)
        finally:  # also when the store fails
            _wake(following)

    def hear(self, statuses: Sequence[RateLimitStatus], now: float) -> None:
        def change(state: State) -> None:
            state.hear(statuses, state.touch(now))

        with self._lock:
            self._store.update(self._target, change)
            head = self._head()
        _wake(head)

    def refuse(self, retry_after: float | None, now: float) -> None:
        def change(state: State) -> None:
            state.refuse(self._rules, retry_after, state.touch(now))

        with self._lock:
            self._store.update(self._target, change)

    # --- what follows is called with the lock held ---------------------------------------------

    def _join(self, ticket: QueueTicket) -> None:
        self._queue.append(ticket)
        ticket.queued = True

    def _head(self, late: float = -inf) -> QueueTicket | None:
        """Return the first that is still there, and was due after `late`."""
        while self._queue:
            head = self._queue[0]
            if head.due >= late and not head.over:
                return head
            self._queue.popleft()
            head.queued = False
        return None

    def _ask(self, ticket: QueueTicket, now: float) -> float:
        if not ticket.queued:  # it was late, and lost its place
            self._join(ticket)
        ticket.due, ticket.turn_in = now, 0.0
        if self._head(late=now - _ABANDONED) is not ticket:
            ticket.cause = f"earlier requests to {self._target}"
            return _FALLBACK
        again_in, ticket.turn_in, ticket.cause, at = self._try(ticket, now)
        if not again_in:
            ticket.admitted_at = at
            self._queue.popleft()
        return again_in

    def _try(self, ticket: QueueTicket, now: float) -> tuple[float, float, str, float]:
        """Measure the head against the limits.

        Returns:
            Seconds until it is to ask again and until its turn, what it waits for, and the time
            that counts.
        """
        if not self._store.shared:

            def change(state: State) -> tuple[float, float, str, float]:
                at = state.touch(now)
                wait, why = state.admit(self._rules, ticket.amounts, at)
                return wait, wait, why, at
        else:
            process, following = self._process(), self._following()

            def change(state: State) -> tuple[float, float, str, float]:
                at = state.touch(now)
                if wait := state.queue(process, ticket.entered, at):
                    return wait, 0.0, f"earlier requests of other processes to {self._target}", at
                wait, why = state.admit(self._rules, ticket.amounts, at)
                state.expect(process, ticket.entered if wait else following, wait, at)
                return min(wait, LOOK_AGAIN), wait, why, at

        return self._store.update(self._target, change)

    def _settle(self, ticket: QueueTicket, used: Amounts, admitted_at: float) -> None:
        def change(state: State) -> None:
            state.settle(self._rules, ticket.amounts, used, admitted_at)

        self._store.update(self._target, change)

    def _hand_on(self, head: QueueTicket | None, now: float) -> None:
        process = self._process()

        def change(state: State) -> None:
            state.expect(process, head.entered if head else None, 0.0, state.touch(now))

        self._store.update(self._target, change)

    def _following(self) -> float | None:
        """Return when the one behind the head entered."""
        behind = islice(self._queue, 1, None)
        return next((ticket.entered for ticket in behind if not ticket.over), None)

    def _process(self) -> str:
        return f"{os.getpid()}-{self._owner}"


def _wake(ticket: QueueTicket | None) -> None:
    if ticket is not None:
        ticket.signal.set()

"""What the call core is put together from, as Protocols: clock, limiter, ledger and reply cache.

The parts that come with the package stand beside this module. A store on a server (Redis, Postgres,
an actor) takes part by having the same methods.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias

from extractor.calls.records import CallRecord
from extractor.calls.steps import Signal, Target
from extractor.types import ModelRequest, ModelResponse, RateLimitStatus, Usage


@dataclass(frozen=True, slots=True)
class Clock:
    """Both times, in seconds: one that only ever grows, and the one that people read."""

    monotonic: Callable[[], float] = time.monotonic
    time: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Need:
    """What one request takes of its limits: expected before it is sent, real afterwards."""

    input_tokens: int
    output_tokens: int

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


class Ticket(Protocol):
    """A request's place in the queue before its limits.

    Ask until it is admitted, then settle or cancel; one that is given up before leaves. Each ends
    it, and a second end does nothing.
    """

    @property
    def signal(self) -> Signal:
        """Is set when asking again is worth it; a new one after each `ask`."""
        ...

    def ask(self, now: float, /) -> float:
        """Return the seconds to wait before asking again; 0.0 when the request may be sent.

        Raises:
            RequestTooLargeError: no wait will ever admit it.
        """
        ...

    @property
    def turn_in(self) -> float:
        """The seconds until its turn, as far as the last `ask` knew; 0.0 while others are first."""
        ...

    def why(self) -> str:
        """Say what is waited for: `3,000 requests a minute of openai:gpt-5.4-mini`."""
        ...

    def settle(self, used: Need | None, now: float, /) -> None:
        """Give back what was not used; with None, all that was expected counts as used."""
        ...

    def cancel(self, now: float, /) -> None:
        """Leave the queue, or give back all of it: nothing was sent."""
        ...


class Limiter(Protocol):
    """Keeps requests within the limits of a target; FIFO for each. Times are monotonic seconds."""

    def enter(self, target: Target, need: Need, now: float, /) -> Ticket: ...

    def observe(self, target: Target, limits: Sequence[RateLimitStatus], now: float, /) -> None:
        """Learn from the headers of a response, failed ones included."""
        ...

    def refused(self, target: Target, retry_after: float | None, now: float, /) -> None:
        """Learn from a 429: everybody waits that long, or as long as experience says."""
        ...


Scope: TypeAlias = Literal["document", "run", "day"]


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit on what may be spent: on one document, in one run, or by one user on one day.

    `key` says which: the extraction's id, the run's, the user's name. `limit` is in micro-dollars.
    """

    scope: Scope
    key: str
    limit: int


class Reservation(Protocol):
    """Money set aside for one attempt, perhaps still on its way to the disk."""

    @property
    def signal(self) -> Signal:
        """Is set when `check` has an answer."""
        ...

    def check(self) -> None:
        """Return if the attempt may be sent; only after `signal` is set.

        Raises:
            CostLimitError: the document's or the run's budget is used up; nothing is set aside.
            DailyLimitError: the user's is.
            StoreError: the ledger could not be written.
        """
        ...


class Ledger(Protocol):
    """What is spent, reserved and settled, attempt by attempt. Safe for threads."""

    def reserve(self, record: CallRecord, budgets: Sequence[Budget], /) -> Reservation:
        """Write a `sent` record and set its `reserved` aside, in one transaction."""
        ...

    def settle(self, record: CallRecord, budgets: Sequence[Budget], /) -> None:
        """Write how an attempt ended.

        A known `cost` replaces what was reserved, `unsent` gives all of it back, and `unknown`
        keeps it. Does not block; what can't be written is told when the ledger is next asked.
        """
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """A reply, and what it took until it was there, failed attempts included.

    A replayed extraction tells this as its own `attempts`, `usage` and `cost_usd`; what its run
    has spent is the ledger's to say, which hears nothing of a replay.

    Attributes:
        response: the reply; of no use for limits, since its `rate_limits` are of another time.
        attempts: POSTs.
        usage: what is known of all their tokens.
        cost_usd: US dollars; None where that is not known.
        unreported: POSTs that may have cost something that nobody told.
    """

    response: ModelResponse
    attempts: int
    usage: Usage
    cost_usd: Decimal | None
    unreported: int = 0


class ReplyCache(Protocol):
    """Replies by what was asked. Safe for threads; no call takes longer than a disk does."""

    @property
    def nonce_key(self) -> bytes:
        """A secret kept with the replies; fences made with it stay the same from run to run."""
        ...

    def get(self, request: ModelRequest, target: Target, /) -> Recorded | None:
        """Return the recorded reply; None if the request is to be sent.

        Raises:
            CacheMissError: there is none, and nothing may be sent.
            StoreError: the cache can't be read; nothing has been spent yet.
        """
        ...

    def put(self, request: ModelRequest, target: Target, recorded: Recorded, /) -> None:
        """Keep a reply; a failure to do so is logged, and never costs a reply that is paid."""
        ...

    def close(self) -> None: ...

"""One attempt, with a ledger and a limiter that write down what it tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.calls.allowance import Allowance
from extractor.calls.base import Budget, Need
from extractor.calls.context import CallContext, Deadline
from extractor.calls.core import CallCore
from extractor.calls.records import CallRecord
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Signal, Target
from extractor.errors import (
    StoreError,
)
from extractor.types import (
    Message,
    ModelRequest,
    ModelResponse,
    RateLimitStatus,
    TextOutput,
    Usage,
)
from tests.virtual_time import Answer, Run, World

TARGET = Target("openai", "gpt-4o", "account")


REQUEST = ModelRequest("gpt-4o", (Message("user", "Whose law?"),), TextOutput(), max_tokens=100)


LEFT = (RateLimitStatus("requests", 100, 99, 0.6),)


ANSWER = ModelResponse("Ireland's", Usage(10, 5), rate_limits=LEFT)


ALONE = RetryPolicy(attempts=1, outage=0)


@dataclass
class Books:
    """A ledger and a limiter that write down what they are told."""

    told: list[Any] = field(default_factory=list[Any])
    records: list[CallRecord] = field(default_factory=list[CallRecord])
    refuses: Exception | None = None
    disk: Signal = field(default_factory=Signal)
    waits: list[float] = field(default_factory=list[float])
    signal: Signal = field(default_factory=Signal)
    breaks: bool = False

    def note(self, told: object) -> None:
        """Write down what is told at the end of an attempt, and fail at it."""
        self.told.append(told)
        if self.breaks:
            raise StoreError("the database is locked")

    # the ledger, and its reservation

    def reserve(self, record: CallRecord, budgets: Sequence[Budget], /) -> Books:
        self.told.append("reserve")
        self.records.append(record)
        self.signal = self.disk
        return self

    def check(self) -> None:
        if self.refuses is not None:
            raise self.refuses

    def close(self) -> None: ...

    # the limiter

    def enter(self, target: Target, need: Need, now: float, /) -> Place:
        self.told.append("enter")
        return Place(self)

    def observe(self, target: Target, limits: Sequence[RateLimitStatus], now: float, /) -> None:
        if limits:
            self.note(("observe", tuple(limits)))

    def refused(self, target: Target, retry_after: float | None, now: float, /) -> None:
        self.note(("refused", retry_after))

    def settle(self, record: CallRecord, budgets: Sequence[Budget], /) -> None:
        self.records.append(record)
        self.note(record.state)


@dataclass
class Place:
    """A ticket of the limiter."""

    books: Books
    signal: Signal = field(default_factory=Signal)
    turn_in: float = 0.0

    def ask(self, now: float, /) -> float:
        return self.books.waits.pop(0) if self.books.waits else 0.0

    def why(self) -> str:
        return "its turn"

    def settle(self, used: Need | None, now: float, /) -> None:
        self.books.note(("used", used))

    def cancel(self, now: float, /) -> None:
        self.books.note("cancel")


def attempt(
    answer: Answer, books: Books | None = None, **context: Any
) -> tuple[World, Run, Books, Allowance]:
    """Start one call whose POST takes two seconds and has one answer."""
    books = books or Books()
    if "unwritten" not in context:
        books.disk.set()
    context.pop("unwritten", None)
    world = World(lambda _send, _now: (2.0, answer))
    core = CallCore(limiter=books, ledger=books, clock=world.clock)
    allowance = Allowance(1_000_000, lambda usage: core.pricing.cost(TARGET, usage))
    if seconds := context.pop("seconds", None):
        context["deadline"] = Deadline.after(seconds, world.clock)
    asked: dict[str, Any] = {"retry": ALONE} | context
    made = CallContext(TARGET, allowance, **asked)
    return world, world.start(core.call(REQUEST, made)), books, allowance

"""Records for the tests of the ledger, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extractor.calls.base import Budget, Ledger
from extractor.calls.ledger.attempts import Filter, calls, open_to_read
from extractor.calls.ledger.machine import Reading
from extractor.calls.records import CallRecord
from extractor.calls.steps import Target, Wait, pause
from extractor.calls.storage.store import Store
from extractor.types import Usage

EPOCH = 1_790_000_000
"""2026-09-21 14:13:20 UTC, in seconds since 1970."""


def sent(number: int, *, reserved: int | None = 1_000, **facts: Any) -> CallRecord:
    """A record as it is before its POST."""
    record = CallRecord(
        id=f"call-{number:06}",
        extraction="extraction-1",
        target=Target("openai", "gpt-5.4-mini", "hash"),
        technique="strict",
        attempt=1,
        started_at=EPOCH + number,
        reserved=reserved,
        metadata={"user": "ada"},
    )
    return replace(record, **facts)


def settled(record: CallRecord, cost: int, **facts: Any) -> CallRecord:
    """The same when its reply is there."""
    ended: dict[str, Any] = {"latency": 1.5, "usage": Usage(100, 20), "stop_reason": "end"}
    return replace(record, state="settled", cost=cost, **ended | facts)


def reserve(ledger: Ledger, record: CallRecord, budgets: Sequence[Budget] = ()) -> None:
    """Reserve and wait, as a driver does; raises what the ledger has against it."""

    reservation = ledger.reserve(record, budgets)
    pause(Wait(60, "", reservation.signal))
    assert reservation.signal.is_set
    reservation.check()


def records(path: Path) -> list[CallRecord]:
    """All calls that a ledger's file has."""
    with open_to_read(path) as connection:
        return list(calls(connection, Filter()))


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    """What the file holds once all that was queued is written."""
    return store.run(lambda connection: connection.execute(query).fetchall())


@dataclass
class Clocks:
    """The clocks of a machine, in seconds, which a test moves.."""

    wall: float = EPOCH
    steady: float = 5_000.0
    boot: str = "first boot"

    def __call__(self) -> Reading:
        return Reading(self.boot, round(self.steady * 1e9), round(self.wall * 1e9))

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.wall += seconds
        self.steady += seconds

    def reboot(self, boot: str, *, off: float) -> None:
        """Start again after some seconds without power."""
        self.boot, self.steady, self.wall = boot, 10.0, self.wall + off

"""What is spent, reserved and settled, in memory: for one process, as long as it lives."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from extractor.calls.base import Budget
from extractor.calls.ledger.budgets import (
    Account,
    Total,
    account_of,
    claims,
    require_price,
    require_room,
    settlement,
)
from extractor.calls.ledger.days import Calendar, Moment, proceed
from extractor.calls.ledger.machine import Reading, read_clocks
from extractor.calls.records import CallRecord
from extractor.calls.steps import Signal
from extractor.errors import BudgetError


@dataclass(frozen=True, slots=True)
class Decided:
    """A reservation that needed no disk: it was made, or refused, at once."""

    error: BudgetError | None = None
    signal: Signal = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self.signal.set()

    def check(self) -> None:
        if self.error is not None:
            raise self.error


class MemoryLedger:
    """Keeps totals for as long as it lives, and no records. Safe for threads.

    Args:
        timezone: whose days a daily limit is for.
        clocks: reads the clocks.

    Raises:
        ConfigurationError: there is no such time zone.
    """

    def __init__(
        self, *, timezone: str = "UTC", clocks: Callable[[], Reading] = read_clocks
    ) -> None:
        self._calendar, self._clocks = Calendar(timezone), clocks
        self._lock = threading.Lock()
        self._now: Moment | None = None
        self._totals: dict[Account, Total] = {}
        self._open: dict[str, tuple[int, Sequence[Account]]] = {}

    def reserve(self, record: CallRecord, budgets: Sequence[Budget], /) -> Decided:
        try:
            require_price(record, budgets)
            with self._lock:
                self._reserve(record, budgets)
        except BudgetError as error:
            return Decided(error)
        return Decided()

    def settle(self, record: CallRecord, budgets: Sequence[Budget], /) -> None:
        with self._lock:
            amount, accounts = self._open.pop(record.id, (0, ()))
            if record.state == "unknown":  # what was set aside stays so
                return
            self._add(accounts, settlement(record, amount))

    def total(self, budget: Budget) -> Total:
        """Return what counts against a budget; a user's is that of the present day."""
        with self._lock:
            return self._totals.get(account_of(budget, self._today()), Total())

    def close(self) -> None:
        """Do nothing: there is no file."""

    def _reserve(self, record: CallRecord, budgets: Sequence[Budget]) -> None:
        amount, today = record.reserved or 0, self._today()
        claimed = claims(record, budgets, today)
        for account, budget in claimed.items():
            before = self._totals.get(account, Total())
            require_room(budget, before, amount, day=f"{today} {self._calendar.timezone}")
        self._add(tuple(claimed), Total(reserved=amount))
        self._open[record.id] = amount, tuple(claimed)

    def _today(self) -> str:
        self._now = proceed(self._now, self._clocks(), self._calendar)
        return self._now.day

    def _add(self, accounts: Sequence[Account], change: Total) -> None:
        for account in accounts:
            self._totals[account] = self._totals.get(account, Total()) + change

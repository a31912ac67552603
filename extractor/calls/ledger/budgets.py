"""The rules of budgets, which every ledger keeps alike: what counts where, and what is too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from extractor.calls.base import Budget, Scope
from extractor.calls.records import CallRecord, dollars
from extractor.calls.storage.database import storable
from extractor.errors import CostLimitError, DailyLimitError, UnknownPriceError

Account: TypeAlias = tuple[Scope, str]
"""What a total is kept for; the key of a day's is the day and the user: `2026-03-29 ada`."""


@dataclass(frozen=True, slots=True)
class Total:
    """Micro-dollars, spent and set aside."""

    spent: int = 0
    reserved: int = 0

    def __add__(self, change: Total) -> Total:
        return Total(self.spent + change.spent, self.reserved + change.reserved)


def claims(record: CallRecord, budgets: Sequence[Budget], day: str) -> dict[Account, Budget | None]:
    """Return the totals that an attempt counts in, each with its limit: of budgets, and of a day.

    The user's day counts without a limit too, so that one that is set at noon knows of the morning.
    """
    claimed: dict[Account, Budget | None] = {}
    for budget in sorted(budgets, key=lambda budget: budget.limit, reverse=True):
        claimed[account_of(budget, day)] = budget  # of two for the same, the lower
    user = Budget("day", record.metadata.get("user", ""), limit=0)
    claimed.setdefault(account_of(user, day), None)
    return claimed


def account_of(budget: Budget, day: str) -> Account:
    key = storable(budget.key)
    return budget.scope, f"{day} {key}" if budget.scope == "day" else key


def require_price(record: CallRecord, budgets: Sequence[Budget]) -> None:
    """Refuse an attempt of unknown price where money is limited.

    Raises:
        UnknownPriceError: it is one.
    """
    if budgets and record.reserved is None:
        raise UnknownPriceError(str(record.target))


def require_room(budget: Budget | None, before: Total, estimate: int, *, day: str) -> None:
    """Refuse what does not fit into a budget; `day` is the ledger's, with its time zone.

    Raises:
        CostLimitError: it is too much for the document or the run.
        DailyLimitError: it is for the user's day.
    """
    used = before.spent + before.reserved
    if budget is None or used + estimate <= budget.limit:
        return
    money = {
        "estimate": dollars(estimate),
        "spent": dollars(before.spent),
        "reserved": dollars(before.reserved),
        "limit": dollars(budget.limit),
    }
    if budget.scope == "day":
        raise DailyLimitError(user=budget.key, day=day, **money)
    raise CostLimitError(scope=budget.scope, **money)


def settlement(record: CallRecord, reserved: int) -> Total:
    """Return how an attempt's end changes its totals; `reserved` is what was set aside for it."""
    if record.state == "unsent":
        return Total(reserved=-reserved)
    if record.cost is None:
        return Total()
    return Total(record.cost, -reserved)

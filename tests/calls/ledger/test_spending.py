"""What may be spent, as a caller says it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from extractor.calls.base import Budget
from extractor.calls.ledger.spending import Dollars, SpendingLimits
from extractor.errors import ConfigurationError


def test_limits_become_budgets_in_whole_micro_dollars() -> None:
    limits = SpendingLimits(
        per_call="0.5", per_document=Decimal("0.1000009"), per_run=25, per_day=1.5, run="night"
    )
    assert limits.call_limit == 500_000
    assert limits.budgets("x1", {"user": "ada"}) == (
        Budget("document", "x1", 100_000),
        Budget("run", "night", 25_000_000),
        Budget("day", "ada", 1_500_000),
    )


def test_without_limits_there_are_no_budgets() -> None:
    assert (SpendingLimits().budgets("x1", {}), SpendingLimits().call_limit) == ((), None)


def test_who_names_no_user_shares_a_day_with_others_who_do_not() -> None:
    assert SpendingLimits(per_day=1).budgets("x1", {}) == (Budget("day", "", 1_000_000),)


def test_each_is_a_run_of_its_own_unless_it_is_named() -> None:
    first, second = (SpendingLimits(per_run=1).budgets("x1", {})[0].key for _ in range(2))
    assert first != second


@pytest.mark.parametrize("name", ["per_call", "per_document", "per_run", "per_day"])
@pytest.mark.parametrize("amount", [0, -1, "much", "NaN", float("inf"), True, [], "1,000"])
def test_what_is_no_amount_is_refused_by_its_name(name: str, amount: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} is .* dollars above 0"):
        SpendingLimits(**{name: amount})


@pytest.mark.parametrize(
    ("amount", "shown"), [(Decimal(0), "0"), (Decimal("-1.50"), "-1.50"), (0, "0"), ("0", "'0'")]
)
def test_a_refused_amount_is_told_as_it_was_written(amount: Dollars, shown: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^per_day is {shown}; it is an amount"):
        SpendingLimits(per_day=amount)

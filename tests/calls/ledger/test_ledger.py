"""What every ledger promises: money is set aside before, settled after, and never counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.base import Budget
from extractor.calls.ledger.budgets import Total
from extractor.calls.ledger.memory import MemoryLedger
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.records import CallRecord
from extractor.errors import (
    CostLimitError,
    DailyLimitError,
    UnknownPriceError,
)
from tests.recorded_calls import Clocks, reserve, sent, settled

AnyLedger: TypeAlias = MemoryLedger | SqliteLedger

DOCUMENT = Budget("document", "extraction-1", 5_000)
RUN = Budget("run", "run-1", 10_000)
DAY = Budget("day", "ada", 8_000)


@pytest.fixture(params=["memory", "file"])
def ledger(request: pytest.FixtureRequest, path: Path) -> Iterator[AnyLedger]:
    kept = MemoryLedger(clocks=Clocks())
    with closing(kept if request.param == "memory" else SqliteLedger(path, clocks=Clocks())) as one:
        yield one


def test_what_is_set_aside_becomes_what_it_cost(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1), [DOCUMENT, RUN, DAY])
    for budget in (DOCUMENT, RUN, DAY):
        assert ledger.total(budget) == Total(spent=0, reserved=1_000)
    ledger.settle(settled(sent(1), 700), [DOCUMENT, RUN, DAY])
    for budget in (DOCUMENT, RUN, DAY):
        assert ledger.total(budget) == Total(spent=700, reserved=0)


def test_what_was_not_sent_gives_all_of_it_back(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1), [RUN])
    ledger.settle(replace(sent(1), state="unsent"), [RUN])
    assert ledger.total(RUN) == Total()


def test_an_unknown_end_keeps_it(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1), [RUN])
    ledger.settle(replace(sent(1), state="unknown"), [RUN])
    assert ledger.total(RUN) == Total(reserved=1_000)


def test_a_second_end_changes_nothing(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1), [RUN])
    for cost in (700, 100):
        ledger.settle(settled(sent(1), cost), [RUN])
    ledger.settle(replace(sent(1), state="unsent"), [RUN])
    assert ledger.total(RUN) == Total(spent=700)


@pytest.mark.parametrize(
    ("budget", "error"),
    [(DOCUMENT, CostLimitError), (RUN, CostLimitError), (DAY, DailyLimitError)],
)
def test_one_budget_that_is_used_up_refuses_and_sets_nothing_aside(
    ledger: AnyLedger, budget: Budget, error: type[CostLimitError | DailyLimitError]
) -> None:
    low = replace(budget, limit=1_500)
    budgets = [low if low.scope == b.scope else b for b in (DOCUMENT, RUN, DAY)]
    reserve(ledger, sent(1), budgets)
    with pytest.raises(error) as caught:
        reserve(ledger, sent(2), budgets)
    for each in budgets:
        assert ledger.total(each) == Total(reserved=1_000)
    refusal = caught.value
    assert isinstance(refusal, CostLimitError | DailyLimitError)
    assert (refusal.spent, refusal.reserved) == (Decimal(0), Decimal("0.001"))
    assert refusal.estimate == Decimal("0.001")
    assert refusal.limit == Decimal("0.0015")
    reserve(ledger, sent(3, reserved=500), budgets)  # which just fits


def test_after_a_refusal_an_unsent_end_is_nothing_to_tell(
    ledger: AnyLedger, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(CostLimitError):
        reserve(ledger, sent(1, reserved=20_000), [RUN])
    ledger.settle(replace(sent(1), state="unsent"), [RUN])
    assert ledger.total(RUN) == Total()
    assert not caplog.records


def test_an_attempt_of_unknown_price_passes_only_where_nothing_is_limited(
    ledger: AnyLedger,
) -> None:
    with pytest.raises(UnknownPriceError, match=r"openai:gpt-5\.4-mini"):
        reserve(ledger, sent(1, reserved=None), [RUN])
    reserve(ledger, sent(2, reserved=None))
    ledger.settle(replace(sent(2, reserved=None), state="unknown"), [])
    assert ledger.total(DAY) == Total()


def test_a_limit_set_at_noon_knows_of_the_morning(ledger: AnyLedger) -> None:
    reserve(ledger, sent(1))
    ledger.settle(settled(sent(1), 900), [])
    with pytest.raises(DailyLimitError):
        reserve(ledger, sent(2), [replace(DAY, limit=1_500)])


def test_users_and_documents_have_budgets_of_their_own(ledger: AnyLedger) -> None:
    for number in range(20):
        user, document = f"user-{number % 5}", f"extraction-{number}"
        record = sent(number, extraction=document, metadata={"user": user})
        reserve(ledger, record, [Budget("document", document, 1_000), Budget("day", user, 4_000)])
    for number in range(5):
        assert ledger.total(Budget("day", f"user-{number}", 0)) == Total(reserved=4_000)


def test_of_two_budgets_for_the_same_the_lower_one_counts_once(ledger: AnyLedger) -> None:
    both = [replace(RUN, limit=2_000), replace(RUN, limit=50_000)]
    reserve(ledger, sent(1), both)
    assert ledger.total(RUN) == Total(reserved=1_000)
    with pytest.raises(CostLimitError):
        reserve(ledger, sent(2, reserved=1_001), both[::-1])


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_reply_after_midnight_counts_on_the_day_of_its_reservation(path: Path, kind: str) -> None:
    clocks = Clocks()
    with closing(
        MemoryLedger(clocks=clocks) if kind == "memory" else SqliteLedger(path, clocks=clocks)
    ) as ledger:
        reserve(ledger, sent(1), [DAY])
        clocks.sleep(86_400)
        ledger.settle(settled(sent(1), 700), [DAY])
        assert ledger.total(DAY) == Total()


Step: TypeAlias = tuple[int, int, str]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3_000),
            st.integers(0, 100),
            st.sampled_from(["settled", "unknown", "unsent", "sent"]),
        ),
        max_size=40,
    )
)
def test_no_limit_is_passed_and_both_ledgers_agree(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "calls.sqlite"
    with closing(SqliteLedger(path, clocks=Clocks())) as file:
        ledgers: tuple[AnyLedger, ...] = (MemoryLedger(clocks=Clocks()), file)
        for number, (amount, percent, state) in enumerate(steps):
            record = sent(number, reserved=amount)
            outcomes = {_spend(ledger, record, percent, state) for ledger in ledgers}
            assert len(outcomes) == 1
            (totals,) = outcomes
            for total, budget in zip(totals, (DOCUMENT, RUN, DAY), strict=True):
                assert 0 <= total.spent + total.reserved <= budget.limit
                assert min(total.spent, total.reserved) >= 0


def _spend(ledger: AnyLedger, record: CallRecord, percent: int, state: str) -> tuple[Total, ...]:
    budgets = (DOCUMENT, RUN, DAY)
    try:
        reserve(ledger, record, budgets)
    except (CostLimitError, DailyLimitError):
        state = "unsent"
    if state == "settled":
        ledger.settle(settled(record, (record.reserved or 0) * percent // 100), budgets)
    elif state == "unsent":
        ledger.settle(replace(record, state="unsent"), budgets)
    elif state == "unknown":
        ledger.settle(replace(record, state="unknown"), budgets)
    return tuple(ledger.total(budget) for budget in budgets)

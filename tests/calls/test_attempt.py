"""Whatever ends an attempt, what it took is settled once, and rightly."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from extractor.calls.allowance import Allowance
from extractor.calls.base import Budget, Need
from extractor.calls.context import CallContext
from extractor.calls.core import CallCore
from extractor.calls.steps import Target
from extractor.errors import (
    APIConnectionError,
    APITimeoutError,
    BadRequestError,
    ConfigurationError,
    CostLimitError,
    DeadlineError,
    InvalidResponseError,
    RateLimitError,
    ServerError,
    StoreError,
    UnknownPriceError,
)
from extractor.types import (
    Usage,
)
from tests.calls.books import ALONE, ANSWER, LEFT, REQUEST, TARGET, Books, attempt
from tests.virtual_time import Answer, Run, World


def test_an_answer_settles_everything_by_its_usage() -> None:
    world, run, books, allowance = attempt(ANSWER)
    world.until_idle()
    assert run.result == ANSWER
    assert books.told == [
        "enter", "reserve", ("used", Need(10, 5)), ("observe", LEFT), "settled",
    ]  # fmt: skip
    sent, settled = books.records
    assert (sent.state, sent.attempt, sent.id) == ("sent", 1, settled.id)
    assert sent.reserved is not None
    assert settled.cost is not None
    assert sent.reserved >= settled.cost > 0
    assert (settled.latency, settled.usage, settled.stop_reason) == (2.0, Usage(10, 5), "end")
    assert allowance.reserved == 0


@pytest.mark.parametrize(
    ("failure", "used", "state"),
    [
        (RateLimitError("429", status=429, retry_after=3.0), ("used", Need(0, 0)), "settled"),
        (ServerError("500", status=500), ("used", Need(0, 0)), "settled"),
        (BadRequestError("400", status=400), ("used", Need(0, 0)), "settled"),
        (APIConnectionError("refused"), "cancel", "settled"),
        (APITimeoutError("no reply", may_be_billed=True), ("used", None), "unknown"),
        (InvalidResponseError("{}", status=200, may_be_billed=True), ("used", None), "unknown"),
        (ZeroDivisionError("a bug of the driver"), ("used", None), "unknown"),
    ],
)
def test_each_failure_settles_what_it_may_have_cost(
    failure: Exception, used: object, state: str
) -> None:
    world, run, books, allowance = attempt(failure)
    world.until_idle()
    assert run.error is failure
    assert used in books.told
    assert books.told[-1] == state
    ended = books.records[-1]
    assert ended.cost == (0 if state == "settled" else None)
    assert ended.reserved is not None
    assert allowance.reserved == 0
    assert allowance.attempts == 1


def test_a_429_is_told_to_the_limiter_with_what_it_asks_for() -> None:
    world, _, books, _ = attempt(RateLimitError("429", status=429, retry_after=3.0))
    world.until_idle()
    assert ("refused", 3.0) in books.told


def refusal_with_headers() -> RateLimitError:
    error = RateLimitError("429", status=429)
    error.rate_limits = LEFT
    return error


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (ANSWER, [("used", Need(10, 5)), ("observe", LEFT), "settled"]),
        (ServerError("500", status=500), [("used", Need(0, 0)), "settled"]),
        (
            refusal_with_headers(),
            [("used", Need(0, 0)), ("observe", LEFT), ("refused", None), "settled"],
        ),
        (ConfigurationError("no key"), ["cancel", "unsent"]),
        (ZeroDivisionError("a bug of the driver"), [("used", None), "unknown"]),
    ],
)  # fmt: skip
def test_a_part_of_the_end_that_fails_costs_neither_the_others_nor_the_outcome(
    answer: Answer, told: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    world, run, books, allowance = attempt(answer, Books(breaks=True))
    world.until_idle()
    assert (run.error or run.result) == answer
    assert books.told == ["enter", "reserve", *told]
    assert allowance.reserved == 0
    errors = [each.message for each in caplog.records if each.levelname == "ERROR"]
    assert len(errors) == len(told)
    assert all("the database is locked" in error for error in errors)


def test_what_a_call_can_cost_is_free_again_though_its_end_can_not_be_written() -> None:
    world = World(lambda _send, _now: (2.0, ANSWER))
    core = CallCore(ledger=(books := Books(breaks=True)), clock=world.clock)
    books.disk.set()
    context = CallContext(TARGET, Allowance(1_000_000, lambda _: None))
    run = world.start(core.call(REQUEST, context))
    world.until_idle()
    assert run.result == ANSWER
    assert core.under_way.next_end() is None


def test_a_fault_of_another_kind_is_told_by_its_name_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def ill(_: Usage | None) -> Decimal | None:
        raise ZeroDivisionError("Ireland's")

    world, run, _, allowance = attempt(ANSWER)
    allowance.price = ill
    world.until_idle()
    assert run.result == ANSWER
    (error,) = [each.message for each in caplog.records if each.levelname == "ERROR"]
    assert "(allowance): ZeroDivisionError" in error
    assert "Ireland" not in caplog.text


def test_an_exception_that_is_not_ours_is_recorded_by_its_name() -> None:
    world, run, books, _ = attempt(ZeroDivisionError("of a provider of one's own"))
    world.until_idle()
    assert isinstance(run.error, ZeroDivisionError)
    assert (books.records[-1].error_type, books.records[-1].state) == (
        "ZeroDivisionError",
        "unknown",
    )


@pytest.mark.parametrize("count", [float("nan"), float("inf"), -1, 10**14, 10**30, 1.5, "many"])
def test_a_count_that_can_not_be_true_is_taken_for_unknown(
    count: Any, caplog: pytest.LogCaptureFixture
) -> None:
    world, run, books, allowance = attempt(replace(ANSWER, usage=Usage(10, count)))
    world.until_idle()
    assert run.result == replace(ANSWER, usage=None)
    assert books.told[2:] == [("used", None), ("observe", LEFT), "unknown"]
    assert (allowance.usage, allowance.unreported) == (Usage(), 1)
    assert "can't be true" in caplog.text


def test_cached_tokens_that_are_more_than_all_make_the_cost_a_doubt() -> None:
    world, run, _, allowance = attempt(replace(ANSWER, usage=Usage(10, 5, 50)))
    world.until_idle()
    assert run.result.usage is None
    assert (allowance.cost_usd, allowance.unreported) == (None, 1)
    assert "did not say what tokens they took" in allowance.warnings()[0]


def test_a_failure_with_such_a_count_may_have_cost_anything() -> None:
    error = InvalidResponseError("{}", status=200)
    error.usage = Usage(-1, 5)
    world, run, books, allowance = attempt(error)
    world.until_idle()
    assert run.error is error
    assert error.usage == Usage()
    assert books.told[-1] == "unknown"
    assert (allowance.usage, allowance.unreported) == (Usage(), 1)


def test_what_never_left_is_given_back() -> None:
    world, run, books, allowance = attempt(ConfigurationError("no key"))
    world.until_idle()
    assert isinstance(run.error, ConfigurationError)
    assert books.told == ["enter", "reserve", "cancel", "unsent"]
    assert (allowance.attempts, allowance.reserved) == (0, 0)


def test_a_cancelled_post_keeps_its_reservation() -> None:
    world, run, books, allowance = attempt(ANSWER)
    world.cancel(run, after=1.0)
    world.until_idle()
    assert books.told[-2:] == [("used", None), "unknown"]
    assert books.records[-1].error_type == "Cancelled"
    assert (allowance.reserved, allowance.unreported) == (0, 1)


def test_who_is_cancelled_before_its_turn_has_cost_nothing() -> None:
    world, run, books, allowance = attempt(ANSWER, Books(waits=[50.0, 50.0]))
    world.cancel(run, after=1.0)
    world.until_idle()
    assert books.told == ["enter", "cancel"]
    assert (allowance.attempts, allowance.reserved) == (0, 0)


def test_nothing_is_sent_before_the_ledger_has_written_it() -> None:
    world, run, books, _ = attempt(ANSWER, unwritten=True)
    world.at(world.now + 7.0, books.disk.set)
    began = world.now
    world.until_idle()
    assert run.result == ANSWER
    assert [time - began for time, _ in world.posts] == [7.0]


def test_a_ledger_that_does_not_write_is_not_waited_for_beyond_the_deadline() -> None:
    world, run, books, _ = attempt(ANSWER, unwritten=True, seconds=60.0)
    began = world.now
    world.until_idle()
    assert isinstance(run.error, DeadlineError)
    assert run.ended_at == began + 60.0
    assert world.posts == []
    assert books.told[-1] == "unsent"  # which the ledger writes after what it has not written yet


@pytest.mark.parametrize(
    "refusal",
    [
        CostLimitError(
            scope="run",
            estimate=Decimal(1),
            spent=Decimal(1),
            reserved=Decimal(1),
            limit=Decimal(2),
        ),
        StoreError("the disk is full"),
    ],
)
def test_what_the_ledger_refuses_is_not_sent_and_not_settled(refusal: Exception) -> None:
    world, run, books, allowance = attempt(ANSWER, Books(refuses=refusal))
    world.until_idle()
    assert run.error is refusal
    assert world.posts == []
    assert books.told[0] == "enter"
    assert set(books.told[1:-1]) == {"reserve"}  # twice where money may have come back since
    assert books.told[-1] == "cancel"
    assert (allowance.attempts, allowance.reserved) == (0, 0)


def test_a_request_that_may_cost_more_than_a_call_may_is_not_sent() -> None:
    world, run, _, _ = attempt(ANSWER, per_call=1)
    world.until_idle()
    assert isinstance(run.error, CostLimitError)
    assert (run.error.scope, world.posts) == ("call", [])


def test_without_a_price_no_limit_in_dollars_can_be_kept() -> None:
    world = World(lambda _send, _now: (2.0, ANSWER))
    core = CallCore(clock=world.clock)
    context = CallContext(
        Target("compatible", "mine"), Allowance(1_000_000, lambda _: None), per_call=10_000
    )
    run = world.start(core.call(REQUEST, context))
    world.until_idle()
    assert isinstance(run.error, UnknownPriceError)
    assert world.posts == []


def test_a_wait_for_the_limits_is_told_and_ends_with_the_deadline() -> None:
    world, run, books, _ = attempt(ANSWER, Books(waits=[50.0] * 9), seconds=60.0)
    began = world.now
    world.until_idle()
    assert isinstance(run.error, DeadlineError)
    assert set(run.told) == {"Waiting for its turn"}
    assert run.ended_at == began + 60.0
    assert world.posts == []
    assert books.told == ["enter", "cancel"]


def test_money_that_is_set_aside_for_others_is_waited_for() -> None:
    """A run of forty calls, each of which may cost most of what is left and costs little."""
    world = World(lambda _send, _now: (2.0, ANSWER))
    core = CallCore(clock=world.clock)
    most = core.pricing.max_cost_micro(TARGET, 200, 100)
    assert most is not None
    limit = Budget("run", "r", 3 * most)

    def one() -> Run:
        allowance = Allowance(1_000_000, lambda usage: core.pricing.cost(TARGET, usage))
        context = CallContext(TARGET, allowance, retry=ALONE, budgets=(limit,))
        return world.start(core.call(REQUEST, context))

    runs = [one() for _ in range(40)]
    world.until_idle()
    answered = [run for run in runs if run.error is None]
    assert all(isinstance(run.error, CostLimitError) for run in runs if run not in answered)
    real = core.pricing.cost_micro(TARGET, Usage(10, 5))
    assert real is not None
    assert len(answered) >= min(40, (limit.limit - most) // real)
    assert core.under_way.next_end() is None


def test_money_that_nobody_will_give_back_is_not_waited_for() -> None:
    world = World(lambda _send, _now: (2.0, APITimeoutError("?", may_be_billed=True)))
    core = CallCore(clock=world.clock)
    most = core.pricing.max_cost_micro(TARGET, 200, 100)
    assert most is not None
    context = CallContext(
        TARGET,
        Allowance(1_000_000, lambda _: None),
        retry=ALONE,
        budgets=(Budget("run", "r", most),),
    )
    first = world.start(core.call(REQUEST, context))
    second = world.start(core.call(REQUEST, context), after=10.0)
    world.until_idle()
    assert isinstance(first.error, APITimeoutError)
    assert isinstance(second.error, CostLimitError)
    assert second.error.reserved > 0 == second.error.spent

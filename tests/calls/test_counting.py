"""Where our own bound refuses a request, the provider's count of it decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractor.calls.allowance import Allowance
from extractor.calls.base import Budget
from extractor.calls.context import CallContext, Deadline
from extractor.calls.core import CallCore
from extractor.calls.counting import TECHNIQUE
from extractor.calls.ledger.attempts import open_to_read
from extractor.calls.ledger.memory import MemoryLedger
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.records import MICRO
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Count, Send, Target, abandon
from extractor.errors import (
    APIConnectionError,
    CostLimitError,
    ExtractorError,
    NotFoundError,
    OverloadedError,
    ProviderError,
    RateLimitError,
    SpendingLimitError,
    TokenLimitError,
)
from extractor.types import (
    CountedTokens,
    Message,
    ModelRequest,
    ModelResponse,
    TextOutput,
    Usage,
)
from tests.virtual_time import Run, World

TARGET = Target("anthropic", "claude-opus-4-8", "account")
CONTRACT = "The Receiving Party shall keep the Confidential Information secret.\n" * 500
REQUEST = ModelRequest(TARGET.model, (Message("user", CONTRACT),), TextOutput(), max_tokens=100)
REAL = 5_600
"""What the provider counts: hardly more than cl100k has, where the bound says twice as much."""


@dataclass
class Asking:
    """One call, whose provider counts in one second and answers in another."""

    counted: CountedTokens | ExtractorError
    failures: tuple[ExtractorError, ...] = ()  # before it is counted
    max_tokens: int = 1_000_000
    budgets: tuple[Budget, ...] = ()
    per_call: int | None = None
    counts_tokens: bool = True
    seconds: float | None = None
    ledger: Any = None
    world: World = field(init=False)
    core: CallCore = field(init=False)
    allowance: Allowance = field(init=False)
    context: CallContext = field(init=False)

    def __post_init__(self) -> None:
        answer = ModelResponse("Ireland's", Usage(REAL + 7, 5))
        self.world = World(lambda _send, _now: (1.0, answer), counter=self._count)
        parts = {"ledger": self.ledger} if self.ledger else {}
        self.core = CallCore(clock=self.world.clock, **parts)

        def price(usage: Usage | None) -> Decimal | None:
            return self.core.pricing.cost(TARGET, usage)

        self.allowance = Allowance(self.max_tokens, price, self.core.tokens, TARGET)
        self.context = CallContext(
            TARGET,
            self.allowance,
            retry=RetryPolicy(attempts=1 + len(self.failures)),
            deadline=None if self.seconds is None else self._deadline(self.seconds),
            budgets=self.budgets,
            per_call=self.per_call,
            counts_tokens=self.counts_tokens,
        )

    def _count(self, _step: Count, _now: float) -> tuple[float, CountedTokens | ExtractorError]:
        told = (*self.failures, self.counted)
        return 1.0, told[min(len(self.world.counts), len(told)) - 1]

    def _deadline(self, seconds: float) -> Deadline:
        return Deadline.after(seconds, self.world.clock)

    def run(self, request: ModelRequest = REQUEST) -> Run:
        run = self.world.start(self.core.call(request, self.context))
        self.world.until_idle()
        return run

    @property
    def wire(self) -> tuple[int, int]:
        """The POSTs: those that counted, and those that asked the model."""
        return len(self.world.counts), len(self.world.posts)


def bound() -> int:
    return CallCore().tokens.count(REQUEST, TARGET).upper


def between() -> dict[str, Any]:
    """Return each kind of limit, set between what the request takes and what is feared."""
    tokens = REAL + 400
    micro = CallCore().pricing.max_cost_micro(TARGET, tokens, 100)
    assert micro is not None
    return {
        "tokens": {"max_tokens": tokens + 100},
        "call": {"per_call": micro},
        "document": {"budgets": (Budget("document", "one", micro),)},
        "run": {"budgets": (Budget("run", "one", micro),)},
        "day": {"budgets": (Budget("day", "ada", micro),)},
    }


LIMITS = between()


@pytest.mark.parametrize("limit", LIMITS)
def test_a_request_that_fits_by_the_providers_count_is_sent(limit: str) -> None:
    asking = Asking(CountedTokens(REAL), **LIMITS[limit])
    assert bound() > REAL + 1_000
    run = asking.run()
    assert isinstance(run.result, ModelResponse)
    assert asking.wire == (1, 1)
    assert (asking.allowance.attempts, asking.allowance.counts) == (2, 1)
    assert asking.allowance.reserved == 0


@pytest.mark.parametrize("limit", LIMITS)
def test_a_request_that_does_not_fit_is_refused_after_one_count(limit: str) -> None:
    asking = Asking(CountedTokens(bound() - 100), **LIMITS[limit])
    run = asking.run()
    assert isinstance(run.error, TokenLimitError if limit == "tokens" else SpendingLimitError)
    assert asking.wire == (1, 0)
    assert asking.allowance.cost_usd == 0


@pytest.mark.parametrize("limit", LIMITS)
def test_nobody_is_asked_where_the_request_fits_anyway(limit: str) -> None:
    wide: dict[str, Any] = {"tokens": {"max_tokens": 100_000}, "call": {"per_call": MICRO}}
    asking = Asking(CountedTokens(REAL), **wide.get(limit, {}))
    assert isinstance(asking.run().result, ModelResponse)
    assert asking.wire == (0, 1)


@pytest.mark.parametrize("limit", LIMITS)
def test_nobody_is_asked_who_can_not_count(limit: str) -> None:
    asking = Asking(CountedTokens(REAL), counts_tokens=False, **LIMITS[limit])
    assert isinstance(asking.run().error, ExtractorError)
    assert asking.wire == (0, 0)


def test_nobody_is_asked_where_the_answer_alone_would_be_too_much() -> None:
    assert isinstance(Asking(CountedTokens(REAL), max_tokens=90).run().error, TokenLimitError)
    asking = Asking(CountedTokens(REAL), per_call=20)
    assert isinstance(asking.run().error, CostLimitError)
    assert asking.wire == (0, 0)


@pytest.mark.parametrize(
    "failure",
    [NotFoundError("no such page", status=404), RateLimitError("slow down", retry_after=1)],
)
@pytest.mark.parametrize("limit", LIMITS)
def test_a_count_that_fails_leaves_the_refusal(limit: str, failure: ExtractorError) -> None:
    asking = Asking(failure, **LIMITS[limit])
    run = asking.run()
    assert isinstance(run.error, ExtractorError)
    assert run.error is not failure
    assert asking.wire == (1, 0)


PASSING = (
    RateLimitError("slow down", status=429, retry_after=7),
    OverloadedError("busy", status=503),
    APIConnectionError("no connection"),
)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("failure", PASSING, ids=lambda failure: type(failure).__name__)
def test_a_count_that_fails_in_passing_is_tried_again(limit: str, failure: ProviderError) -> None:
    asking = Asking(CountedTokens(REAL), failures=(failure,), **LIMITS[limit])
    run = asking.run()
    assert isinstance(run.result, ModelResponse)
    assert asking.wire == (2, 1)
    assert (asking.allowance.attempts, asking.allowance.counts) == (3, 2)
    assert asking.allowance.reserved == 0
    first, second = (time for time, _ in asking.world.counts)
    assert second - first > (failure.retry_after or 0)
    assert any("trying again" in told for told in run.told)


def test_a_count_that_goes_on_failing_leaves_the_refusal_after_the_policys_attempts() -> None:
    failure = OverloadedError("busy", status=503)
    asking = Asking(failure, failures=(failure,) * 2, **LIMITS["document"])
    assert isinstance(asking.run().error, CostLimitError)
    assert asking.wire == (3, 0)


def test_a_count_is_not_tried_again_past_the_documents_time() -> None:
    failure = RateLimitError("slow down", status=429, retry_after=40)
    asking = Asking(CountedTokens(REAL), failures=(failure,), seconds=20, **LIMITS["tokens"])
    assert isinstance(asking.run().error, TokenLimitError)
    assert asking.wire == (1, 0)
    assert asking.world.now < 1_020


def test_a_count_that_can_not_be_true_is_not_believed() -> None:
    asking = Asking(CountedTokens(12), **LIMITS["tokens"])
    assert isinstance(asking.run().error, TokenLimitError)


def test_a_count_waits_as_its_own_limit_asks_and_not_the_models() -> None:
    asking = Asking(RateLimitError("slow down", retry_after=30), **LIMITS["tokens"])
    assert isinstance(asking.run().error, TokenLimitError)
    asking.counted = CountedTokens(REAL)
    again = ModelRequest(TARGET.model, REQUEST.messages, TextOutput(), max_tokens=100)
    run = asking.run(again)
    assert isinstance(run.result, ModelResponse)
    first, second = (time for time, _ in asking.world.counts)
    assert second - first >= 30
    assert asking.world.posts[0][0] - second == 1.0


def test_a_count_has_what_is_left_of_the_documents_time_and_never_more_than_half_a_minute() -> None:
    hasty = Asking(CountedTokens(REAL), seconds=10, **LIMITS["tokens"])
    patient = Asking(CountedTokens(REAL), **LIMITS["tokens"])
    assert isinstance(hasty.run().result, ModelResponse)
    assert isinstance(patient.run().result, ModelResponse)
    assert [hasty.world.counts[0][1].timeout, patient.world.counts[0][1].timeout] == [10, 30]


def test_a_count_teaches_what_the_next_request_takes() -> None:
    asking = Asking(CountedTokens(REAL), **LIMITS["tokens"])
    before = asking.core.tokens.count(REQUEST, TARGET).expected
    asking.run()
    assert abs(asking.core.tokens.count(REQUEST, TARGET).expected - REAL) < before - REAL


def test_each_count_has_its_record(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    ledger = SqliteLedger(path)
    core = CallCore(ledger=ledger)
    for counted in (CountedTokens(REAL, "req_7"), NotFoundError("?", status=404)):
        allowance = Allowance(REAL + 500, lambda _: Decimal(0), core.tokens, TARGET)
        context = CallContext(
            TARGET, allowance, extraction=type(counted).__name__, counts_tokens=True
        )
        steps = core.call(REQUEST, context)
        step = next(steps)
        while not isinstance(step, Count):  # until the disk has it
            step = steps.send(None)
        try:
            step = steps.throw(counted) if isinstance(counted, Exception) else steps.send(counted)
        except TokenLimitError:
            continue
        while not isinstance(step, Send):
            step = steps.send(None)
        abandon(steps)
    ledger.close()
    with open_to_read(path) as connection:
        rows = connection.execute(
            "SELECT extraction, technique, state, cost, reserved, error_type, status, request_id "
            "FROM attempts ORDER BY started_at"
        ).fetchall()
    told, asked, failed = rows
    assert told == ("CountedTokens", TECHNIQUE, "settled", 0, 0, None, None, "req_7")
    assert asked[:3] == ("CountedTokens", "", "unknown")
    assert failed == ("NotFoundError", TECHNIQUE, "settled", 0, 0, "NotFoundError", 404, None)


def test_giving_up_while_the_tokens_are_counted_leaves_nothing_open() -> None:
    ledger = MemoryLedger()
    asking = Asking(CountedTokens(REAL), ledger=ledger, **LIMITS["document"])
    steps = asking.core.call(REQUEST, asking.context)
    assert isinstance(next(steps), Count)
    abandon(steps)
    assert asking.allowance.reserved == 0
    total = ledger.total(LIMITS["document"]["budgets"][0])
    assert (total.spent, total.reserved) == (0, 0)

"""What a document will take, said before and kept afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from extractor import ModelResponse, StopReason, Usage
from extractor.asking.estimating import Estimate, allowance, estimate
from extractor.calls.allowance import Allowance
from extractor.calls.metering.pricing import Price, Pricing
from extractor.calls.metering.tokens import TokenCounter
from extractor.calls.steps import Target
from extractor.documents import read_document
from extractor.errors import ExtractorError, TokenLimitError
from extractor.flow.extraction import Flow, extraction
from extractor.planning.plan import Plan, plan
from extractor.prompting.prompts import Prompts
from extractor.providers.profiles import profile_for
from extractor.types import ModelRequest
from extractor.wire.groups import asked_values

CONTRACT = "This Agreement is governed by the laws of Ireland.\n" * 60
MODEL = Target("scripted", "m")
PROMPTS = Prompts()
PRICING = Pricing(
    {"scripted:m": Price(Decimal(1), Decimal(5), Decimal("0.1"), Decimal("1.25"))},
)


class Party(BaseModel):
    name: str
    role: Literal["buyer", "seller"]


class Terms(BaseModel):
    law: str = Field(description="Whose law governs.")
    parties: list[Party]
    notice_days: int | None = None


@dataclass
class Case:
    """A document, a model, and the first request."""

    target: Target = MODEL
    evidence: Literal["quotes", "none"] = "quotes"
    max_attempts: int = 4
    max_tokens: int | None = None
    document: str = CONTRACT

    def __post_init__(self) -> None:
        profile = profile_for(self.target.provider, self.target.model)
        self.plan: Plan[Terms] = plan(
            Terms, model=self.target.model, profile=profile, evidence=self.evidence
        )
        self.tokens = TokenCounter()
        self.arguments: dict[str, Any] = {
            "max_attempts": self.max_attempts,
            "max_tokens": self.max_tokens,
            "target": self.target,
            "pricing": PRICING,
            "tokens": self.tokens,
        }

    def flow(self) -> Flow[Terms]:
        document = read_document(self.document)
        return extraction(self.plan, document, PROMPTS, max_attempts=self.max_attempts)

    def first(self) -> ModelRequest:
        flow = self.flow()
        try:
            return next(flow)
        finally:
            flow.close()

    def estimate(self) -> Estimate:
        return estimate(self.plan, self.first(), **self.arguments)


# --- low and expected -----------------------------------------------------------------------------


def test_low_is_one_request_and_an_answer_that_found_nothing() -> None:
    case = Case()
    told, count = case.estimate(), case.tokens.count(case.first(), case.target)
    assert told.low.input_tokens == pytest.approx(count.expected, rel=0.02)
    values = asked_values(case.plan.shape)
    assert told.low.output_tokens == pytest.approx(8 * values * 1.5, rel=0.05)
    assert told.low.cost_usd == PRICING.cost(
        case.target, Usage(told.low.input_tokens, told.low.output_tokens)
    )


def test_expected_has_the_values_their_quotes_and_a_tenth_of_a_second_request() -> None:
    quoted, bare = Case().estimate(), Case(evidence="none").estimate()
    assert quoted.expected.output_tokens == pytest.approx(4.4 * quoted.low.output_tokens, abs=5)
    assert quoted.expected.input_tokens == pytest.approx(1.1 * quoted.low.input_tokens, abs=5)
    assert bare.expected.output_tokens < quoted.expected.output_tokens / 2


def test_one_attempt_has_no_second_request() -> None:
    told = Case(max_attempts=1).estimate()
    assert told.expected.input_tokens == told.low.input_tokens


def test_claudes_prompt_cache_is_written_with_the_document_and_paid_for() -> None:
    case = Case(Target("anthropic", "claude-sonnet-5-5"), document=CONTRACT * 3)
    told, (_, asked) = case.estimate().low, case.first().messages
    cached = case.tokens.text(asked.content[: asked.shared], case.target)
    assert cached > 0.5 * told.input_tokens
    fresh = told.input_tokens - cached
    tariff = cached * Decimal("2.5") + fresh * 2 + told.output_tokens * 10
    assert told.cost_usd == tariff / 1_000_000
    short = Case(case.target, document="Ireland.").estimate().low
    assert short.cost_usd == Decimal(short.input_tokens * 2 + short.output_tokens * 10) / 1_000_000


@pytest.mark.parametrize("max_attempts", [1, 2, 4, 9])
def test_low_expected_and_maximum_are_in_order(max_attempts: int) -> None:
    told = Case(Target("openai", "gpt-5.4-mini"), max_attempts=max_attempts).estimate()
    amounts = (told.low, told.expected, told.maximum)
    assert [amount.total_tokens for amount in amounts] == sorted(a.total_tokens for a in amounts)
    costs = [amount.cost_usd for amount in amounts if amount.cost_usd is not None]
    assert len(costs) == 3
    assert costs == sorted(costs)


def test_what_has_no_price_is_estimated_in_tokens_alone() -> None:
    told = Case(Target("compatible", "m")).estimate()
    assert [told.low.cost_usd, told.expected.cost_usd, told.maximum.cost_usd] == [None] * 3
    assert told.expected.total_tokens > 0


def test_a_limit_on_tokens_is_the_maximum() -> None:
    told = Case(max_tokens=700).estimate()
    assert told.maximum.total_tokens == 700
    assert told.maximum.cost_usd == Decimal(700 * 5) / 1_000_000
    assert told.maximum.total_tokens < told.low.total_tokens


# --- the maximum ----------------------------------------------------------------------------------

LONG_LIST = '{"law": "x", "parties": [' + '{"name": 1}, ' * 150 + "{}]}"
TEXTS = ["", "no", "{}", '{"law": "Ireland", "parties": []}', LONG_LIST, "{" * 500, '{"law": 7}']
STOPS = [StopReason.END, StopReason.LENGTH, StopReason.LENGTH, StopReason.REFUSAL]


@dataclass(frozen=True)
class Answer:
    """How a POST ends: what of the bounds it takes, and whether it fails after it was billed."""

    text: str
    stop: StopReason
    input_share: float
    output_share: float
    cached_share: float
    fails: bool
    is_told: bool


def shares() -> st.SearchStrategy[float]:
    return st.sampled_from([0.0, 0.3, 1.0, 1.0])


ANSWERS = st.builds(
    Answer,
    st.sampled_from(TEXTS),
    st.sampled_from(STOPS),
    shares(),
    shares(),
    shares(),
    st.booleans(),
    st.sampled_from([True, True, True, False]),
)


def run(case: Case, answers: Iterator[Answer], posts: int = 5) -> Allowance:
    """Extract as the call core does: each request again while it fails, all from one allowance."""
    flow = case.flow()
    asked = next(flow)
    allowed = allowance(case.plan, asked, **case.arguments)
    try:
        while True:
            try:
                response = post(case, asked, allowed, answers, posts)
            except ExtractorError as error:
                asked = flow.throw(error)
            else:
                asked = flow.send(response)
    except (StopIteration, ExtractorError):
        return allowed
    finally:
        flow.close()


def post(
    case: Case, asked: ModelRequest, allowed: Allowance, answers: Iterator[Answer], posts: int
) -> ModelResponse:
    response = ModelResponse("")
    for _ in range(posts):
        share, answer = allowed.reserve(asked), next(answers)
        read = round(case.tokens.count(asked, case.target).upper * answer.input_share)
        written = round(read * answer.cached_share)
        usage = Usage(read, round(asked.max_tokens * answer.output_share), 0, written)
        allowed.settle(share, usage if answer.is_told else None)
        response = ModelResponse(answer.text, usage, answer.stop)
        if not answer.fails:
            break
    return response


@settings(deadline=None, max_examples=60)
@given(
    st.lists(ANSWERS, min_size=1, max_size=20),
    st.integers(1, 6),
    st.none() | st.integers(1, 400_000),
    st.sampled_from([Target("scripted", "m"), Target("openai", "gpt-6.1-sol")]),
)
def test_no_run_takes_or_costs_more_than_the_maximum(
    answers: list[Answer], max_attempts: int, max_tokens: int | None, target: Target
) -> None:
    case = Case(target, max_attempts=max_attempts, max_tokens=max_tokens)
    most = case.estimate().maximum
    script = (answer for _ in range(100) for answer in answers)
    bill = run(case, script)
    assert bill.usage.input_tokens <= most.input_tokens
    assert bill.usage.output_tokens <= most.output_tokens
    assert bill.usage.total_tokens <= most.total_tokens
    assert most.cost_usd is not None
    if bill.cost_usd is not None:
        assert bill.cost_usd <= most.cost_usd


def test_the_worst_run_comes_near_to_the_maximum() -> None:
    worst = Answer("{" * 500, StopReason.LENGTH, 1.0, 1.0, 1.0, fails=True, is_told=True)
    case = Case()
    most, bill = case.estimate().maximum, run(case, iter([worst] * 99))
    assert bill.usage.total_tokens > 0.8 * most.total_tokens


@pytest.mark.parametrize("room", [2_000, 16_384])  # of 16,384 at most
def test_the_default_limit_has_room_for_the_last_answer_in_a_correction(room: int) -> None:
    case = Case(Target("openai", "gpt-4o"), max_attempts=2)
    case.plan = replace(case.plan, room=room)
    long = Answer("no " * room, StopReason.END, 1.0, 1.0, 0.0, fails=False, is_told=True)
    assert run(case, iter([long] * 9)).attempts == 2


def test_the_maximum_has_the_dearest_tier_that_a_request_may_reach() -> None:
    most = Case(Target("openai", "gpt-6.1-sol")).estimate().maximum
    assert most.total_tokens > 272_000
    assert most.cost_usd == Decimal(most.total_tokens * 15) / 1_000_000


@pytest.mark.parametrize("max_attempts", [1, 2, 4])
@pytest.mark.parametrize("document", [CONTRACT, CONTRACT * 50, "契約は、" * 5_000])
def test_the_default_limit_refuses_none_of_the_replies_that_may_be_asked_for(
    max_attempts: int, document: str
) -> None:
    worst = Answer("no", StopReason.LENGTH, 1.0, 1.0, 1.0, fails=False, is_told=True)
    case = Case(max_attempts=max_attempts, document=document)
    assert run(case, iter([worst] * 99)).attempts == max_attempts


def test_a_request_that_times_out_five_times_is_not_cut_short_by_the_default_limit() -> None:
    silent = Answer("", StopReason.END, 1.0, 1.0, 0.0, fails=True, is_told=False)
    case = Case(document=CONTRACT * 50)
    flow = case.flow()
    asked = next(flow)
    allowed = allowance(case.plan, asked, **case.arguments)
    post(case, asked, allowed, iter([silent] * 5), posts=5)
    assert (allowed.attempts, allowed.unreported) == (5, 5)
    flow.close()


def test_the_default_limit_takes_no_tokenizer_for_an_ordinary_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def count(*_: object) -> None:
        pytest.fail("the tokenizer was asked")

    case = Case()
    monkeypatch.setattr(TokenCounter, "count", count)
    asked = case.first()
    allowed = allowance(case.plan, asked, **case.arguments)
    for _ in range(3):
        allowed.settle(allowed.reserve(asked), Usage(1_000, 100))
    assert allowed.attempts == 3


def test_a_limit_that_is_the_callers_refuses_what_does_not_fit() -> None:
    case = Case(max_tokens=100)
    allowed = allowance(case.plan, case.first(), **case.arguments)
    with pytest.raises(TokenLimitError) as caught:
        allowed.reserve(case.first())
    assert caught.value.limit == 100

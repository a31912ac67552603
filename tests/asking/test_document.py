"""Several models for one document: in turn, with one bill; all in virtual time."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extractor import (
    AuthenticationError,
    ContextWindowError,
    DeadlineError,
    Extraction,
    Extractor,
    ModelResponse,
    OutageError,
    OverloadedError,
    ProviderError,
    RateLimiter,
    RateLimitError,
    RateLimits,
    RetryPolicy,
    ScriptedProvider,
    Usage,
    read_document,
)
from extractor.asking.candidates import Candidate
from extractor.asking.document import Asking, Conditions, Job
from extractor.calls.core import CallCore
from extractor.calls.gate import TRIPS_AFTER
from extractor.calls.ledger.spending import SpendingLimits
from extractor.calls.steps import Send
from extractor.planning.plan import plan
from extractor.prompting.prompts import Prompts
from extractor.providers.profiles import profile_for
from tests.virtual_time import Answer, Run, World

CONTRACT = "This Agreement is governed by the laws of Ireland."
GOOD = ModelResponse('{"law": "Ireland"}', Usage(100, 10))


class Law(BaseModel):
    law: str


class Named(ScriptedProvider):
    """A provider of some name; it is never sent anything, since the world answers."""

    def __init__(self, name: str, *, window: int = 100_000) -> None:
        known = profile_for("scripted", "")
        super().__init__([], profile=replace(known, context_window=window))
        self.name = name


def candidate(provider: Named) -> Candidate[Law]:
    model = f"{provider.name}-1"
    settled = plan(
        Law, model=model, profile=provider.profile(model), backend="json", evidence="none"
    )
    return Candidate(provider, settled, is_ours=False)


def asked(
    world: World,
    *providers: Named,
    core: CallCore | None = None,
    conditions: Conditions | None = None,
    text: str = CONTRACT,
) -> tuple[Asking[Law], Run]:
    core, conditions = core or CallCore(clock=world.clock), conditions or Conditions(Prompts(None))
    asking = Asking(
        tuple(candidate(provider) for provider in providers),
        read_document(text),
        core=core,
        conditions=conditions,
        metadata={},
        job=Job.begun(conditions.deadline, core.clock),
    )
    return asking, world.start(asking.in_turn())


def answering(**by_provider: Answer) -> Callable[[Send, float], tuple[float, Answer]]:
    """A second later, each provider's answer."""
    return lambda send, _now: (1.0, by_provider[send.target.provider])


def error(kind: type[ProviderError], provider: str, **facts: Any) -> ProviderError:
    return kind(f"no, says {provider}", provider=provider, **facts)


def test_the_first_model_answers_if_it_can() -> None:
    world = World(answering(one=GOOD, two=error(AuthenticationError, "two")))
    _, run = asked(world, Named("one"), Named("two"))
    world.until_idle()
    assert (run.result.model, run.result.passed_over) == ("one:one-1", ())
    assert len(world.posts) == 1


def test_a_model_that_cannot_be_had_is_passed_over_and_everything_is_billed() -> None:
    busy = error(OverloadedError, "one", status=529)
    busy.billed(attempts=0, usage=Usage(7, 0), cost_usd=None)
    world = World(answering(one=busy, two=GOOD))
    conditions = Conditions(Prompts(None), retry=RetryPolicy(attempts=3))
    _, run = asked(world, Named("one"), Named("two"), conditions=conditions)
    world.until_idle()
    extraction: Extraction[Law] = run.result
    assert extraction.value.law == "Ireland"
    assert extraction.model == "two:two-1"
    (other,) = extraction.passed_over
    assert (other.model, other.error, other.message) == (
        "one:one-1", "OverloadedError", "no, says one",
    )  # fmt: skip
    assert extraction.attempts == 4
    assert extraction.usage == Usage(3 * 7 + 100, 10)


def test_a_shut_gate_is_not_waited_at_where_another_model_can_be_asked() -> None:
    world = World(answering(one=error(OverloadedError, "one", status=529), two=GOOD))
    core = CallCore(clock=world.clock)
    conditions = Conditions(Prompts(None), retry=RetryPolicy(attempts=2 * TRIPS_AFTER, initial=0.1))
    runs = [
        asked(world, Named("one"), Named("two"), core=core, conditions=conditions)[1]
        for _ in range(30)
    ]
    began = world.now
    world.until_idle()
    assert {run.result.model for run in runs} == {"two:two-1"}
    assert max(run.ended_at or began for run in runs) - began < 30
    to_the_first = [send for _, send in world.posts if send.target.provider == "one"]
    assert len(to_the_first) <= 30 + TRIPS_AFTER


def test_a_permanent_failure_is_not_covered_up_by_another_model() -> None:
    world = World(answering(one=error(AuthenticationError, "one", status=401), two=GOOD))
    asking, run = asked(world, Named("one"), Named("two"))
    world.until_idle()
    assert isinstance(run.error, AuthenticationError)
    assert len(world.posts) == asking.job.attempts == 1


def test_a_document_too_large_for_the_first_goes_to_the_second_without_a_post() -> None:
    world = World(answering(two=GOOD))
    small = Named("one", window=10)
    _, run = asked(world, small, Named("two"), text=CONTRACT * 10)
    world.until_idle()
    assert run.result.model == "two:two-1"
    assert run.result.passed_over[0].error == "ContextWindowError"
    assert len(world.posts) == 1


def test_the_last_models_failure_is_raised_with_the_bill_and_who_was_passed_over() -> None:
    too_long = error(ContextWindowError, "one", status=400)
    world = World(answering(one=too_long, two=error(OverloadedError, "two", status=529)))
    conditions = Conditions(Prompts(None), retry=RetryPolicy(attempts=2, outage=0))
    asking, run = asked(world, Named("one"), Named("two"), conditions=conditions)
    world.until_idle()
    assert isinstance(run.error, OverloadedError)
    with pytest.raises(OverloadedError) as caught, asking.billed():
        raise run.error
    assert caught.value.attempts == 3
    assert [other.model for other in caught.value.passed_over] == ["one:one-1"]
    assert caught.value.facts()["passed_over"][0]["error"] == "ContextWindowError"


def test_tokens_that_the_caller_allows_are_for_all_models_together() -> None:
    used = error(OverloadedError, "one", status=529)
    used.billed(attempts=0, usage=Usage(5_000, 0), cost_usd=None)
    world = World(answering(one=used, two=GOOD))
    conditions = Conditions(Prompts(None), retry=RetryPolicy(attempts=1), max_tokens=133_000)
    _, run = asked(world, Named("one"), Named("two"), conditions=conditions)
    world.until_idle()
    assert type(run.error).__name__ in {"TokenLimitError", "NoneType"}
    tight = replace(conditions, max_tokens=20_000)
    _, run = asked(world, Named("one"), Named("two"), conditions=tight)
    world.until_idle()
    assert type(run.error).__name__ == "TokenLimitError"


def test_a_deadline_ends_an_extraction_that_waits_and_says_how_long_it_had() -> None:
    slow = error(OverloadedError, "one", status=529, retry_after=45.0)
    world = World(answering(one=slow))
    _, run = asked(world, Named("one"), conditions=Conditions(Prompts(None), deadline=60.0))
    began = world.now
    world.until_idle()
    assert isinstance(run.error, DeadlineError)
    assert run.error.deadline == 60.0
    assert run.error.__cause__ is slow
    assert len(world.posts) == 2
    assert run.ended_at is not None
    assert run.ended_at - began < 60


class SlowFile(os.PathLike[str]):
    """A file that takes a minute until it is opened."""

    def __init__(self, path: Path, world: World) -> None:
        self._path, self._world = path, world

    def __fspath__(self) -> str:
        self._world.now += 60.0
        return str(self._path)


@pytest.mark.parametrize("is_async", [False, True])
def test_reading_counts_against_the_deadline(tmp_path: Path, is_async: bool) -> None:
    world, script = World(answering()), ScriptedProvider([])
    path = tmp_path / "contract.txt"
    path.write_text(CONTRACT)
    slow = SlowFile(path, world)
    with (
        Extractor(Law, provider=script, core=CallCore(clock=world.clock), deadline=60.0) as one,
        pytest.raises(DeadlineError),
    ):
        asyncio.run(one.aextract(slow)) if is_async else one.extract(slow)
    assert script.requests == []


def test_a_post_may_take_what_is_left_of_the_deadline() -> None:
    world = World(lambda _send, _now: (1.0, GOOD))
    _, _run = asked(world, Named("one"), conditions=Conditions(Prompts(None), deadline=60.0))
    world.until_idle()
    ((_, send),) = world.posts
    assert send.timeout == 60.0


def test_money_is_limited_for_all_requests_of_a_document() -> None:
    core_terms = Conditions(Prompts(None), spending=SpendingLimits(per_document="0.01"))
    world = World(answering(one=GOOD))
    _, run = asked(world, Named("one"), conditions=core_terms)
    world.until_idle()
    assert type(run.error).__name__ == "UnknownPriceError"
    assert world.posts == []


def busy(seconds: float, kind: type[ProviderError] = RateLimitError) -> ProviderError:
    return error(kind, "one", status=429, retry_after=seconds)


def asked_within(deadline: float | None, **conditions: Any) -> Conditions:
    return Conditions(Prompts(None), deadline=deadline, **conditions)


@pytest.mark.parametrize("kind", [RateLimitError, OverloadedError])
def test_a_wait_that_does_not_fit_is_not_begun_and_the_next_model_is_asked(
    kind: type[ProviderError],
) -> None:
    world = World(answering(one=busy(45.0, kind), two=GOOD))
    _, run = asked(world, Named("one"), Named("two"), conditions=asked_within(30.0))
    began = world.now
    world.until_idle()
    assert run.result.model == "two:two-1"
    assert run.result.passed_over[0].error == kind.__name__
    assert run.ended_at == began + 2.0
    assert [send.target.provider for _, send in world.posts] == ["one", "two"]


@pytest.mark.parametrize("deadline", [None, 1_800.0])
def test_nobody_sits_out_minutes_where_another_model_can_be_asked(deadline: float | None) -> None:
    world = World(answering(one=busy(500.0), two=GOOD))
    core, conditions = CallCore(clock=world.clock), asked_within(deadline)
    runs = [
        asked(world, Named("one"), Named("two"), core=core, conditions=conditions)[1]
        for _ in range(2)
    ]
    world.until_idle()
    _, late = asked(world, Named("one"), Named("two"), core=core, conditions=conditions)
    began = world.now
    world.until_idle()
    assert [run.result.model for run in (*runs, late)] == ["two:two-1"] * 3
    assert late.result.passed_over[0].error == "OutageError"  # it cost no further POST
    assert late.ended_at == began + 1.0


def test_a_short_wait_is_sat_out_before_another_model_is_asked() -> None:
    world = World(once(busy(30.0)))
    _, run = asked(world, Named("one"), Named("two"), conditions=asked_within(1_800.0))
    world.until_idle()
    assert (run.result.model, run.result.passed_over) == ("one:one-1", ())


def test_the_last_model_is_waited_for_as_long_as_it_asks() -> None:
    world = World(once(busy(500.0)))
    _, run = asked(world, Named("one"), conditions=asked_within(1_800.0))
    began = world.now
    world.until_idle()
    assert run.result.model == "one:one-1"
    assert run.ended_at == began + 502.0


def test_minutes_are_sat_out_where_the_next_model_would_not_be_asked_after_them() -> None:
    world = World(once(busy(500.0)))
    conditions = asked_within(1_800.0, fallback_on=(OutageError,))
    _, run = asked(world, Named("one"), Named("two"), conditions=conditions)
    world.until_idle()
    assert run.result.model == "one:one-1"


def once(failure: ProviderError) -> Callable[[Send, float], tuple[float, Answer]]:
    """Fail the first POST."""
    left = [failure]
    return lambda _send, _now: (1.0, left.pop() if left else GOOD)


def one_a_minute(world: World) -> CallCore:
    ceilings = {"one": RateLimits(requests_per_minute=1)}
    return CallCore(limiter=RateLimiter(ceilings=ceilings), clock=world.clock)


def test_who_would_wait_too_long_within_limits_of_ones_own_asks_the_next_model() -> None:
    world = World(answering(one=GOOD, two=GOOD))
    core, conditions = one_a_minute(world), asked_within(60.0)
    runs = [
        asked(world, Named("one"), Named("two"), core=core, conditions=conditions)[1]
        for _ in range(TRIPS_AFTER + 3)
    ]
    began = world.now
    world.until_idle()
    models = [run.result.model for run in runs]
    assert models == ["one:one-1"] + ["two:two-1"] * (len(runs) - 1)
    assert max(run.ended_at or 0 for run in runs) == began + 1.0
    assert "requests a minute" in runs[1].result.passed_over[0].message
    assert runs[1].result.attempts == 1
    assert core.gates.of(candidate(Named("one")).target).is_open


def test_a_turn_that_comes_after_the_deadline_is_not_waited_for() -> None:
    world = World(answering(one=GOOD))
    core, conditions = one_a_minute(world), asked_within(30.0)
    first, second = (
        asked(world, Named("one"), core=core, conditions=conditions)[1] for _ in range(2)
    )
    began = world.now
    world.until_idle()
    assert first.result.model == "one:one-1"
    assert isinstance(second.error, DeadlineError)
    assert second.ended_at == began


def test_who_was_given_up_in_a_race_for_a_long_wait_is_worth_it_alone() -> None:
    world = World(answering(one=GOOD))
    asking, _ = asked(world, Named("one"), conditions=asked_within(60.0))
    down = OutageError("down", provider="one", since=3.0)
    assert all(asking.is_worth_waiting(each) for each in (down, busy(45.0), busy(500.0)))
    for other in busy(5.0), error(AuthenticationError, "one"), error(OverloadedError, "one"):
        assert not asking.is_worth_waiting(other)

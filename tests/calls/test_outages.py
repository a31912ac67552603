"""The night that this project began with: 312 contracts, and a provider that lets nobody in."""

from __future__ import annotations

from collections import Counter

import pytest

from extractor.calls.allowance import Allowance
from extractor.calls.context import CallContext
from extractor.calls.core import CallCore
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Send, Steps, Target
from extractor.errors import ExtractorError, OutageError, OverloadedError, RateLimitError
from extractor.types import Message, ModelRequest, ModelResponse, TextOutput, Usage
from tests.virtual_time import Answer, Run, Server, World

DOCUMENTS = 312
TARGET = Target("openai", "gpt-5.4-mini", "key")


def request(number: int) -> ModelRequest:
    return ModelRequest("gpt-5.4-mini", (Message("user", str(number)),), TextOutput(), 100)


def answer(send: Send) -> ModelResponse:
    return ModelResponse(f"answer to {send.request.messages[0].content}", Usage(10, 5))


def down_until(end: float) -> Server:
    """A provider that refuses everything at once until some time, and then takes a second."""

    def serve(send: Send, now: float) -> tuple[float, Answer]:
        if now < end:
            return 0.1, RateLimitError("429", provider="openai", status=429)
        return 1.0, answer(send)

    return serve


def night(
    world: World, *, concurrency: int, policy: RetryPolicy | None = None, waits: bool = True
) -> list[Run]:
    """Run 312 documents through one core, so many at a time; with nobody else to ask, they wait."""
    core, ended = CallCore(clock=world.clock), list[Run]()
    left = iter(range(DOCUMENTS))

    def worker() -> Steps[None]:
        for number in left:
            steps = core.call(request(number), context(policy, waits=waits))
            run = Run(steps)
            try:
                run.result = yield from steps
            except ExtractorError as error:
                run.error = error
            run.ended_at = world.now
            ended.append(run)

    for _ in range(concurrency):
        world.start(worker())
    world.until_idle()
    return ended


def context(policy: RetryPolicy | None, *, waits: bool = True) -> CallContext:
    allowance = Allowance(1_000_000, lambda _: None)
    return CallContext(
        TARGET, allowance, retry=policy or RetryPolicy(), instead=() if waits else (ExtractorError,)
    )


@pytest.mark.parametrize("concurrency", [1, 8, 64, DOCUMENTS])
def test_after_a_minute_of_429s_all_documents_are_right(concurrency: int) -> None:
    world = World(down_until(1_060.0))
    runs = night(world, concurrency=concurrency)
    assert sorted(run.result.text for run in runs) == sorted(
        f"answer to {number}" for number in range(DOCUMENTS)
    )
    in_vain = [time for time, _ in world.posts if time < 1_060.0]
    assert len(in_vain) <= concurrency + 15
    assert len(world.posts) == DOCUMENTS + len(in_vain)


@pytest.mark.parametrize("concurrency", [1, 8, 64, DOCUMENTS])
def test_after_an_outage_without_end_each_document_has_a_typed_state(concurrency: int) -> None:
    world = World(down_until(float("inf")))
    began = world.now
    runs = night(world, concurrency=concurrency)
    assert len(runs) == DOCUMENTS
    kinds = Counter(type(run.error) for run in runs)
    assert kinds == {OutageError: DOCUMENTS}
    assert all(
        run.error.retry_after is not None for run in runs if isinstance(run.error, OutageError)
    )
    assert len(world.posts) <= concurrency + 40
    assert max(run.ended_at or 0 for run in runs) - began <= 640


def test_an_outage_that_ends_later_is_noticed_by_the_calls_that_come_then() -> None:
    world = World(down_until(3_000.0))
    core = CallCore(clock=world.clock)

    def one(number: int) -> Steps[ModelResponse]:
        return core.call(request(number), context(None))

    first = [world.start(one(number)) for number in range(10)]
    late = [world.start(one(number), after=2_500.0) for number in range(10, 20)]
    world.until_idle()
    assert {type(run.error) for run in first} == {OutageError}
    assert {run.error for run in late} == {None}


@pytest.mark.parametrize("concurrency", [1, 8, 64])
def test_refusals_with_a_retry_after_that_never_end_are_waited_for_as_an_outage(
    concurrency: int,
) -> None:
    def serve(_send: Send, _now: float) -> tuple[float, Answer]:
        return 0.1, RateLimitError("429", provider="openai", status=429, retry_after=1.0)

    world = World(serve)
    runs = night(world, concurrency=concurrency)
    assert {type(run.error) for run in runs} <= {OutageError, RateLimitError}
    assert sum(isinstance(run.error, RateLimitError) for run in runs) <= 1
    assert len(world.posts) <= 2 * concurrency + 40


@pytest.mark.parametrize("latency", [0.1, 3.0, 20.0])
def test_who_answers_ten_a_second_is_not_passed_over_for_refusing_the_eleventh(
    latency: float,
) -> None:
    taken = list[float]()

    def serve(send: Send, now: float) -> tuple[float, Answer]:
        taken[:] = [time for time in taken if now - time < 1.0]
        if len(taken) >= 10:
            return 0.05, RateLimitError("429", provider="openai", status=429, retry_after=1.0)
        taken.append(now)
        return latency, answer(send)

    world = World(serve)
    runs = night(world, concurrency=30, waits=False)
    assert [run.error for run in runs] == [None] * DOCUMENTS
    assert len(world.posts) <= DOCUMENTS + 80


def test_a_minority_of_failures_is_no_outage() -> None:
    met: Counter[str] = Counter()

    def serve(send: Send, _now: float) -> tuple[float, Answer]:
        number = send.request.messages[0].content
        met[number] += 1
        if int(number) % 3 == 0 and met[number] <= 2:
            return 0.2, OverloadedError("529", provider="openai", status=529)
        return 0.2, answer(send)

    runs = night(World(serve), concurrency=16)
    assert [run.error for run in runs] == [None] * DOCUMENTS

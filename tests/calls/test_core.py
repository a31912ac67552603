"""What happens around a POST, in virtual time."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from extractor.calls.allowance import Allowance
from extractor.calls.cache.replies import SqliteReplyCache
from extractor.calls.context import CallContext
from extractor.calls.core import CallCore
from extractor.calls.ledger.memory import MemoryLedger
from extractor.calls.limits import RateLimiter
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Post, Reply, Send, Target, Wait, abandon, aperform, perform
from extractor.errors import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ExtractorError,
    InvalidResponseError,
    OverloadedError,
    ProviderError,
    QuotaExhaustedError,
    RateLimitError,
    ServerError,
    TokenLimitError,
)
from extractor.providers import silent
from extractor.types import Message, ModelRequest, ModelResponse, TextOutput, Usage
from tests.virtual_time import Answer, World

ALONE = RetryPolicy(outage=0)
"""What a request's own attempts do; outages have tests of their own."""

CONTRACT = "Pellworth Ltd shall pay 750 euro."
REQUEST = ModelRequest("m", (Message("user", CONTRACT),), TextOutput(), max_tokens=100)
TARGET = Target("openai", "m")
ANSWER = ModelResponse("an answer", Usage(10, 5))


@dataclass
class Call:
    """One request through the core, in time that only this test moves; a POST takes none of it."""

    replies: tuple[Answer, ...]
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    allowance: Allowance = field(default_factory=lambda: Allowance(1_000_000, lambda _: Decimal(1)))
    waited: list[float] = field(default_factory=list[float])
    told: list[str] = field(default_factory=list[str])
    posts: int = 0

    def perform(self) -> ModelResponse:
        left = iter(self.replies)
        world = World(lambda _send, _now: (0.0, next(left)))
        run = world.start(CallCore(clock=world.clock).call(REQUEST, self.context()))
        world.until_idle()
        times = [time for time, _ in world.posts]
        self.posts, self.told = len(times), run.told
        self.waited = [later - earlier for earlier, later in pairwise(times)]
        if run.error is not None:
            raise run.error
        response: ModelResponse = run.result
        return response

    def context(self) -> CallContext:
        return context(self.allowance, retry=self.policy)


def context(allowance: Allowance, *, retry: RetryPolicy = ALONE) -> CallContext:
    return CallContext(TARGET, allowance, technique="json", retry=retry)


def calling(*replies: ModelResponse | Exception, policy: RetryPolicy | None = None) -> Call:
    return Call(replies, policy or ALONE)


def billed(error: ExtractorError, usage: Usage) -> ExtractorError:
    error.billed(attempts=0, usage=usage, cost_usd=Decimal(0))
    return error


TRANSIENT = [RateLimitError, OverloadedError, ServerError, APIConnectionError, InvalidResponseError]
PERMANENT = [QuotaExhaustedError, AuthenticationError, BadRequestError]


def test_an_answer_takes_one_post_and_no_waiting() -> None:
    call = calling(ANSWER)
    assert call.perform().text == "an answer"
    assert (call.allowance.attempts, call.waited) == (1, [])


@pytest.mark.parametrize("kind", TRANSIENT)
def test_transient_failures_are_tried_again(kind: type[ProviderError]) -> None:
    call = calling(kind("later"), kind("later"), ANSWER)
    assert call.perform().text == "an answer"
    assert call.allowance.attempts == 3
    assert len(call.waited) == 2


def test_waits_grow_and_stay_within_the_longest() -> None:
    policy = RetryPolicy(outage=0, attempts=9, initial=1, longest=20)
    call = calling(*[ServerError("down")] * 8, ANSWER, policy=policy)
    call.perform()
    assert len(call.waited) == 8
    assert all(
        2**i <= seconds <= 2**i + 1 for i, seconds in enumerate(call.waited) if 2**i + 1 <= 20
    )
    assert call.waited[-3:] == [20, 20, 20]


def test_the_wait_that_the_provider_asks_for_is_kept() -> None:
    call = calling(RateLimitError("slow down", retry_after=7.5), ANSWER)
    call.perform()
    assert call.waited == [7.5]


def test_each_wait_is_told_with_its_reason_and_never_a_word_of_the_contract() -> None:
    call = calling(
        ServerError(CONTRACT, provider="openai", status=500, retry_after=2),
        APITimeoutError(CONTRACT, provider="openai"),
        InvalidResponseError(CONTRACT, provider="openai", status=200),
        OverloadedError(CONTRACT, status=503, retry_after=0.25),
        ANSWER,
        policy=RetryPolicy(outage=0, initial=0),
    )
    call.perform()
    assert call.told == [
        "500 from openai: trying again in 2 s (2 of 5)",
        "APITimeoutError from openai: trying again in 0 s (3 of 5)",
        "InvalidResponseError from openai: trying again in 0 s (4 of 5)",
        "503 from the provider: trying again in 0.2 s (5 of 5)",
    ]


def test_a_failure_that_is_not_waited_for_is_not_told_as_a_wait() -> None:
    call = calling(ServerError("down"), policy=RetryPolicy(outage=0, attempts=1))
    with pytest.raises(ServerError):
        call.perform()
    assert call.told == []


def test_nobody_waits_longer_than_the_caller_allows() -> None:
    call = calling(RateLimitError("come back tomorrow", retry_after=3600), ANSWER)
    with pytest.raises(RateLimitError) as caught:
        call.perform()
    assert caught.value.retry_after == 3600
    assert (call.allowance.attempts, call.waited) == (1, [])


@pytest.mark.parametrize("kind", PERMANENT)
def test_permanent_failures_cost_one_post(kind: type[ProviderError]) -> None:
    call = calling(kind("no"), ANSWER)
    with pytest.raises(kind, match="no"):
        call.perform()
    assert (call.allowance.attempts, call.waited) == (1, [])


def test_the_last_failure_is_raised_when_the_posts_are_used_up() -> None:
    failures = [ServerError(f"failure {number}") for number in range(1, 4)]
    call = calling(*failures, policy=RetryPolicy(outage=0, attempts=3))
    with pytest.raises(ServerError, match="failure 3"):
        call.perform()
    assert call.allowance.attempts == 3
    assert len(call.waited) == 2


def test_only_failures_of_the_provider_are_tried_again() -> None:
    call = calling(ConfigurationError("no key"), ANSWER)
    with pytest.raises(ConfigurationError):
        call.perform()
    assert call.allowance.attempts == 0


def test_what_a_failed_post_used_is_counted() -> None:
    failure = billed(InvalidResponseError("half an object"), Usage(10, 2))
    call = calling(failure, ANSWER)
    call.perform()
    assert call.allowance.usage == Usage(20, 7)
    assert call.allowance.cost_usd == 2
    assert call.allowance.reserved == 0


def test_a_post_that_broke_off_may_have_cost_something_and_makes_the_cost_unknown() -> None:
    call = calling(APITimeoutError("no reply in time", may_be_billed=True), ANSWER)
    call.allowance.price = lambda usage: None if usage is None else Decimal(1)
    call.perform()
    assert (call.allowance.usage, call.allowance.cost_usd) == (ANSWER.usage, None)
    assert (call.allowance.unreported, call.allowance.assumed) == (1, 0)


def test_a_reply_without_usage_is_logged_as_unknown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "extractor.calls")
    allowance = Allowance(1_000_000, lambda _: None)
    flow = CallCore().call(REQUEST, context(allowance))
    next(flow)
    with pytest.raises(StopIteration):
        flow.send(ModelResponse("an answer"))
    (line,) = logged(caplog)
    assert (line["stop_reason"], line["state"]) == ("end", "unknown")
    assert line["input_tokens"] is line["output_tokens"] is None
    assert allowance.unreported == 1


def test_an_allowance_that_is_spent_stops_the_next_post_before_it_is_sent() -> None:
    call = calling(billed(ServerError("down"), Usage(0, 150)), ANSWER)
    call.allowance.max_tokens = 300
    with pytest.raises(TokenLimitError) as caught:
        call.perform()
    assert call.posts == call.allowance.attempts == 1
    assert (caught.value.spent, caught.value.limit) == (150, 300)
    assert call.allowance.reserved == 0


def test_a_bug_of_a_driver_is_no_failure_of_the_provider() -> None:
    call = calling(ZeroDivisionError("bug"), ANSWER)
    with pytest.raises(ZeroDivisionError):
        call.perform()
    assert (call.allowance.attempts, call.allowance.reserved) == (1, 0)


def test_both_drivers_do_the_same() -> None:
    replies: list[Answer] = [
        ServerError("down", retry_after=2),
        OverloadedError("full", retry_after=3),
        ANSWER,
    ]

    def run(*, asynchronous: bool) -> Iterable[object]:
        left: Iterator[Answer] = iter(replies)
        waited, told = list[float](), list[str]()
        allowance = Allowance(1_000_000, lambda _: Decimal(1))
        steps = CallCore().call(REQUEST, context(allowance))

        def send(_: Post) -> Reply:
            answer = next(left)
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def asend(step: Post) -> Reply:
            return send(step)

        def wait(step: Wait) -> None:
            waited.append(step.seconds)

        async def await_(step: Wait) -> None:
            wait(step)

        if asynchronous:
            answer = asyncio.run(aperform(steps, asend, told.append, wait=await_))
        else:
            answer = perform(steps, send, told.append, wait=wait)
        return answer, waited, told, allowance.attempts, allowance.usage

    assert run(asynchronous=True) == run(asynchronous=False)


def test_the_core_itself_does_nothing_but_say_what_to_do() -> None:
    call = CallCore().call(REQUEST, context(Allowance(1_000_000, lambda _: None)))
    assert next(call) == Send(REQUEST, TARGET)
    waited = call.throw(OverloadedError("full", retry_after=4))
    assert waited == Wait(4, "OverloadedError from the provider: trying again in 4 s (2 of 5)")
    assert call.send(None) == Send(REQUEST, TARGET)
    with pytest.raises(StopIteration) as done:
        call.send(ANSWER)
    assert done.value.value == ANSWER


def test_abandoning_a_call_counts_what_may_be_billed_and_reserves_nothing() -> None:
    allowance = Allowance(1_000_000, lambda _: Decimal(0))
    call = CallCore().call(REQUEST, context(allowance))
    next(call)
    assert allowance.reserved > 100
    abandon(call)
    assert (allowance.reserved, allowance.attempts, allowance.unreported) == (0, 1, 1)


def test_cancelling_a_call_reserves_nothing() -> None:
    allowance = Allowance(1_000_000, lambda _: Decimal(0))

    async def never(_: Post) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    async def scenario() -> int:
        flow = CallCore().call(REQUEST, context(allowance))
        task = asyncio.create_task(aperform(flow, never, silent))
        await asyncio.sleep(0)
        reserved = allowance.reserved
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return reserved

    assert asyncio.run(scenario()) > 0
    assert allowance.reserved == 0


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(record.message) for record in caplog.records]


def test_each_post_is_one_line_of_log_without_a_word_of_the_contract(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "extractor.calls")
    calling(ServerError(f"failed on: {CONTRACT}"), ANSWER).perform()
    first, second = logged(caplog)
    assert (first["model"], first["attempt"], first["error_type"]) == ("m", 1, "ServerError")
    assert (second["attempt"], second["stop_reason"]) == (2, "end")
    assert second["retry_cause"] == "ServerError"
    assert (second["input_tokens"], second["output_tokens"]) == (10, 5)
    assert "Pellworth" not in caplog.text
    assert "answer" not in caplog.text


def test_a_post_that_was_given_up_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "extractor.calls")
    call = CallCore().call(REQUEST, context(Allowance(1_000_000, lambda _: None)))
    next(call)
    abandon(call)
    (line,) = logged(caplog)
    assert (line["state"], line["error_type"]) == ("unknown", "Cancelled")


def test_a_provider_that_answers_with_something_else_is_told_what_it_should() -> None:
    given: Any = "a text"
    steps = CallCore().call(REQUEST, calling().context())
    with pytest.raises(TypeError, match="returns a ModelResponse, not a str"):
        perform(steps, lambda _: given, silent)


@pytest.mark.parametrize("given", ["calls.sqlite", MemoryLedger, SqliteReplyCache, RateLimiter])
@pytest.mark.parametrize("part", ["limiter", "ledger", "cache", "pricing", "tokens", "clock"])
def test_a_part_that_is_something_else_is_refused_at_once(part: str, given: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"{part} is .*, and no object with a method"):
        CallCore(**{part: given})


def test_only_a_cache_is_there_or_not() -> None:
    nothing: Any = None
    assert CallCore(cache=None).cache is None
    with pytest.raises(ConfigurationError, match="limiter is a NoneType"):
        CallCore(limiter=nothing)

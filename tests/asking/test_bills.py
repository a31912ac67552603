"""The bill of an extraction: what is not known is never 0, and never kept quiet."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import httpx2
import pytest
from pydantic import BaseModel, Field, create_model

from extractor import (
    CallCore,
    ExtractionError,
    Extractor,
    ModelResponse,
    RefusalError,
    RetryPolicy,
    ScriptedProvider,
    TokenLimitError,
    Usage,
    extract,
)
from extractor.calls.base import Budget
from extractor.calls.ledger.memory import MemoryLedger
from extractor.calls.records import CallRecord
from extractor.outputs.record import extraction_record
from extractor.providers.openai import OpenAIProvider
from extractor.providers.profiles import profile_for
from extractor.types import JsonObject

CONTRACT = "This Agreement is governed by the laws of Ireland."
COUNTED = {"prompt_tokens": 100, "completion_tokens": 10}


class Terms(BaseModel):
    law: str


def reply(text: str = '{"law": "Ireland"}', usage: Any = None, **message: Any) -> JsonObject:
    choice = {"finish_reason": "stop", "message": {"content": text} | message}
    return {"model": "gpt-4o", "choices": [choice]} | ({"usage": usage} if usage else {})


Given: TypeAlias = JsonObject | Exception | httpx2.Response

NO_ROOM = "Could not finish the message because max_tokens or model output limit was reached."


def refused(**error: Any) -> httpx2.Response:
    return httpx2.Response(400, json={"error": {"type": "invalid_request_error"} | error})


def run(*answers: Given, **options: Any) -> Any:
    """Extract through the real SDK, from a server that gives these answers."""
    left: Iterator[Given] = iter(answers)

    def answer(_: httpx2.Request) -> httpx2.Response:
        given = next(left)
        if isinstance(given, Exception):
            raise given
        return httpx2.Response(200, json=given) if isinstance(given, dict) else given

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as client:
        provider = OpenAIProvider(api_key="k", http_client=client)
        retry = RetryPolicy(initial=0, longest=0)
        asked: dict[str, Any] = {"provider": provider, "model": "gpt-4o", "retry": retry}
        return extract(CONTRACT, Terms, evidence="none", **(asked | options))


def test_a_bill_that_is_known_is_shown_without_a_warning() -> None:
    result = run(reply(usage=COUNTED))
    assert (result.usage, result.warnings) == (Usage(100, 10), ())
    assert result.cost_usd > 0


def test_a_reply_without_usage_has_an_unknown_cost_and_a_warning() -> None:
    result = run(reply())
    assert (result.usage, result.cost_usd) == (Usage(), None)
    (warning,) = result.warnings
    assert warning.startswith("1 of 1 requests did not say what tokens they took")
    assert warning.endswith("and the cost is not known.")
    assert json.loads(json.dumps(extraction_record(result)))["cost_usd"] is None


@pytest.mark.parametrize(
    "first",
    [
        reply("no idea"),
        {"choices": None},
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("cut off"),
        refused(message=NO_ROOM),
    ],
)
def test_one_unknown_request_makes_the_whole_cost_unknown(first: Given) -> None:
    result = run(first, reply(usage=COUNTED))
    assert (result.attempts, result.usage, result.cost_usd) == (2, Usage(100, 10), None)
    assert result.warnings[0].startswith("1 of 2 requests")


def test_a_connection_that_never_came_about_costs_nothing() -> None:
    result = run(httpx2.ConnectError("refused"), reply(usage=COUNTED))
    assert (result.attempts, result.warnings) == (2, ())
    assert result.cost_usd > 0


def test_an_error_does_not_know_the_cost_either() -> None:
    for answer in (reply("", refusal="No."), refused(code="content_filter")):
        with pytest.raises(RefusalError) as declined:
            run(answer)
        assert (declined.value.attempts, declined.value.facts()["cost_usd"]) == (1, None)
    with pytest.raises(ExtractionError) as failed:
        run(reply("no", usage=COUNTED), reply("no"), max_attempts=2)
    assert (failed.value.usage, failed.value.cost_usd) == (Usage(100, 10), None)


def test_what_is_free_stays_free_where_nothing_is_counted() -> None:
    result = extract(CONTRACT, Terms, evidence="none", provider=ScriptedProvider(['{"law": "x"}']))
    assert result.cost_usd == 0
    assert result.warnings == ()
    assert result.usage.total_tokens > 0


def test_a_script_may_say_that_nothing_was_counted_as_used() -> None:
    free = ModelResponse('{"law": "x"}', Usage())
    result = extract(CONTRACT, Terms, evidence="none", provider=ScriptedProvider([free]))
    assert result.usage == Usage()
    assert result.cost_usd == 0
    assert result.warnings == ()


def test_what_nobody_counts_still_ends_at_the_limit() -> None:
    limit = 6_000
    with pytest.raises(TokenLimitError) as caught:
        run(*[reply("no")] * 4, max_attempts=4, max_tokens=limit)
    assert 0 < caught.value.attempts < 4
    assert caught.value.spent + caught.value.estimate > limit


def described(count: int) -> type[BaseModel]:
    """A schema of many fields, each with a description of several lawyers' length."""
    asked: dict[str, Any] = {
        f"field_{number}": (str | None, Field(default=None, description=f"Term {number}: " * 360))
        for number in range(count)
    }
    return create_model("Described", **asked)


@pytest.mark.parametrize("backend", ["strict", "tools", "json", "xml"])
def test_the_default_allowance_never_refuses_its_own_requests(backend: str) -> None:
    answer = "<field_1>x</field_1>" if backend == "xml" else '{"field_1": "x"}'
    provider = ScriptedProvider(["no", "no", answer], profile=profile_for("compatible", "m"))
    result = extract(CONTRACT, described(100), evidence="none", provider=provider, backend=backend)
    assert result.attempts == 3


def test_instructions_of_ones_own_are_part_of_the_default_allowance() -> None:
    provider = ScriptedProvider(['{"law": "x"}'], profile=profile_for("compatible", "m"))
    long = "Answer in English. " * 20_000
    assert run(provider=provider, instructions=long).value == Terms(law="x")


def test_a_reply_that_waits_for_its_turn_is_on_the_books_when_its_task_is_cancelled() -> None:
    class Books(MemoryLedger):
        def settle(self, record: CallRecord, budgets: Sequence[Budget], /) -> None:
            settled.append(record)
            super().settle(record, budgets)

    async def scenario() -> list[bool]:
        with Extractor(Terms, provider=provider, core=core, evidence="none") as extractor:
            tasks = [asyncio.create_task(extractor.aextract(CONTRACT)) for _ in range(3)]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            tasks[2].cancel()
            await asyncio.wait(tasks)
        return [task.cancelled() for task in tasks]

    settled: list[CallRecord] = []
    core = CallCore(ledger=Books())
    provider = ScriptedProvider(['{"law": "Ireland"}'] * 3)
    assert asyncio.run(scenario()) == [False, False, True]
    assert [record.state for record in settled] == ["settled"] * 3

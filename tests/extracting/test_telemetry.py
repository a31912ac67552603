"""What is traced and measured, by the conventions' names, and never a word of a contract."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode
from pydantic import BaseModel

from extractor import Extractor
from extractor.calls.steps import Send, Target
from extractor.errors import ExtractionError, RateLimitError
from extractor.extracting import telemetry
from extractor.providers import Provider
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider
from extractor.providers.scripted import ScriptedProvider
from extractor.types import (
    Extraction,
    JsonObjectOutput,
    Message,
    ModelRequest,
    ModelResponse,
    StopReason,
    TextOutput,
    Usage,
)
from tests.loopback import Behaviour, Loopback, reply
from tests.telemetry_sdk import Recorded
from tests.telemetry_sdk import recorded as sdk

CLAUSE = "Pellworth Ltd shall pay Dr. Quist 750 euro."
REQUEST = ModelRequest("m", (Message("user", CLAUSE),), TextOutput(), 500)


class Lease(BaseModel):
    rent: int


RESULT = Extraction(
    value=Lease(rent=750),
    fields={},
    model="openai:m",
    backend="strict",
    attempts=2,
    repairs=(),
    usage=Usage(11, 7),
    cost_usd=Decimal("0.0125"),
    warnings=(),
    coverage=1.0,
)


@pytest.fixture
def recorded() -> Recorded:
    kept = sdk()
    kept.forget()
    return kept


def post(provider: Provider, request: ModelRequest = REQUEST) -> ModelResponse:
    step = Send(request, Target(provider.name, request.model))
    with telemetry.call(step, provider) as span:
        return span.answered(provider.send(request))


async def apost(provider: Provider, request: ModelRequest = REQUEST) -> ModelResponse:
    step = Send(request, Target(provider.name, request.model))
    with telemetry.call(step, provider) as span:
        return span.answered(await provider.asend(request))


def run_apost(provider: Provider) -> ModelResponse:
    return asyncio.run(apost(provider))


def facts(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_an_openai_call_is_a_client_span_with_what_was_asked_and_answered(
    recorded: Recorded,
) -> None:
    with Loopback(reply()) as server:
        provider = OpenAIProvider(api_key="k", base_url=server.url)
        assert post(provider, replace(REQUEST, temperature=0.0)).text == "fine"
        provider.close()
    (span,) = recorded.spans
    assert (span.name, span.kind) == ("chat m", SpanKind.CLIENT)
    assert span.status.status_code is StatusCode.UNSET
    assert facts(span) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "m",
        "gen_ai.request.max_tokens": 500,
        "gen_ai.request.temperature": 0.0,
        "gen_ai.output.type": "text",
        "gen_ai.response.model": "m-2026",
        "gen_ai.response.id": "r-1",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 7,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.cache_write.input_tokens": 0,
        "gen_ai.usage.reasoning.output_tokens": 0,
        "server.address": "127.0.0.1",
        "server.port": server.port,
    }


def test_tokens_and_seconds_are_measured_by_the_conventions_names(recorded: Recorded) -> None:
    with Loopback(reply()) as server:
        provider = OpenAIProvider(api_key="k", base_url=server.url)
        post(provider)
        asyncio.run(apost(provider))
        provider.close()
    common = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "m",
        "gen_ai.response.model": "m-2026",
        "server.address": "127.0.0.1",
        "server.port": server.port,
    }
    tokens = recorded.measured("gen_ai.client.token.usage")
    assert sorted((a["gen_ai.token.type"], n, s) for a, n, s in tokens) == [
        ("input", 2, 22),
        ("output", 2, 14),
    ]
    assert [{k: v for k, v in a.items() if k in common} for a, _, _ in tokens] == [common] * 2
    ((attributes, number, seconds),) = recorded.measured("gen_ai.client.operation.duration")
    assert (attributes, number) == (common, 2)
    assert 0 < seconds < 60


def test_the_buckets_are_those_that_the_conventions_advise(recorded: Recorded) -> None:
    post(ScriptedProvider(["fine"]))
    tokens = recorded.boundaries("gen_ai.client.token.usage")
    seconds = recorded.boundaries("gen_ai.client.operation.duration")
    assert (tokens[0], tokens[1], tokens[-1], len(tokens)) == (1, 4, 67_108_864, 14)
    assert (seconds[0], seconds[1], seconds[-1], len(seconds)) == (0.01, 0.02, 81.92, 14)


@pytest.mark.parametrize("run", [post, run_apost], ids=["send", "asend"])
def test_a_call_through_claudes_sdk_has_one_span_and_it_is_ours(
    recorded: Recorded, run: Callable[[Provider], ModelResponse]
) -> None:
    with Loopback(reply()) as server:
        provider = AnthropicProvider(api_key="k", base_url=server.url.removesuffix("/v1"))
        with telemetry.extraction(schema="Lease", model="anthropic:m", technique="native"):
            run(provider)
        provider.close()
    inner, outer = recorded.spans
    assert (inner.name, inner.kind) == ("chat m", SpanKind.CLIENT)
    assert inner.parent is not None
    assert outer.context is not None
    assert inner.parent.span_id == outer.context.span_id
    assert len(recorded.measured("gen_ai.client.token.usage")) == 2
    assert len(recorded.measured("gen_ai.client.operation.duration")) == 1


def test_an_extraction_is_a_span_around_its_calls(recorded: Recorded) -> None:
    provider = ScriptedProvider(["fine", "fine"])
    with telemetry.extraction(schema="Lease", model="openai:other", technique="json") as span:
        post(provider)
        post(provider)
        assert span.ended(RESULT) is RESULT
    first, second, outer = recorded.spans
    assert outer.context is not None
    for call in (first, second):
        assert call.parent is not None
        assert call.parent.span_id == outer.context.span_id
    assert (outer.name, outer.kind) == ("extract Lease", SpanKind.INTERNAL)
    assert facts(outer) == {
        "extractor.schema": "Lease",
        "extractor.model": "openai:m",
        "extractor.technique": "strict",
        "extractor.attempts": 2,
        "extractor.cost_usd": 0.0125,
        "extractor.status": "ok",
    }


@pytest.mark.parametrize("way", ["blocking", "asynchronous"])
def test_an_extractor_traces_what_it_does(recorded: Recorded, way: str) -> None:
    provider = ScriptedProvider(["nothing of use", '{"rent": 750}'])
    with Extractor(Lease, provider=provider, evidence="none") as extractor:
        if way == "blocking":
            extractor.extract(CLAUSE)
        else:
            asyncio.run(extractor.aextract(CLAUSE))
    *calls, outer = recorded.spans
    assert outer.name == "extract Lease"
    assert facts(outer)["extractor.attempts"] == len(calls) == 2
    assert outer.context is not None
    assert {call.parent and call.parent.span_id for call in calls} == {outer.context.span_id}


def test_extractions_side_by_side_keep_their_own_calls(recorded: Recorded) -> None:
    async def one(name: str) -> None:
        with telemetry.extraction(schema=name, model="scripted:m", technique="json"):
            await asyncio.sleep(0)
            await apost(ScriptedProvider(["fine"]), replace(REQUEST, model=name))

    async def both() -> None:
        await asyncio.gather(one("a"), one("b"))

    asyncio.run(both())
    outer = {s.name.removeprefix("extract "): s for s in recorded.spans if "extract" in s.name}
    inner = {s.name.removeprefix("chat "): s for s in recorded.spans if "chat" in s.name}
    for name in ("a", "b"):
        parent, context = inner[name].parent, outer[name].context
        assert parent is not None
        assert context is not None
        assert parent.span_id == context.span_id


def test_a_failed_call_says_which_error_it_was_and_not_what_it_says(recorded: Recorded) -> None:
    failing = ScriptedProvider([RateLimitError(f"openai answered 429: {CLAUSE}")])
    with pytest.raises(RateLimitError):
        post(failing)
    (span,) = recorded.spans
    assert facts(span)["error.type"] == "RateLimitError"
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert span.events == ()
    ((attributes, number, _),) = recorded.measured("gen_ai.client.operation.duration")
    assert (attributes["error.type"], number) == ("RateLimitError", 1)
    assert recorded.measured("gen_ai.client.token.usage") == []


def test_a_failed_extraction_tells_its_bill_and_which_error_it_was(recorded: Recorded) -> None:
    error = ExtractionError(f"No valid answer for {CLAUSE}")
    error.billed(attempts=4, usage=Usage(44, 28), cost_usd=None)
    with (
        pytest.raises(ExtractionError),
        telemetry.extraction(schema="Lease", model="openai:m", technique="strict"),
    ):
        raise error
    (span,) = recorded.spans
    assert facts(span) == {
        "extractor.schema": "Lease",
        "extractor.model": "openai:m",
        "extractor.technique": "strict",
        "extractor.attempts": 4,
        "extractor.status": "failed",
        "error.type": "ExtractionError",
    }
    assert (span.status.description, span.events) == (None, ())


def test_a_cancelled_extraction_is_not_a_failed_one(recorded: Recorded) -> None:
    async def run() -> None:
        with telemetry.extraction(schema="Lease", model="openai:m", technique="strict"):
            await asyncio.sleep(60)

    async def cancel() -> None:
        task = asyncio.create_task(run())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    (span,) = recorded.spans
    assert facts(span)["extractor.status"] == "cancelled"
    assert facts(span)["error.type"] == "CancelledError"


@pytest.mark.parametrize(
    ("reason", "told"),
    [(StopReason.END, "stop"), (StopReason.TOOL_USE, "tool_call"), (StopReason.LENGTH, "length")],
)
def test_stop_reasons_go_by_the_conventions_words(
    recorded: Recorded, reason: StopReason, told: str
) -> None:
    post(ScriptedProvider([ModelResponse("fine", stop_reason=reason)]))
    assert facts(recorded.spans[0])["gen_ai.response.finish_reasons"] == (told,)


def test_what_is_not_known_is_left_out(recorded: Recorded) -> None:
    silent: Behaviour = reply({"choices": [{"message": {"content": "fine"}}]})
    with Loopback(silent) as server:
        provider = OpenAIProvider(api_key="k", base_url=server.url)
        post(provider, replace(REQUEST, output=JsonObjectOutput()))
        provider.close()
    known = facts(recorded.spans[0])
    assert known["gen_ai.output.type"] == "json"
    unknown = ("gen_ai.usage.input_tokens", "gen_ai.response.model", "gen_ai.response.id")
    assert not known.keys() & set(unknown)
    assert recorded.measured("gen_ai.client.token.usage") == []


def test_without_an_sdk_calls_work_and_nothing_of_one_is_loaded() -> None:
    script = """
import sys
from extractor.extracting import telemetry
from extractor.calls.steps import Send, Target
from extractor.providers.scripted import ScriptedProvider
from extractor.types import Message, ModelRequest, TextOutput

provider = ScriptedProvider(["fine"])
request = ModelRequest("m", (Message("user", "q"),), TextOutput(), 5)
assert "opentelemetry" not in sys.modules
with telemetry.extraction(schema="S", model="scripted:m", technique="json"):
    with telemetry.call(Send(request, Target("scripted", "m")), provider) as span:
        print(span.answered(provider.send(request)).text)
assert not [name for name in sys.modules if name.startswith("opentelemetry.sdk")]
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("fine\n", "")


@pytest.mark.parametrize("usage", [Usage(10**30, 5), Usage(-5, 5), Usage(5, 5, 50)])
def test_tokens_that_can_not_be_true_are_neither_traced_nor_measured(
    recorded: Recorded, usage: Usage
) -> None:
    post(ScriptedProvider([ModelResponse("an answer", usage)]))
    (span,) = recorded.spans
    assert not [name for name in facts(span) if "usage" in name]
    assert recorded.measured("gen_ai.client.token.usage") == []

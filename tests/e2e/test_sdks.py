"""Each technique through each real SDK against a mock transport, blocking, async and scripted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel, Field

from extractor import (
    Extraction,
    InvalidResponseError,
    RetryPolicy,
    ScriptedProvider,
    aextract,
    extract,
)
from extractor.outputs.record import extraction_record
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider

CONTRACT = "This Agreement binds Acme Corp. for thirty (30) days. The laws of Ohio govern it."
QUOTED = {
    "party": {"quote": "binds Acme Corp.", "value": "Acme Corp."},
    "days": {"quote": "thirty (30) days", "value": 30},
    "law": None,
}
XML = (
    "<Terms><party><quote>binds Acme Corp.</quote><value>Acme Corp.</value></party>"
    "<days><quote>thirty (30) days</quote><value>30</value></days><law></law></Terms>"
)


class Terms(BaseModel):
    party: str = Field(description="Who is bound.")
    days: int | None = Field(default=None, description="For how many days.")
    law: str | None = Field(default=None, description="Whose law governs.")


Handler = Callable[[httpx2.Request], httpx2.Response]


def openai_reply(backend: str, seen: list[dict[str, Any]]) -> Handler:
    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(request.content))
        text = XML if backend == "xml" else json.dumps(QUOTED)
        call = {"id": "c", "type": "function", "function": {"name": "Terms", "arguments": text}}
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if backend == "tools":
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        body = {"id": "r", "object": "chat.completion", "created": 1, "model": "gpt-5.4-mini"}
        return httpx2.Response(200, json=body | {"choices": [choice], "usage": usage})

    return handler


def anthropic_reply(backend: str, seen: list[dict[str, Any]]) -> Handler:
    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(request.content))
        text = {"type": "text", "text": XML if backend == "xml" else json.dumps(QUOTED)}
        tool = {"type": "tool_use", "id": "t", "name": "Terms", "input": QUOTED}
        body = {
            "id": "m",
            "type": "message",
            "role": "assistant",
            "model": "claude-sonnet-4-6",
            "content": [tool if backend == "tools" else text],
            "stop_reason": "tool_use" if backend == "tools" else "end_turn",
            "usage": {"input_tokens": 100, "output_tokens": 20},
        }
        return httpx2.Response(200, json=body)

    return handler


def as_json(result: Extraction[Terms]) -> dict[str, Any]:
    """A result without what names the provider or depends on its tokenizer."""
    record = extraction_record(replace(result, model="", cost_usd=None))
    return {key: value for key, value in record.items() if key not in {"usage", "backend"}}


def scripted(backend: str) -> dict[str, Any]:
    reply = XML if backend == "xml" else json.dumps(QUOTED)
    provider = ScriptedProvider([reply])
    return as_json(extract(CONTRACT, Terms, provider=provider, backend=backend))


@pytest.mark.parametrize("backend", ["strict", "json", "tools", "xml"])
async def test_openai_gives_the_same_blocking_async_and_scripted(backend: str) -> None:
    seen: list[dict[str, Any]] = []
    transport = httpx2.MockTransport(openai_reply(backend, seen))
    provider = OpenAIProvider(
        api_key="test",
        http_client=httpx2.Client(transport=transport),
        async_http_client=httpx2.AsyncClient(transport=transport),
    )
    options: dict[str, Any] = {"provider": provider, "model": "gpt-5.4-mini", "backend": backend}
    blocking = extract(CONTRACT, Terms, **options)
    on_loop = await aextract(CONTRACT, Terms, **options)
    assert as_json(blocking) == as_json(on_loop) == scripted(backend)
    assert blocking == on_loop
    assert blocking.value == Terms(party="Acme Corp.", days=30, law=None)
    assert [field.status for field in blocking.fields.values()] == ["found", "found", "absent"]
    assert blocking.cost_usd is not None
    assert blocking.cost_usd > 0
    assert len(seen) == 2
    assert CONTRACT in json.dumps(seen[0])


@pytest.mark.parametrize("backend", ["native", "tools", "xml"])
async def test_claude_gives_the_same_blocking_async_and_scripted(backend: str) -> None:
    seen: list[dict[str, Any]] = []
    transport = httpx2.MockTransport(anthropic_reply(backend, seen))
    provider = AnthropicProvider(
        api_key="test",
        http_client=httpx2.Client(transport=transport),
        async_http_client=httpx2.AsyncClient(transport=transport),
    )
    options: dict[str, Any] = {"provider": provider, "backend": backend}
    blocking = extract(CONTRACT, Terms, model="claude-sonnet-4-6", **options)
    on_loop = await aextract(CONTRACT, Terms, model="claude-sonnet-4-6", **options)
    assert as_json(blocking) == as_json(on_loop) == scripted(backend)
    assert blocking.value == Terms(party="Acme Corp.", days=30, law=None)
    assert blocking.usage.input_tokens == 100
    wire = {"native": "output_config", "tools": "tools", "xml": "messages"}[backend]
    assert wire in seen[0]


@pytest.mark.parametrize("body", ["{}", '{"error": {"message": "x"}}', "<html></html>", '{"id": '])
def test_a_200_with_rubbish_is_tried_again_and_then_a_typed_error(body: str) -> None:
    posts: list[int] = []

    def handler(_request: httpx2.Request) -> httpx2.Response:
        posts.append(1)
        return httpx2.Response(200, content=body.encode())

    client = httpx2.Client(transport=httpx2.MockTransport(handler))
    provider = OpenAIProvider(api_key="test", http_client=client)
    retry = RetryPolicy(attempts=3, initial=0.001, longest=0.01)
    with pytest.raises(InvalidResponseError) as caught:
        extract(CONTRACT, Terms, provider=provider, model="gpt-5.4-mini", retry=retry)
    assert len(posts) == 3
    assert caught.value.attempts == 3

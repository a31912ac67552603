"""Requests after the first: what the SDK wrote for that, with another body."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import math
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from extractor.errors import (
    APIConnectionError,
    APITimeoutError,
    NotFoundError,
    OverloadedError,
    ProviderError,
    RateLimitError,
)
from extractor.providers.openai import OpenAIProvider
from extractor.types import (
    JsonObject,
    JsonSchemaOutput,
    Message,
    ModelRequest,
    ModelResponse,
    TextOutput,
)
from tests.loopback import REPLY, Behaviour, Connection, Loopback, cut, reply, silence
from tests.providers.conftest import KEY

if TYPE_CHECKING:
    from extractor.providers.anthropic import AnthropicProvider
    from tests.providers.conftest import Kind


def asking(text: str) -> ModelRequest:
    return ModelRequest("m", (Message("user", text),), TextOutput(), 500)


def ask_in_turn(
    provider: OpenAIProvider | AnthropicProvider, how: str, *texts: str
) -> list[ModelResponse]:
    """Ask with one client; the last failure is raised."""
    return send_in_turn(provider, how, *map(asking, texts))


def send_in_turn(
    provider: OpenAIProvider | AnthropicProvider, how: str, *requests: ModelRequest
) -> list[ModelResponse]:
    if how == "send":
        return [provider.send(request) for request in requests]

    async def run() -> list[ModelResponse]:
        return [await provider.asend(request) for request in requests]

    return asyncio.run(run())


def noting(heads: list[list[bytes]], then: Behaviour) -> Behaviour:
    """Keep the head of a request, without what tells its length."""

    def behave(connection: Connection) -> bool:
        lines = connection.head.lower().split(b"\r\n")
        heads.append(sorted(line for line in lines if not line.startswith(b"content-length")))
        return then(connection)

    return behave


def test_the_second_request_has_the_address_and_headers_of_the_first(kind: Kind, how: str) -> None:
    heads: list[list[bytes]] = []
    with Loopback(noting(heads, reply())) as server:
        provider = kind(api_key=KEY, base_url=server.url)
        answers = ask_in_turn(provider, how, "One?", "Two, and more?")
        bodies = server.requests
        provider.close()
    assert [answer.text for answer in answers] == ["fine", "fine"]
    assert heads[0] == heads[1]
    assert any(KEY.encode() in line for line in heads[1])
    assert b"One?" in bodies[0]
    assert bodies[1] == bodies[0].replace(b"One?", b"Two, and more?")


@pytest.mark.parametrize(
    ("then", "error"),
    [
        (reply({"error": {"message": "slow"}}, 429, {"retry-after": "7"}), RateLimitError),
        (reply(b"", 529), OverloadedError),
        (reply(b"", 307, {"location": "http://127.0.0.1:9/other"}), NotFoundError),
        (cut(b""), APIConnectionError),
        (silence, APITimeoutError),
    ],
)
def test_what_goes_wrong_later_is_told_as_at_first(
    kind: Kind, how: str, then: Behaviour, error: type[Exception]
) -> None:
    told: list[tuple[str, bool, float | None, int | None]] = []
    for before in ([], [reply()]):
        with Loopback(*before, then) as server:
            provider = kind(api_key=KEY, base_url=server.url, read_timeout=0.2)
            with pytest.raises(error) as raised:
                ask_in_turn(provider, how, *("Well?" for _ in (*before, then)))
            provider.close()
        failure = raised.value
        assert isinstance(failure, ProviderError)
        message = str(failure).replace(server.url, "URL")
        told.append((message, failure.may_be_billed, failure.retry_after, failure.status))
    assert told[0] == told[1]


def test_nothing_of_the_first_contract_and_none_of_its_cookies_is_kept(
    kind: Kind, how: str
) -> None:
    heads: list[list[bytes]] = []
    with Loopback(
        reply(b"", 503, {"set-cookie": "lb=dead"}),
        noting(heads, reply(headers={"set-cookie": "lb=live"})),
    ) as server:
        provider = kind(api_key=KEY, base_url=server.url)

        async def run() -> None:
            with pytest.raises(OverloadedError):
                await provider.asend(asking("One?"))
            for text in ("The first contract.", "Three?"):
                await provider.asend(asking(text))
            link = await provider._clients.aget()  # pyright: ignore[reportPrivateUsage]
            assert b"first contract" not in bodies_held(link)

        if how == "send":
            with pytest.raises(OverloadedError):
                provider.send(asking("One?"))
            for text in ("The first contract.", "Three?"):
                provider.send(asking(text))
            link = provider._clients.get()  # pyright: ignore[reportPrivateUsage]
            assert b"first contract" not in bodies_held(link)
        else:
            asyncio.run(run())
        provider.close()
    assert len(heads) == 2
    assert not any(line.startswith(b"cookie") for line in heads[1])


def bodies_held(link: Any) -> bytes:
    """Return the bodies that a link holds."""
    held = [getattr(each, "request", each) for each in link._templates.values()]
    return b"".join(request.read() for request in held)


@pytest.mark.parametrize("schema", [{"x": math.nan}, {"x": Decimal(1)}, {"x": {1, 2}}])
def test_what_the_sdk_would_not_write_is_not_written_later_either(
    how: str, schema: JsonObject
) -> None:
    good = asking("Well?")
    bad = replace(good, output=JsonSchemaOutput("s", schema))
    with Loopback(reply()) as server:
        provider = OpenAIProvider(api_key=KEY, base_url=server.url)
        with pytest.raises(ProviderError):
            send_in_turn(provider, how, good, bad)
        assert len(server.requests) == 1
        provider.close()


def test_a_server_is_told_the_time_that_each_call_has(kind: Kind) -> None:
    heads: list[list[bytes]] = []
    with Loopback(noting(heads, reply())) as server:
        provider = kind(api_key=KEY, base_url=server.url)
        for seconds in (2.5, 100.0):
            provider.send(asking("Well?"), timeout=seconds)
        provider.close()
    name = b"x-stainless-read-timeout: "
    told = [
        float(line.removeprefix(name)) for head in heads for line in head if line.startswith(name)
    ]
    assert told[0] <= 2.5
    assert 90 < told[1] <= 100


def test_a_reply_has_its_headers_as_the_first_one_has(how: str) -> None:
    limits = {"x-ratelimit-limit-requests": "9", "x-ratelimit-remaining-requests": "8"}
    headers = {"x-request-id": "r\u00e9", **limits}
    with Loopback(reply(headers=headers)) as server:
        provider = OpenAIProvider(api_key=KEY, base_url=server.url)
        first, second = ask_in_turn(provider, how, "One?", "Two?")
        provider.close()
    assert (first.request_id, first.rate_limits) == (second.request_id, second.rate_limits)
    assert second.request_id
    assert [status.remaining for status in second.rate_limits] == [8]


def test_a_compressed_reply_is_read_later_too(kind: Kind, how: str) -> None:
    packed = reply(gzip.compress(json.dumps(REPLY).encode()), headers={"content-encoding": "gzip"})
    with Loopback(packed) as server:
        provider = kind(api_key=KEY, base_url=server.url)
        assert [a.text for a in ask_in_turn(provider, how, "One?", "Two?")] == ["fine", "fine"]
        provider.close()


def test_each_request_is_logged_as_sent_and_nothing_of_its_words(
    kind: Kind, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "httpx2")
    with Loopback(reply()) as server:
        provider = kind(api_key=KEY, base_url=server.url)
        ask_in_turn(provider, how, "One?", "Two?", "Three?")
        provider.close()
    lines = [record.getMessage() for record in caplog.records if record.name == "httpx2"]
    assert len(lines) == 3
    assert len(set(lines)) == 1
    assert "200" in lines[0]


def test_what_a_first_request_failed_with_does_not_stay(kind: Kind, how: str) -> None:
    with Loopback(reply(b"", 503), reply()) as server:
        provider = kind(api_key=KEY, base_url=server.url)
        with pytest.raises(OverloadedError):
            ask_in_turn(provider, how, "Well?")
        assert ask_in_turn(provider, how, "Well?")[0].text == "fine"
        provider.close()


def test_a_client_of_the_callers_keeps_its_own_rules() -> None:
    written: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        written.append(request.headers["x-turn"])
        return httpx2.Response(200, json={"choices": [{"message": {"content": "fine"}}]})

    turns = iter(range(9))

    def number(request: httpx2.Request) -> None:
        request.headers["x-turn"] = str(next(turns))

    transport = httpx2.MockTransport(answer)
    with httpx2.Client(transport=transport, event_hooks={"request": [number]}) as client:
        provider = OpenAIProvider(http_client=client, api_key=KEY)
        ask_in_turn(provider, "send", "One?", "Two?")
    assert written == ["0", "1"]

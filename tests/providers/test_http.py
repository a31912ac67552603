"""The clients' lives: made once, one for each event loop, closed by it; over real sockets."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import warnings
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar, TypeAlias

import httpx2
import pytest

from extractor.errors import APIConnectionError, APITimeoutError
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.compatible import CompatibleProvider
from extractor.providers.local import LocalProvider
from extractor.providers.openai import OpenAIProvider
from extractor.providers.scripted import ScriptedProvider
from extractor.types import Message, ModelRequest, TextOutput

Kind: TypeAlias = type[OpenAIProvider | AnthropicProvider]
REQUEST = ModelRequest("m", (Message("user", "q"),), TextOutput(), 5)
REPLY = json.dumps({"choices": [{"finish_reason": "stop", "message": {"content": "hi"}}]}).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connections: ClassVar[set[Any]] = set()

    def do_POST(self) -> None:
        self.connections.add(self.client_address)
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", str(len(REPLY)))
        self.end_headers()
        self.wfile.write(REPLY)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        return


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Generator[str]:
    """Answer on a socket of this machine, and give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def url() -> Iterator[str]:
    Handler.connections.clear()
    with serving(Handler) as address:
        yield address


def test_threads_share_one_client_and_its_connections(url: str) -> None:
    provider = CompatibleProvider(base_url=url)
    with ThreadPoolExecutor(4) as pool:
        texts = [reply.text for reply in pool.map(provider.send, [REQUEST] * 20)]
    provider.close()
    assert texts == ["hi"] * 20
    assert len(Handler.connections) <= 4


def test_one_provider_serves_one_event_loop_after_another(url: str) -> None:
    provider = CompatibleProvider(base_url=url)

    async def several() -> list[str]:
        replies = await asyncio.gather(*(provider.asend(REQUEST) for _ in range(3)))
        return [reply.text for reply in replies]

    assert [asyncio.run(several()) for _ in range(3)] == [["hi"] * 3] * 3
    gc.collect()  # an unclosed socket would be a warning, and so a failure


def test_loops_in_several_threads_do_not_share_a_client(url: str) -> None:
    provider = CompatibleProvider(base_url=url)

    async def ask_twice() -> list[str]:
        return [(await provider.asend(REQUEST)).text for _ in range(2)]

    def run() -> list[str]:
        return asyncio.run(ask_twice())

    with ThreadPoolExecutor(3) as pool:
        done = [thread.result() for thread in [pool.submit(run) for _ in range(3)]]
    assert done == [["hi", "hi"]] * 3


def test_blocking_and_asynchronous_calls_mix(url: str) -> None:
    provider = CompatibleProvider(base_url=url)

    async def mixed() -> tuple[str, str]:
        return provider.send(REQUEST).text, (await provider.asend(REQUEST)).text

    assert asyncio.run(mixed()) == ("hi", "hi")
    provider.close()


def test_closing_inside_a_loop_leaves_nothing_open(url: str) -> None:
    async def use_and_close() -> str:
        provider = CompatibleProvider(base_url=url)
        text = (await provider.asend(REQUEST)).text
        provider.close()
        return text

    assert asyncio.run(use_and_close()) == "hi"
    gc.collect()


class _BrokenZip(Handler):
    """Says that its answer is compressed, and it is not: as if a proxy had unpacked it half-way."""

    def end_headers(self) -> None:
        self.send_header("content-encoding", "gzip")
        super().end_headers()


@pytest.mark.parametrize("kind", [OpenAIProvider, AnthropicProvider, CompatibleProvider])
def test_an_answer_that_cannot_be_decompressed_may_be_billed(kind: Kind) -> None:
    with serving(_BrokenZip) as url:
        provider = kind(api_key="k", base_url=url)
        with pytest.raises(APIConnectionError, match="decompress") as blocking:
            provider.send(REQUEST)
        with pytest.raises(APIConnectionError, match="decompress") as asynchronous:
            asyncio.run(provider.asend(REQUEST))
        provider.close()
    for caught in (blocking, asynchronous):
        assert (caught.value.may_be_billed, caught.value.retryable) == (True, True)


def test_a_closed_provider_can_be_used_again(url: str) -> None:
    provider = CompatibleProvider(base_url=url)
    assert provider.send(REQUEST).text == "hi"
    provider.close()
    provider.close()
    assert provider.send(REQUEST).text == "hi"
    provider.close()


def test_a_provider_that_was_never_closed_leaves_nothing_open(url: str) -> None:
    provider = CompatibleProvider(base_url=url)
    assert provider.send(REQUEST).text == "hi"
    del provider
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


def test_a_client_of_the_caller_is_left_open() -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=REPLY)

    transport = httpx2.MockTransport(answer)
    mine = httpx2.Client(transport=transport)
    provider = OpenAIProvider(api_key="k", http_client=mine)
    provider.send(REQUEST)
    provider.close()
    assert not mine.is_closed
    mine.close()

    async def run() -> bool:
        async with httpx2.AsyncClient(transport=transport) as client:
            asynchronous = OpenAIProvider(api_key="k", async_http_client=client)
            await asynchronous.asend(REQUEST)
            asynchronous.close()
            await asyncio.sleep(0)
            return client.is_closed

    assert asyncio.run(run()) is False


def test_a_cancelled_call_is_cancelled_not_translated() -> None:
    async def hang(_: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(60)
        return httpx2.Response(200, content=REPLY)

    async def run() -> None:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(hang)) as client:
            provider = OpenAIProvider(api_key="k", async_http_client=client)
            task = asyncio.create_task(provider.asend(REQUEST))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())


def test_a_server_that_is_not_there_is_a_connection_error() -> None:
    provider = CompatibleProvider(base_url="http://127.0.0.1:1/v1")
    with pytest.raises(APIConnectionError, match="No connection to compatible") as caught:
        provider.send(REQUEST)
    provider.close()
    assert caught.value.hint is not None


def test_timeouts_are_explicit_and_the_reading_one_can_be_chosen() -> None:
    seen: list[dict[str, float]] = []

    def answer(asked: httpx2.Request) -> httpx2.Response:
        seen.append(asked.extensions["timeout"])
        raise httpx2.ReadTimeout("slow")

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as client:
        patient = OpenAIProvider(api_key="k", http_client=client, read_timeout=900.0)
        for provider in (OpenAIProvider(api_key="k", http_client=client), patient):
            with pytest.raises(APITimeoutError):
                provider.send(REQUEST)
    assert seen == [
        {"connect": 5.0, "read": 120.0, "write": 10.0, "pool": 5.0},
        {"connect": 5.0, "read": 900.0, "write": 10.0, "pool": 5.0},
    ]


def test_an_account_tells_keys_and_addresses_apart_and_holds_neither() -> None:
    key, other, url = "sk-first-0123456789", "sk-other-0123456789", "http://127.0.0.1:9/v1"
    first = OpenAIProvider(api_key=key)
    assert first.account == OpenAIProvider(api_key=key).account
    assert re.fullmatch("[0-9a-f]{16}", first.account)
    others = [
        OpenAIProvider(api_key=other).account,
        OpenAIProvider(api_key=key, base_url=url).account,
        AnthropicProvider(api_key=key).account,
        CompatibleProvider(base_url=url).account,
    ]
    assert len({first.account, *others}) == 5
    assert key not in f"{vars(first)['_account']}{first!r}"


def test_a_key_of_the_environment_is_the_same_account_as_the_same_argument(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = OpenAIProvider(api_key="sk-first-0123456789").account
    monkeypatch.setenv("OPENAI_API_KEY", "sk-first-0123456789\n")
    assert OpenAIProvider().account == given


def test_what_runs_here_has_no_account() -> None:
    assert (ScriptedProvider([]).account, LocalProvider().account) == ("", "")

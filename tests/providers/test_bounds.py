"""What one POST may take of time and memory, on real sockets, whatever the server does."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extractor.errors import APITimeoutError, InvalidResponseError, ProviderError
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.bounds import Post, current_post, posting
from extractor.providers.confidential import unlogged_bodies
from extractor.providers.http import HttpProvider
from extractor.providers.openai import OpenAIProvider
from extractor.types import Message, ModelRequest, ModelResponse, TextOutput
from tests.loopback import (
    DRIPPED_BODY,
    DRIPPED_HEADERS,
    ENDLESS_BODY,
    Behaviour,
    Connection,
    Loopback,
    bomb,
    reply,
    silence,
)

if TYPE_CHECKING:
    from tests.providers.conftest import Kind

TIMEOUT = 0.4
GRACE = 3.0
"""Seconds for a busy machine; `python -m benchmarks.post_bounds` is stricter."""

REQUEST = ModelRequest("m", (Message("user", "The contract. What law?"),), TextOutput(), 500)
LARGE = ModelRequest("m", (Message("user", "Clause. " * 1_000_000),), TextOutput(), 500)

Call = Callable[..., ModelResponse]


@pytest.fixture(scope="module", autouse=True)
def loaded_sdks() -> None:
    """Import what the first call imports: a slow machine may take seconds for it."""
    for kind in (OpenAIProvider, AnthropicProvider):
        provider: HttpProvider[Any, Any] = kind(api_key="k", base_url="http://127.0.0.1:9/v1")
        with pytest.raises(ProviderError):
            provider.send(REQUEST)
        provider.close()


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Fail where a test leaves a socket or a thread behind."""
    sockets, threads = open_sockets(), threading.active_count()
    yield
    if open_sockets() > sockets:
        gc.collect()
    assert open_sockets() <= sockets
    assert threading.active_count() <= threads


def open_sockets() -> int:
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the folder's own, closed meanwhile
            found += str(descriptor.readlink()).startswith("socket:")
    return found


@contextmanager
def calling(kind: Kind, how: str, url: str, **options: Any) -> Generator[Call]:
    """Give a function that does one POST, always with the same provider and event loop."""
    base = url if kind.default_name == "openai" else url.removesuffix("/v1")
    provider: HttpProvider[Any, Any] = kind(api_key="sk-0123456789", base_url=base, **options)
    if how == "send":
        yield provider.send
        provider.close()
        return
    with asyncio.Runner() as runner:

        def call(request: ModelRequest, **given: Any) -> ModelResponse:
            return runner.run(provider.asend(request, **given))

        yield call


def timed(call: Call, request: ModelRequest = REQUEST) -> tuple[ProviderError, float]:
    began = time.monotonic()
    with pytest.raises(ProviderError) as caught:
        call(request, timeout=TIMEOUT)
    return caught.value, time.monotonic() - began


@pytest.mark.parametrize(
    "behaviour",
    [DRIPPED_HEADERS, DRIPPED_BODY, silence],
    ids=["headers byte by byte", "body byte by byte", "no answer"],
)
def test_a_call_ends_in_time_however_slowly_it_is_answered(
    kind: Kind, how: str, behaviour: Behaviour
) -> None:
    with (
        Loopback(reply(), behaviour, reply()) as server,
        calling(kind, how, server.url) as call,
    ):
        assert call(REQUEST).text == "fine"
        error, seconds = timed(call)
        assert type(error) is APITimeoutError
        assert error.message == f"{kind.default_name} did not answer within 0.4 s"
        assert error.may_be_billed
        assert TIMEOUT <= seconds <= TIMEOUT + GRACE
        assert server.has_only(0), "the connection of the call that was given up is still open"
        assert call(REQUEST, timeout=30.0).text == "fine"


def test_a_request_that_is_not_taken_ends_in_time_and_is_not_billed(kind: Kind, how: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # accepts what its buffers hold
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/v1"
        with calling(kind, how, url) as call:
            error, seconds = timed(call, LARGE)
    assert type(error) is APITimeoutError
    assert not error.may_be_billed
    assert seconds <= TIMEOUT + GRACE


def test_a_connection_that_is_not_accepted_ends_in_time_and_is_not_billed(
    kind: Kind, how: str
) -> None:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        calling(kind, how, f"http://127.0.0.1:{full.getsockname()[1]}/v1") as call,
        socket.create_connection(full.getsockname()),
    ):
        error, seconds = timed(call)
    assert type(error) is APITimeoutError
    assert not error.may_be_billed
    assert seconds <= TIMEOUT + GRACE


def test_each_address_of_a_name_has_only_what_is_left(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        socket.create_connection(full.getsockname()),
    ):
        port: int = full.getsockname()[1]
        look_up = socket.getaddrinfo

        def twenty(host: Any, *args: Any, **options: Any) -> Any:
            if host == "localhost":
                return look_up("127.0.0.1", *args, **options) * 20
            return look_up(host, *args, **options)

        with (
            calling(kind, "send", f"http://localhost:{port}/v1") as call,
            monkeypatch.context() as m,
        ):
            m.setattr(socket, "getaddrinfo", twenty)
            error, seconds = timed(call)
    assert type(error) is APITimeoutError
    assert seconds <= TIMEOUT + GRACE


@pytest.mark.parametrize(
    "behaviour", [ENDLESS_BODY, bomb()], ids=["endless", "compressed for ever"]
)
def test_a_reply_that_never_ends_does_not_fill_the_memory(
    kind: Kind, how: str, behaviour: Behaviour
) -> None:
    with (
        Loopback(reply(), behaviour, reply()) as server,
        calling(kind, how, server.url) as call,
    ):
        assert call(REQUEST).text == "fine"
        tracemalloc.start()
        try:
            with pytest.raises(InvalidResponseError) as caught:
                call(REQUEST, timeout=30.0)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert caught.value.message == f"{kind.default_name} answered 200 with more than 16 MB"
        assert caught.value.may_be_billed
        assert peak < 64 * 1024**2
        assert server.has_only(0)
        assert call(REQUEST).text == "fine"


def test_the_limit_of_a_reply_can_be_chosen_and_holds_for_errors_too(kind: Kind, how: str) -> None:
    large = reply(b" " * 5_000, status=500)
    with (
        Loopback(large, large) as server,
        calling(kind, how, server.url, reply_limit=4_999) as call,
        pytest.raises(InvalidResponseError, match="answered 500 with more than"),
    ):
        call(REQUEST)
    with Loopback(large) as server, calling(kind, how, server.url, reply_limit=5_000) as call:
        with pytest.raises(ProviderError) as caught:
            call(REQUEST)
        assert caught.value.status == 500
        assert not isinstance(caught.value, InvalidResponseError)


def test_many_calls_given_up_leave_the_pool_sound(kind: Kind) -> None:
    async def run(provider: HttpProvider[Any, Any]) -> list[str]:
        calls = [provider.asend(REQUEST, timeout=TIMEOUT) for _ in range(20)]
        failed = await asyncio.gather(*calls, return_exceptions=True)
        assert {type(failure) for failure in failed} == {APITimeoutError}
        answers = await asyncio.gather(*(provider.asend(REQUEST) for _ in range(20)))
        return [answer.text for answer in answers]

    with Loopback(*[silence] * 20, reply()) as server:
        base = server.url if kind.default_name == "openai" else server.url.removesuffix("/v1")
        assert asyncio.run(run(kind(api_key="k", base_url=base))) == ["fine"] * 20
        assert server.has_only(0)


def test_a_cancelled_call_closes_its_connection(kind: Kind) -> None:
    async def run(provider: HttpProvider[Any, Any], server: Loopback) -> str:
        task = asyncio.create_task(provider.asend(REQUEST, timeout=30.0))
        assert await asyncio.to_thread(server.was_asked, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.has_only, 0)
        return (await provider.asend(REQUEST)).text

    with Loopback(silence, reply()) as server:
        base = server.url if kind.default_name == "openai" else server.url.removesuffix("/v1")
        assert asyncio.run(run(kind(api_key="k", base_url=base), server)) == "fine"


def test_without_time_nothing_is_sent(kind: Kind, how: str) -> None:
    with Loopback(reply()) as server, calling(kind, how, server.url) as call:
        for none in (0.0, -3.0):
            with pytest.raises(APITimeoutError, match="nothing was sent") as caught:
                call(REQUEST, timeout=none)
            assert not caught.value.may_be_billed
        assert server.requests == []


def test_without_a_timeout_a_slow_answer_is_waited_for(kind: Kind, how: str) -> None:
    def slow(connection: Connection) -> bool:
        time.sleep(TIMEOUT)
        return reply()(connection)

    with Loopback(slow) as server, calling(kind, how, server.url) as call:
        assert call(REQUEST).text == "fine"


def test_a_client_of_the_callers_own_has_the_timeout_for_each_read(kind: Kind) -> None:
    import httpx2

    with (
        Loopback(silence) as server,
        httpx2.Client() as mine,
        calling(kind, "send", server.url, http_client=mine) as call,
    ):
        error, seconds = timed(call)
    assert type(error) is APITimeoutError
    assert seconds <= TIMEOUT + GRACE


def test_a_post_knows_what_is_left_and_only_inside() -> None:
    with posting(60.0) as post:
        assert current_post() is post
        assert post.left is not None
        assert 59.0 < post.left <= 60.0
        assert not post.is_over
    assert current_post() is None
    assert Post(None).left is None
    assert not Post(None).is_over
    assert Post(0.0).is_over


def test_a_post_that_is_closed_in_another_context_is_merely_closed() -> None:
    """As the collector does it: an error of ours would be told in place of that end."""

    def call() -> Generator[None]:
        with unlogged_bodies(), posting(60.0):
            yield

    forgotten = call()
    copy_context().run(next, forgotten)
    with posting(5.0) as post:
        forgotten.close()
        assert current_post() is post

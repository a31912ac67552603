"""Which proxy a client uses, and that it keeps to the rules of the package."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import httpx2
import pytest

from extractor.errors import APIConnectionError
from extractor.providers import transport
from extractor.providers.bounds import current_post, posting
from extractor.types import Message, ModelRequest, TextOutput
from tests.loopback import Loopback, reply

if TYPE_CHECKING:
    from tests.providers.conftest import Kind

REQUEST = ModelRequest("m", (Message("user", "q"),), TextOutput(), 5)


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_PROXY".upper(), raising=False)


def is_answered(url: str) -> bool:
    with transport.client(url, from_environment=True, reply_limit=10_000) as client:
        try:
            client.get(url, headers={"content-length": "0"}, timeout=5.0)
        except httpx2.TransportError:
            return False
        return True


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize(
    ("exempt", "used"),
    [
        ("", True),
        ("example.com", True),
        ("127.0.0.1", False),
        ("127.0.0.1:9", False),
        ("10.0.0.0/8, 127.0.0.0/8", False),
        ("10.0.0.0/8", True),
        ("*", False),
    ],
)
def test_the_environments_proxy_is_used_but_for_exempt_hosts_and_networks(
    monkeypatch: pytest.MonkeyPatch, exempt: str, used: bool
) -> None:
    with Loopback(reply()) as server:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        monkeypatch.setenv("NO_PROXY", exempt)
        assert is_answered("http://127.0.0.1:9/v1") is used  # port 9 itself refuses


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_a_proxy_may_be_named_without_a_scheme(
    kind: Kind, how: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with Loopback(reply()) as server:
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv(variable, server.url.removeprefix("http://").removesuffix("/v1"))
        provider = kind(api_key="k", base_url="http://127.0.0.1:9/v1")
        if how == "send":
            assert provider.send(REQUEST).text == "fine"
        else:
            assert asyncio.run(provider.asend(REQUEST)).text == "fine"
        provider.close()


@pytest.mark.usefixtures("no_proxies")
def test_without_a_proxy_requests_go_to_the_address_itself(kind: Kind) -> None:
    provider = kind(api_key="k", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(APIConnectionError):
        provider.send(REQUEST)
    provider.close()


def test_the_installed_httpx2_can_be_told_the_time_of_a_call(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, "extractor"):
        transport.Transport(proxy=None, reply_limit=1).close()
        transport.Transport(proxy="http://127.0.0.1:9", reply_limit=1).close()
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("length", "pieces"),
    [
        (10, [(10, True)]),
        (64 * 1024, [(64 * 1024, True)]),
        (150_000, [(65_536, False), (65_536, False), (18_928, True)]),
    ],
)
async def test_a_call_is_in_doubt_from_when_the_last_of_its_body_is_handed_over(
    monkeypatch: pytest.MonkeyPatch, length: int, pieces: list[tuple[int, bool]]
) -> None:
    seen: list[tuple[int, bool]] = []

    async def handle(_self: object, request: httpx2.Request) -> httpx2.Response:
        assert isinstance(request.stream, httpx2.AsyncByteStream)
        async for piece in request.stream:
            post = current_post()
            seen.append((len(piece), post is not None and post.sent))
        return httpx2.Response(200, stream=httpx2.ByteStream(b""))

    monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", handle)
    url = "http://127.0.0.1:9/v1"
    async with transport.async_client(url, from_environment=False, reply_limit=10_000) as client:
        with posting(None):
            await client.post(url, content=b"x" * length)
    assert seen == pieces

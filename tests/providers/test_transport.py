"""Which proxy a client uses, and that it keeps to the rules of the package."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from aiohttp.http_writer import StreamWriter

from extractor.errors import APIConnectionError, ConfigurationError
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


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize(
    ("exempt", "used"),
    [
        ("", True),
        ("example.com", True),
        ("10.1.2.3", False),
        ("10.1.2.3:9", False),
        ("192.168.0.0/16, 10.0.0.0/8", False),
        ("192.168.0.0/16", True),
        ("*", False),
    ],
)
def test_the_environments_proxy_is_used_but_for_exempt_hosts_and_networks(
    monkeypatch: pytest.MonkeyPatch, exempt: str, used: bool
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", exempt)
    proxy = transport.proxy_for("http://10.1.2.3:9/v1")
    assert proxy == ("http://proxy.test:3128" if used else None)


def post(kind: Kind, how: str, base_url: str) -> str:
    provider = kind(api_key="k", base_url=base_url, allow_http=True)
    try:
        if how == "send":
            return provider.send(REQUEST).text
        return asyncio.run(provider.asend(REQUEST)).text
    finally:
        provider.close()


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_a_proxy_may_be_named_without_a_scheme(
    kind: Kind, how: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with Loopback(reply()) as server:
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv(variable, server.url.removeprefix("http://").removesuffix("/v1"))
        assert post(kind, how, "http://vllm.test/v1") == "fine"


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_what_goes_to_this_machine_is_shown_to_no_proxy(
    kind: Kind, how: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")  # which refuses
    with Loopback(reply()) as server:
        assert post(kind, how, server.url) == "fine"


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
    write = StreamWriter.write

    async def watched(self: StreamWriter, chunk: bytes, **options: Any) -> None:
        post = current_post()
        seen.append((len(chunk), post is not None and post.sent))
        await write(self, chunk, **options)

    monkeypatch.setattr(StreamWriter, "write", watched)
    with Loopback(reply()) as server:
        own = transport.async_transport(server.url, reply_limit=10_000)
        async with httpx2.AsyncClient(transport=own) as client:
            with posting(None):
                await client.post(server.url, content=b"x" * length)
    assert seen == pieces


@pytest.mark.parametrize("name", ["socks5://proxy.test:1080", "SOCKS5H://proxy.test:1080"])
def test_a_socks_proxy_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", name)
    with pytest.raises(ConfigurationError, match="SOCKS"):
        transport.proxy_for("https://api.test/v1")

"""A contract goes to the address that was given and nowhere else, whatever a server says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx2
import pytest

from extractor.errors import NotFoundError
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.compatible import CompatibleProvider
from extractor.providers.failures import Failures
from extractor.providers.http import HttpProvider
from extractor.providers.openai import OpenAIProvider
from extractor.types import Message, ModelRequest, TextOutput

REQUEST = ModelRequest("m", (Message("user", "THE CONTRACT"),), TextOutput(), 5)


class Server(ThreadingHTTPServer):
    """Answers every request with one status and location, and remembers what was sent."""

    def __init__(self, status: int, location: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.location = status, location
        self.bodies: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Server)
        self.server.bodies.append(self.rfile.read(int(self.headers.get("content-length", 0))))
        self.send_response(self.server.status)
        self.send_header("location", self.server.location)
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the base's name; a 303 would be followed by a GET

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        return


@contextmanager
def running(status: int, location: str = "") -> Generator[Server]:
    with Server(status, location) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def openai(url: str) -> HttpProvider[Any, Any]:
    return OpenAIProvider(api_key="k", base_url=f"{url}/v1")


def anthropic(url: str) -> HttpProvider[Any, Any]:
    return AnthropicProvider(api_key="k", base_url=url)


def compatible(url: str) -> HttpProvider[Any, Any]:
    return CompatibleProvider(base_url=f"{url}/v1")


def ask(provider: HttpProvider[Any, Any], how: str) -> None:
    try:
        if how == "send":
            provider.send(REQUEST)
        else:
            asyncio.run(provider.asend(REQUEST))
    finally:
        provider.close()


@pytest.mark.parametrize("how", ["send", "asend"])
@pytest.mark.parametrize("make", [openai, anthropic, compatible])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_error_and_never_followed(
    make: Callable[[str], HttpProvider[Any, Any]], how: str, status: int
) -> None:
    with running(200) as elsewhere, running(status, f"{elsewhere.url}/v2?token=pw#x") as server:
        with pytest.raises(NotFoundError) as caught:
            ask(make(server.url), how)
        assert len(server.bodies) == 1
        assert elsewhere.bodies == []
    assert f"answered {status} and points to {elsewhere.url}/v2; redirects" in str(caught.value)
    assert (caught.value.status, caught.value.retryable) == (status, False)
    assert "base URL" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://me:pw@other.test/v1?key=pw#pw", " and points to https://other.test/v1;"),
        ("/v2/chat?key=pw", " and points to /v2/chat;"),
        ("http://[::1", ";"),
        ("?key=pw", ";"),
        (None, ";"),
    ],
)
def test_of_an_address_only_what_is_no_secret_is_told(location: str | None, told: str) -> None:
    headers = {"x-request-id": "req_1"} | ({"location": location} if location else {})
    error = Failures("p").status(httpx2.Response(307, headers=headers))
    assert error.message.startswith(f"p answered 307{told} redirects are not followed")
    assert "pw" not in error.message
    assert error.request_id == "req_1"

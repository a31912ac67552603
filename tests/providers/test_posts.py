"""One POST through either SDK, blocking or not: the same promises, whoever answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx2
import pytest

from extractor.errors import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    ConfigurationError,
    InvalidResponseError,
    OverloadedError,
    ProviderError,
    RateLimitError,
)
from extractor.types import Message, ModelRequest, TextOutput

if TYPE_CHECKING:
    from tests.providers.conftest import Kind, Serve

KEY = "sk-test-0123456789abcdef"
REQUEST = ModelRequest("m", (Message("user", "The contract. What law?"),), TextOutput(), 500)

RUBBISH = [
    b"",
    b"null",
    b"{}",
    b"[]",
    b'"text"',
    b"<html><body>Welcome</body></html>",
    b'{"choices": [{"message": {"content": "hal',
    b'{"choices": null}',
    b'{"choices": []}',
    b'{"choices": [null]}',
    b'{"choices": [{"finish_reason": "stop"}]}',
    b'{"choices": [{"message": {"content": 7}}]}',
    b'{"type": "message", "content": [{"type": "text", "text": "hal',
    b'{"content": null}',
    b'{"content": [null]}',
    b'{"content": [{"text": "no type"}]}',
    b'{"content": [{"type": "text", "text": 7}]}',
    b'{"error": {"message": "upstream failed", "code": 502}}',
    b'{"error": "upstream failed"}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"a": ' + b"9" * 5000 + b"}",
    b'data: {"choices": []}\n\n',
]


@pytest.mark.parametrize("raw", RUBBISH)
def test_a_200_that_is_no_reply_is_a_typed_error(
    serve: Serve, kind: Kind, how: str, raw: bytes
) -> None:
    headers = {"request-id": "req_9", "x-request-id": "req_9"}
    server = serve(kind, httpx2.Response(200, content=raw, headers=headers))
    with pytest.raises(InvalidResponseError, match=r"^\w+ answered 200 with ") as caught:
        server.ask(REQUEST, how)
    assert (caught.value.status, caught.value.request_id) == (200, "req_9")
    assert caught.value.retryable
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "content", "what"),
    [
        (204, b"", "nothing"),
        (202, b" ", "nothing"),
        (200, b"", "nothing"),
        (201, b"  <!doctype html>", "HTML"),
        (200, b'{"error": {"message": "upstream failed"}}', "an error: upstream failed"),
    ],
)
def test_a_success_without_a_reply_is_called_by_its_own_status(
    serve: Serve, kind: Kind, status: int, content: bytes, what: str
) -> None:
    server = serve(kind, httpx2.Response(status, content=content))
    with pytest.raises(InvalidResponseError) as caught:
        server.ask(REQUEST)
    assert caught.value.message == f"{kind.default_name} answered {status} with {what}"
    assert caught.value.status == status


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503, 529])
def test_nothing_is_ever_retried_here(serve: Serve, kind: Kind, how: str, status: int) -> None:
    server = serve(kind, httpx2.Response(status, json={"error": {"message": "no"}}))
    with pytest.raises(ProviderError) as caught:
        server.ask(REQUEST, how)
    assert caught.value.retryable
    assert len(server.requests) == 1


@pytest.mark.parametrize("header", [("retry-after", "2"), ("retry-after-ms", "2000")])
def test_the_sdks_exception_can_not_be_reached_from_ours(
    serve: Serve, kind: Kind, how: str, header: tuple[str, str]
) -> None:
    server = serve(kind, httpx2.Response(429, json={}, headers=[header]))
    with pytest.raises(RateLimitError) as caught:
        server.ask(REQUEST, how)
    assert caught.value.retry_after == 2.0
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_neither_key_nor_document_is_in_an_error(serve: Serve, kind: Kind, how: str) -> None:
    said = {"type": "error", "error": {"message": f"Incorrect API key provided: {KEY}."}}
    server = serve(kind, httpx2.Response(401, json=said))
    with pytest.raises(AuthenticationError) as caught:
        server.ask(REQUEST, how)
    shown = f"{caught.value!s} {caught.value!r} {caught.value.facts()} {vars(caught.value)}"
    assert KEY not in shown
    assert "The contract" not in shown


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (httpx2.ReadTimeout("slow"), APITimeoutError),
        (httpx2.ConnectTimeout("slow"), APITimeoutError),
        (httpx2.ConnectError("[Errno 111] Connection refused"), APIConnectionError),
        (httpx2.RemoteProtocolError("cut off"), APIConnectionError),
        (httpx2.ReadError("reset"), APIConnectionError),
        (RuntimeError("a bug in a transport"), ProviderError),
    ],
)
def test_transport_errors_translate(
    serve: Serve, kind: Kind, how: str, raised: Exception, error: type[ProviderError]
) -> None:
    server = serve(kind, raised)
    with pytest.raises(error):
        server.ask(REQUEST, how)
    assert len(server.requests) == 1


def test_a_connection_error_says_why(serve: Serve, kind: Kind, how: str) -> None:
    server = serve(kind, httpx2.ConnectError("[Errno 111] Connection refused"))
    with pytest.raises(APIConnectionError, match="Connection refused"):
        server.ask(REQUEST, how)


def test_an_html_error_page_is_not_shown(serve: Serve, kind: Kind, how: str) -> None:
    server = serve(kind, httpx2.Response(503, html="<h1>nginx</h1>"))
    with pytest.raises(OverloadedError) as caught:
        server.ask(REQUEST, how)
    assert str(caught.value) == f"{kind.default_name} answered 503 Service Unavailable"


def test_a_missing_key_is_refused_before_anything_is_sent(kind: Kind, how: str) -> None:
    provider = kind()
    with pytest.raises(ConfigurationError, match="no API key") as caught:
        provider.send(REQUEST) if how == "send" else asyncio.run(provider.asend(REQUEST))
    assert caught.value.hint == f"Set {kind.api_key_variable}."


@pytest.mark.parametrize("key", ["sk-caf\u00e9", "sk-a\nb", "sk-\u2019x"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(
    serve: Serve, kind: Kind, how: str, key: str
) -> None:
    server = serve(kind)
    with pytest.raises(ConfigurationError, match="no HTTP header") as caught:
        server.ask(REQUEST, how, api_key=key)
    assert key not in str(caught.value)
    assert server.requests == []


def test_a_key_with_a_line_break_at_its_end_is_used_without_it(
    serve: Serve, kind: Kind, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kind.api_key_variable, f"{KEY}\n")
    server = serve(kind, httpx2.Response(500))
    with pytest.raises(ProviderError):
        server.ask(REQUEST, how, api_key=None)
    sent = server.requests[0].headers
    assert KEY in (sent.get("x-api-key"), sent.get("authorization", "").removeprefix("Bearer "))


def test_a_key_comes_from_the_variable_that_is_named_for_it_and_from_no_other(
    serve: Serve, kind: Kind, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"api_key": None, "api_key_variable": "TEAM_KEY"}
    monkeypatch.setenv(kind.api_key_variable, "sk-of-somebody-else")
    server = serve(kind, httpx2.Response(500))
    with pytest.raises(ConfigurationError, match="TEAM_KEY is not set"):
        server.ask(REQUEST, how, **options)
    assert server.requests == []
    monkeypatch.setenv("TEAM_KEY", KEY)
    with pytest.raises(ProviderError):
        server.ask(REQUEST, how, **options)
    sent = server.requests[0].headers
    assert KEY in (sent.get("x-api-key"), sent.get("authorization", "").removeprefix("Bearer "))


def test_the_base_url_comes_from_the_argument_the_environment_or_the_api(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kind().base_url == kind.default_base_url
    monkeypatch.setenv(kind.base_url_variable, "https://gateway.test/v1")
    assert kind().base_url == "https://gateway.test/v1"
    assert kind(base_url="https://10.0.0.1/v1").base_url == "https://10.0.0.1/v1"


def test_requests_go_to_the_base_url_that_is_shown(
    serve: Serve, kind: Kind, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kind.base_url_variable, "https://gateway.test/proxy")
    server = serve(kind, httpx2.Response(500))
    with pytest.raises(ProviderError):
        server.ask(REQUEST, how)
    assert str(server.requests[0].url).startswith("https://gateway.test/proxy/")

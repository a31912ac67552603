"""What goes wrong on the wire, on real sockets: which failures pass, and which ones stay."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from extractor.errors import (
    APIConnectionError,
    AuthenticationError,
    BadRequestError,
    ContextWindowError,
    InvalidResponseError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProviderError,
    QuotaExhaustedError,
    RateLimitError,
    ServerError,
)
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.http import HttpProvider
from extractor.types import (
    Message,
    ModelRequest,
    ModelResponse,
    RateLimitStatus,
    StopReason,
    TextOutput,
)
from tests.loopback import REPLY, Behaviour, Connection, Loopback, cut, reply, reset

if TYPE_CHECKING:
    from tests.providers.conftest import Kind

REQUEST = ModelRequest("m", (Message("user", "The contract. What law?"),), TextOutput(), 500)
HALF = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n" + b'{"choices": ['


def ask(kind: Kind, how: str, *behaviours: Behaviour) -> ModelResponse:
    """Do as many POSTs as there are behaviours with one provider; return the last answer."""
    with Loopback(*behaviours) as server:
        base = server.url if kind.default_name == "openai" else server.url.removesuffix("/v1")
        provider: HttpProvider[Any, Any] = kind(api_key="sk-0123456789", base_url=base)
        try:
            if how == "send":
                return [provider.send(REQUEST) for _ in behaviours][-1]

            async def run() -> ModelResponse:
                return [await provider.asend(REQUEST) for _ in behaviours][-1]

            return asyncio.run(run())
        finally:
            provider.close()


def failure(kind: Kind, how: str, *behaviours: Behaviour) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(kind, how, *behaviours)
    return caught.value


def refusal(status: int, *, code: str = "", message: str = "no", **headers: str) -> Behaviour:
    error = {"type": code or "some_error", "code": code or None, "message": message}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return reply({"type": "error", "error": error}, status, named)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (408, ServerError),
        (409, ServerError),
        (425, ServerError),
        (429, RateLimitError),
        (500, ServerError),
        (502, ServerError),
        (503, OverloadedError),
        (504, ServerError),
        (529, OverloadedError),
    ],
)
def test_a_status_that_passes_is_transient(
    kind: Kind, how: str, status: int, error: type[ProviderError]
) -> None:
    caught = failure(kind, how, refusal(status))
    assert type(caught) is error
    assert (caught.status, caught.retryable) == (status, True)
    assert caught.may_be_billed is (status == 504)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (402, QuotaExhaustedError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (413, BadRequestError),
        (422, BadRequestError),
    ],
)
def test_a_status_that_stays_is_permanent(
    kind: Kind, how: str, status: int, error: type[ProviderError]
) -> None:
    caught = failure(kind, how, refusal(status))
    assert type(caught) is error
    assert (caught.status, caught.retryable) == (status, False)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (refusal(429, code="insufficient_quota"), QuotaExhaustedError),
        (refusal(429, code="enforced_spend_limit_reached"), QuotaExhaustedError),
        (refusal(400, message="Your credit balance is too low"), QuotaExhaustedError),
        (refusal(400, code="context_length_exceeded"), ContextWindowError),
        (refusal(400, message="prompt is too long: 9 tokens > 8 maximum"), ContextWindowError),
    ],
    ids=["quota", "spend limit", "credit", "context by code", "context by message"],
)
def test_what_no_waiting_cures_is_permanent(
    kind: Kind, how: str, behaviour: Behaviour, error: type[ProviderError]
) -> None:
    caught = failure(kind, how, behaviour)
    assert (type(caught), caught.retryable) == (error, False)


def test_a_reply_that_met_the_end_of_the_context_window_says_so(how: str) -> None:
    full = reply(REPLY | {"stop_reason": "model_context_window_exceeded"})
    assert ask(AnthropicProvider, how, full).stop_reason is StopReason.CONTEXT_WINDOW


@pytest.mark.parametrize(
    "behaviour",
    [
        reset(),
        reset(b"HTTP/1.1 200 OK\r\nx-a: "),
        reset(HALF),
        cut(b""),
        cut(b"HTTP/1.1 200 OK\r\nx-a: "),
        cut(HALF),
        cut(b"no HTTP at all\r\n\r\n"),
    ],
    ids=[
        "reset before the answer",
        "reset in the headers",
        "reset in the body",
        "closed before the answer",
        "closed in the headers",
        "closed in the body",
        "not HTTP",
    ],
)
def test_a_connection_that_breaks_is_transient_and_perhaps_billed(
    kind: Kind, how: str, behaviour: Behaviour
) -> None:
    caught = failure(kind, how, behaviour)
    assert type(caught) is APIConnectionError
    assert (caught.retryable, caught.may_be_billed) == (True, True)
    caught = failure(kind, how, reply(), behaviour)  # a connection that is used again, too
    assert type(caught) is APIConnectionError


def test_a_reply_that_comes_twice_answers_no_other_request(kind: Kind, how: str) -> None:
    content = json.dumps(REPLY).encode()
    head = f"HTTP/1.1 200 Said\r\ncontent-length: {len(content)}\r\n\r\n".encode()

    def twice(connection: Connection) -> bool:
        connection.send((head + content) * 2)
        return True

    second = reply(REPLY | {"id": "r-2"})
    if how == "asend":  # the connection is not used again
        assert ask(kind, how, twice, second).response_id == "r-2"
    else:  # it is, but what came before the request is not taken for its reply
        caught = failure(kind, how, twice, second)
        assert type(caught) is APIConnectionError
        assert (caught.retryable, caught.may_be_billed) == (True, True)


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"<html>down</html>", b'{"error": {"message": "upstream"}}', b'{"a": '],
)
def test_a_200_with_rubbish_is_transient_and_perhaps_billed(
    kind: Kind, how: str, body: bytes
) -> None:
    caught = failure(kind, how, reply(body))
    assert type(caught) is InvalidResponseError
    assert (caught.status, caught.retryable, caught.may_be_billed) == (200, True, True)


def test_a_compressed_reply_is_read(kind: Kind, how: str) -> None:
    packed = gzip.compress(json.dumps(REPLY).encode())
    assert ask(kind, how, reply(packed, headers={"content-encoding": "gzip"})).text == "fine"


@pytest.mark.parametrize(
    ("status", "said", "retryable"),
    [
        (500, "false", False),
        (429, "FALSE", False),
        (400, "true", True),
        (404, "true", True),
        (500, "true", True),
        (500, "maybe", True),
        (400, "", False),
    ],
)
def test_x_should_retry_overrides_the_status(
    kind: Kind, how: str, status: int, said: str, retryable: bool
) -> None:
    caught = failure(kind, how, refusal(status, x_should_retry=said))
    assert caught.retryable is retryable
    assert type(caught).retryable is (status in {429, 500}), "the class was changed for everybody"


def test_x_should_retry_does_not_override_the_body(kind: Kind, how: str) -> None:
    broke = refusal(429, code="insufficient_quota", x_should_retry="true")
    assert not failure(kind, how, broke).retryable


LEFT = {
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-requests": "499",
    "x-ratelimit-reset-requests": "120ms",
}
STATUS = (RateLimitStatus("requests", 500, 499, 0.12),)


def test_what_is_left_of_the_limits_is_read_from_replies_and_refusals(kind: Kind, how: str) -> None:
    assert ask(kind, how, reply(headers=LEFT)).rate_limits == STATUS
    assert ask(kind, how, reply()).rate_limits == ()
    assert failure(kind, how, reply({}, 429, LEFT)).rate_limits == STATUS
    assert failure(kind, how, reply({}, 500, LEFT)).rate_limits == STATUS
    assert failure(kind, how, reply(b"rubbish", 200, LEFT)).rate_limits == STATUS

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import (
    APIConnectionError,
    APITimeoutError,
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
    SchemaRefusedError,
    ServerError,
    StoppedError,
)
from extractor.providers.failures import Failures, retry_after
from extractor.types import StopReason

DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "86400"}, 86400.0),
        ({"retry-after-ms": "300", "retry-after": "9"}, 0.3),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after-ms": "-1", "retry-after": "9"}, 9.0),
        ({"retry-after-ms": "nan", "retry-after": "9"}, 9.0),
        (
            {"retry-after-ms": "-1", "retry-after": "Wed, 21 Oct 2026 07:28:40 GMT", "date": DATE},
            40.0,
        ),
        ({"retry-after-ms": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "1e999"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "later"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:40 GMT", "date": DATE}, 40.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:40 -0000", "date": DATE}, 40.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:27:00 GMT", "date": DATE}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, None),
        ({"retry-after": "Wed, 99 Oct 2026 07:28:00 GMT", "date": DATE}, None),
    ],
)
def test_retry_after_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(httpx2.Headers(headers)) == seconds


@given(st.text())
def test_no_retry_after_header_is_an_error_or_an_absurd_number(value: str) -> None:
    seconds = retry_after({"retry-after": value})
    assert seconds is None or 0 <= seconds < float("inf")


def answer(status: int, body: Any = None, **headers: str) -> httpx2.Response:
    request = httpx2.Request("POST", "https://api.test/v1", headers={"authorization": "Bearer s"})
    return httpx2.Response(status, json=body, headers=headers, request=request)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (402, QuotaExhaustedError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (408, ServerError),
        (409, ServerError),
        (413, BadRequestError),
        (418, BadRequestError),
        (422, BadRequestError),
        (429, RateLimitError),
        (500, ServerError),
        (502, ServerError),
        (503, OverloadedError),
        (504, ServerError),
        (529, OverloadedError),
    ],
)
def test_the_status_decides(status: int, kind: type[ProviderError]) -> None:
    error = Failures("p").status(answer(status, {"error": {"message": "no"}}))
    assert type(error) is kind
    assert error.status == status
    assert str(error) == f"p answered {status}: no"


@pytest.mark.parametrize(
    ("status", "fields", "kind"),
    [
        (429, {"code": "insufficient_quota", "type": "insufficient_quota"}, QuotaExhaustedError),
        (429, {"details": {"error_code": "enforced_spend_limit_reached"}}, QuotaExhaustedError),
        (429, {"details": {"error_code": "contract_spend_limit_reached"}}, QuotaExhaustedError),
        (429, {"details": {"error_code": "ramp_limit_exceeded"}}, RateLimitError),
        (403, {"type": "billing_error"}, QuotaExhaustedError),
        (400, {"message": "API key not valid. Please pass a valid API key."}, AuthenticationError),
        (400, {"message": "Your credit balance is too low to use the API."}, QuotaExhaustedError),
        (
            400,
            {
                "type": "invalid_request_error",
                "message": "You have reached your specified API usage limits. You will regain "
                "access on 2026-04-01 at 00:00 UTC.",
            },
            QuotaExhaustedError,
        ),
        (
            400,
            {"message": "You have reached your specified workspace API usage limits."},
            QuotaExhaustedError,
        ),
        (400, {"code": "context_length_exceeded"}, ContextWindowError),
        (413, {"type": "request_too_large", "message": "Request too big"}, ContextWindowError),
        (400, {"message": "prompt is too long: 201000 tokens > 200000"}, ContextWindowError),
        (413, {"message": "Prompt is too long"}, ContextWindowError),
        (
            400,
            {"message": "input length and `max_tokens` exceed context limit: 190000 + 64000"},
            ContextWindowError,
        ),
        (
            400,
            {"message": "This model's maximum context length is 4096 tokens.", "code": 400},
            ContextWindowError,
        ),
        (
            500,
            {"message": "the request exceeds the available context size", "type": "server_error"},
            ContextWindowError,
        ),
        (429, {"message": "Request too large for gpt-4o on tokens per min"}, ContextWindowError),
        (429, {"message": "Rate limit reached for gpt-4o", "type": "tokens"}, RateLimitError),
        (400, {"code": "invalid_api_key"}, AuthenticationError),
        (400, {"code": "model_not_found"}, NotFoundError),
        (400, {"code": ["odd"], "type": 7, "details": "x"}, BadRequestError),
    ],
)
def test_the_body_may_know_better_than_the_status(
    status: int, fields: dict[str, Any], kind: type[ProviderError]
) -> None:
    assert type(Failures("p").status(answer(status, {"error": fields}))) is kind


TOO_LONG = "The input token count (1200293) exceeds the maximum number of tokens allowed (1048576)."


def test_a_body_that_is_a_list_is_read_by_its_first_error() -> None:
    told = {"error": {"code": 400, "message": TOO_LONG, "status": "INVALID_ARGUMENT"}}
    error = Failures("gemini").status(answer(400, [told]))
    assert type(error) is ContextWindowError
    assert str(error) == f"gemini answered 400: {TOO_LONG}"


@pytest.mark.parametrize("body", [[], [[]], [None], ["THE CONTRACT"], [{"error": ["x"]}]])
def test_a_list_without_an_error_says_nothing(body: Any) -> None:
    assert str(Failures("p").status(answer(400, body))) == "p answered 400 Bad Request"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (
            {
                "type": "invalid_request_error",
                "message": "Could not finish the message because max_tokens or model output limit "
                "was reached. Please try again with higher max_tokens.",
            },
            StopReason.LENGTH,
        ),
        ({"code": "content_filter", "type": None}, StopReason.CONTENT_FILTER),
        ({"innererror": {"code": "ResponsibleAIPolicyViolation"}}, StopReason.CONTENT_FILTER),
        ({"code": "invalid_prompt", "type": "invalid_request_error"}, StopReason.CONTENT_FILTER),
        ({"message": "Output blocked by content filtering policy"}, StopReason.CONTENT_FILTER),
    ],
)
def test_why_the_model_stopped_is_told_of_a_400_that_says_so_and_may_be_billed(
    fields: dict[str, Any], reason: StopReason
) -> None:
    error = Failures("p").status(answer(400, {"error": fields}, **{"x-should-retry": "true"}))
    assert isinstance(error, StoppedError)
    assert error.stop_reason is reason
    assert error.may_be_billed
    assert not error.retryable


def test_a_request_larger_than_a_minute_allows_gets_its_own_hint() -> None:
    body = {"error": {"message": "Request too large for gpt-4o in organization o"}}
    error = Failures("p").status(answer(429, body))
    assert "tokens per minute" in str(error.hint)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "model 'x' not found"}, "model 'x' not found"),
        ({"message": "plain", "code": 400}, "plain"),
        ({"detail": "Not Found"}, "Not Found"),
        ({"detail": [{"loc": ["body"], "msg": "bad", "input": "THE CONTRACT"}]}, "Bad Request"),
        ({"error": {"message": {"input": "THE CONTRACT"}}}, "Bad Request"),
    ],
)
def test_only_the_sentence_for_people_is_told(body: Any, said: str) -> None:
    text = str(Failures("p").status(answer(400, body)))
    assert text.endswith(said)
    assert "CONTRACT" not in text


@pytest.mark.parametrize(
    "content", [b"<html>THE CONTRACT</html>", b"THE CONTRACT", b'{"error": ', b"", b"[" * 99_999]
)
def test_a_body_that_is_not_json_is_not_told(content: bytes) -> None:
    error = Failures("p").status(httpx2.Response(502, content=content))
    assert str(error) == "p answered 502 Bad Gateway"


OWN = {"error": {"message": "no"}}
HTML = b"<html><h1>Gateway Time-out</h1></html>"


@pytest.mark.parametrize(
    ("status", "may_be_billed"),
    [(504, True), (524, True), (408, True), (502, True), (520, True)]
    + [(status, False) for status in (400, 401, 404, 409, 429, 500, 503, 529)],
)
def test_what_a_gateway_gives_up_may_be_billed_all_the_same(
    status: int, *, may_be_billed: bool
) -> None:
    told = (
        httpx2.Response(status, content=HTML),
        answer(status, {"message": "Endpoint request timed out"}),
        answer(status, {"status": status, "error": "Gateway Timeout", "path": "/v1"}),
    )
    assert {Failures("p").status(each).may_be_billed for each in told} == {may_be_billed}


@pytest.mark.parametrize("body", [OWN, [OWN], {"object": "error", "message": "no", "type": "x"}])
def test_an_error_of_the_providers_own_costs_nothing_unless_it_is_late(body: Any) -> None:
    billed = {
        status: Failures("p").status(answer(status, body)).may_be_billed
        for status in (408, 429, 500, 502, 503, 504, 529)
    }
    assert [status for status, may_be in billed.items() if may_be] == [504]


def test_a_body_that_was_never_read_is_no_obstacle() -> None:
    response = httpx2.Response(500, stream=httpx2.ByteStream(b"{}"))
    assert type(Failures("p").status(response)) is ServerError


def test_the_facts_of_an_answer_are_kept() -> None:
    response = answer(429, {}, **{"retry-after": "3", "x-request-id": "req_1"})
    error = Failures("openai").status(response)
    assert (error.provider, error.request_id, error.retry_after) == ("openai", "req_1", 3.0)
    assert error.retryable
    assert error.__cause__ is None
    assert Failures("p").status(answer(400, {}, **{"request-id": "req_2"})).request_id == "req_2"


def test_keys_are_struck_out_and_long_texts_cut() -> None:
    failures = Failures("p", ("secret-key",))
    message = "Incorrect API key: secret-key, sk-proj-abc123, sk-***xyz9.\n\n" + "x" * 900
    text = str(failures.status(answer(401, {"error": {"message": message}})))
    assert "secret-key" not in text
    assert "sk-" not in text
    assert "\n" not in text
    assert len(text) < 340


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ReadTimeout("slow"), APITimeoutError),
        (httpx2.PoolTimeout("full"), APITimeoutError),
        (httpx2.ConnectError("refused"), APIConnectionError),
        (httpx2.RemoteProtocolError("cut off"), APIConnectionError),
        (httpx2.TooManyRedirects("round"), APIConnectionError),
        (httpx2.InvalidURL("no"), APIConnectionError),
        (httpx2.StreamClosed(), APIConnectionError),
        (ConnectionResetError("peer"), APIConnectionError),
        (json.JSONDecodeError("x", "y", 0), InvalidResponseError),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), InvalidResponseError),
        (RateLimitError("ours"), RateLimitError),
        (TypeError("a bug"), ProviderError),
    ],
)
def test_bare_errors_of_transport_and_json_translate(
    error: Exception, kind: type[ProviderError]
) -> None:
    assert type(Failures("p").other(error)) is kind


def test_a_bare_status_error_translates_by_its_response() -> None:
    response = answer(429, {"error": {"message": "slow"}})
    error = httpx2.HTTPStatusError("x", request=response.request, response=response)
    assert type(Failures("p").other(error)) is RateLimitError


def test_an_unforeseen_error_is_not_retried_and_names_its_class() -> None:
    error = Failures("p").other(TypeError("a bug"))
    assert not error.retryable
    assert str(error) == "The call to p failed: TypeError: a bug"


@pytest.mark.parametrize(
    ("error", "may"),
    [
        (httpx2.ReadTimeout("slow"), True),
        (httpx2.ReadError("reset"), True),
        (httpx2.RemoteProtocolError("cut off"), True),
        (httpx2.ConnectTimeout("slow"), False),
        (httpx2.PoolTimeout("full"), False),
        (httpx2.ConnectError("refused"), False),
        (json.JSONDecodeError("x", "y", 0), True),
    ],
)
def test_what_failed_after_it_was_sent_may_be_billed(error: Exception, may: bool) -> None:
    assert Failures("p").other(error).may_be_billed is may


def test_what_was_refused_is_not_billed() -> None:
    assert [s for s in (400, 429, 500) if Failures("p").status(answer(s, {})).may_be_billed] == []


def test_a_repr_shows_neither_keys_nor_what_was_sent() -> None:
    shown = repr(Failures("openai", ("sk-0123456789",), ("THE CONTRACT",)))
    assert shown == "Failures(provider='openai', answered=200)"


@pytest.mark.parametrize(
    "message",
    [
        "The compiled grammar is too large, which would cause performance issues.",
        "Schemas contains too many optional parameters (87), which would be slow (limit: 24).",
        "Schemas contains too many parameters with union types (20 parameters, limit: 16).",
        "Too many strict tools (21). The maximum number of strict tools supported is 20.",
        "Invalid schema for response_format 'NDA': In context=(), 'required' is required.",
        "output_config.format.schema: For 'integer' type, property 'minimum' is not supported",
        "'claude-3-5-haiku' does not support output format.",
        "'response_format' of type 'json_schema' is not supported with this model.",
        "The specified schema produces a constraint that has too many states for serving.",
    ],
)
def test_a_schema_that_is_refused_is_told_from_other_bad_requests(message: str) -> None:
    error = Failures("p").status(answer(400, {"error": {"message": message}}))
    assert type(error) is SchemaRefusedError
    assert not error.retryable

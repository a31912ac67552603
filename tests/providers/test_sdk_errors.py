"""Every exception class of both SDKs is one of ours afterwards."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from extractor.errors import (
    APIConnectionError,
    APITimeoutError,
    BadRequestError,
    ContextWindowError,
    InvalidResponseError,
    OverloadedError,
    PermissionDeniedError,
    ProviderError,
    QuotaExhaustedError,
    RateLimitError,
    ServerError,
    StoppedError,
)
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider
from extractor.types import Message, ModelRequest, TextOutput

KEY = "sk-test-0123456789abcdef"
BODY = "THE WHOLE CONTRACT"


def exception_classes(sdk: str) -> list[type[Exception]]:
    """Return the exceptions of an SDK, with those that it keeps in modules of their own."""
    classes = vars(importlib.import_module(f"{sdk}._exceptions")).values()
    roots = [c for c in classes if inspect.isclass(c) and issubclass(c, Exception)]
    found = {c for root in roots for c in (root, *subclasses(root))}
    return sorted(
        (c for c in found if c.__module__.startswith(f"{sdk}.") or c.__module__ == sdk),
        key=lambda c: (c.__module__, c.__name__),
    )


def subclasses(base: type[Exception]) -> list[type[Exception]]:
    return [c for child in base.__subclasses__() for c in (child, *subclasses(child))]


def instance(kind: type[Exception], sdk: Any) -> Exception:
    """Make an exception as the SDK makes it, with a request that carries key and document."""
    request = httpx2.Request(
        "POST",
        "https://api.test/v1",
        headers={"authorization": f"Bearer {KEY}", "x-api-key": KEY},
        json={"messages": BODY},
    )
    said = f"Something about {KEY}"
    made: Any = kind.__new__(kind)
    Exception.__init__(made, said)
    made.request, made.message, made.body, made.request_id = request, said, None, None
    if issubclass(kind, sdk.APIStatusError | sdk.APIResponseValidationError):
        status = getattr(kind, "status_code", 500)
        made.response = httpx2.Response(
            status,
            json={"error": {"message": said, "type": "x", "code": None}},
            headers={"request-id": "req_1", "retry-after": "2"},
            request=request,
        )
        made.status_code = status
    error: Exception = made
    return error


importlib.import_module("anthropic._error_classes")  # a class for each of its error codes
OPENAI = exception_classes("openai")
ANTHROPIC = exception_classes("anthropic")


def test_the_classes_are_really_enumerated() -> None:
    assert {openai.RateLimitError, openai.APITimeoutError, openai.OpenAIError} <= set(OPENAI)
    assert {anthropic.RateLimitError, anthropic.APIConnectionError} <= set(ANTHROPIC)
    assert len(OPENAI) > 15
    assert len(ANTHROPIC) > 100


SDKS: list[tuple[Any, type[Exception]]] = [
    *((openai, kind) for kind in OPENAI),
    *((anthropic, kind) for kind in ANTHROPIC),
]


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> dict[Any, OpenAIProvider | AnthropicProvider]:
    """Who translates the exceptions of which SDK."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    return {openai: OpenAIProvider(), anthropic: AnthropicProvider()}


@pytest.mark.parametrize(("sdk", "kind"), SDKS)
def test_every_exception_of_an_sdk_translates_without_the_key_or_the_body(
    sdk: Any, kind: type[Exception], providers: dict[Any, OpenAIProvider | AnthropicProvider]
) -> None:
    ours = providers[sdk].translate(instance(kind, sdk))
    assert isinstance(ours, ProviderError)
    assert ours.provider == providers[sdk].name
    assert KEY not in f"{ours!s}{ours!r}{ours.facts()}"
    assert BODY not in f"{ours!s}{ours!r}{ours.facts()}"
    assert not any(isinstance(value, Exception) for value in vars(ours).values())


@pytest.mark.parametrize(("sdk", "kind"), SDKS)
def test_every_exception_of_an_sdk_gets_the_class_of_its_family(
    sdk: Any, kind: type[Exception], providers: dict[Any, OpenAIProvider | AnthropicProvider]
) -> None:
    error = instance(kind, sdk)
    ours = providers[sdk].translate(error)
    families: list[tuple[type[Exception], type[ProviderError]]] = [
        (sdk.APITimeoutError, APITimeoutError),
        (sdk.APIConnectionError, APIConnectionError),
        (sdk.APIResponseValidationError, InvalidResponseError),
    ]
    exact = next((wanted for family, wanted in families if isinstance(error, family)), None)
    is_status = exact is None and isinstance(error, sdk.APIStatusError)
    assert exact in (None, type(ours))
    assert not (is_status and type(ours) is ProviderError)
    assert not is_status or (ours.request_id, ours.retry_after) == ("req_1", 2.0)


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"type": "invalid_request_error", "message": "no"}, BadRequestError),
        (400, {"message": "prompt is too long: 2 tokens > 1 maximum"}, ContextWindowError),
        (
            400,
            {
                "type": "invalid_request_error",
                "message": "You have reached your specified API usage limits. You will regain "
                "access on 2026-04-01 at 00:00 UTC.",
            },
            QuotaExhaustedError,
        ),
        (400, {"code": "content_filter", "message": "filtered"}, StoppedError),
        (402, {"type": "billing_error", "message": "pay"}, QuotaExhaustedError),
        (403, {"type": "permission_error", "message": "no"}, PermissionDeniedError),
        (408, {"type": "timeout_error", "message": "late"}, ServerError),
        (409, {"type": "conflict_error", "message": "twice"}, ServerError),
        (
            413,
            {"type": "request_too_large", "message": "Request exceeds the maximum size"},
            ContextWindowError,
        ),
        (429, {"type": "rate_limit_error", "message": "slow"}, RateLimitError),
        (
            429,
            {
                "type": "rate_limit_error",
                "message": "limit",
                "details": {"error_code": "enforced_spend_limit_reached"},
            },
            QuotaExhaustedError,
        ),
        (500, {"type": "api_error", "message": "oops"}, ServerError),
        (503, {"message": "busy"}, OverloadedError),
        (529, {"type": "overloaded_error", "message": "busy"}, OverloadedError),
    ],
)
@pytest.mark.parametrize("sdk", ["openai", "anthropic"])
def test_an_error_is_classified_alike_whichever_sdk_raised_it(
    sdk: str, status: int, error: dict[str, Any], kind: type[ProviderError]
) -> None:
    def handler(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, json={"type": "error", "error": error})

    provider_class = OpenAIProvider if sdk == "openai" else AnthropicProvider
    with httpx2.Client(transport=httpx2.MockTransport(handler)) as client:
        provider = provider_class(api_key=KEY, http_client=client)
        with pytest.raises(ProviderError) as caught:
            provider.send(ModelRequest("m", (Message("user", "q"),), TextOutput(), 9))
    assert type(caught.value) is kind

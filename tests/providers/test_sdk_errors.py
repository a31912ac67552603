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
)
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.base import Provider
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


def check(provider: Provider, error: Exception, sdk: Any) -> None:
    ours = provider.translate(error)
    assert isinstance(ours, ProviderError)
    assert ours.provider == provider.name
    assert KEY not in f"{ours!s}{ours!r}{ours.facts()}"
    assert BODY not in f"{ours!s}{ours!r}{ours.facts()}"
    assert not any(isinstance(value, Exception) for value in vars(ours).values())
    if isinstance(error, sdk.APITimeoutError):
        assert type(ours) is APITimeoutError
    elif isinstance(error, sdk.APIConnectionError):
        assert type(ours) is APIConnectionError
    elif isinstance(error, sdk.APIResponseValidationError):
        assert type(ours) is InvalidResponseError
    elif isinstance(error, sdk.APIStatusError):
        assert type(ours) is not ProviderError
        assert (ours.request_id, ours.retry_after) == ("req_1", 2.0)


@pytest.mark.parametrize("kind", OPENAI, ids=lambda kind: kind.__name__)
def test_every_exception_of_openai_translates(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    check(OpenAIProvider(), instance(kind, openai), openai)


@pytest.mark.parametrize("kind", ANTHROPIC, ids=lambda kind: kind.__name__)
def test_every_exception_of_anthropic_translates(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    check(AnthropicProvider(), instance(kind, anthropic), anthropic)


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"type": "invalid_request_error", "message": "no"}, BadRequestError),
        (400, {"message": "prompt is too long: 2 tokens > 1 maximum"}, ContextWindowError),
        (402, {"type": "billing_error", "message": "pay"}, QuotaExhaustedError),
        (403, {"type": "permission_error", "message": "no"}, PermissionDeniedError),
        (408, {"type": "timeout_error", "message": "late"}, ServerError),
        (409, {"type": "conflict_error", "message": "twice"}, ServerError),
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

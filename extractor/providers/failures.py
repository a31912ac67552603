"""What went wrong with a call, told in our errors: the same rules for every HTTP provider.

The status and `x-should-retry` decide, unless the body's code or message knows better: a 429 that
no waiting cures is a `QuotaExhaustedError`, a 400 that is about length a `ContextWindowError`, and
one that stands in the place of a reply a `StoppedError`. Of a body only the one sentence meant for
people is kept, without keys and without what it repeats of the request.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, cast
from urllib.parse import urlsplit

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
from extractor.providers.bounds import Post
from extractor.providers.confidential import without_echo
from extractor.providers.rate_headers import rate_limits
from extractor.types import JsonObject, StopReason

if TYPE_CHECKING:
    import httpx2

_BY_STATUS: Mapping[int, type[ProviderError]] = {
    401: AuthenticationError,
    402: QuotaExhaustedError,
    403: PermissionDeniedError,
    404: NotFoundError,
    408: ServerError,
    409: ServerError,
    425: ServerError,
    429: RateLimitError,
    503: OverloadedError,
    529: OverloadedError,
}

_Made: TypeAlias = Callable[..., ProviderError]

_CUT_OFF: _Made = partial(StoppedError, stop_reason=StopReason.LENGTH)
_FILTERED: _Made = partial(StoppedError, stop_reason=StopReason.CONTENT_FILTER)

_BY_CODE: Mapping[str, _Made] = {
    "insufficient_quota": QuotaExhaustedError,
    "billing_error": QuotaExhaustedError,
    "billing_hard_limit_reached": QuotaExhaustedError,
    "billing_not_active": QuotaExhaustedError,
    "enforced_spend_limit_reached": QuotaExhaustedError,
    "contract_spend_limit_reached": QuotaExhaustedError,
    "linked_organization_spend_limit_reached": QuotaExhaustedError,
    "linked_organization_billing_unavailable": QuotaExhaustedError,
    "context_length_exceeded": ContextWindowError,
    "string_above_max_length": ContextWindowError,
    "exceed_context_size_error": ContextWindowError,
    "request_too_large": ContextWindowError,
    "invalid_api_key": AuthenticationError,
    "model_not_found": NotFoundError,
    "content_filter": _FILTERED,
    "ResponsibleAIPolicyViolation": _FILTERED,
    "invalid_prompt": _FILTERED,
}
"""Stable codes of OpenAI, Azure, Anthropic and llama.cpp that say more than the status."""

_REFUSED_SCHEMAS = (
    r"grammar is too large|schema is too complex|too many states for serving",
    r"too many (?:optional )?parameters|too many strict tools",
    r"recursive schemas? (?:is|are) not|type, propert(?:y|ies) .{1,80} not supported",
    r"^invalid schema for|^output_(?:config|format)\b|failed to (?:parse|compile) (?:the )?grammar",
    r"does not support output format|'json_schema' is not supported",
)
"""What a schema is refused with that passes the published limits, or by a model that takes none:
Claude's, OpenAI's, Gemini's, llama.cpp's and vLLM's words."""

_BY_MESSAGE: tuple[tuple[re.Pattern[str], _Made, str | None], ...] = (
    (re.compile(r"^api key not valid", re.IGNORECASE), AuthenticationError, None),
    (re.compile(r"max_tokens or model output limit was reached", re.IGNORECASE), _CUT_OFF, None),
    (re.compile(r"output blocked by content filtering", re.IGNORECASE), _FILTERED, None),
    (
        re.compile(
            r"credit balance is too low|reached your specified (\w+ )?api usage limits",
            re.IGNORECASE,
        ),
        QuotaExhaustedError,
        None,
    ),
    (
        re.compile(
            r"maximum context length|prompt is too long|exceeds? (the )?(available )?context"
            r"|input token count .*exceeds the maximum number of tokens",
            re.IGNORECASE,
        ),
        ContextWindowError,
        None,
    ),
    (
        re.compile(r"^request too large for", re.IGNORECASE),
        ContextWindowError,
        "The request exceeds the account's tokens per minute: send less at once.",
    ),
    (
        re.compile("|".join(_REFUSED_SCHEMAS), re.IGNORECASE),
        SchemaRefusedError,
        None,
    ),
)
"""Where no code exists: Gemini's 400 for a wrong key, Claude's 400 without credit or beyond a limit
of one's own, each server's words for too long a prompt, OpenAI's 429 for a request that exceeds a
whole minute's tokens, which no waiting cures, and the words of all for a schema."""

_GATEWAYS = frozenset({504, 524})
"""A gateway gave up waiting: who stands behind it goes on, and sends the bill."""

_PERHAPS_GATEWAYS = frozenset({408, 502, 520})
"""The same, unless the body is the provider's own error: then it has failed itself, for nothing."""

_LONGEST_MESSAGE = 300
_KEY = re.compile(r"\bsk-[\w*.-]{6,}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how many seconds a provider asks to wait; None if it does not say so in a usable way.

    `retry-after-ms` (both providers' own) comes before `Retry-After`, which is a number of seconds
    or an HTTP date (RFC 9110, section 10.2.3); one that nobody can wait for does not hide it. A
    date is measured from the response's own `Date`, so that a wrong local clock does no harm.
    """
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    until, now = _timestamp(headers.get("retry-after")), _timestamp(headers.get("date"))
    if until is None:
        return None
    seconds = until - (time.time() if now is None else now)
    return seconds if seconds >= 0 else None


def _timestamp(date: str | None) -> float | None:
    try:
        return None if date is None else parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Failures:
    """Writes a provider's errors.

    `secrets` are struck out of every message, and so is what it repeats of `sent`, the messages of
    the request. `answered` is the status that the reply came with.
    """

    provider: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    sent: tuple[str, ...] = field(default=(), repr=False)
    answered: int = 200

    def clean(self, text: str) -> str:
        """Make somebody else's text fit to be shown: no keys, nothing of the request, and short."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        text = _KEY.sub("***", " ".join(without_echo(text, self.sent).split()))
        return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "..."

    def status(self, response: httpx2.Response) -> ProviderError:
        """Translate an HTTP response that is no 2xx."""
        if 300 <= response.status_code < 400:
            return self._redirect(response)
        codes, message, is_own = _read_error(response)
        told = _told(response.status_code, codes, message)
        made, hint = told or (_by_status(response.status_code), None)
        said = f": {self.clean(message)}" if message else f" {self.clean(response.reason_phrase)}"
        headers = response.headers
        error = made(
            f"{self.provider} answered {response.status_code}{said.rstrip()}",
            provider=self.provider,
            status=response.status_code,
            request_id=_request_id(headers),
            retry_after=retry_after(headers),
            hint=hint,
        )
        error.rate_limits = rate_limits(headers, time.time())
        error.may_be_billed |= _is_gateway(response.status_code, is_own=is_own)
        if told is None:
            error.retryable = _should_retry(headers, default=error.retryable)
        return error

    def _redirect(self, response: httpx2.Response) -> NotFoundError:
        to = self.clean(_location(response.headers))
        pointed_to = f" and points to {to}" if to else ""
        return NotFoundError(
            f"{self.provider} answered {response.status_code}{pointed_to}; redirects are not "
            "followed, so that a contract goes nowhere but to the base URL.",
            provider=self.provider,
            status=response.status_code,
            request_id=_request_id(response.headers),
            hint="If that is the right address, make it the base URL.",
        )

    def timeout(self, error: BaseException) -> APITimeoutError:
        """Translate a timeout; `error` is the transport's."""
        what = type(error).__name__
        return APITimeoutError(
            f"{self.provider} did not answer in time ({what})",
            provider=self.provider,
            may_be_billed=_broke_off(error),
        )

    def late(self, post: Post, *, may_be_billed: bool) -> APITimeoutError:
        """Say that a call has used up the time it was given in all."""
        return APITimeoutError(
            f"{self.provider} did not answer within {post.timeout or 0:.4g} s",
            provider=self.provider,
            may_be_billed=may_be_billed,
        )

    def connection(self, error: BaseException) -> APIConnectionError:
        """Translate a connection that failed; `error` is the transport's."""
        reason = self.clean(str(error)) or type(error).__name__
        return APIConnectionError(
            f"No connection to {self.provider}: {reason}",
            provider=self.provider,
            may_be_billed=_broke_off(error),
        )

    def invalid(self, what: str, status: int | None = None) -> InvalidResponseError:
        """Say that a 2xx is no reply; `what` completes "answered 200 with ..."."""
        status = status or self.answered
        return InvalidResponseError(
            f"{self.provider} answered {status} with {self.clean(what)}",
            provider=self.provider,
            status=status,
            may_be_billed=True,
        )

    def credentials(self, error: Exception) -> AuthenticationError:
        """Translate credentials that the SDK could not fetch."""
        return AuthenticationError(
            f"No credentials for {self.provider}: {self.clean(str(error))}", provider=self.provider
        )

    def other(self, error: Exception) -> ProviderError:
        """Translate what no SDK class covers: transport and JSON errors, then the unforeseen."""
        import httpx2

        if isinstance(error, ProviderError):
            return error
        if isinstance(error, httpx2.TimeoutException | TimeoutError):
            return self.timeout(error)
        if isinstance(error, httpx2.HTTPStatusError):
            return self.status(error.response)
        if isinstance(error, httpx2.HTTPError | httpx2.StreamError | httpx2.InvalidURL | OSError):
            return self.connection(error)
        if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
            return self.invalid("something that is not JSON")
        said = self.clean(str(error))
        return ProviderError(
            f"The call to {self.provider} failed: {type(error).__name__}: {said}",
            provider=self.provider,
        )


def _broke_off(error: BaseException) -> bool:
    """Tell whether a transport failed when the request was sent, and the model perhaps at work.

    A body that can't be decompressed is an answer that was lost on the way, like one cut short.
    """
    import httpx2

    return isinstance(
        error,
        httpx2.ReadTimeout | httpx2.ReadError | httpx2.RemoteProtocolError | httpx2.DecodingError,
    )


def _request_id(headers: Mapping[str, str]) -> str | None:
    return headers.get("request-id") or headers.get("x-request-id")


def _location(headers: Mapping[str, str]) -> str:
    """Return where a redirect points, without what may be secret: user, query and fragment."""
    try:
        parts = urlsplit(headers.get("location", ""))
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="", fragment="").geturl()


def _told(status: int, codes: tuple[str, ...], message: str) -> tuple[_Made, str | None] | None:
    """Read what a body says of its failure, with a hint; None where that is nothing of its own."""
    for code in codes:
        if code in _BY_CODE:
            return _BY_CODE[code], None
    if status in {400, 413, 422, 429, 500}:
        for pattern, made, hint in _BY_MESSAGE:
            if pattern.search(message):
                return made, hint
    return None


def _by_status(status: int) -> type[ProviderError]:
    return _BY_STATUS.get(status, ServerError if status >= 500 else BadRequestError)


def _is_gateway(status: int, *, is_own: bool) -> bool:
    """Say whether a status may be that of a machine in between, while the model is at work."""
    return status in _GATEWAYS or (status in _PERHAPS_GATEWAYS and not is_own)


def _should_retry(headers: Mapping[str, str], *, default: bool) -> bool:
    """Read `x-should-retry`, which both providers send where a status alone would mislead."""
    return {"true": True, "false": False}.get(headers.get("x-should-retry", "").lower(), default)


def _read_error(response: httpx2.Response) -> tuple[tuple[str, ...], str, bool]:
    """Read an error body's codes, most specific first, its sentence for people, and whose it is.

    It is a provider's own where it has a code, or is an object by the name of `error`.

    Bodies differ: {"error": {message, code, type, details: {error_code}}}, {"error": "text"},
    {"message": ...} and {"detail": ...}; Azure's may hold {"innererror": {code}}, and Gemini's is a
    list of one. Anything else, such as a proxy's HTML, says nothing.
    """
    import httpx2

    try:
        body: object = response.json()
    except (ValueError, RecursionError, httpx2.StreamError):
        return (), "", False
    if isinstance(body, list):
        body = as_object(next(iter(cast("list[object]", body)), None))
    error = as_object(body).get("error", body)
    if isinstance(error, str):
        return (), error, False
    fields = as_object(error)
    details = as_object(fields.get("details"))
    inner = as_object(fields.get("innererror"))
    found = (details.get("error_code"), inner.get("code"), fields.get("code"), fields.get("type"))
    message = fields.get("message", fields.get("detail"))
    codes = tuple(code for code in found if isinstance(code, str))
    is_own = bool(codes) or isinstance(as_object(body).get("error"), dict)
    return codes, message if isinstance(message, str) else "", is_own


def as_object(value: object) -> JsonObject:
    """Return `value` if it is a JSON object, else an empty one: to walk down a body of any form."""
    return cast("JsonObject", value) if isinstance(value, dict) else {}

"""What can go wrong with a call to a provider."""

from __future__ import annotations

from typing import Any

from extractor.errors.base import ExtractorError
from extractor.types import RateLimitStatus, StopReason


class ProviderError(ExtractorError):
    """A call to a provider failed.

    Attributes:
        provider: the provider's name, such as `openai`.
        status: the HTTP status, if there was one.
        request_id: the provider's id for the call, to quote in a support request.
        retry_after: seconds the provider asks to wait, if it said so.
        retryable: whether the same call may succeed later.
        may_be_billed: whether the provider may have counted tokens without saying how many.
        rate_limits: what the response's headers say is left of the provider's limits.
    """

    retryable: bool = False

    def __init__(
        self,
        message: str,
        *,
        provider: str = "",
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        hint: str | None = None,
        may_be_billed: bool = False,
    ) -> None:
        super().__init__(message, hint=hint)
        self.provider = provider
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.may_be_billed = may_be_billed
        self.rate_limits: tuple[RateLimitStatus, ...] = ()

    def facts(self) -> dict[str, Any]:
        return super().facts() | {
            "provider": self.provider,
            "status": self.status,
            "request_id": self.request_id,
            "retryable": self.retryable,
            "retry_after": self.retry_after,
        }


class RateLimitError(ProviderError):
    """429: too many requests or tokens for now."""

    retryable = True


class OverloadedError(ProviderError):
    """529 or 503: the provider has no capacity at the moment."""

    retryable = True


class ServerError(ProviderError):
    """Any other 5xx, 408 or 409."""

    retryable = True


class APIConnectionError(ProviderError):
    """No connection, or one that broke off."""

    retryable = True
    default_hint = "Check the network and the base URL (`extractor doctor` shows it)."


class APITimeoutError(APIConnectionError):
    """No reply in time; it may still have been billed."""


class InvalidResponseError(ProviderError):
    """A 2xx, but the body is empty, HTML, half of a JSON object or an object that is no reply."""

    retryable = True


class OutageError(ProviderError):
    """A provider has failed for every caller, longer than the policy waits for.

    Calls wait together, and one of them probes, so that hardly anything is sent in vain. `since` is
    how many seconds it has been down; `__cause__` is the last failure that was seen.
    """

    retryable = True
    default_hint = (
        "Run it again when the provider is back; a reply cache keeps what is finished from being "
        "asked again."
    )

    def __init__(self, message: str, *, provider: str, since: float, **facts: Any) -> None:
        super().__init__(message, provider=provider, **facts)
        self.since = since

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"since": self.since}


class QuotaExhaustedError(ProviderError):
    """A spend limit or an empty account: no waiting helps."""

    default_hint = "Raise the limit or add credit in the provider's console."


class AuthenticationError(ProviderError):
    """401: the key is missing, wrong or revoked."""

    default_hint = "Check the API key; `extractor doctor` shows which ones are set."


class PermissionDeniedError(ProviderError):
    """403: the key may not use this model or feature."""


class NotFoundError(ProviderError):
    """404: no such model or endpoint; or a redirect to another, which is never followed."""

    default_hint = "Check the model's name and the base URL."


class BadRequestError(ProviderError):
    """400 and other 4xx: the provider will never accept this request."""


class SchemaRefusedError(BadRequestError):
    """A 400 about the schema: it passes the published limits, and still can't be enforced.

    Under the backend `auto` the next technique that enforces none is taken.
    """

    default_hint = "Use a backend that does not enforce the schema: json or xml."


class StoppedError(BadRequestError):
    """A 400 that says why the model stopped, which others say in a 200: it may be billed.

    An extraction takes it for the reply that `stop_reason` would have come with.
    """

    def __init__(self, message: str, *, stop_reason: StopReason, **facts: Any) -> None:
        super().__init__(message, may_be_billed=True, **facts)
        self.stop_reason = stop_reason


class ContextWindowError(ProviderError):
    """The document and the questions don't fit into the model's context window."""

    default_hint = "Use a model with a larger context window."

"""Everything that can go wrong, as one tree.

    ExtractorError
    |- ConfigurationError        unknown model, missing key, a schema that the technique can't carry
    |- DocumentError             UnreadableDocumentError, EmptyDocumentError
    |- BudgetError               TokenLimitError  CostLimitError  DailyLimitError
    |                            UnknownPriceError  RequestTooLargeError
    |- DeadlineError             the document's time is up
    |- CacheMissError            a reply that is only to be replayed was never recorded
    |- StoreError                the ledger, or the cache, can't be read or written
    |- ProviderError             the call failed; see `retryable`
    |   |- RateLimitError  OverloadedError  ServerError  APIConnectionError  APITimeoutError
    |   |- InvalidResponseError          a 2xx with something that is no reply       (all transient)
    |   |- OutageError                   the provider has been failing for everybody, for too long
    |   '- QuotaExhaustedError  AuthenticationError  PermissionDeniedError  NotFoundError
    |      BadRequestError  ContextWindowError                                       (all permanent)
    |- ResponseError             the model answered, but not usably; drives repair and re-ask
    |   '- TruncatedError  RefusalError  ParseError  SchemaMismatchError
    '- ExtractionError           attempts used up; `__cause__` is the last ResponseError

Every error carries facts as attributes and a `hint` that says what to do. None of them holds a
provider SDK's own exception in public attributes: those carry request headers, and so keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from extractor.types import PassedOver, Problem, RateLimitStatus, Usage, format_path


class ExtractorError(Exception):
    """Base of all errors raised on purpose by this package.

    Attributes:
        message: what happened.
        hint: what to do about it, or None.
        attempts: requests sent before it, failed ones included.
        usage: what these are known to have taken.
        cost_usd: the same in US dollars; None where that is not known.
        problems: what was wrong with the last reply, if there was one.
        partial: what was answered before it, so that nothing paid for is lost: the last data that
            could be read, not validated, or else the last reply as it was written (a refusal's own
            words too); None where no reply came.
        passed_over: the models that were asked before the one whose error this is.
    """

    default_hint: str | None = None

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint
        self.attempts = 0
        self.usage = Usage()
        self.cost_usd: Decimal | None = Decimal(0)
        self.problems: tuple[Problem, ...] = ()
        self.partial: Any = None
        self.passed_over: tuple[PassedOver, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the facts as they are, whatever the class is made from.

        `__cause__` goes along where it is one of ours: others may not survive a pickle.
        """
        facts = dict(vars(self))
        if isinstance(self.__cause__, ExtractorError):
            facts["__cause__"] = self.__cause__
        return _remade, (type(self), self.args), facts

    def billed(self, *, attempts: int, usage: Usage, cost_usd: Decimal | None) -> None:
        """Note what had been spent when this error ended an extraction."""
        self.attempts, self.usage, self.cost_usd = attempts, usage, cost_usd

    def facts(self) -> dict[str, Any]:
        """Return the error as one JSON object: what happened, was billed, and is left of it."""
        return {
            "type": type(self).__name__,
            "message": self.message,
            "hint": self.hint,
            "attempts": self.attempts,
            "usage": asdict(self.usage),
            "cost_usd": None if self.cost_usd is None else float(self.cost_usd),
            "problems": problem_records(self.problems),
            "partial": self.partial,
            "passed_over": [asdict(other) for other in self.passed_over],
        }


def _remade(kind: type[ExtractorError], args: tuple[Any, ...]) -> ExtractorError:
    """Make an error without its `__init__`, whose arguments are not kept; unpickling calls this."""
    return kind.__new__(kind, *args)


class ConfigurationError(ExtractorError):
    """The caller asked for something that can't work.

    Nothing was sent, but where a valid answer can't be written as JSON by the schema's own fault:
    that one has its bill.
    """


class DocumentError(ExtractorError):
    """The document can't be used; nothing was sent."""


class UnreadableDocumentError(DocumentError):
    """The file is broken, encrypted or of a kind that no reader knows."""


class EmptyDocumentError(DocumentError):
    """The file holds no text, for instance because it is a scan."""


class BudgetError(ExtractorError):
    """A request was not sent, because it would have cost more than was allowed."""


class TokenLimitError(BudgetError):
    """The next request could take a document past the tokens it may cost."""

    default_hint = "Raise `max_tokens`, or accept the document as it is."

    def __init__(self, *, estimate: int, spent: int, limit: int) -> None:
        super().__init__(
            f"The next request may take {estimate:,} tokens; {spent:,} of the {limit:,} allowed "
            "for this document are spent."
        )
        self.estimate, self.spent, self.limit = estimate, spent, limit


class CostLimitError(BudgetError):
    """The next request could cost more than a call, a document or a run may.

    `estimate`, `spent` and `limit` are US dollars; `spent` includes what is reserved for requests
    under way. `scope` is `call`, `document` or `run`.
    """

    default_hint = "Raise the limit, or choose a cheaper model."

    def __init__(self, *, scope: str, estimate: Decimal, spent: Decimal, limit: Decimal) -> None:
        super().__init__(
            f"The next request may cost ${estimate:.4f}; ${spent:.4f} of the ${limit:.4f} allowed "
            f"for this {scope} are spent or reserved."
        )
        self.scope, self.estimate, self.spent, self.limit = scope, estimate, spent, limit


class DailyLimitError(BudgetError):
    """The next request could take a user past what may be spent in a day.

    `day` is the ledger's, as `2026-03-29 Europe/Dublin`; the others are as in `CostLimitError`.
    """

    default_hint = "Go on tomorrow, or raise the user's daily limit."

    def __init__(
        self, *, user: str, day: str, estimate: Decimal, spent: Decimal, limit: Decimal
    ) -> None:
        super().__init__(
            f"The next request may cost ${estimate:.4f}; {user or 'callers without a name'} had "
            f"spent or reserved ${spent:.4f} of the ${limit:.4f} allowed on {day}."
        )
        self.user, self.day = user, day
        self.estimate, self.spent, self.limit = estimate, spent, limit


class UnknownPriceError(BudgetError):
    """There is a limit in dollars, and no price for the model: nothing is sent on a guess."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"No price is known for {model}, so no limit in dollars can be kept.",
            hint="State its prices in extractor.toml, or take the limit away.",
        )
        self.model = model


class RequestTooLargeError(BudgetError):
    """The request exceeds all that a rate limit ever admits at once; no wait would help."""

    default_hint = "Use a model or an account with a higher limit, or send less at once."


class DeadlineError(ExtractorError):
    """The time that a document may take is up; a request under way may still be billed.

    `deadline` is the seconds it had.
    """

    default_hint = "Raise the deadline, or try again when the provider is quicker."

    def __init__(self, message: str, *, deadline: float, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.deadline = deadline


class CacheMissError(ExtractorError):
    """Only recorded replies may be used, and there is none for this request; nothing was sent."""

    default_hint = "Record it first: run once with the cache mode record."


class StoreError(ExtractorError):
    """A file of ours (ledger, reply cache) can't be opened, read or written."""


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

    Nothing was sent for this document in vain: calls wait together, and one of them probes. The
    next run may go on where this one stopped. `since` is how many seconds it has been down;
    `__cause__` is the last failure that was seen.
    """

    retryable = True
    default_hint = "Run it again when the provider is back; what is finished is kept."

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


class ContextWindowError(ProviderError):
    """The document and the questions don't fit into the model's context window."""

    default_hint = "Use a model with a larger context window."


class ResponseError(ExtractorError):
    """The model answered, and was paid, but the answer can't be used as it is."""


class TruncatedError(ResponseError):
    """The answer ran into the limit on output tokens."""


class RefusalError(ResponseError):
    """The model declined, or a content filter stopped it."""


class ParseError(ResponseError):
    """No structure could be read from the reply, or nothing of it is the schema's."""


class SchemaMismatchError(ResponseError):
    """The reply was read, but does not satisfy the schema.

    The message says where and what kind of problem it is; only `problems` quotes the reply.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        shown = ", ".join(f"{format_path(p.path)} ({p.kind})" for p in problems[:5])
        more = f", and {len(problems) - 5} more" if len(problems) > 5 else ""
        super().__init__(f"The reply does not satisfy the schema: {shown}{more}")
        self.problems = tuple(problems)


class ExtractionError(ExtractorError):
    """No valid value within the allowed attempts; `__cause__` is the last reason."""


def problem_records(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return problems as JSON has them: {kind, path, message}."""
    return [{"kind": p.kind, "path": format_path(p.path), "message": p.message} for p in problems]


def did_you_mean(name: str, known: Iterable[str], *, among: str = "There are") -> str:
    """Return a hint for a name that is not among the known ones: those like it, then all.

    >>> did_you_mean("strct", ["json", "strict", "xml"])
    'Did you mean strict? There are json, strict, xml.'
    """
    known = list(known)
    by_folded = {other.casefold(): other for other in known}
    near = [by_folded[hit] for hit in get_close_matches(name.casefold(), by_folded)]
    question = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{question}{among} {', '.join(known)}."

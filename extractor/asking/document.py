"""One document and the models that may answer for it: asked in turn, or two of them at once."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Generic

from extractor.asking.candidates import Candidate
from extractor.asking.estimating import allowance
from extractor.asking.plans import chosen, flow_of
from extractor.calls.allowance import Allowance
from extractor.calls.base import Clock
from extractor.calls.context import CallContext, Deadline, is_long
from extractor.calls.core import CallCore
from extractor.calls.ledger.spending import SpendingLimits
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import OTHERS_FIRST, Steps, Target, Wait
from extractor.checks import check_warnings
from extractor.choices import CoverageMode
from extractor.deriving import with_derived
from extractor.documents.document import Document
from extractor.errors import (
    APIConnectionError,
    CacheMissError,
    ContextWindowError,
    ExtractorError,
    InvalidResponseError,
    OutageError,
    OverloadedError,
    ProviderError,
    RateLimitError,
    RequestTooLargeError,
    SchemaRefusedError,
    ServerError,
)
from extractor.flow.extraction import Answer
from extractor.planning.layout import Layout
from extractor.prompting.prompts import PROCESS_KEY, Prompts
from extractor.providers.base import CountsTokens
from extractor.types import Extraction, ModelRequest, PassedOver, T, Unverified, Usage

FALLBACK_ON: tuple[type[ExtractorError], ...] = (
    RateLimitError,
    OverloadedError,
    ServerError,
    APIConnectionError,
    InvalidResponseError,
    OutageError,
    ContextWindowError,
    RequestTooLargeError,
)
"""After these the next model is asked: a provider can't be had, or the document is too large."""


_NAMED = 5
"""Attachments that a warning names."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """On what conditions documents are asked about, whichever model answers; see `Extractor`."""

    prompts: Prompts
    instructions: str | None = None
    max_attempts: int = 4
    unverified: Unverified = "drop"
    second_look: bool = True
    max_tokens: int | None = None
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    deadline: float | None = None
    spending: SpendingLimits = field(default_factory=SpendingLimits)
    fallback_on: tuple[type[ExtractorError], ...] = FALLBACK_ON
    coverage: CoverageMode = "full"


@dataclass(frozen=True, slots=True)
class Job:
    """One extraction, of a document or of several that make up one contract.

    Its id, until when it has to be done, what each model that was asked may spend and has spent,
    and who was passed over.
    """

    id: str
    deadline: Deadline | None
    bills: list[Allowance] = field(default_factory=list[Allowance])
    passed_over: list[PassedOver] = field(default_factory=list[PassedOver])

    @classmethod
    def begun(cls, seconds: float | None, clock: Clock) -> Job:
        deadline = None if seconds is None else Deadline.after(seconds, clock)
        return cls(secrets.token_hex(8), deadline)

    @property
    def attempts(self) -> int:
        """POSTs so far."""
        return sum(bill.attempts for bill in self.bills)

    @property
    def usage(self) -> Usage:
        return sum((bill.usage for bill in self.bills), Usage())

    @property
    def cost_usd(self) -> Decimal | None:
        """None where one of the bills is not known."""
        costs = [bill.cost_usd for bill in self.bills]
        known = [cost for cost in costs if cost is not None]
        return sum(known, Decimal(0)) if len(known) == len(costs) else None

    @property
    def spent_tokens(self) -> int:
        """What counts against a limit on tokens: those that were told, and those assumed."""
        return sum(bill.usage.total_tokens + bill.assumed for bill in self.bills)


class Asking(Generic[T]):
    """What is asked about one document, of whichever models; `job` has the bill of all of them.

    `techniques` has those that were taken, by who was asked.
    """

    def __init__(
        self,
        candidates: tuple[Candidate[T], ...],
        document: Document,
        *,
        core: CallCore,
        conditions: Conditions,
        metadata: Mapping[str, str],
        job: Job,
    ) -> None:
        self.job = job
        self._candidates = candidates
        self._document = document
        self._core = core
        self._conditions = conditions
        self._metadata = metadata
        self._billed_before = len(self.job.bills)
        self.techniques: dict[Target, str] = {}

    def in_turn(self, *, start: int = 0) -> Steps[Extraction[T]]:
        """Ask one candidate after the other, from `start`, until one has answered.

        Raises:
            ExtractorError: the last one's, or one that asking somebody else would not cure.
        """
        # A replay has no failures to fall back on, only replies that are not there.
        passing: tuple[type[ExtractorError], ...] = (*self._conditions.fallback_on, CacheMissError)
        for number in range(start, len(self._candidates)):
            is_last = number == len(self._candidates) - 1
            try:
                return (yield from self.alone(number, instead=() if is_last else passing))
            except passing as error:
                if is_last:
                    raise
                self.pass_over(number, error)
                asked, following = self._candidates[number : number + 2]
                reason = f"{asked.model} gave no answer ({type(error).__name__})"
                yield Wait(0.0, f"{reason}: asking {following.model}")
        raise AssertionError("there is a candidate")

    def alone(
        self, number: int, *, instead: tuple[type[ExtractorError], ...] = (ExtractorError,)
    ) -> Steps[Extraction[T]]:
        """Ask one candidate, and where it refuses to enforce the schema, once more without.

        `instead` has the errors after which somebody else is asked, who is not waited for then.
        A replay has no refusals, only replies that are not there.
        """
        candidate = self._candidates[number].accepted
        try:
            return (yield from self._ask(candidate, instead=instead))
        except (SchemaRefusedError, CacheMissError) as error:
            other = candidate.unenforced
            if other is None or other.plan.backend.name == candidate.plan.backend.name:
                raise
            is_refused = isinstance(error, SchemaRefusedError)
        if is_refused:
            candidate.refused.add(candidate.plan.backend.name)
            yield Wait(0.0, other.plan.warnings[-1])
        return (yield from self._ask(other, instead=instead))

    def in_patience(self, number: int) -> Steps[Extraction[T]]:
        """Ask one candidate again that nobody had waited for, and wait for it."""
        yield Wait(0.0, f"Nobody else can be asked: waiting for {self._candidates[number].model}")
        return (yield from self.alone(number, instead=()))

    def is_worth_waiting(self, error: Exception) -> bool:
        """Say whether a candidate that failed so would have been waited for, had it been alone."""
        retry = self._conditions.retry
        if isinstance(error, OutageError):
            return retry.outage > 0
        if not isinstance(error, ProviderError) or not error.retryable or not error.retry_after:
            return False
        now = self._core.clock.monotonic()
        return is_long(error.retry_after, retry, self.job.deadline, now)

    def _ask(
        self, candidate: Candidate[T], *, instead: tuple[type[ExtractorError], ...]
    ) -> Steps[Extraction[T]]:
        """Ask one candidate by its technique, through the call core."""
        cache = self._core.cache
        key = PROCESS_KEY if cache is None else cache.nonce_key
        way = chosen(candidate, self._document, self._conditions, self._core)
        flow = flow_of(way, self._document, self._conditions, nonce_key=key)
        candidate, layout = way
        self.techniques[candidate.target] = candidate.plan.backend.name
        try:
            asked = next(flow)
            context = self._context(candidate, asked, layout, instead=instead)
            while True:
                try:
                    response = yield from self._core.call(asked, context)
                except ExtractorError as error:
                    asked = flow.throw(error)
                else:
                    yield OTHERS_FIRST  # it is paid and booked; to read and prove it takes long
                    asked = flow.send(response)
        except StopIteration as done:
            answer: Answer[T] = done.value
            return self._result(candidate, answer)
        finally:
            flow.close()

    def pass_over(self, number: int, error: Exception | None) -> None:
        """Note why a candidate has not answered; None where another was quicker."""
        model = self._candidates[number].model
        if error is None:
            told = PassedOver(model, "Cancelled", "Another model had answered first.")
        else:
            told = PassedOver(model, type(error).__name__, str(error))
        self.job.passed_over.append(told)

    @contextmanager
    def billed(self) -> Generator[None]:
        """Note on an error what had been spent when it ended the extraction, and on whom."""
        try:
            yield
        except ExtractorError as error:
            error.billed(
                attempts=self.job.attempts, usage=self.job.usage, cost_usd=self.job.cost_usd
            )
            error.passed_over = tuple(self.job.passed_over)
            raise

    def has_asked(self, target: Target) -> bool:
        """Whether a target was asked before the POST to it that is being made."""
        own = self.job.bills[self._billed_before :]
        return sum(bill.attempts - bill.counts for bill in own if bill.target == target) > 1

    def _context(
        self,
        candidate: Candidate[T],
        first: ModelRequest,
        layout: Layout[T],
        *,
        instead: tuple[type[ExtractorError], ...],
    ) -> CallContext:
        conditions, core, job = self._conditions, self._core, self.job
        bill = allowance(
            candidate.plan,
            first,
            layout=layout,
            max_attempts=conditions.max_attempts,
            max_tokens=conditions.max_tokens and max(1, conditions.max_tokens - job.spent_tokens),
            target=candidate.target,
            pricing=core.pricing,
            tokens=core.tokens,
        )
        job.bills.append(bill)
        return CallContext(
            target=candidate.target,
            allowance=bill,
            extraction=job.id,
            technique=candidate.plan.backend.name,
            retry=conditions.retry,
            instead=instead,
            deadline=job.deadline,
            budgets=conditions.spending.budgets(job.id, self._metadata),
            per_call=conditions.spending.call_limit,
            counts_tokens=isinstance(candidate.provider, CountsTokens),
            metadata=self._metadata,
        )

    def _result(self, candidate: Candidate[T], answer: Answer[T]) -> Extraction[T]:
        text = self._document.text
        value, fields, told = with_derived(answer.value, answer.fields, lambda _: text)
        return self.with_bill(
            Extraction(
                value=value,
                fields=fields,
                model=candidate.model,
                backend=candidate.plan.backend.name,
                attempts=0,
                repairs=answer.repairs,
                usage=Usage(),
                cost_usd=None,
                warnings=(
                    *self._document.warnings,
                    *_not_asked(self._document),
                    *candidate.plan.warnings,
                    *answer.warnings,
                    *told,
                    *check_warnings(value, fields),
                ),
                coverage=self._document.coverage * answer.coverage,
            )
        )

    def with_bill(self, extraction: Extraction[T]) -> Extraction[T]:
        """Return an extraction with what all candidates have taken by now."""
        told = tuple(warning for bill in self.job.bills for warning in bill.warnings())
        known = tuple(w for w in extraction.warnings if w not in told)
        return replace(
            extraction,
            attempts=self.job.attempts,
            usage=self.job.usage,
            cost_usd=self.job.cost_usd,
            warnings=(*known, *told),
            passed_over=tuple(self.job.passed_over),
        )


def _not_asked(document: Document) -> Sequence[str]:
    """Say which documents came with this one, of which nothing was asked."""
    names = [attachment.name for attachment in document.attachments]
    if not names:
        return ()
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    told = (
        f"Nothing was asked about what is attached: {', '.join(names[:_NAMED])}{more}. "
        "Extract from each by itself: `document.attachments` has them"
    )
    return (told,)

"""Asking the provider itself how many input tokens a request has, where our own bound refuses.

Claude's tokenizer is not public, so what is known of a request beforehand is a bound that starts
high (`metering/tokens.py`). Where that bound alone would refuse a request, the provider is asked
for its own count: one POST more, free of charge, with a rate limit of its own, tried again and
logged like any other.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extractor.calls.base import Need, Ticket
from extractor.calls.context import CallContext
from extractor.calls.endings import do_all, named
from extractor.calls.log import log_record
from extractor.calls.records import CallRecord, dollars
from extractor.calls.series import Series
from extractor.calls.steps import Count, Steps, Target, given
from extractor.calls.waiting import wait_for_turn, wait_until_decided
from extractor.errors import (
    DeadlineError,
    ExtractorError,
    ProviderError,
    RateLimitError,
    SpendingLimitError,
    TokenLimitError,
)
from extractor.types import CountedTokens, ModelRequest

if TYPE_CHECKING:
    from extractor.calls.core import CallCore

_log = logging.getLogger("extractor.calls")

TECHNIQUE = "count_tokens"
"""What the records of these POSTs have as their technique."""

_LONGEST = 30.0
"""Seconds that a count may take."""


def count(
    core: CallCore,
    request: ModelRequest,
    context: CallContext,
    refusal: TokenLimitError | SpendingLimitError,
) -> Steps[bool]:
    """Have a request counted that was refused, and its allowance know of it.

    Returns:
        Whether asking again is worth it: not where nobody can tell, it was told before, or the
        longest answer alone would be too much.

    Raises:
        StoreError: the ledger can't be written.
    """
    allowance = context.allowance
    if not context.counts_tokens or allowance.was_told(request):
        return False
    if not _leaves_room(core, request, context.target, refusal):
        return False
    series = Series(context, core.clock)
    try:
        counted = yield from series.retried(lambda: _counted(core, request, series))
    except (ProviderError, DeadlineError) as error:
        _log.warning("%s did not count a request (%s)", context.target, type(error).__name__)
        return allowance.told(request, None)
    return allowance.told(request, counted.input_tokens)


def _counted(core: CallCore, request: ModelRequest, series: Series) -> Steps[CountedTokens]:
    """Do one POST of the series, and settle it whatever comes."""
    post = _Post.entered(core, series)
    try:
        yield from post.wait()
        counted = given((yield post.send(request)), CountedTokens)
    except GeneratorExit:  # see `Orphans`
        core.orphans.add(post.over)
        raise
    except BaseException as error:
        post.over(error=error)
        raise
    post.over(counted)
    return counted


def _leaves_room(
    core: CallCore,
    request: ModelRequest,
    target: Target,
    refusal: TokenLimitError | SpendingLimitError,
) -> bool:
    """Say whether the longest answer would fit, if the question took nothing."""
    if isinstance(refusal, TokenLimitError):
        return refusal.spent + request.max_tokens < refusal.limit
    answer = core.pricing.max_cost_micro(target, 0, request.max_tokens)
    return answer is not None and refusal.spent + dollars(answer) < refusal.limit


@dataclass(slots=True)
class _Post:
    """One such POST: its turn within the limits, and its record."""

    core: CallCore
    series: Series
    target: Target
    ticket: Ticket
    record: CallRecord | None = None
    sent_at: float | None = None

    @classmethod
    def entered(cls, core: CallCore, series: Series) -> _Post:
        model = f"{series.context.target.model}/{TECHNIQUE}"
        target = replace(series.context.target, model=model)
        return cls(
            core, series, target, core.limiter.enter(target, Need(0, 0), core.clock.monotonic())
        )

    def wait(self) -> Steps[None]:
        """Wait for its turn, and until its record is written."""
        clock, context = self.core.clock, self.series.context
        yield from wait_for_turn(self.ticket, context, clock)
        record = replace(self.series.record(), technique=TECHNIQUE, reserved=0)
        reservation = self.core.ledger.reserve(record, ())
        self.record = record
        yield from wait_until_decided(reservation, context, clock)
        try:
            reservation.check()
        except ExtractorError:
            self.record = None
            raise

    def send(self, request: ModelRequest) -> Count:
        context, now = self.series.context, self.core.clock.monotonic()
        timeout = min(_LONGEST, context.time_left(now, why="counting its tokens"))
        self.sent_at = now
        context.allowance.attempts += 1
        context.allowance.counts += 1
        return Count(request, context.target, timeout)

    def over(
        self, counted: CountedTokens | None = None, *, error: BaseException | None = None
    ) -> None:
        """End it, whatever came; it has cost nothing."""
        core, now = self.core, self.core.clock.monotonic()
        failure = error if isinstance(error, ProviderError) else None
        told = counted or failure
        name = None if counted else named(error)
        do_all(
            self.record.id if self.record else TECHNIQUE,
            limits=lambda: (
                self.ticket.cancel(now) if self.sent_at is None else self.ticket.settle(None, now)
            ),
            headers=lambda: core.limiter.observe(
                self.target, told.rate_limits if told else (), now
            ),
            refusal=lambda: self._refused(error, now),
            record=lambda: self._close(now, error_type=name, told=told),
        )

    def _close(
        self, now: float, *, error_type: str | None, told: CountedTokens | ProviderError | None
    ) -> None:
        if self.record is None:
            return
        ended = replace(
            self.record,
            state="unsent" if self.sent_at is None else "settled",
            cost=0,
            latency=None if self.sent_at is None else now - self.sent_at,
            error_type=error_type,
            status=told.status if isinstance(told, ProviderError) else None,
            request_id=told.request_id if told else None,
        )
        do_all(
            ended.id,
            ledger=lambda: self.core.ledger.settle(ended, ()),
            log=lambda: log_record(ended) if self.sent_at is not None else None,
        )

    def _refused(self, error: BaseException | None, now: float) -> None:
        # One before the POST is our own word that its turn is too far off.
        if isinstance(error, RateLimitError) and self.sent_at is not None:
            self.core.limiter.refused(self.target, error.retry_after, now)

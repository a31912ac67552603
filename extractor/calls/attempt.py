"""One attempt: its turn within the limits, its place on the budget, one POST, and the bill.

Whatever ends it (a reply, a failure, a cancelled task, a bug of the driver), what it took of
limits, allowance and budget is settled or given back, and one record says how it went.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from extractor.calls.allowance import Allowance
from extractor.calls.base import Need
from extractor.calls.context import CallContext
from extractor.calls.counting import count
from extractor.calls.endings import do_all, named
from extractor.calls.gate import Entry
from extractor.calls.largest_cost import largest_cost
from extractor.calls.limits import need_of
from extractor.calls.log import log_record
from extractor.calls.metering.credible import credible
from extractor.calls.previews import log_request, log_response
from extractor.calls.records import CallRecord, CallState
from extractor.calls.series import Series
from extractor.calls.steps import Send, Steps, Wait, given
from extractor.calls.waiting import wait_for_turn, wait_until_decided
from extractor.errors import (
    ConfigurationError,
    ExtractorError,
    ProviderError,
    RateLimitError,
    SpendingLimitError,
    TokenLimitError,
)
from extractor.types import ModelRequest, ModelResponse, Usage

if TYPE_CHECKING:
    from extractor.calls.core import CallCore

_LOOK_AGAIN = 30.0
"""Seconds after which money is asked for again: nobody gives a signal for what an orphan holds."""


def attempt(
    core: CallCore, request: ModelRequest, series: Series, before: Allowance, entry: Entry
) -> Steps[ModelResponse]:
    """Do one POST of a series.

    Args:
        core: what it goes through.
        request: what is asked.
        series: the POSTs for the same request.
        before: the document's bill as it was before the first of them.
        entry: is told of the POST.

    Raises:
        ExtractorError: see `CallCore.call`; nothing stays reserved but what may be billed.
    """
    books = yield from _opened(core, request, series)
    try:
        yield from books.wait_for_turn()
        yield from books.wait_for_money()
        entry.sent(core.clock.monotonic())
        response = given((yield books.send()), ModelResponse)
    except ExtractorError as error:
        books.failed(error)
        raise
    except GeneratorExit:  # see `Orphans`
        core.orphans.add(books.abandoned)
        raise
    except BaseException as error:  # abandoned, or a provider's own kind of exception
        books.abandoned(error)
        raise
    return books.answered(response, before)


def _opened(core: CallCore, request: ModelRequest, series: Series) -> Steps[_Books]:
    record = series.record()
    try:
        return _Books(core, request, series.context, record)
    except TokenLimitError as error:
        if not (yield from count(core, request, series.context, error)):
            raise
    return _Books(core, request, series.context, record)


class _Books:
    """What an attempt has reserved. Each of the three ends settles all of it."""

    def __init__(
        self, core: CallCore, request: ModelRequest, context: CallContext, record: CallRecord
    ) -> None:
        self._core, self._request, self._context = core, request, context
        self._record = record
        self._sent_at: float | None = None
        self._is_booked = False
        self._stay = core.under_way.stay()
        self._count = context.allowance.rough(request)
        self._amount = context.allowance.reserve(request)
        written = core.outputs.expected(context.target, context.technique, request.max_tokens)
        need = Need(self._count.expected, written)
        self._ticket = core.limiter.enter(context.target, need, core.clock.monotonic())

    def wait_for_turn(self) -> Steps[None]:
        return wait_for_turn(self._ticket, self._context, self._core.clock)

    def wait_for_money(self) -> Steps[None]:
        """Set aside the most that the attempt can cost, and wait until that is written down.

        Where its own count may make it fit, the provider is asked for that; where it would fit but
        for what calls under way have set aside, their end is waited for.
        """
        core, is_sure = self._core, False
        while True:
            ended = core.under_way.next_end()
            try:
                self._count, most = largest_cost(core, self._request, self._context)
                yield from self._set_aside(most)
            except SpendingLimitError as error:
                if (yield from count(core, self._request, self._context, error)):
                    continue
                if not error.fits_later:
                    raise
                ended = ended or core.under_way.next_end()  # of who has just begun
                if ended is None:
                    if is_sure:
                        raise
                    is_sure = True  # money may have come back since
                    continue
                why = "Waiting for money that is set aside for calls under way"
                left = self._context.time_left(core.clock.monotonic(), why=why)
                yield Wait(min(_LOOK_AGAIN, left), why, ended)
                core.orphans.settle()
                is_sure = False
            else:
                return

    def _set_aside(self, most: int | None) -> Steps[None]:
        now = self._core.clock.time()
        self._record = replace(self._record, reserved=most, started_at=now)
        reservation = self._core.ledger.reserve(self._record, self._context.budgets)
        self._is_booked = True

        def granted() -> None:
            with suppress(ExtractorError):
                reservation.check()
                self._stay.begin()

        reservation.signal.on_set(granted)  # before those who were refused with it go on
        yield from wait_until_decided(reservation, self._context, self._core.clock)
        try:
            reservation.check()
        except ExtractorError:
            self._is_booked = False  # nothing was set aside
            raise

    def send(self) -> Send:
        now, deadline = self._core.clock.monotonic(), self._context.deadline
        timeout = None if deadline is None else deadline.left(now)
        self._sent_at = now
        if self._core.logs_content:
            log_request(self._record.id, self._request)
        return Send(self._request, self._context.target, timeout)

    def answered(self, response: ModelResponse, before: Allowance) -> ModelResponse:
        """Settle by what the reply says it used; return it without usage that can't be true.

        A reply is kept before it is settled: one that a crash loses is of an attempt whose cost is
        unknown, never of one that is paid and done with.
        """
        core, target, now = self._core, self._context.target, self._core.clock.monotonic()
        usage = credible(response.usage, self._record.id)
        if usage is not response.usage:
            response = replace(response, usage=usage)
        do_all(
            self._record.id,
            content=lambda: self._log_content(response),
            limits=lambda: self._ticket.settle(
                need_of(usage, target.provider) if usage else None, now
            ),
            headers=lambda: core.limiter.observe(target, response.rate_limits, now),
            lengths=lambda: self._learn(usage),
            allowance=lambda: self._context.allowance.settle(self._amount, usage),
            reply=lambda: self._keep(response, before),
            bill=lambda: self._close(
                usage,
                response_model=response.model or None,
                stop_reason=response.stop_reason.value,
                request_id=response.request_id,
                response_id=response.response_id,
            ),
            under_way=self._stay.end,
        )
        return response

    def failed(self, error: ExtractorError) -> None:
        """Settle by what the failure says of the bill; one before the POST costs nothing."""
        if self._sent_at is None or isinstance(error, ConfigurationError):  # such as a missing key
            self._unsent(error)
            return
        core, target, now = self._core, self._context.target, self._core.clock.monotonic()
        failure = error if isinstance(error, ProviderError) else None
        usage = credible(error.usage, self._record.id)
        error.usage = usage or Usage()
        in_doubt = failure is None or failure.may_be_billed or usage is None
        never_arrived = failure is not None and failure.status is None and not in_doubt
        used = None if in_doubt else need_of(error.usage, target.provider)
        do_all(
            self._record.id,
            limits=lambda: (
                self._ticket.cancel(now) if never_arrived else self._ticket.settle(used, now)
            ),
            headers=lambda: core.limiter.observe(
                target, failure.rate_limits if failure else (), now
            ),
            refusal=lambda: self._refused(error, now),
            allowance=lambda: self._context.allowance.settle(self._amount, error.usage),
            doubt=lambda: self._context.allowance.doubt() if in_doubt else None,
            bill=lambda: self._close(
                None if in_doubt else usage,
                error_type=type(error).__name__,
                status=failure.status if failure else None,
                request_id=failure.request_id if failure else None,
            ),
            under_way=self._stay.end,
        )

    def abandoned(self, error: BaseException | None = None) -> None:
        """Settle what nobody waits for any more; after the POST, all of it may be billed."""
        if self._sent_at is None:
            self._unsent(error)
            return
        now = self._core.clock.monotonic()
        do_all(
            self._record.id,
            limits=lambda: self._ticket.settle(None, now),
            allowance=lambda: self._context.allowance.settle(self._amount, None),
            bill=lambda: self._close(None, error_type=named(error)),
            under_way=self._stay.end,
        )

    def _unsent(self, error: BaseException | None) -> None:
        core, now = self._core, self._core.clock.monotonic()
        ended = replace(self._record, state="unsent", error_type=named(error))
        nothing = Usage()
        do_all(
            self._record.id,
            limits=lambda: self._ticket.cancel(now),
            allowance=lambda: self._context.allowance.settle(self._amount, nothing, sent=False),
            ledger=lambda: (
                core.ledger.settle(ended, self._context.budgets) if self._is_booked else None
            ),
            under_way=self._stay.end,
        )

    def _close(self, usage: Usage | None, **told: Any) -> None:
        """Write down how it ended; without usage, or a price for it, what it cost is unknown."""
        core = self._core
        cost = None if usage is None else core.pricing.cost_micro(self._context.target, usage)
        took = core.clock.monotonic() - (self._sent_at or 0.0)
        state: CallState = "unknown" if cost is None else "settled"
        ended = replace(self._record, state=state, usage=usage, cost=cost, latency=took, **told)
        do_all(
            self._record.id,
            ledger=lambda: core.ledger.settle(ended, self._context.budgets),
            log=lambda: log_record(ended),
        )

    def _keep(self, response: ModelResponse, before: Allowance) -> None:
        if (cache := self._core.cache) is not None:
            recorded = self._context.allowance.recorded(response, before)
            cache.put(self._request, self._context.target, recorded)

    def _refused(self, error: ExtractorError, now: float) -> None:
        if isinstance(error, RateLimitError):
            self._core.limiter.refused(self._context.target, error.retry_after, now)

    def _learn(self, usage: Usage | None) -> None:
        core, target = self._core, self._context.target
        if usage is not None:
            core.tokens.learn(target, self._count, usage.input_tokens)
            core.outputs.learn(target, self._context.technique, usage.output_tokens)

    def _log_content(self, response: ModelResponse) -> None:
        if self._core.logs_content:
            log_response(self._record.id, response)

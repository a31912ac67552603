"""What every POST waits for before it is sent: its turn, and its line in the ledger.

A request and a count of its tokens (`attempt.py`, `counting.py`) wait in the same way.
"""

from __future__ import annotations

from extractor.calls.base import Clock, Reservation, Ticket
from extractor.calls.context import CallContext
from extractor.calls.steps import Steps, Wait
from extractor.errors import RateLimitError

_A_LONG_TIME = 3_600.0
"""Seconds after which somebody who waits for a signal looks again without one."""


def wait_for_turn(ticket: Ticket, context: CallContext, clock: Clock) -> Steps[None]:
    """Wait until the provider's limits and the caller's own admit a POST.

    Raises:
        RequestTooLargeError: they never will.
        RateLimitError: it would take too long where somebody else can be asked.
        DeadlineError: the document's time is up, or will be before they do.
    """
    while seconds := ticket.ask(clock.monotonic()):
        why = f"Waiting for {ticket.why()}"
        if ticket.turn_in:
            _check_turn(ticket, context, clock.monotonic())
        left = context.time_left(clock.monotonic(), needed=ticket.turn_in, why=why)
        yield Wait(min(seconds, left), why, ticket.signal)


def _check_turn(ticket: Ticket, context: CallContext, now: float) -> None:
    """Give a turn up that is too far off."""
    wait = f"{ticket.turn_in:,.0f} s for {ticket.why()}"
    full = RateLimitError(
        f"{context.target} was not asked: its turn would have come after {wait}",
        provider=context.target.provider,
        retry_after=ticket.turn_in,
    )
    if context.leaves(full, ticket.turn_in, now):
        raise full


def wait_until_decided(reservation: Reservation, context: CallContext, clock: Clock) -> Steps[None]:
    """Wait until a reservation is written or refused; its `check` says which.

    Raises:
        DeadlineError: the document's time is up.
    """
    while not reservation.signal.is_set:
        left = context.time_left(clock.monotonic(), why="the ledger is not written yet")
        yield Wait(min(_A_LONG_TIME, left), "", reservation.signal)

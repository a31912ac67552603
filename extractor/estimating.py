"""What a document will take, before anything is sent: tokens and dollars, from low to maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractor.calls.allowance import Allowance
from extractor.calls.pricing import Pricing
from extractor.calls.records import MICRO
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Target
from extractor.calls.tokens import TokenCount, TokenCounter
from extractor.documents.chunking import Chunk
from extractor.errors import TokenLimitError
from extractor.planning import Plan, asked_values
from extractor.providers.anthropic import CACHED_FROM
from extractor.types import ModelRequest, T, Usage

_TOKENS_PER_NULL = 8
"""A field's name and null, in JSON and XML."""

_TOKENS_PER_VALUE = 12
"""A field's name and a name, date or number."""

_TOKENS_PER_QUOTED_VALUE = 32
"""The same with its quote: 29 to 35 in `fixtures/replies`, whose schemas are mostly answered."""

_ASKED_AGAIN = 0.1
"""Second requests per document, an assumption: able models answer nine in ten at the first."""

_TOLD = 2_000
"""Tokens that a correction has for what is wrong; it may have more, from room that stays unused."""

_OTHER_CODE = 100
"""The code in the prompt's fences is drawn for each run; another may take more tokens."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens, and their price in US dollars; None where no price is known."""

    input_tokens: int
    output_tokens: int
    total_tokens: int
    cost_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one document will take.

    Attributes:
        requests: how many at least: one for each window of a document that is too long for one.
        low: these requests, and answers that found nothing.
        expected: all values found and quoted; one document in ten asked about twice. Tokens that a
            model spends on reasoning are not in it, since nobody can tell them beforehand.
        maximum: all that the limit on tokens allows: no run takes or costs more. Input and output
            are the most of each, which no run takes together. Less than `low` in total means that
            the limit will refuse the first request.
    """

    requests: int
    low: Amount
    expected: Amount
    maximum: Amount


def estimate(
    plan: Plan[T],
    first_request: ModelRequest,
    *,
    windows: Sequence[Chunk] = (),
    max_attempts: int,
    max_tokens: int | None,
    target: Target,
    pricing: Pricing,
    tokens: TokenCounter,
    posts: int = RetryPolicy().attempts,
) -> Estimate:
    """Estimate what an extraction takes; nothing is sent, and no key is needed.

    Args:
        plan: what is asked of whom.
        first_request: as it would be sent.
        windows: the parts in which the document is shown; none where it is shown as a whole.
        max_attempts: how many replies may be asked for.
        max_tokens: what the document may cost; None for the limit that `allowance` then sets.
        target: who is asked.
        pricing: what it costs there.
        tokens: what counts the tokens.
        posts: how often one request may be sent, where it fails in between.
    """
    count = tokens.count(first_request, target)
    per_token = (count.expected - count.added) / (count.tokens or 1)
    values = round(asked_values(plan.shape) * per_token)
    quoted = _TOKENS_PER_QUOTED_VALUE if plan.evidence == "quotes" else _TOKENS_PER_VALUE
    nothing = min(values * _TOKENS_PER_NULL, plan.room)
    answer = min(values * quoted, plan.room)
    asked_first = _expected_input(count, windows)
    unanswered = nothing * (len(windows) - 1) if windows else 0
    again = _ASKED_AGAIN if max_attempts > 1 else 0.0

    is_marked = target.provider == "anthropic" and any(
        message.role == "user" and len(message.content) > CACHED_FROM
        for message in first_request.messages
    )

    def amount(input_tokens: float, output_tokens: float) -> Amount:
        asked, answered = round(input_tokens), round(output_tokens)
        usage = Usage(asked, answered, cache_creation_input_tokens=asked if is_marked else 0)
        return Amount(asked, answered, asked + answered, pricing.cost(target, usage))

    limit = max_tokens or _limit(plan, max_attempts, count.upper + _OTHER_CODE, windows)
    rooms = sum(_rooms(plan, max_attempts)) * _rounds(windows)
    return Estimate(
        requests=max(1, len(windows)),
        low=amount(asked_first, nothing + unanswered),
        expected=amount(asked_first * (1 + again), answer * (1 + again) + unanswered),
        maximum=_most(limit, posts * rooms, target, pricing),
    )


def allowance(
    plan: Plan[T],
    first_request: ModelRequest,
    *,
    windows: Sequence[Chunk] = (),
    max_attempts: int,
    max_tokens: int | None,
    target: Target,
    pricing: Pricing,
    tokens: TokenCounter,
) -> Allowance:
    """Return what a document may spend; the arguments are those of `estimate`.

    By default it is what `max_attempts` replies take at most, where each correction sends along the
    answer before it and what is wrong with that. Requests that fail draw on the same tokens.

    Raises:
        TokenLimitError: the windows of the document alone take more than `max_tokens`.
    """

    def price(usage: Usage | None) -> Decimal | None:
        return pricing.cost(target, usage)

    if max_tokens:
        if windows:
            least = _expected_input(tokens.count(first_request, target), windows)
            if least > max_tokens:
                raise TokenLimitError(estimate=least, spent=0, limit=max_tokens)
        return Allowance(max_tokens, price, tokens, target)

    def limit() -> int:
        return _limit(plan, max_attempts, tokens.count(first_request, target).upper, windows)

    return Allowance(_limit(plan, max_attempts, 0, windows), price, tokens, target, limit)


def _expected_input(count: TokenCount, windows: Sequence[Chunk]) -> int:
    """Return the input of one request for each window, of which the first one was counted."""
    if not windows:
        return count.expected
    beside = max(0, count.expected - windows[0].tokens)
    return len(windows) * beside + sum(window.tokens for window in windows)


def _limit(
    plan: Plan[T], max_attempts: int, input_tokens: int, windows: Sequence[Chunk] = ()
) -> int:
    if windows:  # the first one need not be the largest
        input_tokens += 2 * max(window.tokens - windows[0].tokens for window in windows)
    rooms = _rooms(plan, max_attempts)
    corrections = sum(room + _TOLD for room in rooms[:-1])
    return (max_attempts * input_tokens + sum(rooms) + corrections) * _rounds(windows)


def _rounds(windows: Sequence[Chunk]) -> int:
    """Return how often `max_attempts` replies may be asked for: for each window, and for all."""
    return len(windows) + 1 if windows else 1


def _rooms(plan: Plan[T], max_attempts: int) -> list[int]:
    """List the most output of each reply: the room doubles whenever one is cut off."""
    most = plan.profile.max_output_tokens
    rooms = [plan.room]
    while len(rooms) < max_attempts:
        rooms.append(min(rooms[-1] * 2, most))
    return rooms


def _most(limit: int, most_output: int, target: Target, pricing: Pricing) -> Amount:
    """Price a limit on tokens as the input and output that cost most."""
    output = min(limit, most_output)
    costs = [
        pricing.max_cost_micro(target, limit - answered, answered, largest=limit)
        for answered in (0, output)
    ]
    known = [cost for cost in costs if cost is not None]
    return Amount(limit, output, limit, Decimal(max(known)) / MICRO if known else None)

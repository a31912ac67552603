"""What a document will take, before anything is sent: tokens and dollars, from low to maximum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from extractor.calls.allowance import Allowance
from extractor.calls.metering.pricing import Pricing
from extractor.calls.metering.tokens import TokenCount, TokenCounter
from extractor.calls.records import MICRO
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Target
from extractor.errors import TokenLimitError
from extractor.flow.second_look import SHOWN
from extractor.planning.layout import Layout, Part, whole
from extractor.planning.plan import Plan, shares_prefix
from extractor.providers.anthropic import CACHED_FROM
from extractor.types import EvidenceMode, ModelRequest, T, Usage
from extractor.wire.groups import asked_values

_TOKENS_PER_NULL = 8
"""A field's name and null, in JSON and XML."""

_TOKENS_PER_ANSWER: Mapping[EvidenceMode, int] = {"none": 12, "paragraphs": 19, "quotes": 32}
"""A field's name and a name, date or number; with a label; with a quote.

With a quote it is 29 to 35 in `fixtures/replies`, whose schemas are mostly answered.
"""

_ASKED_AGAIN = 0.1
"""Second requests per document, an assumption: able models answer nine in ten at the first."""

_LOOKED_AGAIN = 0.5
"""Second looks per document whose schema has vital fields, an assumption: half lack one of them."""

_SECOND_LOOK = SHOWN // 4 + 400
"""Tokens that a second look sends: its passages, our words, and the fields that are sought."""

_TOLD = 2_000
"""Tokens that a correction has for what is wrong; it may have more, from room that stays unused."""

_CACHING = frozenset({"openai", "anthropic"})
"""Who charges less for a text that is in the prompt cache; of other servers nobody can tell."""

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
        plan: what the document and the schema are cut into: "whole", "windows", "groups" (of
            fields), "windows and groups", "passages" or "passages and groups".
        backend: the technique.
        coverage: the share of the document's text that is shown, 0 to 1.
        windows: how many windows there are.
        groups: how many groups of fields there are, each asked of each window.
        requests: how many at least: one for each group and window.
        low: these requests, and answers that found nothing.
        expected: all values found and quoted; one document in ten asked about twice, and of one in
            two a second look at what matters most. Tokens that a model spends on reasoning are not
            in it, since nobody can tell them beforehand.
        maximum: all that the limit on tokens allows: no run takes or costs more. Input and output
            are the most of each, which no run takes together. Less than `low` in total means that
            the limit will refuse the first request.
    """

    plan: str
    backend: str
    coverage: float
    windows: int
    groups: int
    requests: int
    low: Amount
    expected: Amount
    maximum: Amount


def estimate(
    plan: Plan[T],
    first_request: ModelRequest,
    *,
    layout: Layout[T] | None = None,
    coverage: float = 1.0,
    max_attempts: int,
    max_tokens: int | None,
    sought: int = 0,
    target: Target,
    pricing: Pricing,
    tokens: TokenCounter,
    posts: int = RetryPolicy().attempts,
) -> Estimate:
    """Estimate what an extraction takes; nothing is sent, and no key is needed.

    Args:
        plan: what is asked of whom.
        first_request: as it would be sent.
        layout: which fields are asked of which part of the document; by default all of all of it.
        coverage: the share of the document's text that this shows.
        max_attempts: how many replies may be asked for.
        max_tokens: what the document may cost; None for the limit that `allowance` then sets.
        sought: how many fields a second look would be for; 0 where there is none.
        target: who is asked.
        pricing: what it costs there.
        tokens: what counts the tokens.
        posts: how often one request may be sent, where it fails in between.
    """
    layout = layout or whole(plan)
    count = tokens.count(first_request, target)
    per_token = (count.expected - count.added) / (count.tokens or 1)
    again = _ASKED_AGAIN if max_attempts > 1 else 0.0
    inputs = _inputs(layout, first_request, count, target, tokens)

    def usages(*, per_value: int) -> Iterator[Usage]:
        """Yield what each request takes; what is answered of one window is not of the others."""
        for part, asked in zip(layout.parts, inputs, strict=True):
            each = per_value if part.window[0] == 1 else _TOKENS_PER_NULL
            values = round(asked_values(part.plan.shape) * per_token)
            yield replace(asked, output_tokens=min(values * each, plan.room))

    def amount(*, per_value: int, again: float = 0.0, looked: float = 0.0) -> Amount:
        look = Usage(_SECOND_LOOK, sought * per_value)
        taken = [(usage, 1 + again) for usage in usages(per_value=per_value)]
        taken += [(look, looked)] if looked else []
        asked = round(sum(usage.input_tokens * times for usage, times in taken))
        answered = round(sum(usage.output_tokens * times for usage, times in taken))
        costs = [(pricing.cost(target, usage), times) for usage, times in taken]
        known = [cost * Decimal(str(times)) for cost, times in costs if cost is not None]
        total = sum(known, Decimal(0)) if len(known) == len(costs) else None
        return Amount(asked, answered, asked + answered, total)

    limit = max_tokens or _limit(plan, max_attempts, count.upper + _OTHER_CODE, layout)
    rooms = sum(_rooms(plan, max_attempts)) * _rounds(layout)
    quoted = _TOKENS_PER_ANSWER[plan.evidence]
    return Estimate(
        plan=_name(layout),
        backend=plan.backend.name,
        coverage=coverage,
        windows=layout.windows,
        groups=layout.groups,
        requests=len(layout.parts),
        low=amount(per_value=_TOKENS_PER_NULL),
        expected=amount(per_value=quoted, again=again, looked=_LOOKED_AGAIN if sought else 0.0),
        maximum=_most(limit, posts * rooms, target, pricing),
    )


def allowance(
    plan: Plan[T],
    first_request: ModelRequest,
    *,
    layout: Layout[T] | None = None,
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
        TokenLimitError: the first questions about all parts alone take more than `max_tokens`.
    """
    layout = layout or whole(plan)

    def price(usage: Usage | None) -> Decimal | None:
        return pricing.cost(target, usage)

    if max_tokens:
        if not layout.is_whole:
            count = tokens.count(first_request, target)
            inputs = _inputs(layout, first_request, count, target, tokens)
            least = sum(usage.input_tokens for usage in inputs)
            if least > max_tokens:
                raise TokenLimitError(estimate=least, spent=0, limit=max_tokens)
        return Allowance(max_tokens, price, tokens, target)

    def limit() -> int:
        return _limit(plan, max_attempts, tokens.count(first_request, target).upper, layout)

    return Allowance(_limit(plan, max_attempts, 0, layout), price, tokens, target, limit)


def _inputs(
    layout: Layout[T],
    first: ModelRequest,
    count: TokenCount,
    target: Target,
    tokens: TokenCounter,
) -> list[Usage]:
    """Return the input of each part's request, of which the first one was counted.

    Claude's cache is written wherever a text is long enough; others fill theirs by themselves.
    """
    question = next(message for message in first.messages if message.role == "user")
    is_cached = question.shared > CACHED_FROM
    shared = tokens.text(question.content[: question.shared], target)
    beside = max(0, count.expected - shared)
    is_marked = is_cached and target.provider == "anthropic"
    is_read = is_cached and target.provider in _CACHING and shares_prefix(layout.parts[0].plan)
    found: list[Usage] = []
    for part in layout.parts:
        text = shared + _size(part) - _size(layout.parts[0])
        asked = text + beside + part.beside - layout.parts[0].beside
        read = text if is_read and part.group[0] > 1 and layout.mode == "full" else 0
        written = text if is_marked and not read else 0
        found.append(Usage(asked, 0, read, written))
    return found


def _size(part: Part[T]) -> int:
    return 0 if part.shown is None else part.shown.tokens


def _name(layout: Layout[T]) -> str:
    by = ["windows"] if layout.windows > 1 else []
    by = ["passages"] if layout.mode == "passages" else by
    return " and ".join([*by, *(["groups"] if layout.groups > 1 else [])]) or "whole"


def _limit(plan: Plan[T], max_attempts: int, input_tokens: int, layout: Layout[T]) -> int:
    first = layout.parts[0]  # it need not be the largest
    largest = max(_size(part) + part.beside for part in layout.parts)
    input_tokens += 2 * (largest - _size(first) - first.beside)
    rooms = _rooms(plan, max_attempts)
    corrections = sum(room + _TOLD for room in rooms[:-1])
    return (max_attempts * input_tokens + sum(rooms) + corrections) * _rounds(layout)


def _rounds(layout: Layout[T]) -> int:
    """Return how often `max_attempts` replies may be asked for: for each part, and for all."""
    return 1 if layout.is_whole else len(layout.parts) + 1


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

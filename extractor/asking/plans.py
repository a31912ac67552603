"""The plans that there are for a document: how a model can be asked about it, and for how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from extractor.asking.candidates import Candidate
from extractor.asking.estimating import Estimate, estimate
from extractor.calls.core import CallCore
from extractor.choices import CoverageMode
from extractor.documents.document import Document
from extractor.flow.extraction import Flow, extraction, opening
from extractor.grounding.paragraphs import Paragraphs
from extractor.planning.layout import Layout, lay_out
from extractor.planning.plan import Plan, shares_prefix, vital_fields
from extractor.prompting.prompts import PROCESS_KEY, Prompts
from extractor.types import ModelRequest, T

if TYPE_CHECKING:
    from extractor.asking.document import Conditions

_WORTH = Decimal("0.8")
"""What groups that share the document's cache cost at the most of those that don't, to be preferred
to them under `auto`: for less of a saving, a schema that the provider enforces is not given up."""

Way: TypeAlias = tuple[Candidate[T], Layout[T]]
"""Who is asked by which technique, and which fields of which part of the document."""


def chosen(
    candidate: Candidate[T], document: Document, conditions: Conditions, core: CallCore
) -> Way[T]:
    """Return how a candidate is asked about a document.

    Where the fields have to be asked for in groups, and `auto` may choose the technique, that is
    the cheapest way; without a price that is known, the technique that suits the schema best.

    Raises:
        ContextWindowError: the questions alone fill the model's context window.
    """
    first = candidate, layout_of(candidate, document, conditions, core)
    if not (candidate.is_auto and _rereads(first) and conditions.coverage == "full"):
        return first
    ways = [first, *_sharing(first, document, conditions, core)]
    costs = [told_of(way, document, conditions, core).expected.cost_usd for way in ways]
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs) or min(known) > known[0] * _WORTH:
        return first
    return ways[known.index(min(known))]


def ways_for(
    candidate: Candidate[T], document: Document, conditions: Conditions, core: CallCore
) -> Iterator[Way[T]]:
    """Yield how a candidate can be asked about a document; first how it is asked."""
    way = taken, layout = chosen(candidate, document, conditions, core)
    yield way
    for mode in get_args(CoverageMode):
        other = layout_of(taken, document, replace(conditions, coverage=mode), core)
        if other.mode != layout.mode:
            yield taken, other
    first = candidate, layout_of(candidate, document, conditions, core)
    if _rereads(first):
        for rival in (first, *_sharing(first, document, conditions, core)):
            if rival[0].plan.backend.name != taken.plan.backend.name:
                yield rival


def told_of(way: Way[T], document: Document, conditions: Conditions, core: CallCore) -> Estimate:
    """Estimate what a way of asking takes."""
    candidate, layout = way
    return estimate(
        candidate.plan,
        first_request(way, document, conditions),
        layout=layout,
        coverage=layout.share(document),
        max_attempts=conditions.max_attempts,
        max_tokens=conditions.max_tokens,
        sought=_sought(candidate, conditions),
        target=candidate.target,
        pricing=core.pricing,
        tokens=core.tokens,
        posts=conditions.retry.attempts,
    )


def first_request(way: Way[T], document: Document, conditions: Conditions) -> ModelRequest:
    """Return the first request, under any nonce."""
    flow = flow_of(way, document, conditions)
    try:
        return next(flow)
    finally:
        flow.close()


def flow_of(
    way: Way[T], document: Document, conditions: Conditions, *, nonce_key: bytes = PROCESS_KEY
) -> Flow[T]:
    """Return one candidate's extraction, as far as it has no I/O."""
    candidate, layout = way
    return extraction(
        candidate.plan,
        document,
        conditions.prompts,
        layout=layout,
        instructions=conditions.instructions,
        max_attempts=conditions.max_attempts,
        unverified=conditions.unverified,
        second_look=conditions.second_look,
        nonce_key=nonce_key,
    )


def layout_of(
    candidate: Candidate[T], document: Document, conditions: Conditions, core: CallCore
) -> Layout[T]:
    """Say which fields are asked of which part of a document, by the candidate's own technique."""
    target, tokens = candidate.target, core.tokens

    def overhead(plan: Plan[T]) -> int:
        asked = _about_nothing(plan, conditions.prompts, conditions.instructions)
        return tokens.count(asked, target).expected

    def count(text: str) -> int:
        is_numbered = candidate.plan.evidence == "paragraphs"
        return tokens.text(Paragraphs.of(text).shown if is_numbered else text, target)

    return lay_out(
        candidate.plan,
        document,
        mode=conditions.coverage,
        overhead=overhead,
        count=count,
    )


@lru_cache(maxsize=64)
def _about_nothing(plan: Plan[Any], prompts: Prompts, instructions: str | None) -> ModelRequest:
    """Return the first request without a document, which is the same for all of them."""
    return opening(plan, ".", prompts, instructions=instructions)


def _sought(candidate: Candidate[T], conditions: Conditions) -> int:
    """Return how many fields a second look would be for."""
    has_one = conditions.second_look and candidate.plan.evidence != "none"
    can_ask = has_one and conditions.max_attempts > 1
    return len(vital_fields(candidate.plan.schema)) if can_ask else 0


def _rereads(way: Way[T]) -> bool:
    """Say whether the groups of fields are each charged for the whole document."""
    candidate, layout = way
    return layout.groups > 1 and not shares_prefix(candidate.plan)


def _sharing(
    way: Way[T], document: Document, conditions: Conditions, core: CallCore
) -> Iterator[Way[T]]:
    for candidate in way[0].sharing():
        yield candidate, layout_of(candidate, document, conditions, core)

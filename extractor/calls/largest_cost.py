"""The most that a request can cost, before it is sent, and whether one call may cost that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.calls.context import CallContext
from extractor.calls.metering.tokens import TokenCount
from extractor.calls.records import dollars
from extractor.errors import CostLimitError, UnknownPriceError
from extractor.types import ModelRequest

if TYPE_CHECKING:
    from extractor.calls.core import CallCore


def largest_cost(
    core: CallCore, request: ModelRequest, context: CallContext
) -> tuple[TokenCount, int | None]:
    """Return the count of a request's tokens, and the most that it can cost in micro-dollars.

    Counting exactly takes its time: it is done where a limit in dollars is to be kept. The cost is
    None where no price is known.

    Raises:
        UnknownPriceError: money is limited, and no price is known.
        CostLimitError: one call may not cost that.
    """
    limit = context.per_call
    has_limit = bool(context.budgets) or limit is not None
    allowance = context.allowance
    count = allowance.count(request) if has_limit else allowance.rough(request)
    most = core.pricing.max_cost_micro(context.target, count.upper, request.max_tokens)
    if has_limit and most is None:
        raise UnknownPriceError(str(context.target))
    if limit is not None and most is not None and most > limit:
        raise CostLimitError(
            scope="call",
            estimate=dollars(most),
            spent=dollars(0),
            reserved=dollars(0),
            limit=dollars(limit),
        )
    return count, most

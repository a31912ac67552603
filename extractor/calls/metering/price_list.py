"""The dated price list of genai-prices, as rates that are quick to calculate with.

The list's own calculation takes 0.2 ms a time, most of it for kinds of tokens that no contract has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal, TypeAlias

from extractor.calls.steps import Target
from extractor.types import Usage

if TYPE_CHECKING:
    from genai_prices.types import ConditionalPrice, ModelPrice, PriceVariant, TieredPrices

LISTED = frozenset({"openai", "anthropic"})
"""The providers whose prices are taken from the list."""

ANY_SIZE = -1
"""What a rate for requests of every size is above."""

CacheTtl: TypeAlias = Literal["5m", "1h"]


@dataclass(frozen=True, slots=True)
class Rate:
    """Micro-dollars a token (dollars a million), for requests of more input tokens than `above`."""

    above: int
    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal

    def cost(self, usage: Usage) -> Decimal:
        read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
        fresh = usage.input_tokens - read - written
        return (
            fresh * self.input
            + read * self.cache_read
            + written * self.cache_write
            + usage.output_tokens * self.output
        )


_Listed: TypeAlias = "Decimal | TieredPrices"
Rates: TypeAlias = tuple[Rate, ...]
"""By size of the request, largest first. A tier's rate holds for all tokens of such a request."""


def listed_rates(
    target: Target, now: datetime, *, batch: bool, cache_ttl: CacheTtl
) -> Rates | None:
    """Return a model's rates at a time, None if the list has none of that name."""
    prices = _listed(target, now, batch=batch)
    return None if prices is None else _side_by_side(prices, cache_ttl)


def prices_date(today: date) -> date:
    """Return the date of the newest price in the list that is in force.

    The list does not say when it was made; it is as new as this, or newer.
    """
    from genai_prices.data_snapshot import get_snapshot
    from genai_prices.types import StartDateConstraint

    models = [m for p in get_snapshot().providers if p.id in LISTED for m in p.models]
    entries: list[ConditionalPrice | PriceVariant] = []
    for model in models:
        entries += model.price_variants or []
        entries += model.prices if isinstance(model.prices, list) else []
    dated = [e.constraint for e in entries if isinstance(e.constraint, StartDateConstraint)]
    return max(c.start_date for c in dated if c.start_date <= today)


def price_list() -> str:
    """Name the list and its version."""
    return f"genai-prices {version('genai-prices')}"


def _listed(target: Target, now: datetime, *, batch: bool) -> ModelPrice | None:
    import genai_prices

    try:
        found = genai_prices.calc_price(
            genai_prices.Usage(),
            target.model,
            provider_id=target.provider,
            genai_request_timestamp=now,
            price_context={"processing": "batch"} if batch else None,
        )
    except LookupError:
        return None
    is_tuned = target.model.startswith("ft:")
    if is_tuned and not found.model.id.startswith("ft:"):
        return None  # the model it was made from is cheaper
    return found.model_price


def _side_by_side(prices: ModelPrice, cache_ttl: CacheTtl) -> Rates | None:
    """Lay the list's tiers, which each kind of token has of its own, side by side."""
    if prices.input_mtok is None or prices.output_mtok is None:
        return None
    read = _or(prices.cache_read_mtok, prices.input_mtok)
    write = _or(prices.cache_write_mtok, prices.input_mtok)
    if cache_ttl == "1h":
        write = _or(prices.cache_write_1h_mtok, write)
    kinds = (prices.input_mtok, prices.output_mtok, read, write)
    starts = {tier.start for kind in kinds if not isinstance(kind, Decimal) for tier in kind.tiers}
    return tuple(
        Rate(above, *(_at(kind, above) for kind in kinds))
        for above in sorted({ANY_SIZE, *starts}, reverse=True)
    )


def _or(price: _Listed | None, otherwise: _Listed) -> _Listed:
    return otherwise if price is None else price


def _at(price: _Listed, above: int) -> Decimal:
    if isinstance(price, Decimal):
        return price
    reached = [tier.price for tier in price.tiers if tier.start <= above]
    return reached[-1] if reached else price.base

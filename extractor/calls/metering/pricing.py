"""What tokens cost: prices of the caller's own, before the dated list of genai-prices.

A price that is not known is None, never 0. The list is looked up once a day for each model.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fnmatch import fnmatchcase

from extractor.calls.base import Clock
from extractor.calls.metering.credible import adds_up
from extractor.calls.metering.price_list import (
    ANY_SIZE,
    LISTED,
    CacheTtl,
    Rate,
    Rates,
    listed_rates,
)
from extractor.calls.steps import Target
from extractor.errors import ConfigurationError
from extractor.types import Usage

_log = logging.getLogger("extractor.calls")

_FREE = frozenset({"local", "scripted"})
_DAY = 86_400

_BATCH = Decimal("0.5")
"""What a batch costs of the same requests one by one, at OpenAI and at Anthropic."""


@dataclass(frozen=True, slots=True)
class Price:
    """A model's price in US dollars per million tokens.

    Without a price of their own, cached reads and writes cost what other input does.

    Raises:
        ConfigurationError: a price is negative, or no Decimal.
    """

    input: Decimal
    output: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None

    def __post_init__(self) -> None:
        for name in ("input", "output", "cache_read", "cache_write"):
            price: object = getattr(self, name)
            is_price = isinstance(price, Decimal) and price.is_finite() and price >= 0
            if not is_price and not (price is None and name.startswith("cache")):
                raise ConfigurationError(
                    f"The {name} price is {price}; it is a Decimal of dollars per million tokens, "
                    "from 0."
                )


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices by model. Safe for threads.

    Args:
        overrides: prices of the caller's own, by `provider:model` or a pattern (`openai:ft:*`); the
            longest that matches counts. A batch costs half of them, as both providers say.
        clock: what day it is, since prices change.
        is_batch: price everything as a request of a batch.

    Raises:
        ConfigurationError: an override is no `Price`, or is for what is no model's full name.
    """

    overrides: Mapping[str, Price] = field(default_factory=dict[str, Price])
    clock: Clock = field(default_factory=Clock)
    is_batch: bool = False
    _known: dict[tuple[str, str, bool, CacheTtl, int], Rates | None] = field(
        default_factory=dict[tuple[str, str, bool, CacheTtl, int], Rates | None],
        init=False,
        repr=False,
        compare=False,
    )

    def __post_init__(self) -> None:
        for name, price in self.overrides.items():
            if not isinstance(price, Price):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise ConfigurationError(f"The price of {name} is {price!r}; it is a Price(...).")
            if not set(":*?[") & set(name):  # it would never match, and the list's price hold
                raise ConfigurationError(
                    f"{name!r} has a price, and is no model's full name.",
                    hint="Write provider:model, such as openai:gpt-5.4-mini.",
                )

    def cost(
        self,
        target: Target,
        usage: Usage | None,
        *,
        batch: bool = False,
        cache_ttl: CacheTtl = "5m",
    ) -> Decimal | None:
        """Return the price of some usage in US dollars.

        None means that no price is known (an unlisted model, somebody's own server), or that
        `usage` is not, or does not add up. The embedded model and scripted replies cost nothing.
        Reasoning is output. A model for which no price for batches is listed costs its full one.
        """
        rates = self._rates(target, batch=batch, cache_ttl=cache_ttl)
        if rates == _NOTHING:
            return Decimal(0)
        if rates is None or usage is None or not adds_up(usage):
            return None
        rate = next(rate for rate in rates if usage.input_tokens > rate.above)
        return rate.cost(usage) / 1_000_000

    def cost_micro(
        self,
        target: Target,
        usage: Usage | None,
        *,
        batch: bool = False,
        cache_ttl: CacheTtl = "5m",
    ) -> int | None:
        """Return the same in whole micro-dollars, rounded up."""
        cost = self.cost(target, usage, batch=batch, cache_ttl=cache_ttl)
        return None if cost is None else math.ceil(cost * 1_000_000)

    def max_cost_micro(
        self,
        target: Target,
        input_tokens: int,
        output_tokens: int,
        *,
        largest: int | None = None,
        batch: bool = False,
        cache_ttl: CacheTtl = "5m",
    ) -> int | None:
        """Return the most that up to so many tokens can cost, in whole micro-dollars, rounded up.

        That is in the dearest tier which they may reach, all input written to the cache if that
        costs more. Where they are those of several requests, `largest` is the most input that one
        of them may have. None where no price is known.
        """
        rates = self._rates(target, batch=batch, cache_ttl=cache_ttl)
        if rates is None:
            return None
        size = input_tokens if largest is None else largest
        reachable = [rate for rate in rates if size > rate.above]
        dearest_input = max(max(r.input, r.cache_read, r.cache_write) for r in reachable)
        dearest_output = max(rate.output for rate in reachable)
        return math.ceil(input_tokens * dearest_input + output_tokens * dearest_output)

    def _rates(self, target: Target, *, batch: bool, cache_ttl: CacheTtl) -> Rates | None:
        batch = batch or self.is_batch
        today = int(self.clock.time() // _DAY)
        key = (target.provider, target.model, batch, cache_ttl, today)
        if key not in self._known:
            self._known[key] = self._look_up(target, batch=batch, cache_ttl=cache_ttl)
        return self._known[key]

    def _look_up(self, target: Target, *, batch: bool, cache_ttl: CacheTtl) -> Rates | None:
        name = str(target)
        patterns = [pattern for pattern in self.overrides if fnmatchcase(name, pattern)]
        if patterns:
            price = self.overrides[max(patterns, key=lambda p: (p == name, len(p)))]
            return (_own_rate(price, _BATCH if batch else Decimal(1)),)
        if target.provider in _FREE:
            return _NOTHING
        if target.provider not in LISTED:
            return None
        now = datetime.fromtimestamp(self.clock.time(), UTC)
        try:
            return listed_rates(target, now, batch=batch, cache_ttl=cache_ttl)
        except Exception:  # a fault of the list must not lose a reply that is paid for
            _log.exception("The price list failed for %s; its cost is unknown", target)
            return None


_ZERO = Decimal(0)
_NOTHING: Rates = (Rate(ANY_SIZE, _ZERO, _ZERO, _ZERO, _ZERO),)


def _own_rate(price: Price, share: Decimal) -> Rate:
    read = price.input if price.cache_read is None else price.cache_read
    write = price.input if price.cache_write is None else price.cache_write
    prices = (price.input, price.output, read, write)
    return Rate(ANY_SIZE, *(share * each for each in prices))

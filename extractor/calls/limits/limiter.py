"""The limiter of a run: a lane for each target that is asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from uuid import uuid4

from extractor.calls.base import Need, Ticket
from extractor.calls.limits.lane import Lane
from extractor.calls.limits.rates import MINUTE, RateLimits, published
from extractor.calls.limits.state import Rules
from extractor.calls.limits.stores import MemoryStore, Store
from extractor.calls.steps import Target
from extractor.errors import ConfigurationError
from extractor.types import LimitKind, RateLimitStatus

_log = logging.getLogger("extractor.calls")


class RateLimiter:
    """Keeps every target within its limits, for all threads and tasks of a process.

    Args:
        ceilings: what is never passed; for every target alike, or by `provider:model` or
            `provider`, of which the longer name counts.
        tiers: published tiers of the accounts, such as `openai:tier-3`. Their limits are what a run
            starts with until headers say better.
        store: where the state is kept; in memory, or in a file that processes share.
        longest_pause: most seconds that a 429 lets everybody wait, whatever it asks for.

    Raises:
        ConfigurationError: there is no such tier, or two of one provider; or a ceiling is none.
    """

    def __init__(
        self,
        *,
        ceilings: RateLimits | Mapping[str, RateLimits] | None = None,
        tiers: Sequence[str] = (),
        store: Store | None = None,
        longest_pause: float = 60.0,
    ) -> None:
        self._ceilings = _checked(ceilings or {})
        self._tiers = _by_provider(tiers)
        self._store = store or MemoryStore()
        self._longest_pause = longest_pause
        self._owner = uuid4().hex[:8]
        self._lanes: dict[Target, Lane] = {}
        self._lock = threading.Lock()

    def enter(self, target: Target, need: Need, now: float, /) -> Ticket:
        """Take a place in a target's queue."""
        return self._lane(target).enter(need, now)

    def observe(self, target: Target, limits: Sequence[RateLimitStatus], now: float, /) -> None:
        """Learn from the headers of a response, after its ticket is settled.

        In this order because headers are the later word: what settling gives back, the provider may
        have counted all the same.
        """
        if limits:
            self._lane(target).hear(limits, now)

    def refused(self, target: Target, retry_after: float | None, now: float, /) -> None:
        """Learn from a 429: everybody waits that long, or, if it says nothing, ever longer."""
        self._lane(target).refuse(retry_after, now)

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def _lane(self, target: Target) -> Lane:
        lane = self._lanes.get(target)
        if lane is None:
            with self._lock:
                lane = self._lanes.get(target)
                if lane is None:
                    lane = Lane(target, self._rules(target), self._store, self._owner)
                    self._lanes[target] = lane
        return lane

    def _rules(self, target: Target) -> Rules:
        stated = self._ceilings
        if not isinstance(stated, RateLimits):
            stated = stated.get(str(target)) or stated.get(target.provider) or RateLimits()
        ceilings = stated.ceilings()
        start: dict[LimitKind, int] = {
            ceiling.kind: ceiling.limit for ceiling in ceilings if ceiling.period == MINUTE
        }
        if tier := self._tiers.get(target.provider):
            if figures := published(tier, target.model):
                start |= figures.per_minute()
            else:
                _log.warning(
                    "No limits of %s are known for %s: they are learned from responses.",
                    *(tier, target.model),
                )
        return Rules(str(target), ceilings, start, self._longest_pause)


def _checked(
    ceilings: RateLimits | Mapping[str, RateLimits],
) -> RateLimits | Mapping[str, RateLimits]:
    stated = ceilings if isinstance(ceilings, Mapping) else {"ceilings": ceilings}
    for name, limits in stated.items():
        if not isinstance(limits, RateLimits):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError(f"{name} is limited by {limits!r}; it is by RateLimits(...).")
    return ceilings


def _by_provider(tiers: Sequence[str]) -> dict[str, str]:
    if isinstance(tiers, str):
        raise ConfigurationError(f"tiers is the single text {tiers!r}.", hint="Put it in a list.")
    chosen: dict[str, str] = {}
    for tier in tiers:
        published(tier, "")  # raises where there is no such tier
        provider = tier.partition(":")[0]
        if provider in chosen:
            raise ConfigurationError(
                f"{chosen[provider]} and {tier} can't both be the tier of {provider}."
            )
        chosen[provider] = tier
    return chosen

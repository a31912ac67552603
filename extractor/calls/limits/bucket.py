"""The provider's own token bucket, as far as it can be seen from here."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.types import RateLimitStatus

_MARGIN, _WIDEST = 1.25, 4.0
_COARSE, _FINE = 1.0, 0.05
"""Seconds by which a reset may be wrong: in whole seconds, and otherwise."""


@dataclass(slots=True)
class Bucket:
    """Refills at `limit` a minute up to `capacity`, the burst; `level` is what is left.

    What is sent is counted here at once; headers correct the count. `heard` says whether any came.
    A provider may count more for a request than is expected here (OpenAI counts the longest answer
    that is allowed): `margin` is by how much more than a request needs there has to be. It costs
    nothing but a part of the burst.
    """

    limit: int
    capacity: float
    level: float
    at: float
    heard: bool = False
    margin: float = 1.0

    @classmethod
    def unheard(cls, limit: int, now: float) -> Bucket:
        """Start with a burst of one second's worth, at least of one."""
        burst = max(1.0, limit / 60)
        return cls(limit, burst, burst, now)

    def wait(self, amount: int, now: float) -> float:
        """Return the seconds until an amount may be taken.

        More than the bucket holds may be taken once it is full.
        """
        self._refill(now)
        lacking = min(amount * self.margin, self.capacity) - self.level
        return lacking / self.limit * 60 if lacking > 1e-6 else 0.0

    def take(self, amount: int) -> None:
        """Count an amount as sent; a negative one gives back.

        No debt is larger than a minute's worth: limits are for a minute, and should a header have
        been absurd, the next request must come to hear a better one.
        """
        self.level = max(min(self.capacity, self.level - amount), -float(self.limit))

    def hear(self, status: RateLimitStatus, in_flight: int, now: float) -> None:
        """Correct limit, capacity and level by a response's headers.

        The level is at most what they say is left. Of what is in flight, the provider may have
        counted everything or nothing: so the level is at least what they say less all of that, and
        between the two our own count stands.
        """
        self._refill(now)
        known = self.heard and status.limit == self.limit
        self.limit = status.limit
        self._hear_capacity(status, known=known)
        left = self._left(status, known=known)
        if self.heard:
            self.level = min(max(self.level, status.remaining - in_flight), left)
        else:  # what was counted so far began at a guess
            self.level = min(max(0, status.remaining - in_flight), left)
        self.level = min(self.level, self.capacity)
        self.heard = True

    def refuse(self) -> None:
        """Widen the margin: the provider had less, or counted more, than was thought here."""
        self.margin = min(self.margin * _MARGIN, _WIDEST)

    def _hear_capacity(self, status: RateLimitStatus, *, known: bool) -> None:
        """Reckon what is there when all is refilled: what is left, and the refill until then."""
        if status.remaining > 0:  # none left may be a debt, from which nothing can be reckoned
            low, high = float(status.remaining), float(status.limit)
            if status.reset is not None:
                rate, doubt = status.limit / 60, _COARSE if status.coarse else _FINE
                high = low + (status.reset + doubt) * rate
                low += max(0.0, status.reset - doubt) * rate
            self.capacity = min(max(self.capacity, low), high) if known else low
        self.capacity = max(1.0, min(self.capacity, float(status.limit)))

    def _left(self, status: RateLimitStatus, *, known: bool) -> float:
        if status.remaining > 0 or status.reset is None or not known:
            return float(status.remaining)
        doubt = _COARSE if status.coarse else _FINE
        return min(0.0, self.capacity - (status.reset - doubt) * status.limit / 60)

    def _refill(self, now: float) -> None:
        if now > self.at:
            self.level = min(self.capacity, self.level + (now - self.at) * self.limit / 60)
            self.at = now

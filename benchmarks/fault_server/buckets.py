"""The limits of a provider: token buckets, and the headers in which both APIs tell of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from benchmarks.fault_server.asked import Api


@dataclass(slots=True)
class Bucket:
    """A limit per minute of which `burst` seconds may be used at once; times are monotonic."""

    per_minute: float
    burst: float
    at: float
    level: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = self.capacity

    @property
    def rate(self) -> float:
        return self.per_minute / 60

    @property
    def capacity(self) -> float:
        return max(1.0, self.rate * self.burst)

    def refill(self, now: float) -> None:
        self.level = min(self.capacity, self.level + (now - self.at) * self.rate)
        self.at = now

    def wait(self, amount: float) -> float:
        """Return the seconds until an amount may be taken; a very large one, when it is full."""
        return max(0.0, min(amount, self.capacity) - self.level) / self.rate

    @property
    def until_full(self) -> float:
        return (self.capacity - self.level) / self.rate


@dataclass(slots=True)
class Limits:
    """Requests and tokens a minute, of which either may be without limit.

    `charges_refused` says whether a request that is turned away costs one of the requests, as
    OpenAI has it.
    """

    requests: Bucket | None
    tokens: Bucket | None
    charges_refused: bool = True

    @classmethod
    def of(cls, rpm: float, tpm: float, burst: float, now: float) -> Limits:
        return cls(
            Bucket(rpm, burst, now) if rpm else None, Bucket(tpm, burst, now) if tpm else None
        )

    def take(self, tokens: float, now: float) -> float:
        """Let a request through, or return the seconds after which it may be tried again."""
        wait = 0.0
        for bucket, amount in ((self.requests, 1.0), (self.tokens, tokens)):
            if bucket is not None:
                bucket.refill(now)
                wait = max(wait, bucket.wait(amount))
        if self.requests is not None and (self.charges_refused or not wait):
            self.requests.level = max(-self.requests.capacity, self.requests.level - 1)
        if self.tokens is not None and not wait:
            self.tokens.level -= tokens
        return wait

    def headers(self, api: Api, now: float) -> dict[str, str]:
        """Tell what is left, in the words of an API."""
        told: dict[str, str] = {}
        for bucket, kind in ((self.requests, "requests"), (self.tokens, "tokens")):
            if bucket is None:
                continue
            bucket.refill(now)
            limit, left = f"{bucket.per_minute:.0f}", str(max(0, math.floor(bucket.level)))
            if api == "anthropic":
                full = datetime.now(UTC) + timedelta(seconds=bucket.until_full)
                start = f"anthropic-ratelimit-{kind}-"
                told[start + "limit"], told[start + "remaining"] = limit, left
                told[start + "reset"] = f"{full:%Y-%m-%dT%H:%M:%SZ}"
            else:
                told[f"x-ratelimit-limit-{kind}"] = limit
                told[f"x-ratelimit-remaining-{kind}"] = left
                told[f"x-ratelimit-reset-{kind}"] = _duration(bucket.until_full)
        return told


def _duration(seconds: float) -> str:
    """Write a duration as OpenAI does: 120ms, 8.64s, 6m0s."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f}m{rest:.0f}s" if minutes else f"{rest:.3g}s"

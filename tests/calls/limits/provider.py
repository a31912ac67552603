"""A provider with buckets that limit, as callers see it: admissions, refusals, headers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from extractor.calls.base import Limiter, Need
from extractor.calls.steps import Send, Steps, Target, Wait
from extractor.errors import RateLimitError
from extractor.providers.rate_headers import rate_limits
from extractor.types import ModelRequest, ModelResponse, TextOutput, Usage
from tests.virtual_time import EPOCH, Answer, World

Style: TypeAlias = Literal["openai", "anthropic", "none"]

TARGET = Target("openai", "gpt-5.4-mini", "account")
REQUEST = ModelRequest(TARGET.model, (), TextOutput(), 400)


@dataclass
class ServerBucket:
    """A bucket of tokens: full at first, and refilling at the limit's rate."""

    limit: float
    burst: float = 5.0  # seconds of refill
    level: float = field(init=False)
    at: float = 1_000.0

    def __post_init__(self) -> None:
        self.level = self.capacity

    @property
    def rate(self) -> float:
        return self.limit / 60

    @property
    def capacity(self) -> float:
        return max(1.0, self.rate * self.burst)

    def lacks(self, amount: float, now: float) -> float:
        """Return the seconds until an amount is there; one above the capacity takes a full one."""
        self.level = min(self.capacity, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(amount, self.capacity) - self.level) / self.rate)


@dataclass
class LimitedProvider:
    """Refuses what exceeds its buckets, at once; a refusal costs a request of the limit too."""

    requests: ServerBucket
    tokens: ServerBucket
    style: Style = "openai"
    latency: float = 0.2
    counted: int = 2_400  # tokens a request counts for
    used: Usage = field(default_factory=lambda: Usage(2_250, 150))
    refused_at: list[float] = field(default_factory=list[float])
    answered_at: list[float] = field(default_factory=list[float])

    def __call__(self, _send: Send, now: float) -> tuple[float, Answer]:
        wait = max(self.requests.lacks(1, now), self.tokens.lacks(self.counted, now))
        if wait > 1e-6:
            self.requests.level = max(-self.requests.capacity, self.requests.level - 1)
            self.refused_at.append(now)
            error = RateLimitError("429", retry_after=wait)
            error.rate_limits = rate_limits(self.headers(now), EPOCH + now)
            return 0.0, error
        self.requests.level -= 1
        self.tokens.level -= self.counted
        self.answered_at.append(now + self.latency)
        return self.latency, ModelResponse("", self.used)

    def headers(self, now: float) -> dict[str, str]:
        headers: dict[str, str] = {}
        for kind, bucket in (("requests", self.requests), ("tokens", self.tokens)):
            bucket.lacks(0, now)
            left, reset = max(0, int(bucket.level)), (bucket.capacity - bucket.level) / bucket.rate
            said = {"limit": f"{bucket.limit:.0f}", "remaining": f"{left}"}
            if self.style == "openai":
                said["reset"] = f"{math.ceil(reset * 1000)}ms" if reset < 1 else f"{reset:.3g}s"
                headers |= {f"x-ratelimit-{fact}-{kind}": text for fact, text in said.items()}
            elif self.style == "anthropic":
                time = datetime.fromtimestamp(EPOCH + now + reset, UTC)
                said["reset"] = time.strftime("%Y-%m-%dT%H:%M:%SZ")
                headers |= {f"anthropic-ratelimit-{kind}-{f}": text for f, text in said.items()}
        return headers


def caller(
    limiter: Limiter,
    world: World,
    provider: LimitedProvider,
    documents: Iterator[int],
    *,
    expected: Need,
) -> Steps[int]:
    """Work off documents one after the other, as the call core would; return how many."""
    done = 0
    for _ in documents:
        while not (yield from _attempt(limiter, world, provider, expected)):
            pass
        done += 1
    return done


def _attempt(
    limiter: Limiter, world: World, provider: LimitedProvider, expected: Need
) -> Steps[bool]:
    ticket = limiter.enter(TARGET, expected, world.now)
    while wait := ticket.ask(world.now):
        yield Wait(wait, ticket.why(), ticket.signal)
    try:
        response = yield Send(REQUEST, TARGET)
    except RateLimitError as error:
        ticket.settle(Need(0, 0), world.now)
        limiter.observe(TARGET, error.rate_limits, world.now)
        limiter.refused(TARGET, error.retry_after, world.now)
        return False
    assert isinstance(response, ModelResponse)
    assert response.usage is not None
    ticket.settle(Need(response.usage.input_tokens, response.usage.output_tokens), world.now)
    headers = provider.headers(world.now)
    limiter.observe(TARGET, rate_limits(headers, EPOCH + world.now), world.now)
    return True

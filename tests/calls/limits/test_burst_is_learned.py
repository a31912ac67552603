"""Six hundred requests against a provider whose burst nobody was told of."""

from __future__ import annotations

import pytest

from extractor.calls.base import Need
from extractor.calls.limits import RateLimiter, RateLimits
from tests.calls.limits.provider import LimitedProvider, ServerBucket, Style, caller
from tests.virtual_time import World

LIMITS = RateLimits(requests_per_minute=3_000, tokens_per_minute=2_000_000)
N = 600


def seconds_for_all(limiter: RateLimiter, provider: LimitedProvider, expected: Need) -> float:
    """Have 64 callers do the documents; return how long it took."""
    world = World(provider)
    documents = iter(range(N))
    runs = [
        world.start(caller(limiter, world, provider, documents, expected=expected))
        for _ in range(64)
    ]
    began = world.now
    world.until_idle(limit=3_600)
    assert [run.error for run in runs if run.error] == []
    assert sum(run.result for run in runs) == N
    return max(run.ended_at or 0.0 for run in runs) - began


def shortest(provider: LimitedProvider) -> float:
    """Return the seconds that the provider's limits take at least, and one latency."""
    tokens, requests = provider.tokens, provider.requests
    return provider.latency + max(
        (N * provider.counted - tokens.capacity) / tokens.rate,
        (N - requests.capacity) / requests.rate,
    )


@pytest.mark.parametrize("latency", [0.05, 0.2, 1.0])
@pytest.mark.parametrize("expected", [Need(2_250, 150), Need(2_250, 400)])
@pytest.mark.parametrize("style", ["openai", "anthropic"])
@pytest.mark.parametrize("told", [True, False])
def test_all_are_answered_in_the_shortest_time_without_a_refusal(
    style: Style, expected: Need, latency: float, *, told: bool
) -> None:
    provider = LimitedProvider(
        ServerBucket(3_000), ServerBucket(2_000_000), style=style, latency=latency
    )
    seconds = seconds_for_all(RateLimiter(ceilings=LIMITS if told else None), provider, expected)
    assert provider.refused_at == []
    assert seconds <= 1.03 * shortest(provider)


@pytest.mark.parametrize("counted", [2_700, 6_000])
@pytest.mark.parametrize("style", ["openai", "anthropic"])
@pytest.mark.parametrize("told", [True, False])
def test_a_provider_that_counts_more_than_is_expected_refuses_only_at_first(
    style: Style, counted: int, *, told: bool
) -> None:
    provider = LimitedProvider(
        ServerBucket(3_000), ServerBucket(2_000_000), style=style, counted=counted
    )
    seconds = seconds_for_all(
        RateLimiter(ceilings=LIMITS if told else None), provider, Need(2_250, 150)
    )
    assert [time for time in provider.refused_at if time > 1_010] == []
    assert len(provider.refused_at) <= 64 + 10
    assert seconds <= 1.05 * shortest(provider)


@pytest.mark.parametrize("told", [True, False])
def test_small_requests_are_limited_by_their_number(*, told: bool) -> None:
    provider = LimitedProvider(ServerBucket(600), ServerBucket(2_000_000), counted=300)
    limits = RateLimits(requests_per_minute=600)
    seconds = seconds_for_all(
        RateLimiter(ceilings=limits if told else None), provider, Need(250, 50)
    )
    assert [time for time in provider.refused_at if time > 1_001] == []
    assert seconds <= (1.03 if not told else 1.15) * shortest(provider)


def test_told_limits_are_enough_for_a_provider_without_headers() -> None:
    provider = LimitedProvider(ServerBucket(3_000), ServerBucket(2_000_000), style="none")
    seconds = seconds_for_all(RateLimiter(ceilings=LIMITS), provider, Need(2_250, 150))
    assert provider.refused_at == []
    assert seconds <= 1.15 * shortest(provider)


def test_a_provider_that_tells_nothing_is_learned_from_its_refusals() -> None:
    provider = LimitedProvider(ServerBucket(600), ServerBucket(2_000_000), style="none")
    seconds = seconds_for_all(RateLimiter(), provider, Need(2_250, 150))
    assert len(provider.refused_at) <= 64
    assert seconds <= 1.5 * shortest(provider)

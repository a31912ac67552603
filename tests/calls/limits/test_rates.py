from __future__ import annotations

import logging
from typing import Any

import pytest

from extractor.calls.base import Need
from extractor.calls.limits import RateLimiter, RateLimits, need_of
from extractor.calls.limits.rates import Published, published
from extractor.calls.steps import Target
from extractor.errors import ConfigurationError
from extractor.types import Usage

NOW = 1_000.0


def test_the_longest_name_of_a_tier_counts_and_no_other_generation() -> None:
    assert published("openai:tier-1", "gpt-4o-2024-08-06") == Published(rpm=500, tpm=30_000)
    assert published("openai:tier-1", "gpt-4o-mini-2024-07-18") == Published(rpm=500, tpm=200_000)
    assert published("openai:tier-1", "gpt-5.4-mini") is None
    assert published("anthropic:tier-4", "claude-sonnet-4-6") == Published(
        rpm=4_000, itpm=2_000_000, otpm=400_000
    )


def test_an_unknown_tier_is_told_with_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match="no tier 'openai:tier-33'") as caught:
        RateLimiter(tiers=["openai:tier-33"])
    assert "openai:tier-3" in (caught.value.hint or "")


def test_two_tiers_of_one_provider_are_a_mistake() -> None:
    with pytest.raises(ConfigurationError, match="can't both"):
        RateLimiter(tiers=["openai:tier-1", "openai:tier-2"])


def test_a_single_tier_is_no_list_of_its_letters() -> None:
    with pytest.raises(ConfigurationError, match="single text 'openai:tier-1'"):
        RateLimiter(tiers="openai:tier-1")


@pytest.mark.parametrize("limit", ["3", 2.5, True, 0, -1])
def test_a_ceiling_is_a_whole_number_above_zero(limit: Any) -> None:
    with pytest.raises(ConfigurationError, match="requests_per_minute is"):
        RateLimits(requests_per_minute=limit)


@pytest.mark.parametrize("ceilings", [500, {"openai": 500}])
def test_ceilings_are_rate_limits_and_no_bare_number(ceilings: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"is limited by 500; it is by RateLimits"):
        RateLimiter(ceilings=ceilings)


def test_a_tier_is_where_a_run_starts() -> None:
    limiter, target = RateLimiter(tiers=["openai:tier-1"]), Target("openai", "gpt-4o")
    assert limiter.enter(target, Need(500, 0), NOW).ask(NOW) == 0.0
    ticket = limiter.enter(target, Need(500, 0), NOW)
    assert ticket.ask(NOW) == pytest.approx(1.0)
    assert ticket.why() == "30,000 tokens a minute of openai:gpt-4o"


def test_a_model_that_a_tier_does_not_list_is_told_and_learned(
    caplog: pytest.LogCaptureFixture,
) -> None:
    limiter, target = RateLimiter(tiers=["openai:tier-1"]), Target("openai", "gpt-9")
    with caplog.at_level(logging.WARNING, "extractor.calls"):
        for _ in range(3):
            assert limiter.enter(target, Need(10**6, 0), NOW).ask(NOW) == 0.0
    assert [record.getMessage() for record in caplog.records] == [
        "No limits of openai:tier-1 are known for gpt-9: they are learned from responses."
    ]


def test_ceilings_are_found_by_model_before_provider() -> None:
    limiter = RateLimiter(
        ceilings={
            "openai": RateLimits(tokens_per_minute=600),
            "openai:gpt-4o": RateLimits(tokens_per_minute=60),
        }
    )
    waits: list[float] = []
    for target in (Target("openai", "gpt-4o"), Target("openai", "o3"), Target("local", "qwen")):
        assert limiter.enter(target, Need(10, 0), NOW).ask(NOW) == 0.0
        waits.append(limiter.enter(target, Need(1, 0), NOW).ask(NOW))
    assert waits == [pytest.approx(10), pytest.approx(0.1), 0.0]


def test_cached_reads_do_not_count_where_the_provider_says_so() -> None:
    usage = Usage(10_000, 500, cache_read_input_tokens=8_000, cache_creation_input_tokens=1_000)
    assert need_of(usage, "anthropic") == Need(2_000, 500)
    assert need_of(usage, "openai") == Need(10_000, 500)
    assert need_of(Usage(0, 5, cache_read_input_tokens=9), "anthropic") == Need(0, 5)

"""What tokens cost."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, get_args

import genai_prices
import pytest
from genai_prices.types import ModelPrice
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.base import Clock
from extractor.calls.metering.price_list import CacheTtl, listed_rates, price_list, prices_date
from extractor.calls.metering.pricing import Price, Pricing
from extractor.calls.steps import Target
from extractor.errors import ConfigurationError
from extractor.types import Usage

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLOCK = Clock(time=NOW.timestamp)
PRICING = Pricing(clock=CLOCK)
MILLION = Usage(input_tokens=1_000_000, output_tokens=1_000_000)

MODELS = [
    ("openai", "gpt-4o"),
    ("openai", "gpt-4o-2024-08-06"),
    ("openai", "gpt-5"),
    ("openai", "gpt-5.4-mini-2026-03-17"),
    ("openai", "gpt-5.5"),  # a tier from 272,000
    ("openai", "gpt-5.6-luna"),  # prices that changed, and tiers
    ("openai", "gpt-6.1-sol"),  # a price for cache writes, and tiers
    ("openai", "o3"),
    ("openai", "ft:gpt-4o-2024-08-06:acme::id"),
    ("anthropic", "claude-sonnet-4-5-20250929"),  # a tier from 200,000
    ("anthropic", "claude-sonnet-4-6"),
    ("anthropic", "claude-haiku-4-5"),
    ("anthropic", "claude-opus-5-5"),
    ("anthropic", "claude-3-5-haiku-latest"),
]
USAGES = [
    Usage(),
    Usage(50_000, 1_000),
    Usage(300_000, 2_000),
    Usage(50_000, 1_000, 20_000, 10_000, reasoning_tokens=600),
    Usage(272_000, 1, 272_000),
    Usage(272_001, 1, 0, 272_001),
]


def by_the_list(
    provider: str, model: str, usage: Usage, *, batch: bool, cache_ttl: CacheTtl
) -> Decimal:
    written = {"cache_write_tokens": usage.cache_creation_input_tokens}
    if cache_ttl == "1h" and provider == "anthropic":
        written["cache_write_1h_tokens"] = usage.cache_creation_input_tokens
    counted = genai_prices.Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_input_tokens,
        **written,
    )
    return genai_prices.calc_price(
        counted,
        model,
        provider_id=provider,
        genai_request_timestamp=NOW,
        price_context={"processing": "batch"} if batch else None,
    ).total_price


@pytest.mark.parametrize(("provider", "model"), MODELS)
@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize("cache_ttl", ["5m", "1h"])
def test_costs_are_those_of_the_list(
    provider: str, model: str, batch: bool, cache_ttl: CacheTtl
) -> None:
    for usage in USAGES:
        cost = PRICING.cost(Target(provider, model), usage, batch=batch, cache_ttl=cache_ttl)
        assert cost == by_the_list(provider, model, usage, batch=batch, cache_ttl=cache_ttl)


def test_a_batch_costs_half_of_a_listed_model() -> None:
    target, usage = Target("openai", "gpt-5.4-mini"), Usage(10_000, 500)
    full, half = PRICING.cost(target, usage), PRICING.cost(target, usage, batch=True)
    assert full is not None
    assert half == full / 2


def test_a_larger_request_is_in_a_dearer_tier_with_all_of_its_tokens() -> None:
    target = Target("openai", "gpt-6.1-sol")
    small, large = (PRICING.cost(target, Usage(size, 1_000)) for size in (272_000, 272_001))
    assert small == Decimal("0.554")
    assert large == Decimal("1.103004")


def test_reasoning_is_output() -> None:
    target = Target("openai", "gpt-5.4-mini")
    thought = Usage(1_000, 900, reasoning_tokens=800)
    assert PRICING.cost(target, thought) == PRICING.cost(target, Usage(1_000, 900))


def test_cached_input_costs_less_and_writing_the_cache_more() -> None:
    target = Target("anthropic", "claude-sonnet-4-5")
    fresh, read, written = (
        PRICING.cost_micro(target, usage)
        for usage in (Usage(1_000), Usage(1_000, 0, 1_000), Usage(1_000, 0, 0, 1_000))
    )
    hour = PRICING.cost_micro(target, Usage(1_000, 0, 0, 1_000), cache_ttl="1h")
    assert (read, fresh, written, hour) == (300, 3_000, 3_750, 6_000)


# --- what is not known ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("openai", "a-model-of-tomorrow"),
        ("openai", "ft:gpt-4.1:acme::id"),
        ("openai", "whisper-1"),
        ("openai", "text-embedding-3-small"),
        ("compatible", "gpt-4o"),
        ("somebody", "gpt-4o"),
    ],
)
def test_an_unknown_price_is_unknown_and_not_zero(provider: str, model: str) -> None:
    target = Target(provider, model)
    assert PRICING.cost(target, MILLION) is None
    assert PRICING.cost_micro(target, Usage()) is None
    assert PRICING.max_cost_micro(target, 1, 1) is None
    assert Pricing().cost(Target(provider, model), MILLION) is None


def test_a_tuned_model_never_has_the_price_of_its_base(monkeypatch: pytest.MonkeyPatch) -> None:
    base = SimpleNamespace(
        model=SimpleNamespace(id="gpt-4.1"),
        model_price=ModelPrice(input_mtok=Decimal(2), output_mtok=Decimal(8)),
    )

    def find(*_: object, **__: object) -> SimpleNamespace:
        return base

    monkeypatch.setattr("genai_prices.calc_price", find)
    pricing = Pricing(clock=CLOCK)
    assert pricing.cost(Target("openai", "gpt-4.1"), MILLION) == 10
    assert pricing.cost(Target("openai", "ft:gpt-4.1:acme::id"), MILLION) is None


def test_an_unknown_usage_has_an_unknown_price() -> None:
    assert PRICING.cost(Target("openai", "gpt-4o"), None) is None
    assert PRICING.cost_micro(Target("anthropic", "claude-sonnet-4-5"), None) is None


@pytest.mark.parametrize(
    "usage", [Usage(10, 5, 100), Usage(10, 5, 6, 5), Usage(10, -1), Usage(10, 0, -1), Usage(-1)]
)
def test_counts_that_do_not_add_up_have_an_unknown_price(usage: Usage) -> None:
    assert PRICING.cost(Target("openai", "gpt-4o"), usage) is None


def test_a_fault_of_the_price_list_loses_no_reply_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("genai_prices.calc_price", fail)
    assert Pricing(clock=CLOCK).cost(Target("openai", "gpt-4o"), MILLION) is None
    assert caplog.messages == ["The price list failed for openai:gpt-4o; its cost is unknown"]
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("usage", [MILLION, None])
@pytest.mark.parametrize("provider", ["local", "scripted"])
def test_what_runs_here_costs_nothing(provider: str, usage: Usage | None) -> None:
    target = Target(provider, "qwen2.5-coder-1.5b")
    assert PRICING.cost_micro(target, usage) == 0
    assert PRICING.max_cost_micro(target, 1_000, 1_000) == 0


# --- the caller's own prices ----------------------------------------------------------------------


def test_ones_own_prices_come_before_the_list_and_the_most_exact_pattern_first() -> None:
    prices = {
        "openai:*": Price(Decimal(1), Decimal(1)),
        "openai:ft:gpt-4.1:*": Price(Decimal(3), Decimal(12)),
        "openai:gpt-4o": Price(Decimal(7), Decimal(7)),
        "compatible:mine": Price(Decimal("0.1"), Decimal("0.2"), Decimal("0.01"), Decimal("0.5")),
        "local:*": Price(Decimal("0.05"), Decimal("0.05")),
    }
    pricing = Pricing(prices, CLOCK)
    costs = {
        model: pricing.cost(Target(*model.split(":", 1)), MILLION)
        for model in ("openai:gpt-4o", "openai:gpt-4o-mini", "openai:ft:gpt-4.1:a::b", "local:q")
    }
    assert list(costs.values()) == [14, 2, 15, Decimal("0.1")]
    mine = Target("compatible", "mine")
    assert pricing.cost(mine, Usage(1_000_000, 0, 1_000_000)) == Decimal("0.01")
    assert pricing.cost(mine, Usage(1_000_000, 0, 0, 1_000_000)) == Decimal("0.5")
    assert pricing.cost(Target("compatible", "other"), MILLION) is None
    assert pricing.cost(Target("openai", "gpt-4o"), Usage(2, 0, 1, 1)) == Decimal("0.000014")


@pytest.mark.parametrize("price", [Decimal(-1), Decimal("nan"), Decimal("inf"), 1, "2"])
@pytest.mark.parametrize("kind", ["input", "output", "cache_read", "cache_write"])
def test_a_price_that_is_none_is_refused(price: Any, kind: str) -> None:
    with pytest.raises(ConfigurationError, match=f"The {kind} price"):
        replace(Price(Decimal(1), Decimal(1)), **{kind: price})


# --- the most that a request can cost -------------------------------------------------------------

COUNTS = st.integers(0, 400_000)
PARTS = st.tuples(COUNTS, COUNTS, st.floats(0, 1), st.floats(0, 1))


@settings(deadline=None, max_examples=200)
@given(PARTS, st.sampled_from(MODELS), st.tuples(COUNTS, COUNTS), st.booleans())
def test_nothing_within_its_bounds_costs_more_than_the_most(
    parts: tuple[int, int, float, float],
    model: tuple[str, str],
    more: tuple[int, int],
    batch: bool,
) -> None:
    asked, answered, read_share, written_share = parts
    read = math.floor(asked * read_share)
    usage = Usage(asked, answered, read, math.floor((asked - read) * written_share))
    target = Target(*model)
    for ttl in get_args(CacheTtl):
        cost = PRICING.cost_micro(target, usage, batch=batch, cache_ttl=ttl)
        most = PRICING.max_cost_micro(
            target, asked + more[0], answered + more[1], batch=batch, cache_ttl=ttl
        )
        assert cost is not None
        assert most is not None
        assert cost <= most


def test_the_most_has_the_tier_of_the_largest_request_and_cache_writes() -> None:
    target = Target("openai", "gpt-6.1-sol")  # above 272,000: 4 in, 5 written, 15 out
    assert PRICING.max_cost_micro(target, 100_000, 1_000) == 250_000 + 10_000
    assert PRICING.max_cost_micro(target, 300_000, 1_000) == 1_500_000 + 15_000
    assert PRICING.max_cost_micro(target, 100_000, 1_000, largest=300_000) == 515_000


def test_micro_dollars_are_rounded_up() -> None:
    target = Target("openai", "gpt-5.4-mini")
    assert PRICING.cost_micro(target, Usage(1)) == 1  # 0.75
    assert PRICING.max_cost_micro(target, 3, 0) == 3  # 2.25


# --- the list -------------------------------------------------------------------------------------


def test_a_model_is_looked_up_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []

    def look_up(target: Target, now: datetime, *, batch: bool, cache_ttl: CacheTtl) -> object:
        asked.append(now)
        return listed_rates(target, now, batch=batch, cache_ttl=cache_ttl)

    monkeypatch.setattr("extractor.calls.metering.pricing.listed_rates", look_up)
    time = [NOW.timestamp()]
    pricing = Pricing(clock=Clock(time=lambda: time[0]))
    for _ in range(3):
        pricing.cost(Target("openai", "gpt-4o"), MILLION)
    assert asked == [NOW]
    time[0] += 86_400
    pricing.cost(Target("openai", "gpt-4o"), MILLION)
    assert len(asked) == 2


def test_a_price_changes_on_its_day() -> None:
    target = Target("openai", "o3")  # cheaper from 10 June 2025
    before, after = (
        Pricing(clock=Clock(time=datetime(2025, 6, day, tzinfo=UTC).timestamp)).cost(
            target, MILLION
        )
        for day in (9, 10)
    )
    assert before is not None
    assert after is not None
    assert after < before


def test_the_list_is_dated_by_its_newest_price_in_force() -> None:
    today = NOW.date()
    assert date(2026, 10, 14) <= prices_date(today) <= today
    assert prices_date(date(2026, 10, 14)) == date(2026, 10, 14)
    assert price_list().startswith("genai-prices 0.")


def test_prices_of_ones_own_count_half_in_a_batch() -> None:
    own = Pricing({"openai:ft:*": Price(Decimal(4), Decimal(8))})
    target, usage = Target("openai", "ft:m"), Usage(1_000_000, 1_000_000)
    assert own.cost(target, usage) == 12
    assert own.cost(target, usage, batch=True) == 6
    assert Pricing(own.overrides, is_batch=True).cost(target, usage) == 6


def test_a_price_by_a_name_that_no_model_has_is_refused_and_not_passed_over() -> None:
    with pytest.raises(ConfigurationError, match=r"'gpt-5.4' has a price") as caught:
        Pricing({"gpt-5.4": Price(Decimal(4), Decimal(8))})
    assert "provider:model" in (caught.value.hint or "")
    assert (
        Pricing({"*": Price(Decimal(4), Decimal(8))}).cost(Target("mine", "m"), Usage(1_000_000))
        == 4
    )


def test_a_price_is_more_than_a_number() -> None:
    number: Any = 4
    with pytest.raises(ConfigurationError, match=r"openai:m is 4; it is a Price"):
        Pricing({"openai:m": number})

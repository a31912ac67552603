"""What tokens cost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.calls.pricing import cost_usd
from extractor.types import Usage

MILLION = Usage(input_tokens=1_000_000, output_tokens=1_000_000)


@pytest.mark.parametrize(
    ("provider", "model"),
    [("openai", "gpt-4o"), ("openai", "gpt-4o-2024-08-06"), ("anthropic", "claude-sonnet-4-5")],
)
def test_a_listed_model_has_a_price(provider: str, model: str) -> None:
    cost = cost_usd(provider, model, MILLION)
    assert cost is not None
    assert 1 < cost < 1_000


def test_output_costs_more_than_input() -> None:
    asked = cost_usd("openai", "gpt-4o", Usage(input_tokens=1_000))
    answered = cost_usd("openai", "gpt-4o", Usage(output_tokens=1_000))
    assert asked is not None
    assert answered is not None
    assert 0 < asked < answered


def test_cached_input_costs_less() -> None:
    fresh = cost_usd("anthropic", "claude-sonnet-4-5", Usage(input_tokens=1_000))
    cached = cost_usd(
        "anthropic",
        "claude-sonnet-4-5",
        Usage(input_tokens=1_000, cache_read_input_tokens=1_000),
    )
    assert fresh is not None
    assert cached is not None
    assert 0 < cached < fresh


def test_nothing_used_costs_nothing() -> None:
    assert cost_usd("openai", "gpt-4o", Usage()) == 0


@pytest.mark.parametrize(
    ("provider", "model"),
    [("openai", "a-model-of-tomorrow"), ("compatible", "gpt-4o"), ("somebody", "gpt-4o")],
)
def test_an_unknown_price_is_unknown_and_not_zero(provider: str, model: str) -> None:
    assert cost_usd(provider, model, MILLION) is None


def test_an_unknown_usage_has_an_unknown_price() -> None:
    assert cost_usd("openai", "gpt-4o", None) is None
    assert cost_usd("anthropic", "claude-sonnet-4-5", None) is None


@pytest.mark.parametrize(
    ("provider", "model"), [("openai", "gpt-4o"), ("anthropic", "claude-sonnet-4-5")]
)
def test_counts_that_do_not_add_up_have_an_unknown_price(provider: str, model: str) -> None:
    usage = Usage(input_tokens=10, output_tokens=5, cache_read_input_tokens=100)
    assert cost_usd(provider, model, usage) is None


def test_a_fault_of_the_price_list_loses_no_reply_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("genai_prices.calc_price", fail)
    assert cost_usd("openai", "gpt-4o", MILLION) is None
    assert caplog.messages == ["The price list failed for openai:gpt-4o; its cost is unknown"]
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("usage", [MILLION, None])
@pytest.mark.parametrize("provider", ["local", "scripted"])
def test_what_runs_here_costs_nothing(provider: str, usage: Usage | None) -> None:
    assert cost_usd(provider, "qwen2.5-coder-1.5b", usage) == Decimal(0)

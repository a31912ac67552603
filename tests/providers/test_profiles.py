from __future__ import annotations

import pytest

from extractor.providers.profiles import PROFILES, profile_for


@pytest.mark.parametrize(
    ("model", "window", "output"),
    [
        ("gpt-4o-mini-2024-07-18", 128_000, 16_384),
        ("gpt-4.1-nano", 1_047_576, 32_768),
        ("gpt-5", 400_000, 128_000),
        ("gpt-5.4", 1_050_000, 128_000),
        ("gpt-5.4-mini-2026-03-17", 400_000, 128_000),
        ("gpt-6.1-sol", 1_050_000, 128_000),
        ("o4-mini", 200_000, 100_000),
    ],
)
def test_the_longest_prefix_of_an_openai_model_wins(model: str, window: int, output: int) -> None:
    profile = profile_for("openai", model)
    assert (profile.context_window, profile.max_output_tokens) == (window, output)


@pytest.mark.parametrize(
    ("model", "window", "output"),
    [
        ("claude-3-5-sonnet-20241022", 200_000, 8_192),
        ("claude-opus-4-20250514", 200_000, 32_000),
        ("claude-opus-4-5-20251101", 200_000, 64_000),
        ("claude-opus-4-8", 1_000_000, 128_000),
        ("claude-sonnet-4-6", 1_000_000, 64_000),
        ("claude-haiku-5-5", 1_000_000, 128_000),
        ("claude-fable-5-2", 1_000_000, 128_000),
    ],
)
def test_the_longest_prefix_of_a_claude_model_wins(model: str, window: int, output: int) -> None:
    profile = profile_for("anthropic", model)
    assert (profile.context_window, profile.max_output_tokens) == (window, output)


@pytest.mark.parametrize("provider", sorted(PROFILES))
def test_every_provider_has_a_profile_for_unknown_models(provider: str) -> None:
    profile = profile_for(provider, "a-model-of-next-year")
    assert profile.techniques
    assert 0 < profile.max_output_tokens < profile.context_window


def test_an_unknown_provider_is_taken_for_a_compatible_server() -> None:
    assert profile_for("intranet", "qwen") == profile_for("compatible", "qwen")


def test_a_fine_tuned_model_has_the_profile_of_its_base() -> None:
    assert profile_for("openai", "ft:gpt-4o-mini:acme::x") == profile_for("openai", "gpt-4o-mini")


def test_only_models_that_sample_as_told_take_a_temperature() -> None:
    told = {"gpt-4o", "gpt-4.1", "gpt-5.4", "gpt-6.1-sol", "o3", "gpt-5"}
    assert {m for m in told if profile_for("openai", m).takes_temperature} == {"gpt-4o", "gpt-4.1"}


@pytest.mark.parametrize(
    "name",
    ["openai:gpt-4o", "openai:gpt-4.1-mini", "anthropic:claude-haiku-4-5", "local:default"],
)
def test_models_that_do_not_reason_take_no_effort(name: str) -> None:
    provider, _, model = name.partition(":")
    assert profile_for(provider, model).efforts == ()


@pytest.mark.parametrize(
    ("name", "takes_none"),
    [("openai:gpt-5.4-mini", True), ("anthropic:claude-opus-4-5", False), ("vllm:qwen", True)],
)
def test_models_that_reason_take_the_efforts_that_their_api_knows(
    name: str, takes_none: bool
) -> None:
    provider, _, model = name.partition(":")
    efforts = profile_for(provider, model).efforts
    assert {"low", "medium", "high"} <= set(efforts)
    assert ("none" in efforts) == takes_none


def test_models_without_chat_completions_tools_do_not_offer_them() -> None:
    assert "tools" in profile_for("openai", "gpt-5.4").techniques
    assert "tools" not in profile_for("openai", "gpt-6-sol").techniques


def test_claude_models_from_before_structured_outputs_have_no_native_technique() -> None:
    assert profile_for("anthropic", "claude-sonnet-4-20250514").techniques == ("tools", "xml")
    assert profile_for("anthropic", "claude-sonnet-4-5").techniques == ("native", "tools", "xml")


def test_claude_models_that_always_think_can_not_be_forced_to_call_a_tool() -> None:
    assert profile_for("anthropic", "claude-sonnet-5").forces_tools
    assert not profile_for("anthropic", "claude-sonnet-5-5").forces_tools
    assert not profile_for("anthropic", "claude-opus-5-5").forces_tools


def test_rules_say_what_the_apis_accept() -> None:
    openai = profile_for("openai", "gpt-5.4").rules
    claude = profile_for("anthropic", "claude-opus-4-8").rules
    assert "minItems" in openai.keywords
    assert not {"minLength", "maxLength", "uniqueItems"} & openai.keywords
    assert (openai.recursion, openai.max_depth, openai.max_enum_values) == (True, 10, 1000)
    assert (claude.recursion, claude.max_unions, claude.max_optionals) == (False, 16, 24)
    assert claude.keywords == frozenset()
    assert "uri" in claude.formats
    assert "uri" not in openai.formats


def test_only_the_two_apis_show_the_schema_to_the_model() -> None:
    shown = {name for name in PROFILES if profile_for(name, "x").shows_schema}
    assert shown == {"openai", "anthropic", "scripted"}

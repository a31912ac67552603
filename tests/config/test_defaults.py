"""Settings: arguments before environment before defaults."""

from __future__ import annotations

import pytest

from extractor.config import DEFAULT_MODEL, model_or_default


def test_the_embedded_model_is_used_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("EXTRACTOR_MODEL", raising=False)
    assert model_or_default(None) == DEFAULT_MODEL
    assert DEFAULT_MODEL.startswith("local:")


def test_the_environment_comes_before_the_default_and_the_argument_before_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EXTRACTOR_MODEL", "openai:gpt-x")
    assert model_or_default(None) == "openai:gpt-x"
    assert model_or_default("anthropic:claude-x") == "anthropic:claude-x"


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_MODEL", "")
    assert model_or_default(None) == DEFAULT_MODEL

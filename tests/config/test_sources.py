"""Settings from the environment."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import extractor
from extractor.config.sources import OTHER_VARIABLES, variables
from extractor.errors import ConfigurationError

if TYPE_CHECKING:
    from tests.config.conftest import Load


@pytest.mark.parametrize(
    ("variable", "text", "key", "value"),
    [
        ("EXTRACTOR_MODEL", "openai:m", "model", "openai:m"),
        ("EXTRACTOR_MODELS", "openai:a, anthropic:b,", "models", ("openai:a", "anthropic:b")),
        ("EXTRACTOR_RACE", "True", "race", True),
        ("EXTRACTOR_RACE", "0", "race", False),
        ("EXTRACTOR_MAX_ATTEMPTS", "2", "max_attempts", 2),
        ("EXTRACTOR_DEADLINE", "2.5", "deadline", 2.5),
        ("EXTRACTOR_PROMPTS", "mine", "prompts", Path("mine")),
        ("EXTRACTOR_LIMITS__REQUESTS_PER_MINUTE", "50", "limits.requests_per_minute", 50),
        ("EXTRACTOR_LIMITS__TOKENS_PER_DAY", "20_000_000", "limits.tokens_per_day", 20_000_000),
        ("EXTRACTOR_BUDGET__MAX_USD_PER_RUN", "5.00", "budget.max_usd_per_run", Decimal("5.00")),
        ("EXTRACTOR_BUDGET__RUN", "nightly", "budget.run", "nightly"),
        ("EXTRACTOR_BUDGET__USER", "42", "budget.user", "42"),
        ("EXTRACTOR_METADATA__MATTER", "2026-1", "metadata.matter", "2026-1"),
        ("EXTRACTOR_PROVIDERS__OPENAI__ALLOW_HTTP", "yes", "providers.openai.allow_http", True),
        ("EXTRACTOR_STORE", "/s.sqlite", "store.path", Path("/s.sqlite")),
        ("EXTRACTOR_STORE__PATH", "/s.sqlite", "store.path", Path("/s.sqlite")),
    ],
)
def test_a_variable_sets_the_key_of_its_name(
    load: Load, variable: str, text: str, key: str, value: object
) -> None:
    settings = load(environ={variable: text})
    assert settings.flat()[key] == value
    assert settings.origin(key) == variable


@pytest.mark.parametrize(
    ("variable", "text", "wanted"),
    [
        ("EXTRACTOR_MAX_ATTEMPTS", "many", "a whole number from 1"),
        ("EXTRACTOR_MAX_ATTEMPTS", "2.5", "a whole number from 1"),
        ("EXTRACTOR_MAX_ATTEMPTS", "\u0665", "a whole number from 1"),
        ("EXTRACTOR_RACE", "maybe", "true or false"),
        ("EXTRACTOR_DEADLINE", "nan", "a number of seconds above 0"),
        ("EXTRACTOR_BACKEND", "strct", "one of auto, strict"),
        ("EXTRACTOR_BUDGET__MAX_USD_PER_RUN", "$5", "an amount of US dollars"),
    ],
)
def test_a_wrong_value_is_told_by_the_variables_name(
    load: Load, variable: str, text: str, wanted: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"{variable}: .*; it is {re.escape(wanted)}"):
        load(environ={variable: text})


@pytest.mark.parametrize(
    "variable",
    [
        "EXTRACTOR_MODLE",
        "EXTRACTOR_BUDGET",
        "EXTRACTOR_BUDGET__MAX_USD",
        "EXTRACTOR_MODEL__NAME",
        "EXTRACTOR_LIMITS__GPT",
        "EXTRACTOR_",
        "EXTRACTOR_OPENAI_API_KEY",
    ],
)
def test_a_variable_that_sets_nothing_is_told(load: Load, variable: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{variable} is no setting") as caught:
        load(environ={variable: "hunter2"})
    assert "hunter2" not in str(caught.value.facts())


def test_two_variables_for_the_same_are_told(load: Load) -> None:
    with pytest.raises(ConfigurationError, match="EXTRACTOR_STORE and EXTRACTOR_STORE__PATH"):
        load(environ={"EXTRACTOR_STORE": "/a", "EXTRACTOR_STORE__PATH": "/b"})
    with pytest.raises(ConfigurationError, match="EXTRACTOR_MODEL and EXTRACTOR_MODELS"):
        load(environ={"EXTRACTOR_MODEL": "openai:a", "EXTRACTOR_MODELS": "openai:b"})


def test_an_empty_variable_is_no_setting(load: Load) -> None:
    settings = load("max_attempts = 2", environ={"EXTRACTOR_MAX_ATTEMPTS": "", "EXTRACTOR_X": ""})
    assert settings.max_attempts == 2


def test_every_variable_that_the_code_reads_is_known() -> None:
    """A variable that some module reads by itself must not be refused as unknown."""
    folder = Path(extractor.__file__).parent
    read = {
        name
        for file in folder.rglob("*.py")
        for name in re.findall(r'"(EXTRACTOR_[A-Z_]*[A-Z])"', file.read_text(encoding="utf-8"))
    }
    assert read
    assert read <= {*OTHER_VARIABLES, *variables()}

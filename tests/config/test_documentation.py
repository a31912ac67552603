"""docs/configuration.md has an example of every key, and of nothing else."""

from __future__ import annotations

import re
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.calls.retry import RetryPolicy
from extractor.config import Settings, known_keys
from extractor.config.settings import RetrySettings
from extractor.extracting.extractor import Extractor

if TYPE_CHECKING:
    from tests.config.conftest import Load

DOCS = Path(__file__).parents[2] / "docs" / "configuration.md"
BY_MODEL = re.compile(
    r'^(providers|limits|prices|metadata|datasets)\.("[^"]+:[^"]+"|[\w-]+)(?=\.|$)'
)


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_has_every_key_and_no_other(load: Load) -> None:
    keys = {"models"}  # which excludes `model`, and so stands there as a comment
    for name in load(example(), profile="work").origins:
        in_limits = name.startswith("limits.") and '"' not in name
        keys.add(name if in_limits else BY_MODEL.sub(r"\1.*", name))
    assert keys == set(known_keys())
    assert "# models = [" in example()


def test_the_chain_of_the_example_can_be_used(load: Load) -> None:
    text = re.sub(r"^(model|base_url) =.*\n", "", example(), flags=re.MULTILINE)
    settings = load(text.replace("# models", "models"), profile="work")
    assert len(settings.chain) == 2


def test_the_defaults_of_an_extractor_are_those_of_the_settings() -> None:
    taken = signature(Extractor).parameters
    for name in (
        "race",
        "backend",
        "evidence",
        "reasoning_effort",
        "unverified",
        "prompts",
        "max_attempts",
        "max_tokens",
        "coverage",
        "deadline",
    ):
        assert taken[name].default == getattr(Settings(), name)


def test_the_defaults_of_the_retry_policy_are_those_of_its_settings() -> None:
    policy, settings = RetryPolicy(), RetrySettings()
    for name in RetryPolicy.__slots__:
        assert getattr(policy, name) == getattr(settings, name)

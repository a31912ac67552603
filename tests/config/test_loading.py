"""Which place a setting is taken from, and what is said of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from extractor.config import DEFAULT_MODEL, load_settings
from extractor.errors import ConfigurationError

if TYPE_CHECKING:
    from tests.config.conftest import Load

BOTH = """
model = "openai:top"
[budget]
user = "top"
max_usd_per_run = 2.50
[profiles.work]
model = "openai:work"
[profiles.work.budget]
user = "work"
"""


def test_without_files_variables_and_arguments_there_are_the_defaults(load: Load) -> None:
    settings = load()
    assert settings.model == DEFAULT_MODEL
    assert settings.chain == (DEFAULT_MODEL,)
    assert {settings.origin(name) for name in settings.flat()} == {"default"}


@pytest.mark.parametrize(
    ("places", "model", "origin"),
    [
        (0, DEFAULT_MODEL, "default"),
        (1, "openai:user", ".config/extractor/extractor.toml"),
        (2, "openai:user-work", ".config/extractor/extractor.toml [profiles.work]"),
        (3, "openai:local", "./extractor.toml"),
        (4, "openai:local-work", "./extractor.toml [profiles.work]"),
        (5, "openai:variable", "EXTRACTOR_MODEL"),
        (6, "openai:argument", "argument"),
    ],
)
def test_the_nearest_place_that_says_something_counts_and_is_named(
    load: Load, places: int, model: str, origin: str
) -> None:
    user, local = (
        "\n".join(
            [
                f'model = "openai:{name}"' if places >= first else "",
                "[profiles.work]",
                f'model = "openai:{name}-work"' if places > first else "",
            ]
        )
        for name, first in (("user", 1), ("local", 3))
    )
    settings = load(
        local,
        user=user,
        environ={"EXTRACTOR_MODEL": "openai:variable"} if places >= 5 else {},
        profile="work",
        model="openai:argument" if places >= 6 else None,
    )
    assert settings.model == model
    assert settings.origin("model").endswith(origin)


def test_tables_are_laid_over_each_other_key_by_key(load: Load) -> None:
    settings = load(BOTH, user='[budget]\ntimezone = "Europe/Dublin"', profile="work")
    budget = settings.budget
    assert (budget.user, budget.timezone) == ("work", "Europe/Dublin")
    assert budget.max_usd_per_run == Decimal("2.50")
    assert settings.origin("budget.max_usd_per_run") == "./extractor.toml"
    assert settings.origin("budget.user") == "./extractor.toml [profiles.work]"


@pytest.mark.parametrize(
    ("argument", "variable", "key", "model"),
    [
        ("b", "a", "a", "openai:b"),
        (None, "b", "a", "openai:b"),
        (None, None, "b", "openai:b"),
        (None, None, None, "openai:top"),
    ],
)
def test_a_profile_is_chosen_by_argument_variable_or_key(
    load: Load, argument: str | None, variable: str | None, key: str | None, model: str
) -> None:
    top = f'profile = "{key}"' if key else ""
    tables = '[profiles.a]\nmodel = "openai:a"\n[profiles.b]\nmodel = "openai:b"'
    environ = {"EXTRACTOR_PROFILE": variable} if variable else {}
    settings = load(f'{top}\nmodel = "openai:top"\n{tables}', environ=environ, profile=argument)
    assert settings.model == model
    assert settings.profile == (argument or variable or key)


def test_a_profile_of_either_file_will_do(load: Load) -> None:
    settings = load('model = "openai:local"', user="[profiles.p]\nmax_attempts = 9", profile="p")
    assert (settings.model, settings.max_attempts) == ("openai:local", 9)


@pytest.mark.parametrize("name", ["wrok", "", "work "])
def test_a_profile_that_no_file_has_is_an_error(load: Load, name: str) -> None:
    with pytest.raises(ConfigurationError, match="no profile") as caught:
        load(BOTH, profile=name)
    assert "work" in str(caught.value.hint)


def test_a_model_takes_the_place_of_a_chain_that_is_farther_away_and_the_reverse(
    load: Load,
) -> None:
    chain = 'models = ["openai:a", "anthropic:b"]'
    assert load(chain, model="openai:c").chain == ("openai:c",)
    assert load(BOTH, models=("openai:a", "anthropic:b")).chain == ("openai:a", "anthropic:b")
    with pytest.raises(ConfigurationError, match=r"\./extractor\.toml: model and models"):
        load(f'model = "openai:c"\n{chain}')


def test_an_address_is_never_used_for_a_model_that_was_stated_nearer(load: Load) -> None:
    text = 'model = "compatible:qwen"\nbase_url = "https://vllm.example/v1"'
    assert load(text).base_url == "https://vllm.example/v1"
    with pytest.raises(ConfigurationError, match=r"base_url \(\./extractor\.toml\)") as caught:
        load(text, model="openai:gpt-5.4")
    assert "[providers.NAME]" in str(caught.value.hint)
    assert (
        load(text, model="openai:gpt-5.4", base_url="https://b.example").model == "openai:gpt-5.4"
    )
    both = {"EXTRACTOR_MODEL": "openai:m", "EXTRACTOR_BASE_URL": "https://c.example"}
    assert load(text, environ=both).base_url == "https://c.example"


def test_relative_paths_stand_beside_the_file_that_names_them(load: Load, tmp_path: Path) -> None:
    user = '[cache]\npath = "c.sqlite"\n[store]\npath = "/abs.sqlite"'
    settings = load('prompts = "mine"', user=user)
    assert settings.prompts == tmp_path / "work" / "mine"
    assert settings.cache.path == tmp_path / "home/.config/extractor/c.sqlite"
    assert settings.store.path == Path("/abs.sqlite")
    assert load(prompts="here").prompts == Path("here")


def test_a_named_file_is_read_in_place_of_the_working_folders(load: Load, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("max_attempts = 2", encoding="utf-8")
    settings = load('model = "openai:local"', user="max_tokens = 7", config_file=other)
    assert (settings.model, settings.max_attempts, settings.max_tokens) == (DEFAULT_MODEL, 2, 7)
    assert settings.origin("max_attempts") == str(other)
    with pytest.raises(ConfigurationError, match=r"There is no file absent\.toml"):
        load(config_file=Path("absent.toml"))


def test_no_dotenv_and_no_file_of_a_folder_above_or_below_is_read(
    load: Load, tmp_path: Path
) -> None:
    for folder in (tmp_path, tmp_path / "work" / "documents"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "extractor.toml").write_text('model = "openai:evil"', encoding="utf-8")
    (tmp_path / "work" / ".env").write_text("EXTRACTOR_MODEL=openai:evil", encoding="utf-8")
    assert load().model == DEFAULT_MODEL


def test_a_limit_of_one_model_comes_before_the_general_one(load: Load) -> None:
    settings = load(
        "[limits]\nrequests_per_minute = 5\ntokens_per_day = 9\n"
        '[limits."openai:m"]\nrequests_per_minute = 3'
    )
    own, other = settings.limits.for_model("openai:m"), settings.limits.for_model("openai:n")
    assert (own.requests_per_minute, own.tokens_per_day) == (3, 9)
    assert (other.requests_per_minute, other.tokens_per_day) == (5, 9)


def test_money_is_read_exactly(load: Load) -> None:
    text = '[prices."openai:m"]\ninput = 0.1\noutput = 3\n[budget]\nmax_usd_per_call = 0.30'
    settings = load(text, environ={"EXTRACTOR_BUDGET__MAX_USD_PER_DAY": "12.10"})
    assert settings.prices["openai:m"].input == Decimal("0.1")
    assert settings.budget.max_usd_per_call == Decimal("0.30")
    assert str(settings.budget.max_usd_per_day) == "12.10"


def test_the_process_itself_is_asked_where_nothing_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "extractor.toml").write_text("max_attempts = 8", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("EXTRACTOR_MODEL", "openai:m")
    settings = load_settings()
    assert (settings.model, settings.max_attempts) == ("openai:m", 8)

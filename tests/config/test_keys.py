"""What is wrong with a file or a variable is told by place, key and what is wanted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.config import known_keys, load_settings
from extractor.errors import ConfigurationError

if TYPE_CHECKING:
    from tests.config.conftest import Load

UNKNOWN = [
    ('modle = "x"', "modle", "Did you mean model"),
    ("[limit]\nx = 1", "limit", "Did you mean limits"),
    ("[limits]\nrequests_per_minut = 1", "limits.requests_per_minut", "requests_per_minute"),
    ("[limits]\nmax_token = 1", "limits.max_token", "In [limits] there are"),
    ('[limits."gpt-5"]\ntier = "x"', "limits.gpt-5", "provider:model"),
    ('[limits."openai:m"]\nshared = true', 'limits."openai:m".shared', "tier"),
    ('[prices."m"]\ninput = 1\noutput = 1', "prices.m", "Names in [prices] are provider:model"),
    ('[providers.openai]\nbase_uri = "x"', "providers.openai.base_uri", "base_url"),
    ("[providers.opnai]", "providers.opnai", "are openai, anthropic or compatible"),
    ("[providers.local]\nallow_http = true", "providers.local", "are openai, anthropic or"),
    ("[profiles.work]\nmodle = 1", "modle", "Did you mean model"),
    ("[profiles.other.budget]\nmax = 1", "budget.max", "max_usd_per_call"),
    ("origins = 1", "origins", "There are"),
]
WRONG = [
    ("model = 5", "model is 5; it is a text"),
    ('model = ""', "model is a text that it can't be; it is a text"),
    ('models = "a:b"', "models is a text that it can't be; it is a list of texts"),
    ("models = [1]", "models is 1; it is a list of texts"),
    ('backend = "strct"', "it is one of auto, strict, json, xml, native, tools"),
    ("race = 1", "race is 1; it is true or false"),
    ('max_attempts = "4"', "max_attempts is a text that it can't be; it is a whole number from 1"),
    ("max_attempts = 0", "max_attempts is 0; it is a whole number from 1"),
    ("max_attempts = true", "max_attempts is true; it is a whole number from 1"),
    ("max_tokens = 1.5", "max_tokens is 1.5; it is a whole number from 1"),
    ("deadline = 0", "deadline is 0; it is a number of seconds above 0"),
    ("deadline = nan", "deadline is NaN; it is a number of seconds above 0"),
    ("deadline = [5]", "deadline is a list; it is a number of seconds above 0"),
    ("[deadline]\nx = 1", "deadline is a table; it is a number of seconds above 0"),
    ("[retry]\nlongest = 86401", "retry.longest is 86401; it is a number of seconds from 0"),
    ("[retry]\nlongest = -1", "retry.longest is -1; it is a number of seconds from 0"),
    ("retry = 5", "retry is a table, and no single value"),
    ("[budget]\nmax_usd_per_run = -1", "budget.max_usd_per_run is -1; it is an amount"),
    ('[budget]\nmax_usd_per_run = "1"', "it is an amount of US dollars"),
    ("[budget]\nmax_usd_per_run = inf", "it is an amount of US dollars"),
    ('[budget]\ntimezone = "Mars/Olympus"', "it is a time zone, such as Europe/Dublin"),
    ('[budget]\ntimezone = "../../etc/passwd"', "it is a time zone"),
    ('[cache]\nmode = "on"', "cache.mode is a text that it can't be; it is one of off, record"),
    ('[cache]\npath = ""', "cache.path is a text that it can't be; it is a path"),
    ('[store]\npath = "~nobody-such/x"', "store.path is a text that it can't be; it is a path"),
    ('[providers.openai]\napi_key_variable = "my-key"', "the name of an environment variable"),
    ('[prices."openai:m"]\ninput = 1', 'prices."openai:m".output is missing'),
    ("[metadata]\nmatter = 5", "metadata.matter is 5; it is a text"),
    ("[profiles.other]\nrace = 1", "./extractor.toml [profiles.other]: race is 1"),
    ("profiles = 5", "profiles is a table of tables"),
    ("[profiles]\nwork = 5", "[profiles.work] is a table of settings"),
    ('[profiles.work]\nprofile = "x"', "names no other profile"),
]
SECRETS = [
    'api_key = "sk-proj-hunter2"',
    'OPENAI_API_KEY = "hunter2"',
    '[providers.openai]\napi_key = "hunter2"',
    '[providers.openai]\napi_key_variable = "sk-hunter2"',
    '[providers.openai]\nauth_token = "hunter2"',
    '[metadata]\nuser = "Bearer hunter2"',
    '[profiles.other]\npassword = "hunter2"',
    'model = "sk-ant-hunter2"',
]


@pytest.mark.parametrize(("text", "key", "hint"), UNKNOWN)
def test_an_unknown_key_is_told_with_its_place_and_what_was_perhaps_meant(
    load: Load, text: str, key: str, hint: str
) -> None:
    place = rf"\./extractor\.toml( \[profiles\.\w+\])?: there is no key {re.escape(key)}\."
    with pytest.raises(ConfigurationError, match=place) as caught:
        load(text)
    assert hint in str(caught.value.hint)


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_a_wrong_value_is_told_with_its_place_and_what_is_wanted(
    load: Load, text: str, told: str
) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(told)) as caught:
        load(text)
    assert caught.value.message.startswith("./extractor.toml")


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_refused_without_repeating_it(load: Load, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"looks like a secret|no key") as caught:
        load(text)
    assert "hunter2" not in f"{caught.value!s}{caught.value.facts()}{caught.value.__cause__}"
    assert "environment variable" in str(caught.value.hint)


def test_an_unknown_key_that_resembles_a_secrets_name_but_is_a_number_is_just_unknown(
    load: Load,
) -> None:
    with pytest.raises(ConfigurationError, match="no key max_token") as caught:
        load("max_token = 5")
    assert "Did you mean max_tokens" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"model = \nx = 1", "at line 1"),
        (b"a = 1\na = 2\n", "at line 2"),
        (b"model = 'caf\xe9'", "no UTF-8 from byte 12"),
        (b"x = " + b"[" * 5_000, "no TOML"),
    ],
)
def test_what_is_no_toml_is_told_with_the_line(
    load: Load, tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "extractor.toml").write_bytes(content)
    with pytest.raises(ConfigurationError, match=told) as caught:
        load()
    assert caught.value.message.startswith("./extractor.toml")


def test_a_folder_in_place_of_the_file_can_not_be_read(load: Load, tmp_path: Path) -> None:
    (tmp_path / "work" / "extractor.toml").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match=r"\./extractor\.toml can't be read"):
        load()


def test_a_byte_order_mark_is_no_mistake(load: Load) -> None:
    assert load("\ufeffmax_attempts = 2").max_attempts == 2


def test_a_wrong_value_is_told_even_where_a_nearer_place_says_it_right(load: Load) -> None:
    with pytest.raises(ConfigurationError, match="max_attempts"):
        load("max_attempts = 0", max_attempts=3)


def test_a_wrong_argument_is_told_as_one(load: Load) -> None:
    with pytest.raises(ConfigurationError, match="argument: max_tokens is -3; it is a whole"):
        load(max_tokens=-3)


names = st.sampled_from(sorted({part for key in known_keys() for part in key.split(".")}))
values = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.text()),
    lambda inner: st.dictionaries(names | st.text(max_size=3), inner, max_size=3),
)


@settings(deadline=None)
@given(st.dictionaries(names, values, max_size=3))
def test_whatever_is_said_is_taken_or_told(said: dict[str, object]) -> None:
    try:
        found = load_settings(arguments=said, environ={"HOME": "/nowhere"}, cwd=Path("/nowhere"))
    except ConfigurationError:
        return
    assert set(found.origins.values()) <= {"argument"}

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from extractor.config import ProviderSettings, Settings, load_settings
from extractor.config.kinds import ProviderName
from extractor.errors import ConfigurationError
from extractor.providers import PROVIDERS, provider_for, provider_from, split_model
from extractor.providers.http import HttpProvider


def test_a_model_name_splits_at_its_first_colon() -> None:
    assert split_model("openai:gpt-5.4-mini") == ("openai", "gpt-5.4-mini")
    assert split_model("compatible:qwen2.5:7b") == ("compatible", "qwen2.5:7b")


@pytest.mark.parametrize("spec", ["gpt-5", "openai:", ":gpt-5", "", " : "])
def test_a_malformed_model_name_is_refused_and_the_hint_shows_the_form(spec: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        split_model(spec)
    assert "provider:model" in str(caught.value.hint)


def test_settings_are_of_the_providers_that_are_asked_at_an_address() -> None:
    named = TypeAdapter[str](ProviderName)
    assert all(named.validate_python(name) for name in PROVIDERS.keys() - {"local", "scripted"})
    for name in ("local", "scripted", "opnai"):
        with pytest.raises(ValidationError):
            named.validate_python(name)


def test_an_unknown_provider_is_refused_and_the_hint_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="'gemini'") as caught:
        provider_for("gemini", "x")
    assert all(name in str(caught.value.hint) for name in PROVIDERS)


def test_providers_are_made_by_name(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text('["{}"]', encoding="utf-8")
    assert provider_for("openai", "gpt-5.4").name == "openai"
    assert provider_for("anthropic", "claude-opus-5").name == "anthropic"
    assert provider_for("compatible", "x", base_url="http://127.0.0.1:1/v1").name == "compatible"
    assert provider_for("scripted", str(script)).name == "scripted"


def test_the_base_url_of_the_caller_reaches_the_provider() -> None:
    assert provider_for("openai", "m", base_url="https://a.test/v1").base_url == "https://a.test/v1"
    assert provider_for("anthropic", "m", base_url="https://b.test").base_url == "https://b.test"


@pytest.mark.parametrize("name", ["local", "scripted"])
def test_a_provider_without_a_server_refuses_a_base_url(name: str) -> None:
    with pytest.raises(ConfigurationError, match="takes no base URL"):
        provider_for(name, "x", base_url="http://127.0.0.1:1")


def test_a_provider_is_made_as_the_settings_want_it() -> None:
    own = ProviderSettings(base_url="http://vllm.test/v1", allow_http=True)
    settings = Settings(providers={"compatible": own}, base_url="https://gateway.test/v1")
    assert provider_from(settings, "openai:m").base_url == "https://gateway.test/v1"
    settings = Settings(providers={"compatible": own})
    assert provider_from(settings, "compatible:m").base_url == "http://vllm.test/v1"
    assert provider_from(settings, "openai:m").base_url == "https://api.openai.com/v1"


@pytest.mark.parametrize("key", ["base_url", "providers.openai.base_url"])
def test_an_address_that_is_refused_is_named_by_the_place_that_has_it(
    key: str, tmp_path: Path
) -> None:
    file = tmp_path / "extractor.toml"
    file.write_text(f'model = "openai:m"\n{key} = "http://far.test/v1"', encoding="utf-8")
    settings = load_settings(environ={"HOME": str(tmp_path)}, cwd=tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        provider_from(settings, "openai:m")
    assert f"({key} from ./extractor.toml)" in caught.value.message


def test_the_origin_of_an_address_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def origin(settings: Settings) -> str:
        provider = provider_from(settings, "openai:m")
        assert isinstance(provider, HttpProvider)
        return provider.base_url_origin

    assert origin(Settings()) == "default"
    monkeypatch.setenv("OPENAI_BASE_URL", "https://a.test/v1")
    assert origin(Settings()) == "OPENAI_BASE_URL"
    named = Settings(base_url="https://b.test/v1", origins={"base_url": "argument"})
    assert origin(named) == "base_url from argument"


def test_settings_that_no_provider_can_follow_are_refused() -> None:
    several = Settings(models=("openai:m", "anthropic:n"), base_url="https://a.test")
    with pytest.raises(ConfigurationError, match="one address, and models are several"):
        provider_from(several, "openai:m")
    with pytest.raises(ConfigurationError, match="takes no base URL and no key"):
        provider_from(Settings(base_url="https://a.test"), "local:default")


def test_there_are_settings_for_those_that_are_asked_at_an_address_and_no_others() -> None:
    for name in PROVIDERS:
        if name in {"local", "scripted"}:
            with pytest.raises(ValidationError):
                Settings(providers={name: ProviderSettings()})
        else:
            own = {name: ProviderSettings(base_url="https://a.test/v1")}
            provider = provider_from(Settings(providers=own), f"{name}:m")
            assert provider.base_url == "https://a.test/v1"


def test_no_sdk_is_imported_before_the_first_request() -> None:
    code = """
import sys
import extractor.providers.openai, extractor.providers.anthropic, extractor.providers.compatible
import extractor.providers.scripted
from extractor.providers import provider_for
provider_for("openai", "m").profile("m")
provider_for("anthropic", "m").base_url
assert not {"openai", "anthropic", "httpx2"} & set(sys.modules), "an SDK was imported"
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")

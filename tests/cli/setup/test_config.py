"""`extractor config show`, and the options that are settings too."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main
from extractor.config import known_keys

Capture = pytest.CaptureFixture[str]

FILE = """
model = "openai:gpt-5.4-mini"
[providers.compatible]
base_url = "https://me:secret@vllm.example/v1?key=secret"
[budget]
max_usd_per_run = 2.50
[limits."openai:gpt-5.4-mini"]
tokens_per_day = 9
[profiles.work]
max_attempts = 2
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture
def configured(folder: Path) -> Path:
    file = folder / "extractor.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


@pytest.mark.usefixtures("configured")
def test_every_setting_is_shown_as_toml(capsys: Capture) -> None:
    assert main(["config", "show", "--profile", "work"]) == 0
    out = capsys.readouterr().out
    values: dict[str, Any] = tomllib.loads(out)
    assert values["model"] == "openai:gpt-5.4-mini"
    assert values["limits"]["openai:gpt-5.4-mini"]["tokens_per_day"] == 9
    assert "budget.max_usd_per_run = 2.50\n" in out
    assert "# max_tokens is not set\n" in out
    for key in known_keys():
        assert "*" in key or f"{key} " in out


@pytest.mark.usefixtures("configured")
def test_the_origin_of_each_setting_can_be_shown(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACTOR_DEADLINE", "5")
    assert main(["config", "show", "--origin", "--profile", "work"]) == 0
    lines = capsys.readouterr().out.splitlines()
    origins = {line.split(" = ")[0]: line.rpartition("  # ")[2] for line in lines if " = " in line}
    assert origins["profile"] == "argument"
    assert origins["deadline"] == "EXTRACTOR_DEADLINE"
    assert origins["model"] == "./extractor.toml"
    assert origins["max_attempts"] == "./extractor.toml [profiles.work]"
    assert origins["backend"] == "default"


@pytest.mark.usefixtures("configured")
def test_json_has_values_and_origins_by_name(capsys: Capture) -> None:
    assert main(["config", "show", "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    shown = json.loads(out)
    assert set(shown) == {"settings", "origins"}
    assert set(shown["settings"]) == set(shown["origins"])
    assert shown["settings"]["budget.max_usd_per_run"] == "2.50"
    assert shown["settings"]["max_tokens"] is None
    assert shown["origins"]["budget.max_usd_per_run"] == "./extractor.toml"


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("options", [[], ["--origin"], ["--json"]])
def test_base_urls_are_shown_without_user_password_and_query(
    capsys: Capture, options: list[str]
) -> None:
    assert main(["config", "show", *options]) == 0
    shown = capsys.readouterr()
    assert "secret" not in shown.out + shown.err
    assert "https://vllm.example/v1" in shown.out


@pytest.mark.parametrize(
    "command",
    [
        ["config", "show"],
        ["extract", "contract.md", "--schema", "terms.py:Terms"],
        ["estimate", "contract.md", "--schema", "terms.py:Terms"],
        ["prompt", "show", "--schema", "terms.py:Terms"],
        ["schema", "check", "terms.py:Terms"],
        ["doctor"],
    ],
)
def test_a_broken_configuration_ends_every_command_that_uses_it(
    folder: Path, capsys: Capture, command: list[str]
) -> None:
    (folder / "extractor.toml").write_text("max_attemps = 2", encoding="utf-8")
    assert main(command) == 3
    shown = capsys.readouterr()
    assert "./extractor.toml: there is no key max_attemps." in shown.out + shown.err
    assert "Did you mean max_attempts" in shown.out + shown.err
    assert main([*command, "--json"]) == 3
    assert "max_attemps" in json.dumps(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(
    "command", [["parse", "--backend", "json", "--schema", "nda"], ["schema", "list"]]
)
def test_a_command_that_asks_no_model_reads_no_configuration(
    folder: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "extractor.toml").write_text("max_attemps = 2", encoding="utf-8")
    monkeypatch.setattr("extractor.cli.extracting.parse.read_stdin", lambda: b"{}")
    assert main(command) != 3


def test_extract_follows_the_file_and_options_come_before_it(
    folder: Path, script: Callable[..., str], capsys: Capture
) -> None:
    model = script({"law": "Ireland", "start": None}, {"law": "Ireland", "start": None})
    other = folder / "other.toml"
    other.write_text(f'model = "{model}"\nbackend = "json"\nevidence = "none"', encoding="utf-8")
    command = ["extract", "contract.md", "--schema", "terms.py:Terms", "--json"]
    assert main([*command, "--config", "other.toml"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["model"], record["backend"]) == (model, "json")
    assert record["fields"]["law"]["evidence"] == []
    assert main([*command, "--config", "other.toml", "--backend", "tools"]) == 0
    assert json.loads(capsys.readouterr().out)["backend"] == "tools"


def test_max_attempts_of_a_profile_is_kept_to(
    folder: Path, script: Callable[..., str], capsys: Capture
) -> None:
    model = script("no", "no", "no", "no", "no")
    text = f'model = "{model}"\n[profiles.once]\nmax_attempts = 1'
    (folder / "extractor.toml").write_text(text, encoding="utf-8")
    command = ["extract", "contract.md", "--schema", "terms.py:Terms", "--json"]
    for options, attempts in (([], 4), (["--profile", "once"], 1)):
        assert main([*command, *options]) == 4
        assert json.loads(capsys.readouterr().out)["error"]["attempts"] == attempts


def test_templates_of_the_file_are_found_beside_it(
    folder: Path, script: Callable[..., str], capsys: Capture
) -> None:
    there = folder / "there"
    (there / "mine").mkdir(parents=True)
    (there / "mine" / "system.jinja").write_text("HELLO FROM MINE", encoding="utf-8")
    text = f'model = "{script("x")}"\nprompts = "mine"'
    (there / "extractor.toml").write_text(text, encoding="utf-8")
    command = ["prompt", "show", "--schema", "terms.py:Terms", "--config", "there/extractor.toml"]
    assert main(command) == 0
    assert "HELLO FROM MINE" in capsys.readouterr().out

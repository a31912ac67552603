"""`extractor schema list|show|check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.cli import main
from extractor.plugins import schema_names
from tests.cli.conftest import json_of

OPENAI = ["--model", "openai:gpt-5.4-mini"]

Capture = pytest.CaptureFixture[str]


def test_schemas_are_listed_with_what_they_are_for(capsys: Capture) -> None:
    assert main(["schema", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == schema_names()
    assert main(["schema", "list", "--json"]) == 0
    schemas = json_of(capsys)
    assert schemas["nda"].startswith("The main terms of a non-disclosure agreement")


def test_a_schema_is_shown_with_its_descriptions(capsys: Capture) -> None:
    assert main(["schema", "show", "nda"]) == 0
    shown = capsys.readouterr().out
    assert '"governing_law": name of a country or state in full or null' in shown
    assert "whose law governs" in shown
    assert main(["schema", "show", "nda", "--json"]) == 0
    assert "governing_law" in json_of(capsys)["properties"]


def test_a_schema_is_checked_for_each_technique_of_a_model(capsys: Capture) -> None:
    assert main(["schema", "check", "nda", *OPENAI, "--json"]) == 0
    record = json_of(capsys)
    assert record["model"] == "openai:gpt-5.4-mini"
    assert record["backends"] == dict.fromkeys(["strict", "tools", "json", "xml"], "ok")
    assert main(["schema", "check", "nda", *OPENAI]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["strict", "ok"]


def test_a_schema_that_a_technique_cannot_carry_is_told_why(folder: Path, capsys: Capture) -> None:
    fields = "\n".join(f"    f{number}: int | str" for number in range(20))
    item = f"from pydantic import BaseModel\nclass Item(BaseModel):\n{fields}\n"
    text = f"{item}class Wide(BaseModel):\n    items: list[Item]\n"
    (folder / "wide.py").write_text(text, encoding="utf-8")
    arguments = ["schema", "check", "wide.py:Wide", "--model", "anthropic:claude-sonnet-5"]
    assert main([*arguments, "--json"]) == 0
    backends = json_of(capsys)["backends"]
    assert "limit is 16" in backends["native"]
    assert backends["xml"] == "ok"
    assert main([*arguments, "--backend", "native"]) == 3
    assert "limit is 16" in capsys.readouterr().out


def test_a_technique_that_the_model_lacks_is_told(capsys: Capture) -> None:
    assert main(["schema", "check", "nda", *OPENAI, "--backend", "native"]) == 3
    assert "does not offer" in capsys.readouterr().out


def test_templates_of_ones_own_are_checked_with_the_schema(folder: Path, capsys: Capture) -> None:
    own = folder / "own"
    own.mkdir()
    check = ["schema", "check", "nda", *OPENAI, "--prompts", "own", "--json"]
    (own / "xml.jinja").write_text("{% if %}", encoding="utf-8")
    assert main(check) == 0
    backends = json_of(capsys)["backends"]
    assert "xml.jinja" in backends.pop("xml")
    assert set(backends.values()) == {"ok"}
    (own / "reask.jinja").write_text("{{ nothing }}", encoding="utf-8")
    assert main(check) == 3
    backends = json_of(capsys)["backends"]
    assert all("reask.jinja" in backends[name] for name in ("strict", "tools", "json"))
    assert main([*check[:-3], "--prompts", "none", "--json"]) == 3
    assert "No such folder" in json_of(capsys)["error"]["message"]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("opnai:m", "no provider"),
        ("compatible:m", "base URL"),
        ("local:other", "no embedded model"),
        ("scripted:none.json", "can't be read"),
    ],
)
def test_so_is_the_models_provider(model: str, said: str, capsys: Capture) -> None:
    assert main(["schema", "check", "nda", "--model", model, "--json"]) == 3
    assert said in json_of(capsys)["error"]["message"]


def test_an_unknown_schema_is_a_configuration_error(capsys: Capture) -> None:
    for arguments in (["show", "none"], ["check", "none", *OPENAI]):
        assert main(["schema", *arguments, "--json"]) == 3
        assert json_of(capsys)["error"]["type"] == "ConfigurationError"

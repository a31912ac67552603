"""`extractor prompt show`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.cli import main
from tests.cli.conftest import json_of

OPENAI = ["--model", "openai:gpt-5.4-mini"]

Capture = pytest.CaptureFixture[str]


def test_the_exact_messages_and_the_wire_schema_are_shown(capsys: Capture) -> None:
    assert main(["prompt", "show", "contract.md", "--schema", "terms.py:Terms", *OPENAI]) == 0
    shown = capsys.readouterr().out
    assert "--- system ---" in shown
    assert "governed by the laws of Ireland." in shown
    assert "--- strict: json_schema ---" in shown
    schema = json.loads(shown.partition("json_schema ---\n")[2])
    assert [*schema["properties"]] == ["law", "start"]


def test_the_same_is_had_as_json(capsys: Capture) -> None:
    arguments = ["prompt", "show", "contract.md", "--schema", "terms.py:Terms", *OPENAI]
    assert main([*arguments, "--json"]) == 0
    record = json_of(capsys)
    told = {"model", "backend", "messages", "output", "max_tokens", "reasoning_effort"}
    assert set(record) == told
    assert record["reasoning_effort"] is None
    assert [message["role"] for message in record["messages"]] == ["system", "user"]
    assert record["model"] == "openai:gpt-5.4-mini"
    assert record["output"]["name"] == "Terms"


def test_a_reasoning_effort_is_shown(capsys: Capture) -> None:
    command = ["prompt", "show", "--schema", "nda", *OPENAI, "--reasoning-effort", "low"]
    assert main(command) == 0
    assert "--- strict: json_schema; reasoning effort low ---" in capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    assert json_of(capsys)["reasoning_effort"] == "low"


@pytest.mark.parametrize(
    ("backend", "kind"),
    [("strict", "json_schema"), ("tools", "tool"), ("json", "json_object"), ("xml", "text")],
)
def test_the_kind_of_output_has_a_name_of_its_own(backend: str, kind: str, capsys: Capture) -> None:
    assert main(["prompt", "show", "--schema", "nda", *OPENAI, "--backend", backend, "--json"]) == 0
    assert json_of(capsys)["output"]["type"] == kind


def test_without_a_document_a_placeholder_stands_in_its_place(capsys: Capture) -> None:
    assert main(["prompt", "show", "--schema", "nda", *OPENAI, "--backend", "xml"]) == 0
    shown = capsys.readouterr().out
    assert "(The document's text stands here.)" in shown
    assert "<governing_law>" in shown
    assert "--- xml: text ---" in shown


def test_a_contract_that_is_shown_does_not_steer_the_terminal(
    folder: Path, capsys: Capture
) -> None:
    (folder / "contract.md").write_text("law\x1b[2J of\u202e Ireland\nnext line", encoding="utf-8")
    assert main(["prompt", "show", "contract.md", "--schema", "nda", *OPENAI]) == 0
    shown = capsys.readouterr().out
    assert "Ireland\nnext line\n" in shown
    assert not set(shown) & set("\x1b\u202e")


def test_a_contract_is_read_as_it_would_be_for_an_extraction(folder: Path, capsys: Capture) -> None:
    (folder / "a.html").write_text(
        '<p>Shown.</p><p style="display: none">Not shown.</p>', encoding="utf-8"
    )
    show = ["prompt", "show", "a.html", "--schema", "nda", *OPENAI]
    assert main(show) == 0
    assert "Not shown." not in capsys.readouterr().out
    assert main([*show, "--hidden"]) == 0
    assert "Not shown." in capsys.readouterr().out

"""`extractor extract`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main

FIXTURES = Path(__file__).parents[3] / "fixtures"
NDA = [
    *("extract", str(FIXTURES / "contracts" / "mutual-nda.pdf"), "--schema", "nda"),
    *("--model", f"scripted:{FIXTURES / 'replies' / 'mutual-nda.txt'}"),
]
TERMS = ["extract", "contract.md", "--schema", "terms.py:Terms"]


def test_a_table_shows_each_field_with_value_status_page_and_quote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(NDA) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Field", "Value", "Status", "Page", "Quote"]
    law = next(line for line in lines if line.startswith("governing_law"))
    assert law.split()[1:4] == ["Ireland", "found", "3"]
    assert "“is governed by the laws of Ireland”" in law
    assert any(line.startswith("parties[1].name") for line in lines)
    assert max(map(len, lines)) <= 120


def test_words_for_people_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(NDA) == 0
    told = capsys.readouterr().err
    assert "Reading" in told
    assert "Asking scripted:" in told
    assert "15 found" in told
    assert "2 absent. scripted:" in told
    assert "1 request," in told
    assert "$0.0000" in told


def test_json_on_stdout_is_one_object_of_the_documented_shape(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gold = json.loads((FIXTURES / "gold" / "mutual-nda.json").read_text(encoding="utf-8"))
    assert main([*NDA, "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    record = json.loads(out)
    assert set(record) == {
        *("value", "fields", "model", "backend", "attempts", "repairs", "usage", "cost_usd"),
        *("warnings", "coverage", "passed_over", "document", "schema"),
    }
    assert record["value"] == gold["value"]
    field = record["fields"]["governing_law"]
    assert set(field) >= {"status", "raw", "evidence"}
    assert (field["status"], field["raw"]) == ("found", "Ireland")
    (evidence,) = field["evidence"]
    assert set(evidence) == {"quote", "text", "start", "end", "page", "status", "score", "guards"}
    assert (evidence["page"], evidence["status"], evidence["score"]) == (3, "normalized", 1.0)
    assert record["model"].startswith("scripted:")
    assert (record["backend"], record["attempts"], record["coverage"]) == ("strict", 1, 1.0)
    assert record["usage"]["input_tokens"] > 0
    assert (record["repairs"], record["warnings"], record["cost_usd"]) == ([], [], 0.0)


def test_repairs_are_told_with_kind_path_and_whether_they_lost_something(
    script: Callable[..., str], good: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    reply = good | {"start": good["start"] | {"value": "1 April 2025"}, "mood": "fine"}
    assert main([*TERMS, "--model", script(reply), "--json"]) == 0
    repairs = json.loads(capsys.readouterr().out)["repairs"]
    assert {(r["kind"], r["path"], r["lossy"]) for r in repairs} == {
        ("date_from_text", "start", False),
        ("unknown_key", "mood", True),
    }


def test_what_is_not_proved_is_shown_with_the_reason(
    script: Callable[..., str], good: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    reply = good | {"law": {"quote": "the law of Scotland is chosen", "value": "Scotland"}}
    assert main([*TERMS, "--model", script(reply)]) == 0
    shown = capsys.readouterr()
    assert "unverified" in shown.out
    assert "1 found, 1 unverified" in shown.err


@pytest.mark.parametrize("backend", ["strict", "json", "native", "tools"])
def test_the_technique_can_be_chosen(
    script: Callable[..., str],
    good: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    backend: str,
) -> None:
    assert main([*TERMS, "--model", script(good), "--backend", backend, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["backend"] == backend


def test_xml_replies_are_read_with_the_xml_technique(capsys: pytest.CaptureFixture[str]) -> None:
    model = f"scripted:{FIXTURES / 'replies' / 'mutual-nda.xml'}"
    assert main([*NDA[:-1], model, "--backend", "xml", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["value"]["governing_law"] == "Ireland"
    assert record["fields"]["governing_law"]["status"] == "found"


def test_evidence_can_be_left_out(
    script: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    model = script({"law": "Ireland", "start": None})
    assert main([*TERMS, "--model", model, "--evidence", "none", "--json"]) == 0
    fields = json.loads(capsys.readouterr().out)["fields"]
    assert {path: (f["status"], f["evidence"]) for path, f in fields.items()} == {
        "law": ("unverified", []),
        "start": ("absent", []),
    }


def test_the_model_can_come_from_the_environment(
    script: Callable[..., str],
    good: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("EXTRACTOR_MODEL", script(good))
    assert main([*TERMS, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["value"]["law"] == "Ireland"


def test_prompts_and_instructions_of_ones_own_are_used(
    script: Callable[..., str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "system.jinja").write_text("{{ nothing }}", encoding="utf-8")
    assert main([*TERMS, "--model", script("x"), "--prompts", "."]) == 3
    assert "system.jinja" in capsys.readouterr().err


def test_nothing_that_steers_a_terminal_reaches_it_from_contract_or_reply(
    folder: Path, script: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "Ireland\x1b[2J\x9b31m\u202eevil\u2066\x07\u200b\U000e0041"
    padding = "The Parties shall meet once a quarter. " * 50
    contract = f"{padding}It is governed by the laws of {evil}."
    (folder / "contract.md").write_text(contract, encoding="utf-8")
    quote = f"governed by the laws of {evil}"
    model = script({"law": {"quote": quote, "value": evil}, "start": None})
    assert main([*TERMS, "--model", model]) == 0
    table = capsys.readouterr()
    assert main([*TERMS, "--model", model, "--json"]) == 0
    record = capsys.readouterr()
    for text in (table.out, table.err, record.out, record.err):
        assert not set(text) & set("\x1b\x9b\u202e\u2066\x07\u200b\U000e0041")
    assert "Ireland" in table.out
    assert json.loads(record.out)["value"]["law"] == evil


def test_failing_answers_of_a_model_do_not_steer_a_terminal_either(
    script: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    reply = '{"law": "\\u001b[2J", "law": "\\u202eevil"}'
    model = script(*[reply] * 4)
    assert main([*TERMS, "--model", model, "--evidence", "none"]) == 4
    told = capsys.readouterr().err
    assert "several different values" in told
    assert not set(told) & set("\x1b\u202e")


def test_a_schema_that_fails_to_dump_its_value_loses_neither_the_answer_nor_the_bill(
    folder: Path,
    script: Callable[..., str],
    good: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (folder / "terms.py").read_text(encoding="utf-8")
    text += """
    @pydantic.computed_field
    @property
    def days(self) -> int:
        return 1 // 0
"""
    text = f"import pydantic\n{text}"
    (folder / "terms.py").write_text(text, encoding="utf-8")
    asked = [*TERMS, "--model", script(good)]
    assert main([*asked, "--json"]) == 3
    shown = capsys.readouterr()
    error = json.loads(shown.out)["error"]
    assert (error["type"], error["attempts"]) == ("ConfigurationError", 1)
    assert error["usage"]["input_tokens"] > 0
    assert error["partial"] == {"law": "Ireland", "start": "2025-04-01"}
    assert "ZeroDivisionError" in shown.err
    assert main(asked) == 0
    assert "Ireland" in capsys.readouterr().out


def test_as_a_process_stdout_is_clean(
    command: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = command(*NDA, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["value"]["governing_law"] == "Ireland"
    assert "\x1b" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_stdout_that_knows_ascii_only_loses_nothing(
    command: Callable[..., subprocess.CompletedProcess[str]],
    folder: Path,
    script: Callable[..., str],
    options: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "contract.md").write_text("governed by “Irish” law — 法", encoding="utf-8")
    model = script({"law": {"quote": "governed by “Irish” law — 法", "value": "法"}, "start": None})
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = command(*TERMS, "--model", model, *options)
    assert done.returncode == 0
    assert "\\u6cd5" in done.stdout
    if options:
        assert json.loads(done.stdout)["value"]["law"] == "法"

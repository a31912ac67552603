"""`extractor estimate`: what a contract will cost, with no call and no key."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main

ESTIMATE = ["estimate", "contract.md", "--schema", "terms.py:Terms"]
OPENAI = ["--model", "openai:gpt-5.4-mini"]
ROWS = ("low", "expected", "maximum")

Capture = pytest.CaptureFixture[str]


def record_of(capsys: Capture, *arguments: str) -> Any:
    assert main([*ESTIMATE, *arguments, "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


def test_people_see_tokens_dollars_host_and_the_date_of_the_prices(capsys: Capture) -> None:
    assert main([*ESTIMATE, *OPENAI]) == 0
    first, heading, low, expected, maximum, prices = capsys.readouterr().out.splitlines()
    assert first.startswith("openai:gpt-5.4-mini (strict); the contract would go to https://api.op")
    assert first.endswith("Nothing was sent.")
    assert heading.split() == ["input", "output", "tokens", "US", "dollars"]
    assert [line.split()[0] for line in (low, expected, maximum)] == ["low", "expected", "maximum"]
    assert float(low.split()[-1]) < float(expected.split()[-1]) < float(maximum.split()[-1])
    assert prices.startswith("Prices: genai-prices 0.")
    assert ", newest of 2026-" in prices


def test_json_has_the_same(capsys: Capture) -> None:
    record = record_of(capsys, *OPENAI)
    assert list(record) == [
        "model",
        "backend",
        "host",
        "prices",
        "not_estimated",
        "requests",
        *ROWS,
        "plans",
    ]
    assert record["requests"] == 1
    assert record["host"] == "https://api.openai.com/v1"
    assert set(record["prices"]) == {"list", "date"}
    for row in ROWS:
        assert set(record[row]) == {"input_tokens", "output_tokens", "total_tokens", "cost_usd"}
    assert 0 < record["low"]["cost_usd"] < record["expected"]["cost_usd"]


def test_nothing_is_sent_and_no_socket_is_opened(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for model in ("openai:gpt-4o", "anthropic:claude-sonnet-5", "local:qwen2.5-coder-1.5b"):
        assert record_of(capsys, "--model", model)["low"]["input_tokens"] > 0


def test_an_unknown_price_is_said_and_is_not_zero(capsys: Capture) -> None:
    assert main([*ESTIMATE, "--model", "openai:gpt-of-tomorrow"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("unknown") == 3
    assert "No price is known for openai:gpt-of-tomorrow: mend its name" in shown
    record = record_of(capsys, "--model", "openai:gpt-of-tomorrow")
    assert [record[row]["cost_usd"] for row in ROWS] == [None] * 3


def test_what_stays_here_costs_nothing_and_needs_no_list(capsys: Capture) -> None:
    record = record_of(capsys, "--model", "local:qwen2.5-coder-1.5b")
    assert record["prices"] is None
    assert record["maximum"]["cost_usd"] == 0


def test_a_limit_that_the_first_request_does_not_fit_is_told(capsys: Capture) -> None:
    assert main([*ESTIMATE, *OPENAI, "--max-tokens", "100"]) == 0
    assert "too low for one request" in capsys.readouterr().out
    assert record_of(capsys, *OPENAI, "--max-tokens", "100")["maximum"]["total_tokens"] == 100


def test_a_contract_in_windows_is_told_as_such(folder: Path, capsys: Capture) -> None:
    clause = "The Lessee shall keep the premises in good repair. "
    (folder / "contract.md").write_text(clause * 5_000, encoding="utf-8")
    local = ["--model", "local:qwen2.5-coder-1.5b"]
    requests = record_of(capsys, *local)["requests"]
    assert requests > 2
    assert main([*ESTIMATE, *local]) == 0
    assert f"would be read in {requests} windows" in capsys.readouterr().out


def test_other_plans_are_told_with_what_they_show_and_cost(folder: Path, capsys: Capture) -> None:
    clause = "The Lessee shall keep the premises in good repair. "
    (folder / "contract.md").write_text(clause * 5_000, encoding="utf-8")
    whole, passages = record_of(capsys, *OPENAI)["plans"]
    assert (whole["plan"], whole["coverage"], passages["plan"]) == ("whole", 1.0, "passages")
    assert passages["coverage"] < 0.5
    assert main([*ESTIMATE, *OPENAI]) == 0
    rows = capsys.readouterr().out.splitlines()[-3:]
    assert [row.split()[0] for row in rows] == ["plan", "whole", "passages"]
    assert f"{passages['expected']['cost_usd']:.4f}" in rows[2]
    assert main([*ESTIMATE, *OPENAI, "--coverage", "passages"]) == 0
    assert "Only passages would be read: " in capsys.readouterr().out


def test_a_contract_that_has_one_plan_only_has_no_table_of_them(capsys: Capture) -> None:
    assert [plan["plan"] for plan in record_of(capsys, *OPENAI)["plans"]] == ["whole"]


def test_of_several_models_the_first_is_estimated_and_that_is_said(capsys: Capture) -> None:
    both = ["--models", "openai:gpt-5.4-mini,anthropic:claude-haiku-4-5"]
    first = record_of(capsys, *OPENAI)
    assert first["not_estimated"] == []
    record = record_of(capsys, *both)
    assert record == first | {"not_estimated": ["anthropic:claude-haiku-4-5"]}
    assert main([*ESTIMATE, *both]) == 0
    assert capsys.readouterr().out.endswith(
        "This is the first model alone; where it can't be had, anthropic:claude-haiku-4-5 would be "
        "asked.\n"
    )


def test_of_a_race_it_is_said_that_another_is_asked_too(folder: Path, capsys: Capture) -> None:
    (folder / "extractor.toml").write_text("race = true", encoding="utf-8")
    assert main([*ESTIMATE, "--models", "openai:gpt-5.4-mini,anthropic:claude-haiku-4-5"]) == 0
    assert "anthropic:claude-haiku-4-5 would be asked at the same time." in capsys.readouterr().out


def test_instructions_and_attempts_count(capsys: Capture) -> None:
    plain = record_of(capsys, *OPENAI)
    longer = record_of(capsys, *OPENAI, "--instructions", "Answer in English. " * 100)
    assert longer["low"]["input_tokens"] > plain["low"]["input_tokens"] + 300
    once = record_of(capsys, *OPENAI, "--max-attempts", "1")
    assert once["maximum"]["cost_usd"] < plain["maximum"]["cost_usd"] / 2


def test_a_script_stays_on_this_machine(folder: Path, capsys: Capture) -> None:
    (folder / "script.json").write_text("[]", encoding="utf-8")
    assert main([*ESTIMATE, "--model", "scripted:script.json"]) == 0
    assert "stays on this machine" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--model", "nobody:m"], 3),
        (["--schema", "none", *OPENAI], 3),
        (["--max-tokens", "0", *OPENAI], 2),
    ],
)
def test_what_cannot_work_is_told_as_for_extract(
    arguments: list[str], code: int, capsys: Capture
) -> None:
    assert main([*ESTIMATE, *arguments, "--json"]) == code
    assert "error" in json.loads(capsys.readouterr().out)


def test_a_file_that_is_not_there_is_the_documents_fault(capsys: Capture) -> None:
    assert main(["estimate", "none.pdf", "--schema", "nda", *OPENAI, "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["error"]["type"] == "DocumentError"

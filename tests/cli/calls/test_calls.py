"""`extractor stats`, `logs` and `reconcile`."""

from __future__ import annotations

import json
import re
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractor.calls.base import Budget
from extractor.calls.ledger.budgets import Total
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.steps import Target
from extractor.cli import main
from extractor.config import store_path
from tests.recorded_calls import Clocks, reserve, sent, settled

Capture = pytest.CaptureFixture[str]
RUN = Budget("run", "run-1", 1_000_000)


@pytest.fixture
def path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger with a settled call, a failed one and an unknown one."""
    path = folder / "calls.sqlite"
    with closing(SqliteLedger(path, timezone="Europe/Dublin", clocks=Clocks())) as ledger:
        for number in (1, 2, 3):
            reserve(ledger, sent(number), [RUN])
        ledger.settle(settled(sent(1), 700), [RUN])
        failed = settled(sent(2), 0, usage=None, error_type="ServerError", status=500)
        ledger.settle(failed, [RUN])
        ledger.settle(replace(sent(3), state="unknown"), [RUN])
    monkeypatch.setenv("EXTRACTOR_STORE", str(path))
    return path


def json_of(capsys: Capture) -> Any:
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


@pytest.mark.usefixtures("path")
def test_stats_are_a_table_and_what_is_wrong_in_words(capsys: Capture) -> None:
    assert main(["stats", "--by", "user"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[:2] for line in out.splitlines()[1:3]] == [["ada", "3"], ["all", "3"]]
    assert "1 of 3 calls ended with ServerError." in out
    assert "Of 1 the cost is not known; $0.0010 are set aside" in out


@pytest.mark.usefixtures("path")
def test_stats_are_one_object(capsys: Capture) -> None:
    assert main(["stats", "--by", "day", "--since", "2026-09-01", "--json"]) == 0
    report = json_of(capsys)
    assert report["by"] == "day"
    assert report["since"] == 1_788_217_200.0  # midnight in Dublin
    (group,) = report["groups"]
    assert group.pop("key") == "2026-09-21"
    assert group == report["total"]
    assert group == {
        "calls": 3,
        "extractions": 1,
        "retries": 0,
        "usage": {
            "input_tokens": 100,
            "output_tokens": 20,
            "cache_read_input_tokens": 0,
            "cache_creation_input_tokens": 0,
            "reasoning_tokens": 0,
        },
        "tokens_per_call": 120.0,
        "latency": {"p50": 1.5, "p95": 1.5, "p99": 1.5},
        "errors": {"ServerError": 1},
        "error_rate": pytest.approx(1 / 3),
        "cost_usd": 0.0007,
        "unknown": 1,
        "unknown_reserved_usd": 0.001,
    }


@pytest.mark.usefixtures("path")
def test_no_calls_are_no_failure(capsys: Capture) -> None:
    assert main(["stats", "--since", "2030-01-01"]) == 0
    assert main(["logs", "--since", "2030-01-01"]) == 0
    assert capsys.readouterr().out == "No calls.\nNo such calls.\n"
    assert main(["stats", "--since", "2030-01-01", "--json"]) == 0
    assert json_of(capsys)["total"] is None


@pytest.mark.usefixtures("path")
def test_logs_list_the_newest_first(capsys: Capture) -> None:
    assert main(["logs", "-n", "2"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["call-000003", "call-000002"]
    assert "09-21 15:13:23" in out  # Dublin's summer time


@pytest.mark.parametrize("columns", [None, "40"])
def test_a_logged_call_is_a_line_with_nothing_broken(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, columns: str | None
) -> None:
    call: dict[str, Any] = {
        "id": "f1a5f0a3c2d4" + "e" * 16,
        "target": Target("compatible", "Qwen/Qwen2.5-Coder-32B-Instruct-AWQ", "hash"),
        "metadata": {"user": "a user of many words, " * 20},
    }
    with closing(SqliteLedger(path, timezone="Europe/Dublin", clocks=Clocks())) as ledger:
        reserve(ledger, sent(9, **call))
        ledger.settle(settled(sent(9, **call), 0, error_type="InvalidResponseError"), [])
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    assert main(["logs"]) == 0
    heading, newest, *others = capsys.readouterr().out.splitlines()
    assert (heading.split()[0], len(others)) == ("call", 3)
    assert newest.split()[0] == call["id"]
    assert "compatible:Qwen/Qwen2.5-Coder-32B-Instruct-AWQ  strict" in newest
    assert "InvalidResponseError  a user of many words, a user" in newest


@pytest.mark.usefixtures("path")
def test_logs_are_one_object(capsys: Capture) -> None:
    assert main(["logs", "--errors", "--json"]) == 0
    (call,) = json_of(capsys)["calls"]
    assert (call["id"], call["error_type"], call["cost_usd"]) == ("call-000002", "ServerError", 0)
    assert main(["logs", "--state", "unknown", "--model", "gpt-5.4-mini", "--user", "ada"]) == 0
    assert "call-000003" in capsys.readouterr().out


def test_a_users_name_cannot_steer_the_terminal(path: Path, capsys: Capture) -> None:
    with closing(SqliteLedger(path, timezone="Europe/Dublin", clocks=Clocks())) as ledger:
        reserve(ledger, sent(9, metadata={"user": "eve\x1b[2J[red]"}))
    for command in (["logs"], ["stats", "--by", "user"], ["logs", "--json"]):
        assert main(command) == 0
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert "eve" in out
        assert "[red]" in out


def test_named_calls_are_reconciled(path: Path, capsys: Capture) -> None:
    assert main(["reconcile", "call-000003", "--usd", "0.0005", "--json"]) == 0
    assert json_of(capsys) == {"reconciled": 1, "cost_usd": 0.0005, "left": 0}
    with closing(SqliteLedger(path, timezone="Europe/Dublin", clocks=Clocks())) as ledger:
        assert ledger.total(RUN) == Total(spent=1_200)
    assert main(["reconcile", "call-000003", "--usd", "0.0005"]) == 3
    assert "is settled already" in capsys.readouterr().err


@pytest.mark.usefixtures("path")
def test_all_unknown_ones_before_a_time_are_reconciled(capsys: Capture) -> None:
    before = ["reconcile", "--unknown-before"]
    assert main([*before, "2026-09-21T15:13:23", "--usd-as-reserved"]) == 0
    assert main([*before, "2026-09-21T15:13:24", "--usd-as-reserved"]) == 0
    assert capsys.readouterr().out == (
        "0 calls settled at $0.0000 in all.\n1 call settled at $0.0010 in all.\n"
    )


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(
    "options",
    [
        [],
        ["call-000003"],
        ["call-000003", "--usd", "-1"],
        ["call-000003", "--usd", "nan"],
        ["call-000003", "--usd", "1", "--usd-as-reserved"],
        ["call-000003", "--unknown-before", "2026-01-01", "--usd", "1"],
        ["--usd", "1"],
    ],
)
def test_a_reconcile_that_leaves_something_open_is_misused(
    capsys: Capture, options: list[str]
) -> None:
    assert main(["reconcile", *options]) == 2
    assert "usage: extractor reconcile" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["stats"], ["logs"], ["reconcile", "--unknown-before", "2026-01-01", "--usd", "1"]]
)
def test_a_ledger_that_is_not_there_is_a_matter_of_configuration(
    folder: Path, capsys: Capture, command: list[str]
) -> None:
    assert main([*command, "--store", "none/calls.sqlite", "--json"]) == 3
    error = json_of(capsys)["error"]
    assert error["type"] == "ConfigurationError"
    assert "EXTRACTOR_STORE" in error["hint"]
    assert not (folder / "none").exists()


LOOKING = [["stats"], ["logs"], ["reconcile", "call-000003", "--usd", "0.0005"]]


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("command", LOOKING)
def test_the_ledger_is_the_configured_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, command: list[str]
) -> None:
    monkeypatch.delenv("EXTRACTOR_STORE")
    (folder / "other.toml").write_text("[store]\npath = 'other.sqlite'", encoding="utf-8")
    (folder / "extractor.toml").write_text(
        "[store]\npath = 'none.sqlite'\n[profiles.work.store]\npath = 'calls.sqlite'",
        encoding="utf-8",
    )

    def missed(*options: str) -> str:
        assert main([*command, *options]) == 3
        told = re.search(r"There is no ledger at .*?(\w+)\.sqlite", capsys.readouterr().err)
        return told[1] if told else "another failure"

    assert missed() == "none"
    assert missed("--config", "other.toml") == "other"
    assert missed("--store", "./mine.sqlite", "--profile", "work") == "mine"
    assert main([*command, "--profile", "work"]) == 0
    monkeypatch.setenv("EXTRACTOR_STORE__PATH", "/variable.sqlite")
    assert missed("--profile", "work") == "variable"


@pytest.mark.usefixtures("path")
def test_a_model_to_look_for_is_none_to_ask(folder: Path) -> None:
    (folder / "extractor.toml").write_text(
        "model = 'openai:m'\nbase_url = 'https://gateway.example/v1'", encoding="utf-8"
    )
    assert main(["logs", "--model", "gpt-5.4-mini"]) == 0


def test_a_file_that_is_no_ledger_is_left_as_it_is(folder: Path, capsys: Capture) -> None:
    contract = folder / "contract.md"
    before = contract.read_bytes(), stat.S_IMODE(contract.stat().st_mode)
    assert main(["stats", "--store", str(contract)]) == 9
    assert "no database" in capsys.readouterr().err
    assert (contract.read_bytes(), stat.S_IMODE(contract.stat().st_mode)) == before


@pytest.mark.usefixtures("path")
def test_a_time_that_is_none_is_told(capsys: Capture) -> None:
    assert main(["logs", "--since", "yesterday"]) == 3
    assert "no date and no time" in capsys.readouterr().err


def test_the_store_is_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert store_path() == tmp_path / ".local/state/extractor/calls.sqlite"
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert store_path() == Path("/state/extractor/calls.sqlite")
    monkeypatch.setenv("EXTRACTOR_STORE", "here.sqlite")
    assert store_path() == Path("here.sqlite")

"""Exit codes, errors, pipes and interruptions: what scripts rely on."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main

EXTRACTOR = str(Path(sys.executable).with_name("extractor"))
TERMS = ["extract", "contract.md", "--schema", "terms.py:Terms"]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def nobody() -> str:
    """The address of a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return f"http://127.0.0.1:{port}/v1"


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INITIAL", "LONGEST", "OUTAGE"):
        monkeypatch.setenv(f"EXTRACTOR_RETRY__{name}", "0")


def failing(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, Any, str]:
    """Exit code, the error on stdout, and what people are told; --json given."""
    code = main([*arguments, "--json"])
    shown = capsys.readouterr()
    assert shown.out.count("\n") == 1
    record = json.loads(shown.out)
    assert set(record) == {"error"}
    return code, record["error"], shown.err


# --- exit codes -----------------------------------------------------------------------------------


def test_0_for_an_answer(
    script: Callable[..., str], good: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*TERMS, "--model", script(good)]) == 0
    assert "found" in capsys.readouterr().out


def test_1_for_a_bug_which_is_told_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret of the program")

    monkeypatch.setattr("extractor.cli.extracting.extract.document_of", broken)
    code, error, told = failing(TERMS, capsys)
    assert code == 1
    assert error == {"type": "ZeroDivisionError", "message": "internal error", "hint": None}
    assert "Traceback" in told
    assert "please report" in told


def test_4_for_a_schema_that_exits_while_it_validates(
    folder: Path, script: Callable[..., str], good: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "terms.py").read_text(encoding="utf-8")
    text += """
    def __init__(self, **given):
        raise SystemExit(0)
"""
    (folder / "terms.py").write_text(text, encoding="utf-8")
    code, error, _ = failing([*TERMS, "--model", script(*[good] * 4)], capsys)
    assert (code, error["type"]) == (4, "ExtractionError")
    assert [problem["kind"] for problem in error["problems"]] == ["validator_error"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["extract"],
        ["extract", "contract.md"],
        ["no-such-command"],
        ["schema"],
        ["parse", "--schema", "nda"],
        ["parse", "--backend", "auto", "--schema", "nda"],
        [*TERMS, "--backend", "yaml"],
        [*TERMS, "--evidence", "some"],
        [*TERMS, "--max-attempts", "0"],
        [*TERMS, "--max-attempts", "many"],
        [*TERMS, "--max-tokens", "-5"],
        [*TERMS, "--max-usd", "0"],
        [*TERMS, "--max-usd", "-1"],
        [*TERMS, "--no-such-option"],
    ],
)
def test_2_for_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("usage: extractor")
    code, error, _ = failing(arguments, capsys)
    assert (code, error["type"]) == (2, "UsageError")
    assert error["message"]
    assert error["hint"].startswith("usage: extractor")


@pytest.mark.parametrize(
    ("arguments", "help_of"),
    [
        ([], "extractor"),
        (["run", "docs"], "extractor run"),
        (["eval", "copy"], "extractor eval copy"),
        (["extract", "a.pdf", "b.pdf", "--schema", "nda"], "extractor extract"),
        (["locate", "a.pdf", ""], "extractor locate"),
    ],
)
def test_wrong_usage_ends_with_where_to_read_on(
    arguments: list[str], help_of: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[-1] == f"What to do: `{help_of} --help` says what it takes."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["extract", "contract.md", "--schema", "none"], "No schema is called 'none'"),
        (["extract", "contract.md", "--schema", "terms.py:None"], "has no class None"),
        ([*TERMS, "--model", "nobody:x"], "no provider 'nobody'"),
        ([*TERMS, "--model", "unheard-of"], "no model name"),
        ([*TERMS, "--model", "scripted:none.json"], "can't be read"),
        ([*TERMS, "--model", "openai:gpt-5.4-mini", "--backend", "native"], "'native'"),
        ([*TERMS, "--model", "compatible:x"], "base URL"),
        ([*TERMS, "--model", "openai:gpt-5.4-mini"], "API key"),
    ],
)
def test_3_for_what_cannot_work_as_configured(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, error, told = failing(arguments, capsys)
    assert (code, error["type"]) == (3, "ConfigurationError")
    assert said in error["message"]
    assert said in told


def test_4_for_a_document_that_cannot_be_used(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty.txt").write_text(" \n", encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for file in ("none.pdf", "empty.txt", "picture.png", "."):
        code, error, _ = failing(["extract", file, "--schema", "nda"], capsys)
        assert code == 4
        assert error["attempts"] == 0


def test_4_for_an_answer_that_never_got_valid_with_all_that_was_paid_for(
    script: Callable[..., str], good: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    bad = good | {"law": {"quote": "governed by the laws of Ireland", "value": None}}
    arguments = [*TERMS, "--model", script(bad, bad), "--max-attempts", "2"]
    code, error, told = failing(arguments, capsys)
    assert (code, error["type"], error["attempts"]) == (4, "ExtractionError", 2)
    assert error["problems"][0]["path"] == "law"
    assert error["partial"]["start"] == "2025-04-01"
    assert error["usage"]["input_tokens"] > 0
    assert "Sent: 2 requests" in told
    assert "What to do:" in told


def test_4_for_a_refusal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = [{"text": "", "stop_reason": "refusal", "usage": {"input_tokens": 7}}]
    (folder / "script.json").write_text(json.dumps(refusal), encoding="utf-8")
    code, error, _ = failing([*TERMS, "--model", "scripted:script.json"], capsys)
    assert (code, error["type"], error["usage"]["input_tokens"]) == (4, "RefusalError", 7)


def test_5_for_a_budget(
    script: Callable[..., str], good: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    code, error, told = failing([*TERMS, "--model", script(good), "--max-tokens", "10"], capsys)
    assert (code, error["type"], error["attempts"]) == (5, "TokenLimitError", 0)
    assert "Billed" not in told


@pytest.mark.usefixtures("no_waiting")
def test_6_for_a_provider_after_all_tries(nobody: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*TERMS, "--model", "compatible:m", "--base-url", nobody]
    code, error, _ = failing(arguments, capsys)
    assert (code, error["type"]) == (6, "APIConnectionError")
    assert (error["provider"], error["retryable"], error["attempts"]) == ("compatible", True, 5)


def _heed_interruptions() -> None:
    """A shell's background jobs ignore SIGINT, and what they start would too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_130_for_an_interruption(folder: Path) -> None:
    os.mkfifo(folder / "pipe.pdf")  # reading it waits for its writer, who never writes
    writer = os.open(folder / "pipe.pdf", os.O_RDWR)
    with subprocess.Popen(  # noqa: S603 - our own program
        [EXTRACTOR, "extract", "pipe.pdf", "--schema", "nda", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_interruptions,  # noqa: PLW1509 - one statement, and no threads here
    ) as process:
        assert process.stderr is not None
        assert "Reading pipe.pdf" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    os.close(writer)
    assert process.returncode == 130
    assert json.loads(out)["error"]["type"] == "Interrupted"
    assert "Interrupted" in err
    assert "Traceback" not in err


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ([*TERMS, "--model", "opnai:gpt-5.4-mini"], "Did you mean openai? There are anthropic,"),
        ([*TERMS, "--model", "gpt-5.4-mini"], "Did you mean openai:gpt-5.4-mini?"),
        ([*TERMS, "--model", "claude-sonnet-5"], "Did you mean anthropic:claude-sonnet-5?"),
        (["extract", "contract.md", "--schema", "terms.py:Term"], "Did you mean Terms?"),
        (["extract", "contract.md", "--schema", "terms.py"], "It has Terms. Write terms.py:Class."),
        (["schema", "show", "NDAA"], "Did you mean nda? Installed: commercial, contract,"),
    ],
)
def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, error, told = failing(arguments, capsys)
    assert code == 3
    assert hint in error["hint"]
    assert hint in told


def test_so_is_a_command_or_a_technique(capsys: pytest.CaptureFixture[str]) -> None:
    _, error, told = failing([*TERMS, "--backend", "strct"], capsys)
    assert "Did you mean strict? Choose from auto, strict, json, xml, native, tools." in told
    assert "invalid choice: 'strct'" in error["message"]
    assert main(["extrct"]) == 2
    assert "Did you mean extract or export?" in capsys.readouterr().err


# --- help and file names --------------------------------------------------------------------------


def test_help_is_for_people_and_names_the_exit_codes(
    command: Run,
) -> None:
    done = command("--help")
    assert done.returncode == 0
    assert "extract" in done.stdout
    assert "130 interrupted" in " ".join(done.stdout.split())


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_help_and_version_are_answers(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([asked]) == 0
    assert capsys.readouterr().out.strip()


def test_a_file_may_be_named_like_anything(
    folder: Path, script: Callable[..., str], good: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "-- a\x1b[31m “contract”.md"
    (folder / "contract.md").rename(folder / name)
    arguments = ["extract", "--schema", "terms.py:Terms", "--model", script(good), "--", name]
    assert main(arguments) == 0
    assert "\x1b" not in capsys.readouterr().err


def test_names_that_are_no_unicode_are_printed_and_go_into_json(
    folder: Path, script: Callable[..., str], good: Any, command: Run
) -> None:
    name = os.fsdecode(b"contract-\xff.md")
    (folder / "contract.md").rename(folder / name)
    arguments = ["extract", name, "--schema", "terms.py:Terms", "--model"]
    done = command(*arguments, script(good), "--json")
    assert (done.returncode, json.loads(done.stdout)["value"]["law"]) == (0, "Ireland")
    assert "contract-\ufffd.md" in done.stderr
    for wrong in (
        ["extract", os.fsdecode(b"\xff.pdf"), "--schema", "nda"],
        ["extract", name, "--schema", os.fsdecode(b"\xff.py:X")],
        ["extract", name, "--schema", "nda", "--model", os.fsdecode(b"\xff:x")],
        ["extract", name, "--schema", "nda", "--prompts", os.fsdecode(b"\xff")],
        ["extract", name, "--schema", "nda", "--instructions", os.fsdecode(b"Be \xff")],
        ["extract", name, "--schema", "nda", "--backend", os.fsdecode(b"\xff")],
    ):
        done = command(*wrong, "--json")
        assert done.returncode in {2, 3, 4}
        assert json.loads(done.stdout)["error"]["message"]
        assert "Traceback" not in done.stderr

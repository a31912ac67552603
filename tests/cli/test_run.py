"""`extractor run`, `status`, `show` and `retry`, as somebody with a folder uses them."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fault_server import Down, Plan, Running, contract, right_answer, running
from extractor.cli import main

COUNT = 12


@pytest.fixture(scope="module")
def server() -> Generator[Running]:
    with running(Plan()) as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACTOR_COMPATIBLE_API_KEY", "none")
    monkeypatch.setenv("EXTRACTOR_STORE", str(tmp_path / "state" / "calls.sqlite"))
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(1, COUNT + 1):
        (docs / f"{number:03}.txt").write_text(contract(number), encoding="utf-8")
    return docs


@pytest.fixture
def command(server: Running, folder: Path) -> list[str]:
    server.begin(Plan())
    return [
        *("run", str(folder), "--schema", "benchmarks.fault_server:Terms", "--out", "out"),
        *("--model", "compatible:m", "--base-url", server.openai_url, "--backend", "json"),
    ]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def test_a_folder_is_extracted_and_the_same_command_finds_nothing_left(
    command: list[str], server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert f"{COUNT} files: {COUNT} done" in out
    assert "extractor export out" in out
    assert f"{COUNT} files to extract with compatible:m; they go to http://127.0.0.1" in err
    assert main(command) == 0
    assert "to extract" not in capsys.readouterr().err
    assert sum(seen.posts for seen in server.truth().documents.values()) == COUNT


def test_one_broken_file_is_exit_code_4_and_is_named(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    assert main(command) == 4
    out, err = capsys.readouterr()
    assert f"{COUNT + 1} files: {COUNT} done, 1 failed" in out
    assert "1 failed with UnreadableDocumentError." in out
    assert "broken.pdf" in err


def test_what_has_failed_is_tried_again_by_retry(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "late.txt").symlink_to(folder / "not-there-yet")
    assert main(command) == 4
    (folder / "not-there-yet").write_text(contract(99), encoding="utf-8")
    (folder / "late.txt").unlink()
    (folder / "not-there-yet").rename(folder / "late.txt")
    assert main(["retry", "out", "--failed"]) == 0
    assert f"{COUNT + 1} files: {COUNT + 1} done" in capsys.readouterr().out


def test_a_file_that_was_changed_is_extracted_again(
    command: list[str], folder: Path, server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    (folder / "001.txt").write_text(contract(500), encoding="utf-8")
    assert main(command) == 0
    assert server.truth().of(500).posts == 1
    record = told(capsys, "show", "out", "001.txt")
    assert record["value"] == right_answer(500).model_dump(mode="json")


def test_another_schema_asks_anew_and_the_first_one_costs_nothing_again(
    command: list[str], server: Running
) -> None:
    assert main(command) == 0
    assert main([*command, "--evidence", "none"]) == 0
    assert main(command) == 0
    assert sum(seen.posts for seen in server.truth().documents.values()) == 2 * COUNT


def test_a_refresh_asks_everything_again(command: list[str], server: Running) -> None:
    assert main(command) == 0
    assert main([*command, "--refresh"]) == 0
    assert main(command) == 0
    assert sum(seen.posts for seen in server.truth().documents.values()) == 2 * COUNT


def test_what_another_run_has_finished_is_not_sent_again(
    command: list[str], folder: Path, server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    other = folder.with_name("more")
    folder.rename(other)
    (other / "new.txt").write_text(contract(70), encoding="utf-8")
    elsewhere = ["run", str(other), *command[2:4], "--out", "out2", *command[6:]]
    assert main(elsewhere) == 0
    out = capsys.readouterr().out
    assert f"{COUNT + 1} files: {COUNT + 1} done" in out
    assert f"{COUNT} were finished in other runs" in out
    assert sum(seen.posts for seen in server.truth().documents.values()) == COUNT + 1


def test_a_limit_and_a_sample_leave_the_rest(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--limit", "2"]) == 0
    assert "2 done, 10 planned" in capsys.readouterr().out
    assert main([*command, "--sample", "5"]) == 0
    assert "7 done, 5 planned" in capsys.readouterr().out
    assert told(capsys, "status", "out")["files"] == {"total": 12, "done": 7, "planned": 5}


def test_status_says_what_it_cost_and_show_what_was_found(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    status = told(capsys, "status", "out")
    assert status["attempts"] == COUNT
    assert status["usage"]["input_tokens"] > 100 * COUNT
    assert status["configuration"]["models"] == ["compatible:m"]
    assert status["under_way"] == []
    assert main(["show", "out", "003.txt", "law"]) == 0
    shown = capsys.readouterr().out
    assert str(right_answer(3).law) in shown
    assert "customer" not in shown
    assert main(["show", "out", "nowhere.txt"]) == 3
    assert main(["show", "out", "003.txt", "lav"]) == 3
    assert "law" in capsys.readouterr().err


def test_money_is_spent_only_when_somebody_has_agreed(
    command: list[str], tmp_path: Path, server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = '[prices."compatible:m"]\ninput = 1.0\noutput = 5.0\n'
    (tmp_path / "extractor.toml").write_text(prices, encoding="utf-8")
    assert main(command) == 3
    assert "agreed" in capsys.readouterr().err
    assert server.truth().documents == {}
    assert main([*command, "--max-usd", "0.015", "--concurrency", "1"]) == 5
    err = capsys.readouterr().err
    assert "expected $0.0" in err
    assert "The same command goes on" in err
    assert main([*command, "--yes"]) == 0


def test_a_run_inside_its_folder_does_not_read_itself(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = [*command[:4], "--out", str(folder / "out"), *command[6:]]
    assert main(inside) == 0
    assert main(inside) == 0
    assert f"{COUNT} files: {COUNT} done" in capsys.readouterr().out


def test_what_is_no_folder_or_no_run_is_told(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "nowhere", *command[2:]]) == 4
    assert main(["status", "nowhere"]) == 3
    assert main(["retry", "nowhere"]) == 3
    assert "extractor run" in capsys.readouterr().err


def test_names_of_files_never_steer_the_terminal(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a\x1b[31m\u202eb.pdf").write_bytes(b"%PDF-1.7")
    assert main(command) == 4
    out, err = capsys.readouterr()
    assert not {"\x1b", "\u202e"} & set(out + err)


@pytest.fixture
def begun(command: list[str]) -> Callable[[], subprocess.Popen[str]]:
    def begin() -> subprocess.Popen[str]:
        arguments = [sys.executable, "-m", "extractor", *command, "--concurrency", "2"]
        return subprocess.Popen(  # noqa: S603 - this interpreter and our own words
            arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    return begin


def wait_until_done(count: int, file: Path = Path("out/run.sqlite")) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if file.exists():
            with closing(sqlite3.connect(file)) as connection:
                try:
                    query = "SELECT count(*) FROM documents WHERE state = 'done'"
                    if connection.execute(query).fetchone()[0] >= count:
                        return
                except sqlite3.Error:
                    pass  # it is just being made
        time.sleep(0.02)
    raise AssertionError("nothing was done in a minute")


def test_ctrl_c_lets_what_is_under_way_end_and_the_same_command_goes_on(
    command: list[str], server: Running, begun: Callable[[], subprocess.Popen[str]]
) -> None:
    server.begin(Plan(latency=0.4))
    process = begun()
    wait_until_done(2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopping" in err
    assert "The same command goes on" in out
    posts = sum(seen.posts for seen in server.truth().documents.values())
    assert 2 <= posts < COUNT
    assert main(command) == 0
    assert sum(seen.posts for seen in server.truth().documents.values()) == COUNT  # none twice


def test_a_second_ctrl_c_ends_it_at_once(
    command: list[str], server: Running, begun: Callable[[], subprocess.Popen[str]]
) -> None:
    server.begin(Plan(latency=5.0))
    process = begun()
    until = time.monotonic() + 60
    while server.truth().in_flight == 0 and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert time.monotonic() - began < 4
    server.begin(Plan())
    assert main(command) == 0


def test_killed_at_any_moment_nothing_is_lost_or_paid_in_the_dark(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks.run_kills import main as kills

    assert kills(["--documents", "60", "--kills", "8", "--longest", "2.5", "--seed", "3"]) == 0
    assert "60 of 60 done" in capsys.readouterr().out
    assert command
    assert os.environ["EXTRACTOR_COMPATIBLE_API_KEY"] == "none"


def test_an_outage_is_waited_for_and_costs_no_document(
    command: list[str], server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    server.begin(Plan(down=(Down(until=2.5, how="529"),)))
    assert main([*command, "--concurrency", "4"]) == 0
    out = capsys.readouterr().out
    assert f"{COUNT} files: {COUNT} done" in out
    truth = server.truth()
    assert truth.count("right") == COUNT
    assert truth.count("down 529") < 2 * COUNT  # one asks whether it is over, and not everybody


def test_two_processes_share_a_run(
    server: Running, begun: Callable[[], subprocess.Popen[str]]
) -> None:
    server.begin(Plan(latency=0.3))
    both = [begun(), begun()]
    for process in both:
        process.communicate(timeout=100)
        assert process.returncode == 0
    assert sum(seen.posts for seen in server.truth().documents.values()) == COUNT


PRICES = '[prices."compatible:m"]\ninput = 1.0\noutput = 5.0\n'


def sent(server: Running) -> int:
    return sum(seen.posts for seen in server.truth().documents.values())


def test_a_refresh_or_retry_that_nobody_agreed_to_changes_nothing(
    command: list[str],
    folder: Path,
    tmp_path: Path,
    server: Running,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "extractor.toml").write_text(PRICES, encoding="utf-8")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    assert main([*command, "--yes"]) == 4
    before = told(capsys, "status", "out")
    assert main([*command, "--refresh"]) == 3
    assert told(capsys, "status", "out")["files"] == before["files"]
    assert told(capsys, "show", "out", "bad.pdf")["error"]["type"] == "UnreadableDocumentError"
    assert sent(server) == COUNT


def test_a_refresh_goes_on_with_the_same_command(command: list[str], server: Running) -> None:
    assert main(command) == 0
    assert main([*command, "--refresh", "--limit", "5"]) == 0
    assert main([*command, "--refresh", "--limit", "5"]) == 0
    assert sent(server) == COUNT + 10
    assert main([*command, "--refresh"]) == 0
    assert sent(server) == 2 * COUNT


def test_a_sample_that_cannot_be_read_is_no_estimate_of_nothing(
    command: list[str], folder: Path, tmp_path: Path, server: Running
) -> None:
    (tmp_path / "extractor.toml").write_text(PRICES, encoding="utf-8")
    for number in range(1, COUNT + 1):
        (folder / f"{number:03}.txt").rename(folder / f"{number:03}b.txt")
        (folder / f"{number:03}.pdf").write_bytes(b"%PDF-1.7 " + bytes([number]))
    assert main(command) == 3
    assert server.truth().documents == {}


def test_what_a_day_may_cost_is_told_by_the_run_too(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = f"[budget]\nmax_usd_per_day = 10\n{PRICES}"
    (tmp_path / "extractor.toml").write_text(settings, encoding="utf-8")
    assert main([*command, "--yes"]) == 0
    assert told(capsys, "status", "out")["cost_usd"] > 0.01


def test_retry_asks_as_the_run_was_begun_whatever_the_settings_say_now(
    command: list[str],
    folder: Path,
    tmp_path: Path,
    server: Running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    assert main(command) == 4
    (folder / "bad.pdf").write_text(contract(70), encoding="utf-8")
    (tmp_path / "extractor.toml").write_text('evidence = "none"\n', encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert main(["retry", "../out"]) == 0
    assert sent(server) == COUNT + 1


def test_a_run_in_the_folder_itself_takes_its_own_file_for_none(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = [*command[:4], "--out", str(folder), *command[6:]]
    assert main(inside) == 0
    assert main(inside) == 0
    assert f"{COUNT} files: {COUNT} done" in capsys.readouterr().out


def test_names_without_an_encoding_are_files_too(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_text(contract(71), encoding="utf-8")
    assert main(command) == 0
    assert f"{COUNT + 1} files: {COUNT + 1} done" in capsys.readouterr().out
    assert main(["show", "out", os.fsdecode(b"caf\xe9.txt")]) == 0


def test_a_pipe_in_the_folder_is_a_failure_and_no_wait(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(folder / "a.txt")
    assert main(command) == 4
    assert told(capsys, "show", "out", "a.txt")["error"]["type"] == "DocumentError"


SLOW = """
import time
from pydantic import BaseModel, field_validator

class Slow(BaseModel):
    law: str | None = None

    @field_validator("law")
    @classmethod
    def wait(cls, value):
        time.sleep(30)
        return value
"""


def test_a_second_ctrl_c_is_heard_whatever_a_schema_is_busy_with(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    reply = json.dumps({"law": {"quote": "laws of", "value": "X"}})
    (tmp_path / "replies.json").write_text(json.dumps([reply] * 20), encoding="utf-8")
    arguments = [sys.executable, "-m", "extractor", "run", str(folder), "--schema", "slow.py:Slow"]
    arguments += ["--model", "scripted:replies.json", "--out", "out"]
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)  # noqa: S603
    until = time.monotonic() + 60
    while time.monotonic() < until and not is_sent(Path("out/run.sqlite")):
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert time.monotonic() - began < 15
    assert "Stopping" in err


def is_sent(file: Path) -> bool:
    if not file.exists():
        return False
    with closing(sqlite3.connect(file)) as connection:
        try:
            return bool(connection.execute("SELECT count(*) FROM replies").fetchone()[0])
        except sqlite3.Error:
            return False

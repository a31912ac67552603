"""Runs that are interrupted, killed, shared, or meet an outage: nothing lost or paid twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.fault_server import Down, Plan, Running
from extractor.cli import main
from tests.cli.runs.conftest import COUNT


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

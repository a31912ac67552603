"""`extractor run --mode batch`, as somebody with a folder uses it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from benchmarks.batch_server import BatchPlan, RunningBatches, batch_server
from benchmarks.fault_server import contract
from extractor.cli import main

COUNT = 4


@pytest.fixture(scope="module")
def server() -> Generator[RunningBatches]:
    with batch_server() as started:
        yield started


@pytest.fixture
def command(server: RunningBatches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0000")
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(1, COUNT + 1):
        (docs / f"{number:03}.txt").write_text(contract(number), encoding="utf-8")
    return [
        *("run", "docs", "--schema", "benchmarks.fault_server:Terms", "--out", "out"),
        *("--model", "openai:gpt-5.4-mini", "--base-url", server.url_for("openai")),
        *("--mode", "batch", "--yes"),
    ]


def estimated(capsys: pytest.CaptureFixture[str]) -> float:
    found = re.search(r"at most \$(\d+\.\d+)", capsys.readouterr().err)
    assert found is not None
    return float(found[1])


def test_a_folder_is_extracted_for_half_the_price(
    command: list[str], server: RunningBatches, capsys: pytest.CaptureFixture[str]
) -> None:
    server.begin(BatchPlan())
    live = [word for word in command if word not in {"--mode", "batch", "--yes"}]
    assert main(live) == 3  # nobody has agreed
    full = estimated(capsys)
    assert main(command) == 0
    assert estimated(capsys) == pytest.approx(full / 2, abs=0.01)
    assert main(command) == 0
    assert len(server.truth().batches) == 1


def test_an_interrupt_leaves_the_batch_and_the_same_command_goes_on(
    command: list[str], server: RunningBatches, capsys: pytest.CaptureFixture[str]
) -> None:
    server.begin(BatchPlan(seconds=8))
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "extractor", *command],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        until = time.monotonic() + 40
        while not server.truth().asked.get("GET batch") and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Batch batch_1 of openai:gpt-5.4-mini: " in out
    assert "The same command goes on" in out
    assert main(["status", "out", "--json"]) == 0
    (batch,) = json.loads(capsys.readouterr().out)["batches"]
    assert (batch["id"], batch["count"]) == ("batch_1", COUNT)
    agreed = [word for word in command if word != "--yes"]
    assert main([word for word in agreed if word not in {"--mode", "batch"}]) == 3
    assert "under way" in capsys.readouterr().err
    assert main(agreed) == 0  # what is in batches was agreed to
    truth = server.truth()
    assert len(truth.batches) == 1
    assert set(truth.billed.values()) == {1}


def test_who_has_no_batch_api_is_refused(
    command: list[str], server: RunningBatches, capsys: pytest.CaptureFixture[str]
) -> None:
    server.begin(BatchPlan())
    command[command.index("openai:gpt-5.4-mini")] = "compatible:m"
    assert main(command) == 3
    assert "openai and anthropic have one" in capsys.readouterr().err

"""`extractor status`: what it says of a run whose process is there no more."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import pytest

from benchmarks.fault_server import Plan, Running
from extractor.cli import main
from tests.cli.runs.conftest import COUNT, told


def test_what_a_dead_process_was_asking_is_in_doubt_and_waited_for_by_nobody(
    command: list[str],
    server: Running,
    begun: Callable[[], subprocess.Popen[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.begin(Plan(latency=30.0))
    process = begun()
    until = time.monotonic() + 60
    while server.truth().in_flight < 2 and time.monotonic() < until:
        time.sleep(0.05)
    alive = told(capsys, "status", "out")
    assert [each["path"] for each in alive["under_way"]] == ["001.txt", "002.txt"]
    assert alive["in_doubt"] == []
    process.kill()
    process.communicate(timeout=60)
    dead = told(capsys, "status", "out")
    assert dead["under_way"] == []
    assert dead["in_doubt"] == ["001.txt", "002.txt"]
    assert dead["files"] == {"total": COUNT, "planned": COUNT - 2, "unknown": 2}
    assert main(["status", "out", "--watch"]) == 0
    out = capsys.readouterr().out
    assert "Under way" not in out
    assert "In doubt, as who asked is gone: 001.txt" in out
    server.begin(Plan())
    assert main(command) == 0
    assert told(capsys, "status", "out")["in_doubt"] == []

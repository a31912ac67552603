"""Environments, which are made when they are first asked for, and made again if half made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.peers import environments
from benchmarks.peers.systems import SYSTEMS


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Sequence[str]]:
    """Return what would be run, while nothing is."""
    ran: list[Sequence[str]] = []

    def run(command: Sequence[str], **_: object) -> None:
        ran.append(command)
        environments.folder("litellm").mkdir(parents=True, exist_ok=True)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", run)
    return ran


def test_an_environment_is_made_once(commands: list[Sequence[str]], tmp_path: Path) -> None:
    python = environments.python("litellm")
    assert python == tmp_path / "contract-extractor" / "peers" / "litellm" / "bin" / "python"
    assert [command[:2] for command in commands] == [("uv", "venv"), ("uv", "pip")]
    assert commands[1][-1] == "litellm"
    environments.python("litellm")
    assert len(commands) == 2


def test_what_is_half_made_or_out_of_date_is_made_again(commands: list[Sequence[str]]) -> None:
    environments.python("litellm")
    stamp = environments.folder("litellm") / "requirements.txt"
    for spoil in (stamp.unlink, lambda: stamp.write_text("litellm==1", encoding="utf-8")):
        commands.clear()
        spoil()
        environments.python("litellm")
        assert len(commands) == 2


def test_ours_is_the_environment_that_this_runs_in(commands: list[Sequence[str]]) -> None:
    assert environments.python("ours") == Path(sys.executable)
    assert not commands


def test_each_system_has_an_environment_and_an_adapter() -> None:
    adapters = environments.ROOT / "benchmarks" / "peers" / "adapters"
    for entry in SYSTEMS.values():
        assert entry.environment in {*environments.REQUIREMENTS, environments.OURS}
        assert (adapters / f"{entry.module}.py").is_file()

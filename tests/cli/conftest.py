"""What the tests of the command line share: contracts, scripts, and a clean environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from benchmarks.fault_server import Plan, Running, running

CONTRACT = """SERVICES AGREEMENT

This Agreement takes effect on 1 April 2025 and is governed by the laws of Ireland.
"""
SCHEMA = '''
from datetime import date
from pydantic import BaseModel, Field

class Terms(BaseModel):
    """The terms of a contract."""

    law: str = Field(description="Whose law governs.")
    start: date | None = None
'''
GOOD: dict[str, Any] = {
    "law": {"quote": "governed by the laws of Ireland", "value": "Ireland"},
    "start": {"quote": "takes effect on 1 April 2025", "value": "2025-04-01"},
}

EXTRACTOR = str(Path(sys.executable).with_name("extractor"))

Script: TypeAlias = Callable[..., str]
Command: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


def json_of(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return the one line of JSON that a command has written."""
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's keys and settings out of the tests."""
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "ANTHROPIC_", "EXTRACTOR_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def server() -> Generator[Running]:
    """A server that answers about contracts of its own kind."""
    with running(Plan()) as started:
        yield started


@pytest.fixture
def at_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of commands that ask it, with a ledger of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACTOR_COMPATIBLE_API_KEY", "none")
    monkeypatch.setenv("EXTRACTOR_STORE", str(tmp_path / "state" / "calls.sqlite"))
    return tmp_path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a contract and a schema of its own."""
    (tmp_path / "contract.md").write_text(CONTRACT, encoding="utf-8")
    (tmp_path / "terms.py").write_text(SCHEMA, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def good() -> dict[str, Any]:
    """A reply that answers everything."""
    return GOOD


@pytest.fixture
def script(folder: Path) -> Script:
    """Write replies into a script and return its name as a model."""

    def write(*replies: Any) -> str:
        texts = [reply if isinstance(reply, str) else json.dumps(reply) for reply in replies]
        (folder / "script.json").write_text(json.dumps(texts), encoding="utf-8")
        return "scripted:script.json"

    return write


@pytest.fixture
def command() -> Command:
    """Run the command line as a process of its own."""

    def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own program
            [EXTRACTOR, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
            env=dict(os.environ),  # as Python sees it: readline sets COLUMNS behind its back
            **options,
        )

    return run

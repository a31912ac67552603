"""A folder of contracts, a server that answers about them, and the command that extracts it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fault_server import Plan, Running, contract
from extractor.cli import main

COUNT = 12


@pytest.fixture
def folder(at_the_server: Path) -> Path:
    docs = at_the_server / "docs"
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


def sent(server: Running) -> int:
    """Return how many requests were sent, about all contracts together."""
    return sum(seen.posts for seen in server.truth().documents.values())


PRICES = '[prices."compatible:m"]\ninput = 1.0\noutput = 5.0\n'


@pytest.fixture
def begun(command: list[str]) -> Callable[[], subprocess.Popen[str]]:
    def begin() -> subprocess.Popen[str]:
        arguments = [sys.executable, "-m", "extractor", *command, "--concurrency", "2"]
        return subprocess.Popen(  # noqa: S603 - this interpreter and our own words
            arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    return begin

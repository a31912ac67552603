"""What a run says while it goes on."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from extractor.cli.runs.progress import RunProgress
from extractor.errors import DocumentError
from extractor.runs.base import Counts, FileState
from extractor.runs.documents import FileOutcome
from extractor.runs.reader import Spent


class Reader:
    """A run of four files of which one is done and one failed."""

    def __init__(self, cost: int = 0) -> None:
        self._spent = Spent(2, 100, 10, cost, 0)

    def counts(self) -> Counts:
        files: dict[FileState, int] = {"done": 1, "failed": 1, "planned": 2}
        return Counts(files, 0)

    def spent(self) -> Spent:
        return self._spent


class Runner:
    """Works on one file, for so many seconds."""

    def __init__(self, seconds: float = 1.0) -> None:
        self.under_way = {"slow\x1b.pdf": seconds}


def shown(progress: RunProgress, runner: Any, reader: Any) -> None:
    async def briefly() -> None:
        with progress.shown(runner, reader):
            await asyncio.sleep(0.01)

    asyncio.run(briefly())


def test_it_counts_files_failures_and_dollars_against_the_limit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown(RunProgress(limit=Decimal(20)), Runner(), Reader(1_250_000))
    assert "2 of 4 files; 1 failed; $1.2500 of $20.00 spent" in capsys.readouterr().err


def test_nothing_is_said_of_money_where_none_is_spent(capsys: pytest.CaptureFixture[str]) -> None:
    shown(RunProgress(), Runner(), Reader())
    assert "$" not in capsys.readouterr().err


def test_the_rate_and_the_time_that_is_left_come_with_the_first_results(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = RunProgress()
    shown(progress, Runner(), Reader())
    assert "a minute" not in capsys.readouterr().err
    progress.note(FileOutcome("a.pdf", "done", 1.0))
    shown(progress, Runner(), Reader())
    assert "60.0 a minute, about 2 s left" in capsys.readouterr().err


def test_a_document_that_takes_long_is_named_without_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown(RunProgress(), Runner(500.0), Reader())
    assert "slow�.pdf takes 8 min by now" in capsys.readouterr().err


def test_what_is_waited_for_is_told_and_what_is_done_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = RunProgress()
    progress.waits("Asking openai:m (strict) with 9,000 characters")
    progress.waits("Waiting for 500 requests a minute of openai:m")
    progress.waits("Asking openai:m (strict) with 7,000 characters")
    shown(progress, Runner(), Reader())
    err = capsys.readouterr().err
    assert "Waiting for 500 requests a minute" in err
    assert "characters" not in err


def test_a_failure_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    error = DocumentError("b\x1b.pdf is broken")
    RunProgress().note(FileOutcome("b\x1b.pdf", "failed", 1.0, error=error))
    assert capsys.readouterr().err == "b�.pdf: b�.pdf is broken\n"

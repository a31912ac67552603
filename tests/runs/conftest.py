"""Runs of small text contracts, in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

import pytest

from extractor.runs.base import Claim, Contents, FileRow
from extractor.runs.configuration import Configuration
from extractor.runs.journal import SqliteJournal
from extractor.runs.reader import RunReader
from extractor.runs.tables import FILE_NAME

PLAIN = Configuration({"schema": "Terms"})


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    return tmp_path / "out" / FILE_NAME


@pytest.fixture
def journal(run_file: Path) -> Generator[SqliteJournal]:
    with closing(SqliteJournal(run_file)) as opened:
        opened.put_into_force(PLAIN)
        yield opened


@pytest.fixture
def claimed(journal: SqliteJournal, tmp_path: Path) -> Callable[..., Claim]:
    """Claims a new file's document."""
    paths: list[str] = []

    def claim(path: str, content: str = "") -> Claim:
        paths.append(path)
        journal.register(tmp_path, paths)
        file = next(row for row in journal.unfinished(-1, 1_000) if row.path == path)
        taken = journal.claim(file, contents(content or path)).wait()
        assert isinstance(taken, Claim)
        return taken

    return claim


def states(file: Path) -> dict[str, str]:
    """Return the state of each file of a run."""
    with closing(RunReader(file)) as reader:
        return {row.path: row.state for row in reader.rows()}


def contents(text: str) -> Contents:
    return Contents(text.encode().hex().ljust(64, "0")[:64], len(text), 1)


def row(path: str, position: int = 1) -> FileRow:
    return FileRow(position, path)

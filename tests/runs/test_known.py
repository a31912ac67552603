"""What one run has finished, another one takes over."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from extractor.runs.base import Bill, Claim
from extractor.runs.configuration import Configuration
from extractor.runs.journal import SqliteJournal
from extractor.runs.known import KnownRuns
from tests.runs.conftest import PLAIN


def known(tmp_path: Path, own: Path) -> KnownRuns:
    return KnownRuns(tmp_path / "state" / "runs.txt", own=own)


def test_a_result_of_another_run_is_found_by_its_key(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    claim = claimed("a.pdf")
    journal.finish(claim, {"value": {"law": "Ireland"}}, Bill()).wait()
    known(tmp_path, run_file).add()
    with closing(known(tmp_path, tmp_path / "other" / "run.sqlite")) as others:
        assert others.result(claim.key) == {"value": {"law": "Ireland"}}
        assert others.result(b"?" * 32) is None
    with closing(known(tmp_path, run_file)) as itself:
        assert itself.result(claim.key) is None


def test_what_failed_elsewhere_or_was_asked_otherwise_is_not_taken_over(
    journal: SqliteJournal, claimed: Callable[..., Claim], run_file: Path, tmp_path: Path
) -> None:
    claim = claimed("a.pdf")
    journal.fail(claim, {"type": "ExtractionError"}, Bill()).wait()
    known(tmp_path, run_file).add()
    other = Configuration({"schema": "Other"}).key("0" * 64)
    with closing(known(tmp_path, tmp_path / "run.sqlite")) as others:
        assert others.result(claim.key) is None
        assert others.result(other) is None
    assert PLAIN.key("0" * 64) != other


def test_a_run_is_listed_once_and_one_that_is_gone_or_broken_is_not_missed(
    run_file: Path, journal: SqliteJournal, tmp_path: Path
) -> None:
    for _ in range(3):
        known(tmp_path, run_file).add()
    known(tmp_path, tmp_path / "gone.sqlite").add()
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"no database" * 100)
    known(tmp_path, broken).add()
    listing = tmp_path / "state" / "runs.txt"
    assert len(listing.read_text(encoding="utf-8").splitlines()) == 3
    assert listing.stat().st_mode & 0o077 == 0
    with closing(known(tmp_path, tmp_path / "mine.sqlite")) as others:
        assert others.result(b"?" * 32) is None
    assert journal.path == run_file


def test_a_list_that_cannot_be_written_stops_nothing_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file, and no folder", encoding="utf-8")
    with closing(known(tmp_path, tmp_path / "run.sqlite")) as others:
        others.add()
        assert others.result(b"?" * 32) is None
    assert "Other runs will not know of this one" in caplog.text
    assert (tmp_path / "state").read_text(encoding="utf-8") == "a file, and no folder"

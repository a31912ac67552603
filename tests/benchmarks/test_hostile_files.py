"""The short form of the hostile suite: its quick files, and that it sees what is forbidden."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import hostile_files as suite
from benchmarks.hostile_files import HostileFile, hostile_files, readings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="watches processes in /proc")


def test_there_are_more_than_forty_files_each_with_a_name_of_its_own() -> None:
    names = [file.name for file in hostile_files()]
    assert len(set(names)) == len(names) > 40


def test_each_quick_file_ends_in_a_typed_error_or_a_document_that_hides_nothing(
    tmp_path: Path,
) -> None:
    quick = [file for file in hostile_files() if file.is_quick]
    found = list(readings(quick, tmp_path))
    assert [reading.name for reading in found] == [file.name for file in quick]
    assert {r.name: r.violations for r in found if r.violations} == {}


def test_a_text_that_is_cut_short_without_a_word_is_a_violation(tmp_path: Path) -> None:
    short = HostileFile("short.txt", lambda: b"Rent is due.", is_quick=True, characters=100)
    (reading,) = readings([short], tmp_path)
    assert reading.outcome == "fine"
    assert reading.violations == ("12 of 100 characters, and no warning",)


def test_the_content_of_another_file_is_a_violation(tmp_path: Path) -> None:
    leak = HostileFile("leak.txt", lambda: b"root:x:0:0:root", is_quick=True, characters=0)
    (reading,) = readings([leak], tmp_path)
    assert len(reading.violations) == 1
    assert "another file" in reading.violations[0]


def test_a_parent_that_dies_is_a_violation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dying = "import sys; sys.stdin.readline()"
    monkeypatch.setattr(suite, "COMMAND", (sys.executable, "-c", dying))
    files = [HostileFile(n, lambda: b"Rent is due.", is_quick=True, characters=0) for n in "ab"]
    assert [r.violations for r in readings(files, tmp_path)] == [("the parent is dead",)] * 2

"""An export is there whole or not at all, and in no other place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import ConfigurationError, StoreError
from extractor.runs.exports import ExportFormat, format_of, write_export
from extractor.runs.reader import RunReader, RunRow

FORMATS: tuple[ExportFormat, ...] = ("xlsx", "csv", "jsonl", "sqlite", "parquet")


def breaks(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
    """Have a run's rows end with an error after the second."""
    rows = RunReader.rows

    def broken(self: RunReader) -> Iterator[RunRow]:
        for number, row in enumerate(rows(self)):
            if number == 2:
                raise error("No space left on device")
            yield row

    monkeypatch.setattr(RunReader, "rows", broken)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("error", [StoreError, OSError, KeyboardInterrupt])
def test_a_failure_midway_leaves_the_old_file_and_nothing_else(
    reader: RunReader,
    tmp_path: Path,
    form: ExportFormat,
    error: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "out").write_text("old")
    breaks(monkeypatch, error)

    with pytest.raises(StoreError if error is OSError else error):
        write_export(reader, tmp_path / "out", form)

    assert {path.name for path in tmp_path.iterdir()} == {"run", "out"}
    assert (tmp_path / "out").read_text() == "old"


@pytest.mark.parametrize("form", FORMATS)
def test_a_disk_that_is_full_at_the_end_leaves_nothing_either(
    reader: RunReader, tmp_path: Path, form: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)

    with pytest.raises(StoreError, match="No space left"):
        write_export(reader, tmp_path / "out", form)

    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_old_file_is_replaced_and_stays_closed_to_others(
    reader: RunReader, tmp_path: Path
) -> None:
    to = tmp_path / "out.csv"
    to.write_text("old")
    to.chmod(0o600)

    write_export(reader, to, "csv")

    assert to.read_text(encoding="utf-8-sig").startswith("file path,")
    assert to.stat().st_mode & 0o777 == 0o600


def test_a_link_is_replaced_and_not_followed(reader: RunReader, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("somebody's")
    (tmp_path / "out.csv").symlink_to(tmp_path / "other")

    write_export(reader, tmp_path / "out.csv", "csv")

    assert (tmp_path / "other").read_text() == "somebody's"
    assert not (tmp_path / "out.csv").is_symlink()


def test_a_target_that_would_cost_the_run_is_refused(reader: RunReader, tmp_path: Path) -> None:
    own = reader.path
    (tmp_path / "link").symlink_to(own)

    for target in (own, tmp_path / "link", own.with_name("run.sqlite-wal"), own.parent):
        with pytest.raises(ConfigurationError):
            write_export(reader, target, "sqlite")
    with pytest.raises(ConfigurationError, match="no folder") as caught:
        write_export(reader, tmp_path / "none" / "out.csv", "csv")

    assert caught.value.hint == "Make it first."
    assert reader.counts().files["done"] == 4


def test_a_folder_that_can_not_be_written_to_is_told(
    reader: RunReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)

    with pytest.raises(StoreError, match="Permission denied"):
        write_export(reader, tmp_path / "out.csv", "csv")


def test_the_name_says_the_format() -> None:
    names = {"a.xlsx": "xlsx", "a.CSV": "csv", "a.ndjson": "jsonl", "a.db": "sqlite"}

    assert {name: format_of(Path(name)) for name in names} == names
    with pytest.raises(ConfigurationError, match=r"a\.txt"):
        format_of(Path("a.txt"))

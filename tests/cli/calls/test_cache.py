"""`extractor cache stats|clear`."""

from __future__ import annotations

import json
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from extractor.calls.cache.file import CacheFile
from extractor.cli import main

DAY = 86_400
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def path(folder: Path) -> Path:
    """A cache with a reply of today, one of ten days ago and one of long ago."""
    path = folder / "replies.sqlite"
    with closing(CacheFile(path)) as file:
        for number, now in enumerate((time.time(), time.time() - 10 * DAY, 1_700_000_000.0)):
            file.write(bytes([number]), b"reply", model="openai:gpt-x", version="0.1.0", now=now)
    return path


def json_of(capsys: Capture) -> Any:
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


def test_replies_are_counted_for_people(path: Path, capsys: Capture) -> None:
    assert main(["cache", "stats", "--path", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{path}: 3 replies, {path.stat().st_size:,} bytes"
    assert lines[1].startswith("  from 2023-11-14T22:13:20+00:00 to ")
    assert [line.split() for line in lines[2:]] == [
        ["openai:gpt-x", "3"],
        ["by", "version", "0.1.0", "3"],
    ]


def test_replies_are_counted_for_programs(path: Path, capsys: Capture) -> None:
    assert main(["cache", "stats", "--path", str(path), "--json"]) == 0
    record = json_of(capsys)
    newest = record.pop("newest")
    assert newest[:10] == time.strftime("%Y-%m-%d", time.gmtime())
    assert record == {
        "path": str(path),
        "replies": 3,
        "bytes": path.stat().st_size,
        "oldest": "2023-11-14T22:13:20+00:00",
        "models": {"openai:gpt-x": 3},
        "versions": {"0.1.0": 3},
    }


@pytest.mark.parametrize(
    ("older_than", "deleted"),
    [([], 3), (["--older-than", "1"], 2), (["--older-than", "11"], 1)],
)
def test_replies_are_deleted_by_age(
    older_than: list[str], deleted: int, path: Path, capsys: Capture
) -> None:
    clear = ["cache", "clear", "--path", str(path), "--json"]
    assert main([*clear, *older_than]) == 0
    assert json_of(capsys) == {"path": str(path), "deleted": deleted}
    assert main([*clear[:-1]]) == 0
    left = {0: "0 replies", 1: "1 reply", 2: "2 replies"}[3 - deleted]
    assert capsys.readouterr().out == f"{path}: {left} deleted\n"


def test_an_empty_cache_has_no_times(folder: Path, capsys: Capture) -> None:
    CacheFile(folder / "empty.sqlite").close()
    assert main(["cache", "stats", "--path", "empty.sqlite"]) == 0
    assert capsys.readouterr().out.startswith("empty.sqlite: 0 replies, ")
    assert main(["cache", "stats", "--path", "empty.sqlite", "--json"]) == 0
    record = json_of(capsys)
    assert (record["oldest"], record["newest"], record["models"]) == (None, None, {})


def test_the_file_is_the_configured_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("EXTRACTOR_CACHE__PATH", str(folder / "own" / "replies.sqlite"))
    assert main(["cache", "stats"]) == 3
    assert "There is no reply cache" in capsys.readouterr().err
    CacheFile(folder / "own" / "replies.sqlite").close()
    assert main(["cache", "stats"]) == 0


def test_another_file_is_refused_and_left_alone(folder: Path, capsys: Capture) -> None:
    before = (folder / "contract.md").read_bytes()
    assert main(["cache", "clear", "--path", "contract.md"]) == 9
    assert "is no database" in capsys.readouterr().err
    assert (folder / "contract.md").read_bytes() == before


@pytest.mark.parametrize("days", ["0", "-1", "soon"])
def test_days_are_a_whole_number(days: str, capsys: Capture) -> None:
    assert main(["cache", "clear", f"--older-than={days}"]) == 2
    assert "is no whole number" in capsys.readouterr().err

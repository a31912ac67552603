"""`extractor init`: what is written works, and nothing is written over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.cli import main

REPLY = {
    "landlord": {
        "quote": "Harbour Street Properties LLC",
        "value": "Harbour Street Properties LLC",
    },
    "tenant": {"quote": "Juniper Bindery Inc.", "value": "Juniper Bindery Inc."},
    "premises": {"quote": "the ground floor of 48 Harbour Street", "value": "48 Harbour Street"},
    "begins": {"quote": "The term begins on 1 March 2026", "value": "2026-03-01"},
    "monthly_rent": {"quote": "a rent of $4,250 for each calendar month", "value": 4250},
    "notice_days": {"quote": "ninety\n(90) days' notice in writing", "value": 90},
    "governing_law": {"quote": "governed by the laws of the State of Vermont", "value": "Vermont"},
}


def test_what_is_written_can_be_run_as_it_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "reply.json").write_text(json.dumps([json.dumps(REPLY)]), encoding="utf-8")
    assert main(["init", "work"]) == 0
    assert "extractor run contracts --schema lease_schema.py:Lease" in capsys.readouterr().out
    monkeypatch.chdir("work")
    asked = ["run", "contracts", "--schema", "lease_schema.py:Lease", "--out", "runs/first"]
    assert main([*asked, "--model", "scripted:../reply.json"]) == 0
    assert main(["show", "runs/first", "sample-lease.txt"]) == 0
    shown = capsys.readouterr().out
    assert shown.count(" found ") == len(REPLY)
    assert main(["export", "runs/first", "-o", "first.xlsx"]) == 0
    assert Path("first.xlsx").stat().st_size > 1_000
    assert main(["config", "show"]) == 0


def test_nothing_is_written_over_what_is_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "lease_schema.py").write_text("mine", encoding="utf-8")
    assert main(["init"]) == 3
    assert "lease_schema.py is there already" in capsys.readouterr().err
    assert (folder / "lease_schema.py").read_text(encoding="utf-8") == "mine"
    assert not (folder / "extractor.toml").exists()


def test_a_place_that_cannot_be_written_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "file").write_text("no folder", encoding="utf-8")
    assert main(["init", "file/below"]) == 9
    assert "can't be written" in capsys.readouterr().err


def test_json_names_the_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "new", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert files == ["contracts/sample-lease.txt", "extractor.toml", "lease_schema.py"]

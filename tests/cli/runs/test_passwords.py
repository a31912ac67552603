"""Runs with encrypted files: what was not read for want of a password is read when there is one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdf import PdfWriter

from extractor.cli import main
from tests.cli.runs.conftest import told

FIXTURES = Path(__file__).parents[3] / "fixtures"
SECRET = "opensesame"  # noqa: S105 - of a file of this test


@pytest.fixture
def locked(folder: Path, tmp_path: Path) -> list[str]:
    """A run of one encrypted contract; the model answers once."""
    for file in folder.iterdir():
        file.unlink()
    writer = PdfWriter(clone_from=FIXTURES / "contracts" / "mutual-nda.pdf")
    writer.encrypt(SECRET, algorithm="AES-256")
    writer.write(folder / "locked.pdf")
    reply = (FIXTURES / "replies" / "mutual-nda.txt").read_text(encoding="utf-8")
    (tmp_path / "r.json").write_text(json.dumps([reply]), encoding="utf-8")
    return ["run", str(folder), "--schema", "nda", "--model", "scripted:r.json", "--out", "out"]


def test_a_password_opens_what_failed_without_it(
    locked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(locked) == 4
    out = capsys.readouterr().out
    assert "1 failed with EncryptedDocumentError." in out
    assert "What to do: Give its password" in out
    assert main([*locked, "--password", SECRET]) == 0
    out, err = capsys.readouterr()
    assert "1 file to extract with scripted:r.json" in err
    assert "1 file: 1 done" in out
    assert main(locked) == 0  # it is done, whoever has the password


def test_a_wrong_password_fails_it_again_and_costs_nothing(
    locked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(locked) == 4
    assert main([*locked, "--password", "wrong"]) == 4
    status = told(capsys, "status", "out")
    assert status["attempts"] == 0
    (failed,) = status["failed"]
    assert "does not open with the password given" in failed["message"]
    assert "Give its password" in failed["hint"]


def test_a_password_changes_nothing_of_what_failed_otherwise(
    locked: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    assert main(locked) == 4
    capsys.readouterr()
    assert main([*locked, "--password", SECRET]) == 4
    out, err = capsys.readouterr()
    assert "1 file to extract" in err
    assert "2 files: 1 done, 1 failed" in out

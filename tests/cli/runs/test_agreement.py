"""What `extractor run` asks agreement to, and that nothing is other than before without it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.fault_server import Running, contract
from extractor.cli import main
from tests.cli.runs.conftest import COUNT, PRICES, sent, told

OTHER = ("--evidence", "none")


@pytest.fixture
def priced(command: list[str], tmp_path: Path) -> list[str]:
    """The command, with models that cost something."""
    prices = PRICES + PRICES.replace("compatible:m", "compatible:other")
    (tmp_path / "extractor.toml").write_text(prices, encoding="utf-8")
    return command


def everything(file: Path = Path("out/run.sqlite")) -> list[str]:
    """Return all that a run's file says, but for the processes that have opened it."""
    with closing(sqlite3.connect(file)) as connection:
        return [line for line in connection.iterdump() if '"processes"' not in line]


def test_a_run_that_is_refused_is_as_it_was(
    priced: list[str], folder: Path, server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    assert main([*priced, "--yes"]) == 4
    before, status = everything(), told(capsys, "status", "out")
    (folder / "001.txt").unlink()
    (folder / "002.txt").write_text(contract(70), encoding="utf-8")
    (folder / "new.txt").write_text(contract(71), encoding="utf-8")
    other_model = [word if word != "compatible:m" else "compatible:other" for word in priced]
    for refused in ([*priced, *OTHER], other_model, [*priced, "--refresh"], priced):
        assert main(refused) == 3
        assert "Nobody has agreed" in capsys.readouterr().err
        assert everything() == before
    assert told(capsys, "status", "out") == status
    assert sent(server) == COUNT


def test_a_retry_after_a_refused_run_asks_what_was_asked_before(
    priced: list[str], folder: Path, server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    assert main([*priced, "--yes"]) == 4
    assert main([*priced, *OTHER]) == 3
    (folder / "bad.pdf").write_text(contract(70), encoding="utf-8")
    assert main(["retry", "out", "--yes"]) == 0
    assert sent(server) == COUNT + 1
    status = told(capsys, "status", "out")
    assert status["files"] == {"total": COUNT + 1, "done": COUNT + 1}
    assert status["configuration"]["evidence"] == "quotes"


def test_a_run_about_another_folder_is_refused_and_is_as_it_was(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    before = everything()
    other = folder.with_name("more")
    other.mkdir()
    (other / "a.txt").write_text(contract(70), encoding="utf-8")
    assert main(["run", str(other), *command[2:], *OTHER]) == 3
    assert "is about" in capsys.readouterr().err
    assert everything() == before


def test_copies_are_estimated_once(
    priced: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in folder.iterdir():
        file.write_text(contract(1), encoding="utf-8")
    assert main([*priced, "--yes"]) == 0
    assert "1 file to extract with" in capsys.readouterr().err
    (folder / "copy.txt").write_text(contract(1), encoding="utf-8")
    assert main(priced) == 0
    assert "to extract" not in capsys.readouterr().err


def test_going_back_to_what_was_answered_before_needs_no_agreement(
    priced: list[str], server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*priced, "--yes"]) == 0
    assert main([*priced, *OTHER, "--yes"]) == 0
    capsys.readouterr()
    assert main(priced) == 0
    out, err = capsys.readouterr()
    assert "Not as before: evidence. What was found then is kept." in err
    assert "to extract" not in err
    assert f"{COUNT} files: {COUNT} done" in out
    assert sent(server) == 2 * COUNT


def test_files_under_other_names_need_no_agreement(
    priced: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*priced, "--yes"]) == 0
    for file in [*folder.iterdir()]:
        file.rename(file.with_suffix(".md"))
    assert main(priced) == 0
    assert f"{COUNT} files: {COUNT} done" in capsys.readouterr().out


def test_a_refresh_asks_everything_though_there_is_a_new_file_since_the_last_one(
    command: list[str], folder: Path, server: Running
) -> None:
    assert main(command) == 0
    assert main([*command, "--refresh"]) == 0
    (folder / "new.txt").write_text(contract(70), encoding="utf-8")
    assert main([*command, "--refresh"]) == 0
    assert sent(server) == 3 * COUNT + 1

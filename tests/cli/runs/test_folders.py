"""Folders of which `extractor run` takes in less than somebody may think."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fault_server import Running, contract
from extractor.cli import main
from tests.cli.runs.conftest import COUNT, sent, told


def test_a_folder_without_files_is_no_success(
    command: list[str], folder: Path, server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in folder.iterdir():
        file.unlink()
    (folder / "empty").mkdir()
    (folder / ".hidden").touch()
    assert main(command) == 4
    assert "There is no contract in" in capsys.readouterr().err
    assert sent(server) == 0
    assert not Path("out").exists()


def test_a_folder_whose_files_are_all_gone_loses_no_result(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    folder.rename(folder.with_name("elsewhere"))
    folder.mkdir()  # such as a disk that is not mounted
    assert main(command) == 4
    assert told(capsys, "status", "out")["files"] == {"total": COUNT, "done": COUNT}


def test_a_link_to_a_folder_is_named_and_left_out(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = folder.with_name("more")
    more.mkdir()
    (more / "a.txt").write_text(contract(70), encoding="utf-8")
    (folder / "linked").symlink_to(more)
    (folder / "loop").symlink_to(folder)
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert f"{COUNT} files: {COUNT} done" in out
    assert "Left out, as a link to a folder: linked\n" in err
    assert "Left out, as a link to a folder: loop\n" in err
    for file in folder.glob("*.txt"):
        file.unlink()
    assert main(command) == 4
    assert "links to folders are not followed" in capsys.readouterr().err

"""`extractor export`: what it prints, and what it refuses."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest

from extractor.cli.runs.export import run
from extractor.cli.streams import Output
from extractor.errors import ConfigurationError
from extractor.runs.reader import RunReader


def asked(folder: Path, output: Path, **options: Any) -> tuple[int, str]:
    """Run the command; return its exit code and what is on stdout."""
    stdout = io.StringIO()
    given = {"run_dir": str(folder), "output": str(output), "format": None, "raw": False}
    code = run(argparse.Namespace(**{**given, "json": False, **options}), Output(stdout))
    return code, stdout.getvalue()


def test_people_are_told_on_stderr(
    reader: RunReader, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "out\x1b[1m.csv"

    assert asked(reader.path.parent, to) == (0, "")

    told = capsys.readouterr().err
    assert "out\N{REPLACEMENT CHARACTER}[1m.csv: 7 files, 7 rows of csv." in told
    assert to.is_file()


def test_programs_are_told_on_stdout(reader: RunReader, tmp_path: Path) -> None:
    to = tmp_path / "out.data"

    code, told = asked(reader.path.parent, to, format="jsonl", json=True)

    assert code == 0
    facts: dict[str, Any] = {"format": "jsonl", "files": 7, "rows": 7, "notes": []}
    assert json.loads(told) == {"path": str(to), **facts}


def test_a_name_without_a_format_and_a_folder_without_a_run_are_refused(
    reader: RunReader, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="does not say"):
        asked(reader.path.parent, tmp_path / "out")
    with pytest.raises(ConfigurationError, match="no run"):
        asked(tmp_path / "none", tmp_path / "out.csv")

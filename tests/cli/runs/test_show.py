"""`extractor show`: of one field itself and what is inside it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.cli import main
from tests.runs.exports.composed_run import composed_run, field, result

FIELDS = ("fee", "fee.amount", "fee[0].name", "fees", "fee_note", "late.fee")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("fee", ["fee", "fee.amount", "fee[0].name"]),
        ("fee[0]", ["fee[0].name"]),
        ("late", ["late.fee"]),
        ("fees", ["fees"]),
    ],
)
def test_a_field_is_shown_with_what_is_inside_it(
    name: str, shown: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with composed_run(tmp_path, {"a.pdf": result({each: field("x") for each in FIELDS})}):
        pass
    assert main(["show", str(tmp_path), "a.pdf", name]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.strip() and "found" in line] == shown


def test_a_field_that_is_not_there_is_told_with_one_that_is_like_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with composed_run(tmp_path, {"a.pdf": result({each: field("x") for each in FIELDS})}):
        pass
    assert main(["show", str(tmp_path), "a.pdf", "feess"]) == 3
    told = capsys.readouterr().err
    assert "a.pdf has no field 'feess'" in told
    assert "fees" in told


def test_a_file_that_is_not_there_is_told_with_one_that_is_like_it_and_a_screen_of_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with composed_run(tmp_path, {f"lease-{n:03}.pdf": result({}) for n in range(200)}):
        pass
    assert main(["show", str(tmp_path), "lease-150.pfd"]) == 3
    told = capsys.readouterr().err
    assert "Did you mean lease-150.pdf" in told
    assert len(told) < 1_200

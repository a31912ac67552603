"""`extractor estimate FOLDER`: a line for each contract, and the sum, with no call and no key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.cli import main
from tests.cli.conftest import CONTRACT

ESTIMATE = ["estimate", "docs", "--schema", "terms.py:Terms", "--model", "openai:gpt-5.4-mini"]


@pytest.fixture(autouse=True)
def docs(folder: Path) -> Path:
    """Two contracts, a copy of the first, and a file that can't be read."""
    docs = folder / "docs"
    docs.mkdir()
    (docs / "a.md").write_text(CONTRACT, encoding="utf-8")
    (docs / "b.md").write_text(CONTRACT * 3, encoding="utf-8")
    (docs / "copy.md").write_text(CONTRACT, encoding="utf-8")
    (docs / "torn.pdf").write_bytes(b"%PDF-1.7 and no more")
    return docs


def test_what_cannot_be_read_comes_first_and_a_copy_costs_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(ESTIMATE) == 4
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 can't be read:"
    assert lines[1].startswith("torn.pdf: ")
    names = [line.split()[0] for line in lines if line.endswith(tuple("0123456789"))]
    assert names == ["a.md", "b.md", "all"]
    assert "1 has the same content as another, which is asked about once." in lines


def test_the_sum_is_that_of_the_contracts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ESTIMATE, "--json"]) == 4
    told = json.loads(capsys.readouterr().out)
    a, b, copy, torn = told["files"]
    assert (copy["sha256"], torn["expected"]) == (a["sha256"], None)
    for row in ("low", "expected", "maximum"):
        assert told["total"][row]["cost_usd"] == pytest.approx(
            a[row]["cost_usd"] + b[row]["cost_usd"]
        )
    assert told["duplicates"] == 1


def test_an_unknown_price_is_said_with_what_can_be_done(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docs / "torn.pdf").unlink()
    assert main([*ESTIMATE[:-1], "openai:gpt-of-tomorrow"]) == 0
    out = capsys.readouterr().out
    assert "No price is known for openai:gpt-of-tomorrow: mend its name" in out
    assert "unknown" in out


def test_a_broken_template_is_no_fault_of_the_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "house").mkdir()
    (folder / "house" / "rules.jinja").write_text("{{ nothing }}", encoding="utf-8")
    assert main([*ESTIMATE, "--prompts", "house"]) == 3
    told = capsys.readouterr()
    assert "'nothing' is undefined" in told.err
    assert not told.out


def test_a_folder_without_files_is_no_estimate_of_nothing(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = docs.rename(docs.with_name("elsewhere"))
    docs.mkdir()
    (docs / "linked").symlink_to(elsewhere)
    assert main(ESTIMATE) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert "Left out, as a link to a folder: linked" in err
    assert "There is no contract in 'docs'" in err

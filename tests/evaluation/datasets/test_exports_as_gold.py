"""Exports of runs as gold: what a run has no result of is no label, and is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main
from extractor.errors import ExtractorError, UnreadableDocumentError
from extractor.evaluation.datasets import load_dataset
from extractor.runs.exports import ExportFormat, write_export
from tests.runs.exports.composed_run import Outcome, composed_run, field, result

OUTCOMES: Mapping[str, Outcome] = {
    "a.pdf": result({"term": field("P2Y")}) | {"value": {"term": "P2Y"}},
    "broken.pdf": UnreadableDocumentError("It is no PDF."),
    "b.pdf": result({"term": field(None, status="absent")}) | {"value": {"term": None}},
    "refused.pdf": ExtractorError("Attempts are used up."),
    "later.pdf": None,
    "last.pdf": None,
}
LEFT_OUT = "left out, failed or not done in the run and without labels: 4"

Format = pytest.mark.parametrize("form", ["csv", "jsonl"])


@pytest.fixture
def exported(tmp_path: Path, form: ExportFormat) -> Path:
    """A folder whose gold is the export of a run that has failed files, and is not done."""
    run, folder = tmp_path / "run", tmp_path / "contracts"
    run.mkdir()
    folder.mkdir()
    for name in OUTCOMES:
        (folder / name).touch()
    with composed_run(run, OUTCOMES) as reader:
        write_export(reader, folder / f"gold.{form}", form)
    return folder


@Format
def test_files_without_a_result_are_left_out_and_counted(exported: Path, form: str) -> None:
    found = load_dataset(exported)
    gold = {each.doc_id: each.gold for each in found.documents()}
    assert gold == {"a": {"term": "P2Y"}, "b": {"term": None}}
    first = {"csv": 3, "jsonl": 2}[form]
    (note,) = found.notes()
    assert note.startswith(f"{exported / f'gold.{form}'}: {LEFT_OUT} (line {first}: 'broken.pdf', ")
    assert note.endswith("'later.pdf', ...)")


@Format
def test_how_many_are_left_out_is_told_with_the_scores(
    exported: Path, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    predictions = [{"doc_id": name, "fields": {"term": "P2Y"}} for name in ("a", "broken")]
    path = tmp_path / "p.jsonl"
    path.write_text("\n".join(map(json.dumps, predictions)), encoding="utf-8")
    assert main(["eval", "score", str(exported), str(path)]) == 0
    told = capsys.readouterr().out
    assert "2 documents" in told
    assert f"gold.{form}: {LEFT_OUT}" in told
    assert main(["eval", "score", str(exported), str(path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["documents"], record["unknown"]) == (2, ["broken"])
    assert LEFT_OUT in record["notes"][0]
    assert main(["compare", str(exported), str(path), str(path), "--json"]) == 0
    assert LEFT_OUT in json.loads(capsys.readouterr().out)["notes"][0]


def test_labels_that_somebody_has_added_for_a_failed_file_count(tmp_path: Path) -> None:
    table = "file path,file state,term\na.pdf,failed,P2Y\nb.pdf,failed,\n"
    (tmp_path / "gold.csv").write_text(table, encoding="utf-8")
    assert gold_of(tmp_path) == {"a": {"term": "P2Y"}}
    (tmp_path / "gold.csv").unlink()
    lines = [
        {"path": "a.pdf", "state": "failed", "result": None, "gold": {"term": "P2Y"}},
        {"path": "b.pdf", "state": "failed", "result": None},
    ]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert gold_of(tmp_path) == {"a": {"term": "P2Y"}}


def gold_of(folder: Path) -> dict[str, Any]:
    return {each.doc_id: each.gold for each in load_dataset(folder).documents()}


@pytest.mark.parametrize("state", ["", "done"])
def test_an_empty_row_of_a_file_that_is_done_says_that_it_has_nothing(
    state: str, tmp_path: Path
) -> None:
    table = f"file path,file state,term\na.pdf,{state},\n"
    (tmp_path / "gold.csv").write_text(table, encoding="utf-8")
    found = load_dataset(tmp_path)
    assert gold_of(tmp_path) == {"a": {"term": None}}
    assert not any("left out" in note for note in found.notes())


def test_other_data_sets_have_nothing_to_be_known(tmp_path: Path) -> None:
    line: dict[str, Any] = {"doc_id": "a", "gold": {}, "gold_status": {}}
    (tmp_path / "contracts.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert not [*load_dataset(tmp_path).notes()]

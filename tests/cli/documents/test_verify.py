"""`extractor verify`: a result against its contract, without a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractor import ScriptedProvider, extract, read_document
from extractor.cli import main
from extractor.outputs.record import extraction_record
from extractor.schemas.nda import NDA

FIXTURES = Path(__file__).parents[3] / "fixtures"
CONTRACT = FIXTURES / "contracts" / "mutual-nda.pdf"

Capture = pytest.CaptureFixture[str]


@pytest.fixture(name="record")
def _record() -> dict[str, Any]:
    """A result as `extract --json` writes it, with the title for its only value."""
    document = read_document(CONTRACT)
    title = next(line for line in document.text.splitlines() if line.strip())
    party = {"quote": title, "name": title, "role": None}
    answer = dict.fromkeys(NDA.model_fields) | {
        "document_name": {"quote": title, "value": title},
        "parties": [party],
    }
    done = extract(document, NDA, provider=ScriptedProvider([json.dumps(answer)]))
    about = {"source": "mutual-nda.pdf", "sha256": document.sha256}
    return extraction_record(done) | {"schema": "nda", "document": about}


def arguments(folder: Path, record: Any, *more: str) -> list[str]:
    path = folder / "result.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return ["verify", str(path), str(CONTRACT), *more]


def test_a_result_holds(tmp_path: Path, capsys: Capture, record: dict[str, Any]) -> None:
    assert main(arguments(tmp_path, record)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "document_name  found  holds",
        "parties[0].name  found  holds",
        "2 fields checked, 0 failed.",
    ]


def test_one_that_was_changed_ends_with_a_code_of_its_own(
    tmp_path: Path, capsys: Capture, record: dict[str, Any]
) -> None:
    record["value"]["document_name"] = "SALE AGREEMENT"
    assert main(arguments(tmp_path, record, "--json")) == 8
    told = json.loads(capsys.readouterr().out)
    assert (told["checked"], told["failed"]) == (2, 1)
    assert told["fields"]["parties[0].name"] == {"holds": True, "status": "found", "problem": None}
    failed = told["fields"]["document_name"]
    assert (failed["holds"], failed["status"]) == (False, "found")
    assert failed["problem"] == "the object says something else than this field"


def test_a_result_about_another_file_is_refused(
    tmp_path: Path, capsys: Capture, record: dict[str, Any]
) -> None:
    record["document"]["sha256"] = "0" * 64
    assert main(arguments(tmp_path, record)) == 4
    assert "about another file" in capsys.readouterr().err


def test_a_result_without_a_schema_needs_one(
    tmp_path: Path, capsys: Capture, record: dict[str, Any]
) -> None:
    del record["schema"]
    assert main(arguments(tmp_path, record)) == 3
    assert "does not name its schema" in capsys.readouterr().err
    assert main(arguments(tmp_path, record, "--schema", "nda")) == 0


def test_a_file_that_is_no_result_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert main(arguments(tmp_path, {"fields": {"a b": {"status": "found"}}, "schema": "nda"})) == 4
    assert main(arguments(tmp_path, [])) == 4
    assert "is no result of an extraction" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["verify", "highlight"])
def test_the_result_of_several_documents_is_refused(
    command: str, tmp_path: Path, capsys: Capture, record: dict[str, Any]
) -> None:
    del record["document"]
    record["documents"] = [{"sha256": "0" * 64}, {"sha256": "1" * 64}]
    path = tmp_path / "result.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    files = [str(path), str(CONTRACT)]
    more = ["-o", str(tmp_path / "out.pdf")] if command == "highlight" else []
    assert main([command, *(files if command == "verify" else files[::-1]), *more]) == 4
    assert "is about 2 documents together" in capsys.readouterr().err
    assert not (tmp_path / "out.pdf").exists()

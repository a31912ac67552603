"""`extractor extract --set`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.cli import main
from extractor.cli.arguments import parse_arguments
from extractor.cli.parser import UsageError
from extractor.documents import read_document
from extractor.outputs.record import set_record
from tests.sets.documents import BASE, FIRST, OF_BASE, OF_FIRST, named, run


def test_several_files_need_the_flag() -> None:
    with pytest.raises(UsageError, match="--set"):
        parse_arguments(["extract", "a.pdf", "b.pdf", "--schema", "nda"])
    options = parse_arguments(["extract", "a.pdf", "b.pdf", "--set", "--schema", "nda"])
    assert (options.file, options.more) == ("a.pdf", ["b.pdf"])


def test_the_record_names_documents_and_what_is_superseded() -> None:
    parts = [(named(BASE, "base.txt"), OF_BASE), (named(FIRST, "one.txt"), OF_FIRST)]
    record = set_record(run([*parts]))
    (old,) = record["superseded"]["law"]
    assert (old["value"], old["why"], old["by"]) == ("Ireland", "amended", "one.txt")
    assert record["fields"]["law"]["evidence"][0]["document"] == "one.txt"
    assert [each["date"] for each in record["documents"]] == ["2020-05-01", "2021-06-03"]


SCHEMA = """
from pydantic import BaseModel, Field

class Terms(BaseModel):
    law: str | None = Field(default=None, description="The law that governs")
    notice_days: int | None = Field(default=None, description="Days of notice")
"""


def _script(folder: Path) -> list[str]:
    """Write files and what a model answers about each; return the command's words."""
    kept = ("law", "notice_days")
    replies = [json.dumps({name: of[name] for name in kept}) for of in (OF_BASE, OF_FIRST)]
    (folder / "terms.py").write_text(SCHEMA, encoding="utf-8")
    (folder / "base.txt").write_text(BASE, encoding="utf-8")
    (folder / "one.txt").write_text(FIRST, encoding="utf-8")
    (folder / "replies.jsonl").write_text("\n".join(replies), encoding="utf-8")
    files = [str(folder / "base.txt"), str(folder / "one.txt")]
    schema = f"{folder / 'terms.py'}:Terms"
    model = f"scripted:{folder / 'replies.jsonl'}"
    return ["extract", *files, "--set", "--schema", schema, "--model", model]


def test_files_of_a_contract_become_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*_script(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["value"] == {"law": "Scotland", "notice_days": 60}
    assert [each["value"] for each in record["superseded"]["notice_days"]] == [30]
    assert [each["role"] for each in record["documents"]] == ["base", "amendment"]


def test_the_object_names_the_schema_and_each_file_but_no_single_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*_script(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["schema"] == f"{tmp_path / 'terms.py'}:Terms"
    assert "document" not in record
    assert [each["name"] for each in record["documents"]] == ["base.txt", "one.txt"]


def test_every_citation_has_the_text_of_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = _script(tmp_path)
    wrapped = BASE.replace("SERVICES AGREEMENT", "MASTER\nSERVICES  AGREEMENT")
    (tmp_path / "base.txt").write_text(wrapped, encoding="utf-8")
    assert main([*command, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    texts = {name: read_document(tmp_path / name).text for name in ("base.txt", "one.txt")}
    cited = [each for document in record["documents"] for each in document["citations"]]
    cited += [each for old in record["superseded"].values() for each in old[0]["citations"]]
    assert len(cited) > 4
    assert cited[0]["text"] == "MASTER\nSERVICES  AGREEMENT"
    for each in cited:
        assert each["text"] == texts[each["document"]][each["start"] : each["end"]]
        assert (each["quote"] == each["text"]) is (each["status"] == "exact")


def test_the_bill_of_all_documents_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_script(tmp_path)) == 0
    assert capsys.readouterr().err.count("2 requests") == 1


def test_the_report_tells_what_no_longer_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_script(tmp_path)) == 0
    report = capsys.readouterr().out
    assert "Scotland" in report
    assert "Ireland" in report

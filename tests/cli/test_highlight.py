"""`extractor highlight`: an extraction's quotes in a copy of its PDF."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest

from extractor.cli import main
from extractor.documents import read_document

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
NDA = FIXTURES / "contracts" / "mutual-nda.pdf"

Capture = pytest.CaptureFixture[str]


def result_of(**fields: Any) -> dict[str, Any]:
    """An extraction's record, with a place for each field that names a quote."""
    text = " ".join(read_document(NDA).text.split(" "))
    record: dict[str, Any] = {"fields": {}, "document": {"sha256": read_document(NDA).sha256}}
    for path, quote in fields.items():
        at = text.find(quote) if quote else -1
        place = {"start": None, "end": None} if at < 0 else {"start": at, "end": at + len(quote)}
        record["fields"][path] = {"status": "found", "value": path.upper(), "evidence": [place]}
    return record


def write(folder: Path, record: Any) -> str:
    (folder / "result.json").write_text(json.dumps(record), encoding="utf-8")
    return str(folder / "result.json")


def test_each_quote_becomes_a_highlight_with_the_fields_path_and_value(
    tmp_path: Path, capsys: Capture
) -> None:
    record = result_of(law="laws of", title="NON", nothing="")
    record["fields"]["title"]["status"] = "unverified"
    out = tmp_path / "out.pdf"
    arguments = ["highlight", str(NDA), write(tmp_path, record), "-o", str(out), "--json"]
    assert main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"output": str(out), "highlights": 2, "unplaced": ["nothing"]}
    notes = {
        str(annotation["/T"]): str(annotation["/Contents"])
        for page in pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages
        for each in page.get("/Annots", [])
        if (annotation := each.get_object())["/Subtype"] == "/Highlight"
    }
    assert notes == {"law": "LAW", "title": "TITLE [unverified]"}
    assert read_document(out).text.split() == read_document(NDA).text.split()


def test_what_has_no_place_is_told(tmp_path: Path, capsys: Capture) -> None:
    result = write(tmp_path, result_of(law="laws of", nothing=""))
    assert main(["highlight", str(NDA), result, "-o", str(tmp_path / "out.pdf")]) == 0
    shown = capsys.readouterr()
    assert shown.out.endswith("out.pdf: 1 highlights.\n")
    assert "Without a place in the document: nothing." in shown.err


@pytest.mark.parametrize("which", ["file", "result"])
def test_neither_the_source_nor_the_result_is_overwritten(
    tmp_path: Path, capsys: Capture, which: str
) -> None:
    own = tmp_path / "nda.pdf"
    own.write_bytes(NDA.read_bytes())
    result = write(tmp_path, result_of(law="laws of"))
    target = str(tmp_path / "." / "nda.pdf") if which == "file" else result
    before = Path(target).read_bytes()
    assert main(["highlight", str(own), result, "-o", target]) == 4
    assert "would overwrite" in capsys.readouterr().err
    assert Path(target).read_bytes() == before


def test_a_result_of_another_file_is_refused(tmp_path: Path, capsys: Capture) -> None:
    record = result_of(law="laws of")
    record["document"]["sha256"] = "0" * 64
    arguments = ["highlight", str(NDA), write(tmp_path, record), "-o", str(tmp_path / "out.pdf")]
    assert main(arguments) == 4
    assert "about another file" in capsys.readouterr().err
    del record["document"]
    record["fields"]["law"]["evidence"][0]["end"] = 10**9
    assert main([*arguments[:2], write(tmp_path, record), *arguments[3:]]) == 4
    assert "is not in this document" in capsys.readouterr().err
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize("record", [[], {}, {"fields": {"law": 1}}, {"error": {}}])
def test_a_file_that_is_no_result_is_refused(tmp_path: Path, capsys: Capture, record: Any) -> None:
    arguments = ["highlight", str(NDA), write(tmp_path, record), "-o", str(tmp_path / "out.pdf")]
    assert main(arguments) == 4
    assert "is no result of an extraction" in capsys.readouterr().err


def test_only_a_pdf_can_be_highlighted(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "deal.txt").write_text("The parties agree.", encoding="utf-8")
    result = write(tmp_path, {"fields": {}})
    target = str(tmp_path / "out.pdf")
    assert main(["highlight", str(tmp_path / "deal.txt"), result, "-o", target]) == 4
    assert "deal.txt is a text; only a PDF" in capsys.readouterr().err


def test_a_copy_that_cannot_be_written_is_a_failure_of_its_own(
    tmp_path: Path, capsys: Capture
) -> None:
    result = write(tmp_path, result_of(law="laws of"))
    target = str(tmp_path / "no folder" / "out.pdf")
    assert main(["highlight", str(NDA), result, "-o", target]) == 7
    assert "can't be written" in capsys.readouterr().err

"""`extractor highlight`: an extraction's quotes in a copy of its PDF."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest

from extractor.cli import main
from extractor.documents import read_document

FIXTURES = Path(__file__).parents[3] / "fixtures"
NDA = FIXTURES / "contracts" / "mutual-nda.pdf"

Capture = pytest.CaptureFixture[str]


def result_of(**fields: str) -> dict[str, Any]:
    """An extraction's record, with each place of each field's quote."""
    document = read_document(NDA)
    record: dict[str, Any] = {"fields": {}, "document": {"sha256": document.sha256}}
    for path, quote in fields.items():
        found = re.finditer(re.escape(quote), document.text) if quote else ()
        places = [{"start": m.start(), "end": m.end(), "status": "exact"} for m in found]
        missing = [{"start": None, "end": None, "status": "missing"}]
        evidence = places or missing
        record["fields"][path] = {"status": "found", "value": path.upper(), "evidence": evidence}
    return record


def notes_of(path: Path) -> list[tuple[str, str]]:
    """The titles and notes of a PDF's highlights."""
    return [
        (str(annotation["/T"]), str(annotation["/Contents"]))
        for page in pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages
        for each in page.get("/Annots", [])
        if (annotation := each.get_object())["/Subtype"] == "/Highlight"
    ]


def write(folder: Path, record: Any) -> str:
    (folder / "result.json").write_text(json.dumps(record), encoding="utf-8")
    return str(folder / "result.json")


def test_each_quote_becomes_a_highlight_with_the_fields_path_and_value(
    tmp_path: Path, capsys: Capture
) -> None:
    record = result_of(law="MUTUAL", title="NON", nothing="")
    record["fields"]["title"]["status"] = "unverified"
    out = tmp_path / "out.pdf"
    arguments = ["highlight", str(NDA), write(tmp_path, record), "-o", str(out), "--json"]
    assert main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"output": str(out), "highlights": 2, "unplaced": ["nothing"]}
    assert dict(notes_of(out)) == {"law": "LAW", "title": "TITLE [unverified]"}
    assert read_document(out).text.split() == read_document(NDA).text.split()


def test_every_place_of_a_quote_is_marked_and_the_first_stays_the_main_one(
    tmp_path: Path, capsys: Capture
) -> None:
    record = result_of(party="laws of")
    evidence = record["fields"]["party"]["evidence"]
    evidence.insert(0, evidence.pop())  # the chosen place is the last one of the document
    evidence.append(evidence[1])  # of another quote
    evidence.append({"start": 0, "end": 10, "status": "altered"})
    evidence.append({"start": None, "end": None, "status": "missing"})
    out = tmp_path / "out.pdf"
    assert main(["highlight", str(NDA), write(tmp_path, record), "-o", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["highlights"] == 3
    assert notes_of(out) == [
        ("party", "PARTY (2 of 3 places)"),
        ("party", "PARTY (3 of 3 places)"),
        ("party", "PARTY"),
    ]


def test_a_passage_that_only_resembles_the_quote_is_marked_where_it_is_all_there_is(
    tmp_path: Path,
) -> None:
    record = result_of(party="Receiving Party")
    field = record["fields"]["party"]
    field["status"] = "unverified"
    field["evidence"] = [place | {"status": "altered"} for place in field["evidence"]]
    out = tmp_path / "out.pdf"
    assert main(["highlight", str(NDA), write(tmp_path, record), "-o", str(out)]) == 0
    assert notes_of(out) == [("party", "PARTY [unverified]")]


def test_what_has_no_place_is_told(tmp_path: Path, capsys: Capture) -> None:
    result = write(tmp_path, result_of(law="MUTUAL", nothing=""))
    assert main(["highlight", str(NDA), result, "-o", str(tmp_path / "out.pdf")]) == 0
    shown = capsys.readouterr()
    assert shown.out.endswith("out.pdf: 1 highlight.\n")
    assert "Without a place in the document: nothing." in shown.err


@pytest.mark.parametrize("which", ["file", "result"])
def test_neither_the_source_nor_the_result_is_overwritten(
    tmp_path: Path, capsys: Capture, which: str
) -> None:
    own = tmp_path / "nda.pdf"
    own.write_bytes(NDA.read_bytes())
    result = write(tmp_path, result_of(law="MUTUAL"))
    target = str(tmp_path / "." / "nda.pdf") if which == "file" else result
    before = Path(target).read_bytes()
    assert main(["highlight", str(own), result, "-o", target]) == 4
    assert "would overwrite" in capsys.readouterr().err
    assert Path(target).read_bytes() == before


def test_a_result_of_another_file_is_refused(tmp_path: Path, capsys: Capture) -> None:
    record = result_of(law="MUTUAL")
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
    result = write(tmp_path, result_of(law="MUTUAL"))
    target = str(tmp_path / "no folder" / "out.pdf")
    assert main(["highlight", str(NDA), result, "-o", target]) == 9
    assert "can't be written" in capsys.readouterr().err


def test_a_page_of_html_shows_any_document(tmp_path: Path, capsys: Capture) -> None:
    contract = tmp_path / "lease.txt"
    contract.write_text("This lease is governed by the laws of Ireland.\n", encoding="utf-8")
    document = read_document(contract)
    start = document.text.index("the laws of Ireland")
    place = {"start": start, "end": start + 19, "text": "the laws of Ireland", "status": "exact"}
    fields = {
        "law": {"status": "found", "value": "Ireland", "evidence": [place]},
        "rent": {"status": "absent"},
    }
    record = {"fields": fields, "document": {"sha256": document.sha256}, "schema": "lease"}
    out = tmp_path / "lease.HTML"
    assert (
        main(["highlight", str(contract), write(tmp_path, record), "-o", str(out), "--json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert told == {"output": str(out), "highlights": 1, "unplaced": ["rent"]}
    assert ">the laws of Ireland</mark>" in out.read_text(encoding="utf-8")


def test_several_files_are_shown_in_a_page_and_not_in_one_pdf(
    tmp_path: Path, capsys: Capture
) -> None:
    names = ["base.txt", "amendment.txt"]
    for name in names:
        (tmp_path / name).write_text(f"The {name} says that rent is due.", encoding="utf-8")
    files = [str(tmp_path / name) for name in names]
    documents = [{"name": name, "sha256": read_document(tmp_path / name).sha256} for name in names]
    result = write(tmp_path, {"fields": {}, "documents": documents})
    assert main(["highlight", *files, result, "-o", str(tmp_path / "out.pdf")]) == 4
    assert "something.html" in capsys.readouterr().err
    assert main(["highlight", *files[:1], result, "-o", str(tmp_path / "out.html")]) == 4
    assert "'amendment.txt' too, which is not given" in capsys.readouterr().err
    assert main(["highlight", *files, result, "-o", str(tmp_path / "out.html")]) == 0
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert page.index("The base.txt says") < page.index("The amendment.txt says")

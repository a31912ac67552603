"""Slips in labels of one's own: each is told with its line, its file, and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor import DocumentError
from extractor.cli import main
from extractor.evaluation.datasets import load_dataset
from extractor.evaluation.runs.inputs import write_inputs

SAVE = "Save it as CSV UTF-8, comma separated."
ROWS = "The first row names the columns"
LINES = "A line is {"


def refused(folder: Path) -> tuple[str, str]:
    """Return what is wrong with the labels of a folder, and what is to be done."""
    with pytest.raises(DocumentError) as raised:
        list(load_dataset(folder).documents())
    return raised.value.message.replace(str(folder), "DIR"), raised.value.hint or ""


@pytest.mark.parametrize(
    ("text", "told", "hint"),
    [
        ("", "DIR/gold.csv, line 1 has no head, which names the columns", ROWS),
        ("\ufeff\n", "DIR/gold.csv, line 1 has no head, which names the columns", ROWS),
        ("file,term\n", "DIR/gold.csv, line 2: there is no row below the head", ROWS),
        ("file,term\n,\n\n", "DIR/gold.csv, line 2: there is no row below the head", ROWS),
        (
            "file;term\na.pdf;P2Y\n",
            "DIR/gold.csv, line 1: its columns are separated by semicolons, not by commas",
            SAVE,
        ),
        (
            '"file path";"fees[0].name, if any"\r\na.pdf;x\r\n',
            "DIR/gold.csv, line 1: its columns are separated by semicolons, not by commas",
            SAVE,
        ),
        (
            "term\tdoc_id\nP2Y\ta\n",
            "DIR/gold.csv, line 1: its columns are separated by tabs, not by commas",
            SAVE,
        ),
        (
            'file,term\na.pdf,"P2Y"x\n',
            "DIR/gold.csv, line 2 is no row of a table: ',' expected after '\"'",
            SAVE,
        ),
        (
            "file,the term\na.pdf,P2Y\n",
            "DIR/gold.csv, line 1: the column 'the term' is no path of a field",
            "Call a column as its field is",
        ),
    ],
)
def test_what_is_no_table_is_told(text: str, told: str, hint: str, tmp_path: Path) -> None:
    (tmp_path / "gold.csv").write_text(text, encoding="utf-8", newline="")
    message, what_to_do = refused(tmp_path)
    assert message == told
    assert what_to_do.startswith(hint)


def test_semicolons_within_cells_are_none_between_columns(tmp_path: Path) -> None:
    table = 'file,"notes[""a;file""]"\na.pdf,x;y\n'
    (tmp_path / "gold.csv").write_text(table, encoding="utf-8")
    (found,) = load_dataset(tmp_path).documents()
    assert found.gold == {"notes": {"a;file": "x;y"}}


MANY = b"".join(b"%d.pdf,x\n" % number for number in range(9_000))


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("gold.csv", "file,name\na.pdf,\xfc\n".encode("cp1252"), "line 2"),
        ("gold.csv", b"file,name\n" + MANY + b"b.pdf,\xfc\n", "line 9002"),
        ("gold.jsonl", b'\n{"file": "\xfc.pdf", "gold": {}}\n', "line 2"),
        ("contracts.jsonl", b'{"doc_id": "\xfc"}\n', "line 1"),
    ],
)
def test_a_byte_of_another_encoding_is_told_by_its_line(
    name: str, data: bytes, line: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    hint = SAVE if name == "gold.csv" else "Save it as UTF-8."
    assert refused(tmp_path) == (f"DIR/{name}, {line} is no text in UTF-8 (byte 0xfc)", hint)


def test_a_table_in_utf_16_is_told(tmp_path: Path) -> None:
    (tmp_path / "gold.csv").write_bytes("file,name\na.pdf,x\n".encode("utf-16"))
    assert refused(tmp_path) == ("DIR/gold.csv, line 1 is no text in UTF-8 (byte 0xff)", SAVE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "DIR/gold.jsonl, line 1: there is no line in it"),
        ("\n\n", "DIR/gold.jsonl, line 1: there is no line in it"),
        ("\n[]", "DIR/gold.jsonl, line 2 is no object"),
        (
            '{"file": "a.pdf"}',
            "DIR/gold.jsonl, line 1 has no `gold`, an object with the value of each field",
        ),
    ],
)
def test_what_is_no_line_of_labels_is_told(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text(text, encoding="utf-8")
    message, hint = refused(tmp_path)
    assert message == told
    assert hint.startswith(LINES)


def test_a_label_that_is_no_number_is_told_with_its_line_and_no_word_of_it(tmp_path: Path) -> None:
    line = '{"file": "a.pdf", "gold": {"law": "Ireland", "fee": NaN}}'
    (tmp_path / "gold.jsonl").write_text(line, encoding="utf-8")
    message, _ = refused(tmp_path)
    assert message.startswith("DIR/gold.jsonl, line 1: Value error, the label of fee is no number")
    assert "Ireland" not in message


def test_statuses_that_would_not_be_read_are_refused(tmp_path: Path) -> None:
    line = '{"file": "a.pdf", "gold": {"fee": 3}, "gold_status": {"fee": "disputed"}}'
    (tmp_path / "gold.jsonl").write_text(line, encoding="utf-8")
    message, hint = refused(tmp_path)
    told = "DIR/gold.jsonl, line 1 has gold_status, which only contracts.jsonl can have"
    assert message == told
    assert "doc_id" in hint


def test_lines_may_begin_with_the_mark_of_utf_8(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text('{"file": "a.pdf", "gold": {}}', encoding="utf-8-sig")
    assert [each.doc_id for each in load_dataset(tmp_path).documents()] == ["a"]


def test_an_export_none_of_whose_files_is_done_is_told(tmp_path: Path) -> None:
    table = "file path,file state,term\na.pdf,planned,\nb.pdf,failed,\n"
    (tmp_path / "gold.csv").write_text(table, encoding="utf-8")
    message, hint = refused(tmp_path)
    assert message == "DIR/gold.csv has labels of no file: none is done"
    assert "add their labels by hand" in hint


GONE = "gold.csv: there is no such file, correct its path or take it out: "


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    folder = tmp_path / "contracts"
    folder.mkdir()
    (folder / "a.pdf").touch()
    table = "file,doc_id,term\na.pdf,,P2Y\nsub/missing.pdf,,P1Y\n,elsewhere,P3Y\n"
    (folder / "gold.csv").write_text(table, encoding="utf-8")
    return folder


def test_a_row_whose_file_is_not_there_is_told_with_the_scores(
    contracts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = contracts / "p.jsonl"
    path.write_text(json.dumps({"doc_id": "a", "fields": {"term": "P2Y"}}), encoding="utf-8")
    assert main(["eval", "score", str(contracts), str(path)]) == 0
    assert f"{GONE}1 (line 3: 'sub/missing.pdf')" in capsys.readouterr().out
    assert main(["eval", "score", str(contracts), str(path), "--json"]) == 0
    (note,) = json.loads(capsys.readouterr().out)["notes"]
    assert note == f"{contracts}/{GONE}1 (line 3: 'sub/missing.pdf')"


def test_a_row_whose_file_is_not_there_is_told_before_anything_is_asked(
    contracts: Path, tmp_path: Path
) -> None:
    with pytest.raises(DocumentError, match="'missing' has neither text nor file") as raised:
        write_inputs(load_dataset(contracts), tmp_path / "documents", "auto")
    assert f"{GONE}1 (line 3: 'sub/missing.pdf')" in (raised.value.hint or "")


def test_of_many_files_that_are_not_there_the_first_are_named(tmp_path: Path) -> None:
    rows = "".join(f"{n}.pdf,P2Y\n" for n in range(1_200))
    (tmp_path / "gold.csv").write_text(f"file,term\n{rows}", encoding="utf-8")
    (note,) = load_dataset(tmp_path).notes()
    assert note.endswith(f"{GONE}1,200 (line 2: '0.pdf', line 3: '1.pdf', line 4: '2.pdf', ...)")

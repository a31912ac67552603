"""`extractor read`: one document, or a folder of them."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from extractor.cli import main
from extractor.documents import read_document

FIXTURES = Path(__file__).parents[3] / "fixtures"
NDA = FIXTURES / "contracts" / "mutual-nda.pdf"

Capture = pytest.CaptureFixture[str]


def scan() -> bytes:
    """A PDF of one page that shows a box and says nothing."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.rect(50, 50, 300, 300, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A folder with one file of each sort."""
    folder = tmp_path / "contracts"
    (folder / "old").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x", encoding="utf-8")
    (folder / ".DS_Store").write_bytes(b"x")
    shutil.copy(NDA, folder / "nda.pdf")
    shutil.copy(NDA, folder / "old" / "nda (1).pdf")
    (folder / "side\x1b[2Jletter.txt").write_text("The parties agree.", encoding="utf-8")
    (folder / "scan.pdf").write_bytes(scan())
    (folder / "broken.pdf").write_bytes(NDA.read_bytes()[:200])
    (folder / "photos.zip").write_bytes(b"PK\x03\x04")
    (folder / "nothing.txt").write_bytes(b"")
    (folder / "old" / "nothing too.txt").write_bytes(b"")
    return folder


def rows_of(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_document_is_summed_up(capsys: Capture) -> None:
    assert main(["read", str(NDA)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "mutual-nda.pdf: a PDF"
    assert lines[1] == "Pages: 3 pages (3 text)"
    assert f"Characters: {len(read_document(NDA).text):,}" in lines
    assert f"SHA-256: {read_document(NDA).sha256}" in lines


def test_a_line_for_each_page(capsys: Capture) -> None:
    assert main(["read", str(NDA), "--pages"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["Kind", "Page", "Characters", "Points", "Confidence"]
    pages = read_document(NDA).pages
    assert [line.split()[:3] for line in lines] == [
        ["text", str(page.number), f"{page.span.end - page.span.start:,}"] for page in pages
    ]


def test_everything_as_one_object(capsys: Capture) -> None:
    assert main(["read", str(NDA), "--json"]) == 0
    (record,) = rows_of(capsys)
    document = read_document(NDA)
    assert record["text"] == document.text
    assert [(page["start"], page["end"]) for page in record["pages"]] == [
        (page.span.start, page.span.end) for page in document.pages
    ]
    assert (record["sha256"], record["media_type"]) == (document.sha256, document.media_type)
    assert len(record["clauses"]) == len(document.clauses)


def test_the_clauses_are_a_tree(capsys: Capture, tmp_path: Path) -> None:
    text = "AGREEMENT\n\n1. Terms\n1.1 Price. Ten euros.\n1.2 Place. Cork.\n2. Law\nIrish law.\n"
    (tmp_path / "deal.txt").write_text(text, encoding="utf-8")
    assert main(["read", str(tmp_path / "deal.txt"), "--clauses"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["1.", "1.1", "1.2", "2."]
    assert lines[1].startswith("  1.1")
    assert all("page 1" in line for line in lines)


def test_the_view_is_the_text_without_control_characters(capsys: Capture, tmp_path: Path) -> None:
    text = "Ireland\x1b[2J\u202e law\nnext line"
    (tmp_path / "deal.txt").write_text(text, encoding="utf-8")
    assert main(["read", str(tmp_path / "deal.txt"), "--view"]) == 0
    shown = capsys.readouterr().out
    assert "law\nnext line" in shown
    assert not set(shown) & set("\x1b\u202e")


def test_a_folder_is_listed_in_the_order_of_its_files(contracts: Path, capsys: Capture) -> None:
    assert main(["read", str(contracts)]) == 4
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err
    head, *lines, last = shown.out.splitlines()
    assert head.split() == ["Status", "Pages", "Characters", "File"]
    assert [line.split()[0] for line in lines] == [
        *("broken", "read", "empty", "unsupported", "scan", "read", "duplicate", "empty")
    ]
    assert "photos.zip (ZIP archive): UnreadableDocumentError: photos.zip is" in shown.out
    assert "old/nda (1).pdf (PDF): the same as nda.pdf" in shown.out
    assert last.startswith("8 files: 1 broken, 1 unsupported, 2 empty, 1 scan, 2 read, 1 dupl")
    assert re.search(r"To read: 4 pages, \d,\d{3} characters\.$", last)


def test_a_folder_is_listed_as_an_object_for_each_file(contracts: Path, capsys: Capture) -> None:
    assert main(["read", str(contracts), "--json"]) == 4
    rows = {row["path"]: row for row in rows_of(capsys)}
    assert len(rows) == 8
    nda, copy = rows["nda.pdf"], rows["old/nda (1).pdf"]
    assert (nda["status"], nda["pages"], nda["page_kinds"]) == ("read", 3, {"text": 3})
    assert (copy["status"], copy["duplicate_of"]) == ("duplicate", "nda.pdf")
    assert nda["sha256"] == copy["sha256"]
    assert rows["scan.pdf"]["status"] == "scan"
    assert rows["broken.pdf"]["error"]["type"] == "UnreadableDocumentError"
    assert rows["side\x1b[2Jletter.txt"]["characters"] == len("The parties agree.")
    assert rows["nothing.txt"]["duplicate_of"] is None


def test_a_folder_whose_files_can_all_be_read_is_a_success(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "fine").mkdir()
    shutil.copy(NDA, tmp_path / "fine" / "nda.pdf")
    shutil.copy(NDA, tmp_path / "fine" / "copy.pdf")
    assert main(["read", str(tmp_path / "fine")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2 files: 1 read, 1 duplicate.")


def test_a_folder_without_files_is_no_error(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "none").mkdir()
    assert main(["read", str(tmp_path / "none")]) == 0
    assert capsys.readouterr().out == "0 files. To read: 0 pages, 0 characters.\n"


def test_one_files_view_of_a_folder_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert main(["read", str(tmp_path), "--pages"]) == 4
    assert "is a folder" in capsys.readouterr().err


def test_what_can_not_be_read_ends_with_its_code(contracts: Path, capsys: Capture) -> None:
    for name, kind in (
        ("none.pdf", "DocumentError"),
        ("photos.zip", "UnreadableDocumentError"),
        ("scan.pdf", "EmptyDocumentError"),
    ):
        assert main(["read", str(contracts / name), "--json"]) == 4
        (record,) = rows_of(capsys)
        assert record["error"]["type"] == kind


SECRET = "open sesame"  # noqa: S105 - of a file that the tests make


@pytest.fixture
def encrypted(tmp_path: Path) -> str:
    """A PDF that SECRET opens."""
    writer = pypdf.PdfWriter(clone_from=NDA)
    writer.encrypt(SECRET, algorithm="AES-256")
    writer.write(tmp_path / "encrypted.pdf")
    return str(tmp_path / "encrypted.pdf")


def test_a_password_is_taken_from_the_environment(
    encrypted: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACTOR_PASSWORD", "another one")
    assert main(["read", encrypted]) == 4
    assert main(["read", encrypted, "--password", SECRET]) == 0
    monkeypatch.setenv("EXTRACTOR_PASSWORD", SECRET)
    assert main(["read", encrypted]) == 0
    assert SECRET not in "".join(capsys.readouterr())


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\nmore"])
def test_a_password_is_read_from_stdin(
    encrypted: str, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    given = io.TextIOWrapper(io.BytesIO(f"{SECRET}{end}".encode()))
    monkeypatch.setattr("sys.stdin", given)
    assert main(["locate", encrypted, "Ireland", "--json", "--password", "-"]) == 0


def test_a_password_is_asked_for_on_a_terminal(
    encrypted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(prompt: str, **_: Any) -> str:
        asked.append(prompt)
        return SECRET

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", answer)
    assert main(["read", encrypted, "--password", "-"]) == 0
    assert asked == ["Password of the file: "]


def test_an_interrupt_ends_a_listing(
    contracts: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("extractor.documents.listing.read_bytes", interrupted)
    assert main(["read", str(contracts)]) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_it_works_as_a_program(contracts: Path, command: Callable[..., Any]) -> None:
    done = command("read", str(contracts / "nda.pdf"), "--pages")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 4)

import contextlib
import hashlib
import io
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.documents import Document, read_document, registry
from extractor.documents.document import check_document
from extractor.documents.isolation import shared_pool
from extractor.documents.options import Limits
from extractor.errors import (
    DocumentError,
    EmptyDocumentError,
    EncryptedDocumentError,
    HostileDocumentError,
    UnreadableDocumentError,
)

TEXT = "This Agreement is made between Ada Pell and Bror Sund.\n\nIt is governed by Irish law.\n"


def test_a_path_and_a_string_that_names_a_file_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "deal.txt"
    path.write_text(TEXT)
    assert read_document(path) == read_document(str(path)) == read_document(os.fspath(path))
    assert read_document(path).text == TEXT


def test_the_source_is_the_files_name_without_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "deal.txt"
    path.write_text(TEXT)
    assert read_document(path).source == "deal.txt"


def test_a_file_name_that_is_no_unicode_can_still_be_printed(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"de\xffal.txt")
    path.write_text(TEXT)
    assert read_document(path).source.encode() == "de\ufffdal.txt".encode()


def test_the_hash_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    (tmp_path / "deal.txt").write_bytes(data)
    document = read_document(tmp_path / "deal.txt")
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.text == TEXT.replace("\n", "\r\n")


def test_text_with_a_line_break_is_text_whatever_else_it_looks_like() -> None:
    document = read_document("a/b.pdf\nis what the parties call it")
    assert document.text == "a/b.pdf\nis what the parties call it"
    assert (document.source, document.media_type) == ("<text>", "text/plain")


@pytest.mark.parametrize(
    "text", ["The seller sells and/or lends.", "Sold.", "A short contract. " * 400, "x" * 300]
)
def test_a_line_that_looks_like_no_path_is_text(text: str) -> None:
    assert read_document(text).text == text


@pytest.mark.parametrize(
    "name",
    ["lost.pdf", "LOST.PDF", "my lost deal.docx", "deals/2025/lost", "deals\\lost", "lost.md"],
)
def test_a_string_that_looks_like_a_path_but_names_nothing_is_never_taken_for_text(
    name: str,
) -> None:
    with pytest.raises(DocumentError, match="No such file") as raised:
        read_document(name)
    assert "does not look like a path" in (raised.value.hint or "")


def test_a_missing_path_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"No such file: .*nowhere") as raised:
        read_document(tmp_path / "nowhere")
    assert raised.value.hint is None


def test_a_folder_is_an_error_also_when_its_name_looks_like_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contracts").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DocumentError, match="is a folder") as raised:
        read_document("contracts")
    assert "`extractor run`" in (raised.value.hint or "")


def test_a_file_that_cannot_be_opened_is_an_error_with_the_reason(tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    with pytest.raises(DocumentError, match="can't be opened") as caught:
        read_document(loop)
    assert isinstance(caught.value.__cause__, OSError)


def test_a_pipe_that_nobody_writes_into_is_an_error_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DocumentError, match="a pipe that nobody writes into"):
        read_document(tmp_path / "pipe")


def test_a_pipe_is_read_to_its_end_however_slowly_it_is_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    held = os.open(tmp_path / "pipe", os.O_RDWR)  # so that neither side waits to open it

    def write() -> None:
        for line in TEXT.splitlines(keepends=True):
            time.sleep(0.05)
            os.write(held, line.encode())
        os.close(held)

    writer = threading.Thread(target=write)
    writer.start()
    document = read_document(tmp_path / "pipe")
    writer.join()
    assert document.text == TEXT


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/full"])
def test_a_device_is_no_file(device: str) -> None:
    with pytest.raises(DocumentError, match="is a device or a socket"):
        read_document(device)


def test_a_file_that_vanishes_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deal.txt"
    path.write_text(TEXT)

    def vanish(self: Path, *_: Any) -> IO[bytes]:
        self.unlink()
        return io.FileIO(self)

    monkeypatch.setattr(Path, "open", vanish)
    with pytest.raises(DocumentError, match="No such file"):
        read_document(path)


def test_a_document_is_handed_through() -> None:
    document = read_document(TEXT)
    assert read_document(document) is document


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_nothing_but_white_space_is_an_empty_document(data: bytes) -> None:
    with pytest.raises(EmptyDocumentError):
        read_document(data)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_so_is_a_string_of_nothing_but_white_space(text: str) -> None:
    with pytest.raises(EmptyDocumentError):
        read_document(text)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04\x14\x00....xl/workbook.xml....", r"an Excel file \(XLSX\)"),
        (b"PK\x03\x04\x14\x00....%PDF-1.7 stored inside", "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "an old Microsoft Office file"),
        (b"{\\rtf1\\ansi This Agreement}", "an RTF file"),
        (b"\x89PNG\r\n\x1a\n....", "a PNG image"),
        (b"\xff\xd8\xff\xe0..JFIF", "a JPEG image"),
        (b'<?xml version="1.0"?><contract/>', "an XML file"),
        (bytes(range(256)), "is no text, nor of any kind"),
        (b"\x01\x02\x03\x04 agreement", "is no text, nor of any kind"),
        ("agreement".encode("utf-16-le"), "is no text, nor of any kind"),
        (b"\xff\xfe\x00\xd8", "is no text, nor of any kind"),
    ],
)
def test_a_file_without_a_reader_is_named_for_what_it_is(data: bytes, kind: str) -> None:
    with pytest.raises(UnreadableDocumentError, match=kind) as caught:
        read_document(data)
    assert "can be read" in str(caught.value.hint)


def test_the_first_bytes_decide_and_not_the_name(tmp_path: Path) -> None:
    (tmp_path / "deal.pdf").write_text(TEXT)
    assert read_document(tmp_path / "deal.pdf").media_type == "text/plain"


def test_markup_within_a_text_does_not_make_it_html() -> None:
    text = "The licensed file begins with <html> and is called the Page.\n"
    assert read_document(text.encode()).text == text


@settings(deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=90).map(lambda data: b"%PDF-" + data))
def test_any_bytes_end_as_a_document_or_a_typed_error(data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        document = read_document(data)
        assert document.text.encode()
        assert document.sha256 == hashlib.sha256(data).hexdigest()


@given(st.text(alphabet=st.characters(), max_size=200).map(lambda text: f"x\n{text}"))
def test_any_text_becomes_pages_in_order_that_can_be_encoded(text: str) -> None:
    document = check_document(read_document(text))
    assert "\x00" not in document.text
    assert document.pages[0].span.start == 0
    assert document.pages[-1].span.end == len(document.text)


def test_a_document_is_equal_to_itself_read_again() -> None:
    assert isinstance(read_document(TEXT), Document)
    assert read_document(TEXT) == read_document(TEXT)


# --- in a process of its own ----------------------------------------------------------------------

MakePdf = Callable[..., bytes]
READERS = """
import hashlib
from extractor.documents import Document, Page
from extractor.documents.document import Word, Rect
from extractor.types import Span

def _document(data, source, text, **given):
    pages = (Page(1, Span(0, len(text))),)
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(text, sha256, source, "application/rtf", given.get("pages", pages))

def good(data, source, options):
    told = f"{options.password} {options.ocr} {options.hidden} {options.limits.pages}"
    return _document(data, source, told)

def another(data, source, options):
    return _document(b"other", source, "Sold.")

def beyond(data, source, options):
    return _document(data, source, "Sold.", pages=(Page(1, Span(0, 6)),))

def misplaced(data, source, options):
    words = (Word(Span(3, 9), Rect(1, 0.0, 0.0, 1.0, 1.0), 0.5),)
    return _document(data, source, "Sold.", pages=(Page(1, Span(0, 5), words=words),))

def half(data, source, options):
    return _document(data, source, "\\ud800")

def nothing(data, source, options):
    return None
"""


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what installs one of READERS for RTF files."""
    (tmp_path / "their_readers.py").write_text(READERS, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def install(name: str) -> None:
        entry = EntryPoint("application/rtf", f"their_readers:{name}", registry.READERS)

        def reader_entry(_: str) -> EntryPoint:
            return entry

        monkeypatch.setattr("extractor.documents.read.reader_entry", reader_entry)
        shared_pool().close()  # the next process finds the new module

    return install


RTF = b"{\\rtf1 Sold.}"


def test_somebody_elses_reader_gets_the_options_in_the_other_process(
    reader: Callable[[str], None],
) -> None:
    reader("good")
    document = read_document(
        RTF,
        password="word",  # noqa: S106
        ocr="off",
        hidden=True,
        limits=Limits(pages=7),
    )
    assert document.text == "word off True 7"
    assert "their_readers" not in sys.modules


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("another", "of another file"),
        ("beyond", "pages are not parts of its text"),
        ("misplaced", "words are not on their pages"),
        ("nothing", "it is no Document"),
    ],
)
def test_a_document_that_cannot_be_is_refused(
    reader: Callable[[str], None], name: str, said: str
) -> None:
    reader(name)
    with pytest.raises(HostileDocumentError, match=said):
        read_document(RTF)


@pytest.mark.parametrize(
    ("name", "said"), [("half", "UnicodeEncodeError in its reader"), ("none", "can't be imported")]
)
def test_a_reader_that_fails_is_an_unreadable_document(
    reader: Callable[[str], None], name: str, said: str
) -> None:
    reader(name)
    with pytest.raises(UnreadableDocumentError, match=said):
        read_document(RTF)


def test_a_file_that_is_too_large_is_not_even_loaded(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 1_001)
    with pytest.raises(HostileDocumentError, match=r"large\.txt is larger than"):
        read_document(large, limits=Limits(size=1_000))
    with pytest.raises(HostileDocumentError, match="<bytes> is larger than"):
        read_document(large.read_bytes(), limits=Limits(size=1_000))
    assert read_document(large, limits=Limits(size=1_001)).text == "x" * 1_001


def test_so_is_a_pipe_that_does_not_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    held = os.open(tmp_path / "pipe", os.O_RDWR)
    os.write(held, b"x" * 2_000)
    with pytest.raises(HostileDocumentError, match="pipe is larger than"):
        read_document(tmp_path / "pipe", limits=Limits(size=1_000))
    os.close(held)


def test_an_encrypted_office_file_says_so() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedDocumentError, match="encrypted Office file"):
        read_document(data)


def test_a_pdf_that_takes_too_long_is_given_up(make_pdf: MakePdf) -> None:
    with pytest.raises(HostileDocumentError, match=r"more than 0\.001 s"):
        read_document(make_pdf("One."), limits=Limits(seconds=0.001, seconds_per_page=0.0))


def test_a_pdf_is_the_same_document_each_time(make_pdf: MakePdf) -> None:
    data = make_pdf("One.", "Two.")
    document = read_document(data)
    assert replace(read_document(data), source="x") == replace(document, source="x")
    assert [page.number for page in document.pages] == [1, 2]

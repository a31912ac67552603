import contextlib
import hashlib
import io
import logging
import re
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from extractor.documents import read_document
from extractor.documents.options import Limits, ReadOptions
from extractor.documents.readers.pdf import engine, read_pdf, rects
from extractor.errors import (
    DocumentError,
    EmptyDocumentError,
    EncryptedDocumentError,
    HostileDocumentError,
    UnreadableDocumentError,
)
from extractor.types import Span

MakePdf = Callable[..., bytes]
OFF = ReadOptions(ocr="off")


def own(canvas: Any) -> None:
    canvas.drawString(72, 700, "Own text.")


def test_pages_are_joined_by_a_line_break_and_their_spans_are_exact(make_pdf: MakePdf) -> None:
    data = make_pdf("First page.", "Second page,\ntwo lines.", "Third.")
    document = read_document(data)
    texts = [document.text[page.span.start : page.span.end] for page in document.pages]
    assert [text.rstrip() for text in texts] == [
        "First page.",
        "Second page,\ntwo lines.",
        "Third.",
    ]
    assert document.text == "\n".join(texts)
    assert [document.page_at(document.text.index(word)) for word in ("First", "two", "Third")] == [
        *(1, 2, 3)
    ]
    assert (document.media_type, document.warnings) == ("application/pdf", ())
    assert document.sha256 == hashlib.sha256(data).hexdigest()


def test_junk_before_the_header_does_no_harm(make_pdf: MakePdf) -> None:
    assert read_document(b"\r\njunk" * 50 + make_pdf("One.")).text.strip() == "One."


def test_pages_without_text_are_marked_and_named_in_one_warning(make_pdf: MakePdf) -> None:
    document = read_pdf(make_pdf("One.", "", "Three.", "", "", ""), "a.pdf", OFF)
    assert [page.kind for page in document.pages] == [
        *("text", "unreadable", "text", "unreadable", "unreadable", "unreadable")
    ]
    assert document.warnings == ("pages 2, 4-6: no text layer; what it shows was not read",)


def test_a_page_that_shows_nothing_is_empty(draw_pdf: MakePdf) -> None:
    def blank(canvas: Any) -> None:
        canvas.setFillGray(1)
        canvas.rect(0, 0, 612, 792, fill=1, stroke=0)

    document = read_pdf(draw_pdf(own, blank), "a.pdf", OFF)
    assert document.text == "Own text.\n"
    assert [page.kind for page in document.pages] == ["text", "empty"]
    assert document.warnings == ("page 2: blank",)


def test_a_pdf_without_any_text_is_a_scan(make_pdf: MakePdf) -> None:
    with pytest.raises(EmptyDocumentError, match="2 pages and no text") as caught:
        read_pdf(make_pdf("", ""), "a.pdf", OFF)
    assert "ocr" in str(caught.value.hint)


def encrypted(data: bytes, user_password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(user_password, owner_password="owner", algorithm="RC4-128")  # noqa: S106
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_with_a_password_says_so_and_opens_with_it(make_pdf: MakePdf) -> None:
    data = encrypted(make_pdf("One."), "secret")
    with pytest.raises(EncryptedDocumentError, match="needs a password") as caught:
        read_document(data)
    assert "password" in str(caught.value.hint)
    with pytest.raises(EncryptedDocumentError, match="does not open with the password"):
        read_pdf(data, "a.pdf", ReadOptions(password="wrong"))  # noqa: S106
    document = read_pdf(data, "a.pdf", ReadOptions(password="secret"))  # noqa: S106
    assert (document.text, document.warnings) == ("One.", ())


def test_a_pdf_that_only_its_owner_may_change_is_read(make_pdf: MakePdf) -> None:
    assert read_document(encrypted(make_pdf("One."), "")).text.strip() == "One."


def test_a_truncated_pdf_is_an_error_and_keeps_the_cause(make_pdf: MakePdf) -> None:
    data = make_pdf("One.")
    with pytest.raises(UnreadableDocumentError, match="broken PDF") as caught:
        read_pdf(data[: len(data) // 4], "a.pdf", OFF)
    assert caught.value.__cause__ is not None


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make pdfium refuse every file."""

    def refuse(*_: Any) -> Any:
        raise engine.EngineRefusalError("Failed to load document")

    monkeypatch.setattr(engine, "opened", refuse)


@pytest.mark.usefixtures("refused")
def test_what_pdfium_refuses_is_read_by_pypdf_and_says_so(make_pdf: MakePdf) -> None:
    document = read_pdf(make_pdf("One.", ""), "a.pdf")
    assert document.text.strip() == "One."
    assert document.reader.startswith("pypdf ")
    assert [page.kind for page in document.pages] == ["text", "unreadable"]
    assert "was mended" in document.warnings[1]


@pytest.mark.parametrize(
    "error", [RecursionError("deep"), KeyError("/Kids"), AttributeError("x"), MemoryError()]
)
@pytest.mark.usefixtures("refused")
def test_whatever_the_second_reader_raises_becomes_one_typed_error(
    make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any, **__: Any) -> str:
        raise error

    monkeypatch.setattr(pypdf.PageObject, "extract_text", fail)
    with pytest.raises(UnreadableDocumentError, match=type(error).__name__) as caught:
        read_pdf(make_pdf("One."), "a.pdf")
    assert caught.value.__cause__ is error


@pytest.mark.usefixtures("refused")
def test_the_second_reader_keeps_the_limits(make_pdf: MakePdf) -> None:
    few = ReadOptions(limits=Limits(pages=1))
    with pytest.raises(HostileDocumentError, match="2 pages; 1 are allowed"):
        read_pdf(make_pdf("One.", "Two."), "a.pdf", few)
    with (
        pypdf.apply_configuration(zlib_maximum_output_length=50),
        pytest.raises(HostileDocumentError, match="more than its reader allows"),
    ):
        read_pdf(make_pdf("One. " * 30), "a.pdf")


@pytest.mark.usefixtures("refused")
def test_what_pypdf_had_to_mend_is_a_warning_and_not_noise(
    make_pdf: MakePdf, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = re.sub(rb"startxref\n\d+", b"startxref\n900", make_pdf("One."))
    document = read_pdf(broken, "a.pdf")
    assert document.text.strip() == "One."
    assert document.warnings[-1].startswith("the PDF reader remarked: ")
    assert capsys.readouterr() == ("", "")
    assert logging.getLogger("pypdf").handlers == []


def test_more_pages_than_allowed_are_refused_before_any_is_read(make_pdf: MakePdf) -> None:
    with pytest.raises(HostileDocumentError, match="3 pages; 2 are allowed"):
        read_pdf(make_pdf("", "", ""), "a.pdf", ReadOptions(limits=Limits(pages=2)))


def test_lines_end_in_line_feeds_and_hyphens_at_their_ends_stay(raw_pdf: MakePdf) -> None:
    data = raw_pdf(b"BT /F1 12 Tf 72 700 Td (some exam-) Tj 0 -14 Td (ple here) Tj ET", b"")
    document = read_pdf(data, "a.pdf", OFF)
    assert document.text == "some exam-\nple here\n"
    assert (document.pages[0].width, document.pages[0].height) == (612, 792)


def test_the_values_of_fields_are_text_of_their_page(draw_pdf: MakePdf) -> None:
    def form(canvas: Any) -> None:
        canvas.drawString(72, 700, "Name:")
        canvas.acroForm.textfield(name="n", value="Acme Corp", x=110, y=690, width=150, height=20)

    data = draw_pdf(form)
    document = read_pdf(data, "a.pdf", OFF)
    assert document.text == "Name:\nAcme Corp"
    assert (document.warnings, document.hidden) == ((), ())
    ((box,),) = rects(data, document, [Span(6, 15)], OFF)
    assert 110 <= box.left < box.right <= 260
    bare = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    bare.pages[0].pop("/Annots")
    out = io.BytesIO()
    bare.write(out)
    unshown = read_pdf(out.getvalue(), "a.pdf", OFF)
    assert unshown.text == "Name:"
    assert [(part.text, part.reason) for part in unshown.hidden] == [("Acme Corp", "form_value")]
    assert unshown.warnings == ("1 form values that no page shows were left out",)


def test_attachments_are_documents_and_scripts_are_never_run(
    make_pdf: MakePdf,
) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf("One.")))
    writer.add_attachment("../../etc/price list.txt", b"ten dollars")
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(key): value for key, value in script.items()}
    )
    out = io.BytesIO()
    writer.write(out)
    document = read_pdf(out.getvalue(), "a.pdf", OFF)
    assert document.text == "One."
    (attachment,) = document.attachments
    assert (attachment.name, attachment.size) == ("price list.txt", 11)
    assert attachment.sha256 == hashlib.sha256(b"ten dollars").hexdigest()
    assert attachment.document is not None
    assert attachment.document.text == "ten dollars"
    assert document.warnings == ("it holds JavaScript, which is ignored",)


def test_a_page_whose_stream_is_broken_is_unreadable_and_named(raw_pdf: MakePdf) -> None:
    lines = b"".join(b"(Clause %d of the agreement, as signed) Tj T* " % n for n in range(150))
    content = b"BT /F1 4 Tf 72 780 Td 4 TL " + lines + b"ET"
    sound = raw_pdf(content, content, compress=True)
    whole = read_pdf(sound, "a.pdf", OFF)
    assert (whole.warnings, whole.pages[1].kind) == ((), "text")
    damaged = bytearray(sound)
    middle = sound.rindex(b"stream\n", 0, sound.rindex(b"endstream")) + 300
    damaged[middle] ^= 0x10
    document = read_pdf(bytes(damaged), "a.pdf", OFF)
    assert [page.kind for page in document.pages] == ["text", "unreadable"]
    assert document.warnings == (
        "page 2: a part is broken: some of the text may be missing or wrong",
    )


def test_every_page_is_unreadable_where_broken_streams_can_be_tied_to_none(
    raw_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"BT /F1 4 Tf 72 780 Td 4 TL " + b"(As signed) Tj T* " * 150 + b"ET"
    damaged = bytearray(raw_pdf(content, content, compress=True))
    damaged[damaged.rindex(b"endstream") - 3] ^= 0x10

    def fail(*_: Any) -> Any:
        raise RecursionError("deep")

    monkeypatch.setattr(pypdf, "PdfReader", fail)
    document = read_pdf(bytes(damaged), "a.pdf", OFF)
    assert [page.kind for page in document.pages] == ["unreadable", "unreadable"]
    assert document.warnings == (
        "pages 1-2: a part is broken: some of the text may be missing or wrong",
        "attachments, form values and broken parts were not looked at (RecursionError: deep)",
    )


def test_glyph_numbers_and_undecoded_characters_are_not_taken_for_text(raw_pdf: MakePdf) -> None:
    shifted = "".join(
        chr(ord(c) - 29) if c.isalpha() else c
        for c in "this agreement is made between the parties hereto and shall be governed " * 4
    )
    soup = b"BT /F1 6 Tf 20 700 Td (%s) Tj ET" % re.sub(r"([()\\])", r"\\\1", shifted).encode()
    private = (
        b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <58> <E001> endbfchar"
    )
    strange = b"BT /F1 12 Tf 72 700 Td (XXXX in the text XXXX) Tj ET"
    for data, problem in (
        (raw_pdf(soup), "its font does not say"),
        (raw_pdf(strange, to_unicode=private), "could not be decoded"),
    ):
        document = read_pdf(data, "a.pdf", OFF)
        assert document.pages[0].kind == "unreadable"
        assert problem in document.warnings[0]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_damaged_pdf_is_read_or_refused_but_never_crashes(
    make_pdf: MakePdf, data: st.DataObject
) -> None:
    sound = make_pdf("First page.", "Second page.")
    damaged = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 12))):
        damaged[data.draw(st.integers(8, len(sound) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DocumentError):
        document = read_document(bytes(damaged))
        assert document.text == "\n".join(
            document.text[page.span.start : page.span.end] for page in document.pages
        )

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

from extractor.documents import read_document
from extractor.errors import DocumentError, EmptyDocumentError, UnreadableDocumentError

MakePdf = Callable[..., bytes]


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
    document = read_document(make_pdf("One.", "", "Three.", "", "", ""))
    assert [page.kind for page in document.pages] == [
        *("text", "empty", "text", "empty", "empty", "empty")
    ]
    assert document.warnings == ("pages 2, 4-6 have no text layer and were not read",)


def test_a_pdf_without_any_text_is_a_scan(make_pdf: MakePdf) -> None:
    with pytest.raises(EmptyDocumentError, match="2 pages and no text layer") as caught:
        read_document(make_pdf("", ""))
    assert "OCR" in str(caught.value.hint)


def encrypted(data: bytes, user_password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(user_password, owner_password="owner", algorithm="RC4-128")  # noqa: S106
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_with_a_password_says_so(make_pdf: MakePdf) -> None:
    with pytest.raises(UnreadableDocumentError, match="needs a password") as caught:
        read_document(encrypted(make_pdf("One."), "secret"))
    assert "password" in str(caught.value.hint)


def test_a_pdf_that_only_its_owner_may_change_is_read(make_pdf: MakePdf) -> None:
    assert read_document(encrypted(make_pdf("One."), "")).text.strip() == "One."


def test_a_truncated_pdf_is_an_error_and_keeps_the_cause(make_pdf: MakePdf) -> None:
    data = make_pdf("One.")
    with pytest.raises(UnreadableDocumentError, match="broken PDF") as caught:
        read_document(data[: len(data) // 4])
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize(
    "error", [RecursionError("deep"), KeyError("/Kids"), AttributeError("x"), MemoryError()]
)
def test_whatever_the_reader_raises_becomes_one_typed_error(
    make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any, **__: Any) -> str:
        raise error

    monkeypatch.setattr(pypdf.PageObject, "extract_text", fail)
    with pytest.raises(UnreadableDocumentError, match=type(error).__name__) as caught:
        read_document(make_pdf("One."))
    assert caught.value.__cause__ is error


def test_a_stream_that_unpacks_beyond_the_readers_limit_is_refused(make_pdf: MakePdf) -> None:
    compressed = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf("One. " * 15)))
    compressed.pages[0].compress_content_streams()
    out = io.BytesIO()
    compressed.write(out)
    with (
        pypdf.apply_configuration(zlib_maximum_output_length=50),
        pytest.raises(UnreadableDocumentError, match="more than its reader allows"),
    ):
        read_document(out.getvalue())


def test_an_empty_pdf_that_had_to_be_mended_says_both(make_pdf: MakePdf) -> None:
    broken = re.sub(rb"startxref\n\d+", b"startxref\n900", make_pdf(""))
    with pytest.raises(EmptyDocumentError, match="no text layer; the PDF reader remarked: "):
        read_document(broken)


def test_what_the_reader_had_to_mend_is_a_warning_and_not_noise(
    make_pdf: MakePdf, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = re.sub(rb"startxref\n\d+", b"startxref\n900", make_pdf("One."))
    document = read_document(broken)
    assert document.text.strip() == "One."
    assert len(document.warnings) == 1
    assert document.warnings[0].startswith("the PDF reader remarked: ")
    assert capsys.readouterr() == ("", "")
    assert logging.getLogger("pypdf").handlers == []


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

"""Whatever a file is, its reader ends with a document or a typed error."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extractor.documents.document import check_document
from extractor.documents.options import ReadOptions
from extractor.documents.readers import attachment, bare_name, reader_for
from extractor.documents.readers.docx import read_docx
from extractor.documents.readers.eml import read_eml
from extractor.documents.readers.html import read_html
from extractor.documents.readers.plain import read_plain
from extractor.documents.registry import Reader
from extractor.documents.sniff import DOCX, EML, HTML
from extractor.errors import DocumentError
from tests.documents.readers.docx.building import XMLNS
from tests.documents.readers.docx.test_package import with_document
from tests.documents.readers.docx.trap import TRAP

_TAGS = (
    *("<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<ol start=9>", "<li>"),
    *("<li value=-2>", "</ol>", "<pre>", "</pre>", "<hr>", "<div hidden>", "</div>", "a ", "&#x0;"),
    *("<select>", "<option selected>", "</select>", "<input value=9>", "<sup>", "</sup>", "<del>"),
    *("<p style='clip-path:inset(;transform:scale();margin:;color:hsl(1 2' >", "<textarea>"),
    *("<style>", "@media{", "}", "p{", "color:", "#fff}", "</style>", "<DOCUMENT>\n", "<TEXT>"),
)
_MARKUP = st.lists(st.sampled_from(_TAGS), max_size=40).map("".join)
_ELEMENTS = (
    *("<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>a</w:t>", "<w:tbl>", "</w:tbl>", "<w:tr>"),
    *("<w:fldChar w:fldCharType='begin'/>", "<w:fldChar w:fldCharType='end'/>", "<a:txBody>"),
    *("<mc:AlternateContent>", "</mc:AlternateContent>", "<mc:Fallback>", "</mc:Fallback>"),
    *("<w:txbxContent>", "</w:txbxContent>", "<v:textpath string='x'/>", "</a:txBody>"),
    *("</w:tr>", "<w:tc>", "</w:tc>", "<w:br w:type='page'/>", "<m:num>", "</m:num>"),
    *("<w:fldChar w:fldCharType='end'/>", "<w:sym w:char='zz'/>", "<w:txbxContent>"),
    *("</w:txbxContent>", "<w:footnoteReference w:id='1'/>", "<w:sectPr/>", "<w:sdt/>"),
)
_WORD = st.lists(st.sampled_from(_ELEMENTS), max_size=40)


def _balanced(pieces: list[str]) -> str:
    """Close what is open, and leave out what closes nothing: misplaced, but well-formed."""
    text, stack = "", list[str]()
    for piece in pieces:
        if piece.startswith("</"):
            if not stack or stack[-1] != piece[2:-1]:
                continue
            stack.pop()
        elif not piece.endswith("/>") and "</" not in piece:
            stack.append(piece[1:-1])
        text += piece
    return text + "".join(f"</{name}>" for name in reversed(stack))


def _ends_well(reader: Reader, data: bytes) -> bool:
    """Say whether a reader gives a sound document, or a typed error; any other error is raised."""
    try:
        document = reader(data, "file", ReadOptions())
    except DocumentError:
        return True
    return check_document(document) is document


@given(_MARKUP)
@settings(deadline=None)
def test_any_markup_is_read(markup: str) -> None:
    assert _ends_well(read_html, markup.encode())


@given(_WORD)
@settings(deadline=None)
def test_any_order_of_elements_is_read(pieces: list[str]) -> None:
    body = f"<w:document {XMLNS}><w:body>{_balanced(pieces)}</w:body></w:document>"
    assert _ends_well(read_docx, with_document(body))


@given(st.integers(0, len(TRAP) - 1), st.integers(1, 255))
@settings(deadline=None)
def test_a_damaged_word_file_ends_well(at: int, flip: int) -> None:
    damaged = bytearray(TRAP)
    damaged[at] ^= flip
    assert _ends_well(read_docx, bytes(damaged))
    assert _ends_well(read_docx, TRAP[:at])


@given(st.binary(max_size=400))
@example(b"Content-Type: multipart/mixed; boundary=\xff\n\n--\xff\n")
@example(b"Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n")
@example(b"Content-Type: text/html; charset=utf-7\n\n<p>+ADw-")
@example(b"From: =?utf-8?b?/////?= <\nDate: 99 Foo\nSubject: =?x?q?=ff?=\n\n\xff")
@settings(deadline=None)
def test_any_bytes_end_well(data: bytes) -> None:
    for reader in (read_docx, read_eml, read_html, read_plain):
        assert _ends_well(reader, data)
    assert _ends_well(read_eml, b"From: a@b.c\nMIME-Version: 1.0\n" + data)


@given(st.text())
def test_bare_names_never_lead_anywhere(name: str) -> None:
    bare = bare_name(name)
    assert bare
    assert len(bare) <= 255
    assert not set(bare) & set("/\\:\0\n")
    assert bare not in (".", "..")


@pytest.mark.parametrize("kind", [DOCX, HTML, EML, "text/plain"])
def test_readers_are_found_by_media_type(kind: str) -> None:
    assert reader_for(kind) is not None
    assert reader_for("image/png") is None


def test_an_attachment_that_nobody_reads_has_a_problem_instead_of_a_document() -> None:
    found = attachment(b"%!PS-Adobe\x00\x01\x02\x03", "a/b.ps", ReadOptions())
    assert found.name == "b.ps"
    assert found.document is None
    assert found.problem

import io
import zipfile
from dataclasses import replace

import pytest

from extractor.documents.options import Limits, ReadOptions
from extractor.documents.readers.docx import read_docx
from extractor.errors import (
    EmptyDocumentError,
    HostileDocumentError,
    UnreadableDocumentError,
)
from tests.documents.readers.docx.building import (
    XMLNS,
    docx,
    level,
    lists,
    numbered,
    paragraph,
    read,
)

_GOOD = paragraph("This Agreement")


def _limited(**limits: int) -> ReadOptions:
    return replace(ReadOptions(), limits=replace(Limits(), **limits))


def with_document(xml: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", xml)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (docx(_GOOD, {f"m{n}": b"" for n in range(20)}), _limited(entries=10)),
        (docx(_GOOD, {"big": bytes(5_000_000)}), ReadOptions()),
        (docx(_GOOD, {"big": bytes(50_000)}), _limited(unpacked=40_000)),
        (docx("<w:sdt>" * 300 + "</w:sdt>" * 300), ReadOptions()),
        (docx(_GOOD, {"../../etc/passwd": b"x"}), ReadOptions()),
        (docx(_GOOD, {"/word/x.xml": b"x"}), ReadOptions()),
        (docx(_GOOD, {"Word/Document.XML": b"x"}), ReadOptions()),
    ],
)
def test_what_passes_a_limit_or_plays_tricks_is_given_up(data: bytes, options: ReadOptions) -> None:
    with pytest.raises(HostileDocumentError):
        read_docx(data, "bad.docx", options)


def test_numbers_that_would_fill_the_memory_are_given_up() -> None:
    data = docx(numbered("x") * 1_000, numbering=lists(level(0, "n" * 10_000)))
    with pytest.raises(HostileDocumentError, match="more text than it may unpack"):
        read_docx(data, "bad.docx", _limited(unpacked=1_000_000))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY x "&a;&a;&a;">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_document_types_and_entities_are_refused(doctype: str) -> None:
    body = "<w:p><w:r><w:t>a&x;</w:t></w:r></w:p>" if "ENTITY" in doctype else _GOOD
    data = with_document(f"{doctype}<w:document {XMLNS}><w:body>{body}</w:body></w:document>")
    with pytest.raises(HostileDocumentError, match="declares a document type"):
        read_docx(data, "bad.docx", ReadOptions())


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 no archive",
        docx(_GOOD)[:-40],
        with_document("<w:document"),
        with_document(f"<w:document {XMLNS}/>"),
    ],
)
def test_broken_files_are_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableDocumentError):
        read_docx(data, "broken.docx", ReadOptions())


def test_a_flipped_byte_in_a_part_is_noticed() -> None:
    data = bytearray(with_document(f"<w:document {XMLNS}><w:body>{_GOOD}</w:body></w:document>"))
    data[data.index(b"Agreement")] ^= 0x20
    with pytest.raises(UnreadableDocumentError, match="can't be unpacked"):
        read_docx(bytes(data), "flipped.docx", ReadOptions())


def test_a_document_without_text_is_empty_and_says_what_it_holds() -> None:
    picture = '<w:r><w:drawing><a:graphic><a:graphicData uri="http://x/picture"/></a:graphic></w:drawing></w:r>'
    with pytest.raises(EmptyDocumentError) as caught:
        read(paragraph(picture))
    assert caught.value.hint == "Left out: pictures (1)"


def test_macros_embedded_files_and_links_outside_are_told() -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" TargetMode="External" Type="http://x/attachedTemplate" '
        'Target="http://127.0.0.1:9/t.dotm"/><Relationship Id="b" Type="http://x/footnotes" '
        'Target="../../../etc/passwd"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {XMLNS}><w:body>{_GOOD}</w:body></w:document>"
        )
        archive.writestr("word/_rels/document.xml.rels", rels)
        archive.writestr("word/vbaProject.bin", b"macro")
        archive.writestr("word/embeddings/oleObject1.bin", b"ole")
    document = read_docx(out.getvalue(), "x.docx", ReadOptions())
    assert document.text == "This Agreement"
    assert document.warnings == (
        "Its macros were ignored",
        "Files embedded in it were not read: 1",
        "Links to files outside were not followed: 2 (attachedTemplate, footnotes)",
    )


def test_a_strict_file_reads_as_a_transitional_one() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = paragraph("Fee", '<w:r><w:rPr><w:vanish w:val="true"/></w:rPr><w:t>no</w:t></w:r>')
    xml = f"<w:document {XMLNS}><w:body>{body}</w:body></w:document>".replace(transitional, strict)
    document = read_docx(with_document(xml), "strict.docx", ReadOptions())
    assert document.text == "Fee"
    assert len(document.hidden) == 1

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.documents import sniff
from extractor.documents.sniff import DOCX, EML, HTML, NAMES, PDF, TEXT, media_type

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
MAIL = b"From: Ada <ada@example.com>\r\nTo: bror@example.com\r\nMIME-Version: 1.0\r\n\r\nSigned."


def zipped(*members: str, inner: bytes = b"x", comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member in members:
            archive.writestr(member, inner)
        archive.comment = comment
    return out.getvalue()


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", PDF),
        (b"\r\njunk" * 100 + b"%PDF-1.4", PDF),
        (zipped("[Content_Types].xml", "word/document.xml"), DOCX),
        (zipped("word/document2.xml"), DOCX),
        (zipped("word/document.xml", comment=b"x" * 60_000), DOCX),
        (zipped("word/document.xml")[:60], DOCX),
        (zipped("xl/workbook.xml"), XLSX),
        (zipped("ppt/presentation.xml"), PPTX),
        (zipped("Index/Document.iwa"), "application/vnd.apple.pages"),
        (zipped("deal.txt"), "application/zip"),
        (zipped(), "application/zip"),
        (OLE, "application/x-ole-storage"),
        (OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
        (OLE + "__substg1.0_001A001F".encode("utf-16-le"), "application/vnd.ms-outlook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), sniff.ENCRYPTED_OFFICE),
        (b"{\\rtf1\\ansi This Agreement}", "application/rtf"),
        (b"\xffWPC\x10\x00\x00\x00", "application/vnd.wordperfect"),
        (b"%!PS-Adobe-3.0\n", "application/postscript"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0..JFIF", "image/jpeg"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", "image/bmp"),
        (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (b"deal.txt".ljust(257, b"\0") + b"ustar\x0000", "application/x-tar"),
        (b"<!DOCTYPE html><p>This Agreement", HTML),
        (b"\xef\xbb\xbf  <HTML><body>", HTML),
        ("<html><p>This Agreement".encode("utf-16"), HTML),
        (b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', HTML),
        (b"<DOCUMENT>\n<TYPE>EX-10.1\n<TEXT>\n<HTML>\n<p>This", HTML),
        (b"-----BEGIN PRIVACY-ENHANCED MESSAGE-----\n" + b"Key: x\n" * 900 + b"<html>", HTML),
        (b"<div>This Agreement</div>", HTML),
        (b"<strong>This</strong> Agreement", HTML),
        (b"<section id='1'><h1>Lease</h1>", HTML),
        (b'<a name="top"></a><p>Lease</p>', HTML),
        (b"<hr><p>Lease</p>", HTML),
        (b"<HR SIZE=1 NOSHADE>Lease", HTML),
        (b"<br/>Lease", HTML),
        (b"<!-- made by x -->\n<!-- y --> <p>Lease</p>", HTML),
        (b"<!-- made by x -->This <b>Lease</b></p>", HTML),
        (b"<!-- never ends", HTML),
        (b"<!-- draft -->\n1. Term. Two years.\n\n2. Rent.\n", TEXT),
        (b"<!-- draft -->\n# Lease\n\n<p>Rent</p>\n", TEXT),
        (b"<!-- draft -->\n<Party A> sells.", TEXT),
        (b'<a id="top"></a>\n\n# Lease\n', TEXT),
        (b"<p align=center>draft</p>\n\n## 1. Term\n", TEXT),
        (b"<Section 1> The Tenant", TEXT),
        (b"<A> sells to <B>.", TEXT),
        (b'<?xml version="1.0"?><contract/>', "application/xml"),
        (b"<DOCUMENT>\n<TYPE>EX-10\n<TEXT>\n<PAGE>\nThis Agreement", HTML),
        (b"<Party A> sells.", TEXT),
        (MAIL, EML),
        (b"From ada Mon Nov 23 2026\n" + MAIL.replace(b"\r\n", b"\n"), EML),
        (b"Received: by mx;\r\n\tMon, 23 Nov\r\nFrom: x\r\n\r\n", EML),
        (b"From: Ada\nTo: Bror\nDate: today\nRe: the deal\n\nThe parties agree.", TEXT),
        (b"Date: 1 May\nTo: Acme\nFrom: Beta\n\nMIME-Version: 1.0 is agreed.", TEXT),
        (b"To: Acme\nContent-Type: goods\n\nThe parties agree.", TEXT),
        (b"MIME-Version: 1.0 is what the Supplier delivers.\n\nIt pays.", TEXT),
        (b"BMW sells a car.", TEXT),
        (b"This Agreement begins with <html>.", TEXT),
        (b"", TEXT),
    ],
)
def test_the_first_bytes_tell_the_kind(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"X-Spam_score: -2.9\r\nFrom: x\r\nMIME-Version: 1.0\r\n",
        b"From: x\r\nSubject: Lease\r\n \r\nMIME-Version: 1.0\r\n",
        b"From: x\r\nReceived: by mx;\r\n\t\r\n\tMon\r\n",
        b"From: x\r\nMIME-Version: 1.0\r\n  ",
        b"To: y\r\nX-Unsent: 1\r\nMIME-Version: 1.0\r\n",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=b\r\n",
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\r\n"])
def test_mails_drafts_and_web_pages_in_one_file_are_known_by_their_heads(
    mark: bytes, head: bytes
) -> None:
    assert media_type(mark + head + b"\r\nSigned.") == EML


@pytest.mark.parametrize("part", [b"<!--", b"<!-- -->", b"<a ", b"<a b=", b"#", b"</p "])
def test_tags_without_end_have_a_kind_in_time(part: bytes) -> None:
    assert media_type(b"<" + part * 100_000) in (HTML, TEXT)
    assert media_type(part * 100_000) in (HTML, TEXT)


def test_an_archive_of_contracts_is_an_archive_and_no_contract() -> None:
    assert media_type(zipped("deal.docx", inner=zipped("word/document.xml"))) == "application/zip"


@given(st.binary(max_size=400) | st.binary(max_size=50).map(lambda data: b"PK\x03\x04" + data))
def test_any_bytes_have_a_kind_with_a_name(data: bytes) -> None:
    assert media_type(data) in NAMES


@pytest.mark.parametrize("tag", [b"<DOCUMENT>", b"<SEC-DOCUMENT>0001.txt"])
def test_a_filing_is_html_even_if_its_first_page_is_plain(tag: bytes) -> None:
    assert media_type(tag + b"\n<TYPE>EX-10\n<TEXT>\n" + b"Lease\n" * 20_000) == HTML

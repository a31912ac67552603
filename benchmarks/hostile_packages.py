"""Word, web, mail and text files that are broken or made to do harm; none is stored."""

from __future__ import annotations

import base64
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.hostile_pdfs import MEGABYTE, plain_pdf

SENTENCE = "The Tenant shall pay the rent on the first business day of each month."
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
    f'ContentType="application/xml"/><Default Extension="rels" '
    f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)


def _relations(target: str, kind: str = "officeDocument", mode: str = "Internal") -> str:
    return (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_R}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def body(inner: str = "", *, before: str = "") -> str:
    text = paragraph(SENTENCE) * 3 + inner
    return f"{_XML}{before}<w:document {_W}><w:body>{text}</w:body></w:document>"


def docx(
    document: str | None = None, *, more: list[tuple[str, str | bytes]] | None = None
) -> bytes:
    """Return a Word file with that main part (a good one by default) and further members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _CONTENT_TYPES)
        package.writestr("_rels/.rels", _relations("word/document.xml"))
        package.writestr("word/document.xml", body() if document is None else document)
        for name, content in more or []:
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def large_member(name: str, size: int) -> bytes:
    """Return a Word file one of whose members, perhaps its main part, unpacks to `size` blanks."""
    out, blanks = io.BytesIO(), b" " * MEGABYTE
    head, tail = body().encode().split(b"<w:body>")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _CONTENT_TYPES)
        package.writestr("_rels/.rels", _relations("word/document.xml"))
        if name != "word/document.xml":
            package.writestr("word/document.xml", body())
        with package.open(name, "w", force_zip64=True) as member:
            member.write(head + b"<w:body>")
            for _ in range(size // MEGABYTE):
                member.write(blanks)
            member.write(tail)
    return out.getvalue()


def overlapping(count: int) -> bytes:
    """Return a package whose directory names one large member over and over.

    What it unpacks to is many times what any single member's ratio tells.
    """
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b" " * 20 * MEGABYTE
    packed = raw.compress(content) + raw.flush()
    facts = (zlib.crc32(content), len(packed), len(content))
    out = bytearray(struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 33, *facts, 17, 0))
    out += b"word/document.xml" + packed
    start = len(out)
    for number in range(count):
        name = b"word/document.xml" if not number else b"word/%011d" % number
        out += struct.pack(
            "<IHHHHHHIIIHHHHHII",
            *(0x02014B50, 20, 20, 0, 8, 0, 33, *facts, len(name), 0, 0, 0, 0, 0, 0),
        )
        out += name
    size = len(out) - start
    out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, start, 0)
    return bytes(out)


def nested_packages(depth: int) -> bytes:
    inner = docx()
    for number in range(depth):
        inner = docx(more=[(f"word/embeddings/{number}.docx", inner)])
    return inner


def entity_bomb(head: str = "document") -> str:
    """Return a document type whose last entity is ten to the tenth laughs."""
    entities = '<!ENTITY a0 "laugh">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11)
    )
    return f"<!DOCTYPE {head} [{entities}]>"


def external_entity(target: str) -> bytes:
    kind = f'<!DOCTYPE x [<!ENTITY secret SYSTEM "{target}">]>'
    return docx(body(paragraph("&secret;"), before=kind))


def with_a_duplicate() -> bytes:
    """Return a Word file with two main parts of one name: readers differ in which one they show."""
    whole = docx(more=[("word/documenu.xml", body(paragraph("A second text.")))])
    return whole.replace(b"word/documenu.xml", b"word/document.xml")


def without_main_part() -> bytes:
    return docx().replace(b"word/document.xml", b"word/documemt.xml")


def html(inner: str, head: str = "") -> bytes:
    text = f"<p>{SENTENCE}</p>" * 3
    return f"<!DOCTYPE html>{head}<html><body>{text}{inner}</body></html>".encode()


def mail(content: bytes = b"", headers: bytes = b"") -> bytes:
    kind = b"" if b"Content-Type" in headers else b"Content-Type: text/plain; charset=utf-8\r\n"
    head = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: Lease\r\nMIME-Version: 1.0\r\n"
    return head + headers + kind + b"\r\n" + (content or SENTENCE.encode()) + b"\r\n"


def nested_mails(depth: int) -> bytes:
    return mail(headers=b"Content-Type: message/rfc822\r\n\r\n" * depth)


def mail_with(*files: tuple[str, bytes], closed: bool = True) -> bytes:
    """Return a mail with a line of text and these files attached."""
    parts = [b"--x\r\nContent-Type: text/plain\r\n\r\n" + SENTENCE.encode() + b"\r\n"]
    for name, data in files:
        disposition = f'Content-Disposition: attachment; filename="{name}"\r\n'
        kind = b"--x\r\nContent-Type: application/octet-stream\r\n"
        coding = b"Content-Transfer-Encoding: base64\r\n\r\n"
        parts += [kind, disposition.encode(), coding, base64.encodebytes(data)]
    end = b"--x--\r\n" if closed else b""
    return mail(b"".join(parts) + end, b'Content-Type: multipart/mixed; boundary="x"\r\n')


def documents() -> Iterator[tuple[str, Callable[[], bytes], bool, int]]:
    """Give the Word files as `hostile_pdfs.cases` does."""
    slow, quick, least = False, True, 3 * len(SENTENCE)
    yield (
        "main-part-of-800-mb.docx",
        partial(large_member, "word/document.xml", 800 * MEGABYTE),
        slow,
        0,
    )
    yield "media-of-800-mb.docx", partial(large_member, "word/a.bin", 800 * MEGABYTE), slow, 0
    members: list[tuple[str, str | bytes]] = [(f"word/{n}.xml", "") for n in range(70_000)]
    yield "70000-members.docx", partial(docx, more=members), slow, 0
    yield "nested-packages.docx", partial(nested_packages, 40), quick, 0
    yield "overlapping-members.docx", partial(overlapping, 2_000), quick, 0
    for name, target in {"file": "file:///etc/passwd", "net": "http://127.0.0.1:9/a"}.items():
        yield f"external-entity-{name}.docx", partial(external_entity, target), quick, 0
    yield (
        "entity-bomb.docx",
        lambda: docx(body(paragraph("&a10;"), before=entity_bomb("w:document"))),
        quick,
        0,
    )
    depth = 100_000
    deep = "<w:sdt><w:sdtContent>" * depth + "</w:sdtContent></w:sdt>" * depth
    yield "deep-xml.docx", lambda: docx(body(deep)), slow, 0
    yield (
        "external-template.docx",
        lambda: docx(
            more=[
                (
                    "word/_rels/document.xml.rels",
                    _relations("http://127.0.0.1:9/evil.dotm", "attachedTemplate", "External"),
                )
            ]
        ),
        quick,
        least,
    )
    yield (
        "members-outside.docx",
        lambda: docx(more=[("/etc/cron.d/now", "x"), ("../../../tmp/out", "x"), ("C:\\a", "x")]),
        quick,
        least,
    )
    yield "two-main-parts.docx", with_a_duplicate, quick, least
    yield "no-main-part.docx", without_main_part, quick, 0
    yield "truncated.docx", lambda: docx()[:-60], quick, 0
    yield "flipped.docx", lambda: docx().replace(b"PK\x03\x04", b"PK\x03\x05"), quick, 0


def others() -> Iterator[tuple[str, Callable[[], bytes], bool, int]]:
    """Give the web pages, mails and texts as `hostile_pdfs.cases` does."""
    slow, quick, least = False, True, 3 * len(SENTENCE)
    yield "a-million-divs.html", lambda: html("<div>" * 1_000_000), slow, 0
    yield "huge-attribute.html", lambda: html(f'<p title="{"a" * 20 * MEGABYTE}">x'), slow, 0
    yield "entity-storm.html", lambda: html("&lt;&#8217;" * 500_000), slow, least
    yield "entity-bomb.html", lambda: html("&a10;", entity_bomb("html")), quick, 0
    yield (
        "external-entity.xhtml",
        lambda: html("&s;", '<!DOCTYPE html [<!ENTITY s SYSTEM "file:///etc/passwd">]>'),
        quick,
        0,
    )
    yield (
        "script.html",
        lambda: html(
            "<script>document.write(1)</script><iframe src='file:///etc/passwd'></iframe>"
            "<img src='http://127.0.0.1:9/a.png'><meta http-equiv=refresh content='0;url=/'>"
        ),
        quick,
        least,
    )
    yield "1000-mails-within.eml", partial(nested_mails, 1_000), quick, 0
    yield "open-boundary.eml", partial(mail_with, ("a.txt", b"Annex"), closed=False), quick, 0
    yield (
        "no-boundary.eml",
        lambda: mail(b"--y\r\n\r\ntext", b"Content-Type: multipart/mixed\r\n"),
        quick,
        0,
    )
    yield (
        "huge-header.eml",
        lambda: mail(headers=b"X-A: " + b"a" * 20 * MEGABYTE + b"\r\n"),
        slow,
        0,
    )
    yield "a-million-headers.eml", lambda: mail(headers=b"X-A: b\r\n" * 1_000_000), slow, 0
    yield (
        "base64-rubbish.eml",
        lambda: mail(
            b"=\xff!!A===B" * 999,
            b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n",
        ),
        quick,
        least,
    )
    files = [("../../etc/passwd.pdf", plain_pdf(1)), ("/etc/a.txt", b"Annex"), ("..\\b", b"Annex")]
    yield "attachments-with-paths.eml", partial(mail_with, *files), quick, len(SENTENCE)
    yield "5000-attachments.eml", partial(mail_with, *[("a.txt", b"Annex")] * 5_000), slow, 0
    bomb = partial(large_member, "word/document.xml", 400 * MEGABYTE)
    yield "bomb-attached.eml", lambda: mail_with(("a.docx", bomb())), slow, len(SENTENCE)
    yield "nul-bytes.txt", lambda: b"\x00" * 10_000, quick, 0
    yield "half-characters.txt", lambda: b"\xff\xfe" + b"A\x00\x00\xd8" * 500, quick, 0
    yield "one-line-of-50-mb.txt", lambda: b"rent " * (10 * MEGABYTE), slow, 0
    yield "combining-marks.txt", ("\u0301" * 100_000).encode, quick, 0
    yield "noise.bin", lambda: random.Random(7).randbytes(100_000), quick, 0
    yield "no-bytes.pdf", lambda: b"", quick, 0
    yield "blanks.txt", lambda: b" \r\n" * 1_000, quick, 0
    yield "a-pdf-called.docx", plain_pdf, quick, 0
    yield "a-word-file-called.pdf", docx, quick, 0
    yield "a-web-page-called.txt", partial(html, ""), quick, 0

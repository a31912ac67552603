"""The kind of a file by its first bytes, never by its name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

PDF = "application/pdf"
TEXT = "text/plain"
HTML = "text/html"
EML = "message/rfc822"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENCRYPTED_OFFICE = "application/x-ole-encrypted-package"

NAMES: Mapping[str, str] = {
    PDF: "a PDF",
    TEXT: "a text",
    HTML: "an HTML file",
    EML: "an e-mail (EML)",
    DOCX: "a Word file (DOCX)",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "an Excel file (XLSX)",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (
        "a PowerPoint file (PPTX)"
    ),
    "application/vnd.oasis.opendocument.text": "an OpenDocument text (ODT)",
    "application/msword": "an old Word file (DOC)",
    "application/vnd.ms-excel": "an old Excel file (XLS)",
    "application/vnd.ms-powerpoint": "an old PowerPoint file (PPT)",
    "application/vnd.ms-outlook": "an Outlook message (MSG)",
    "application/x-ole-storage": "an old Microsoft Office file",
    ENCRYPTED_OFFICE: "an encrypted Office file",
    "application/ms-tnef": "an Outlook package (winmail.dat)",
    "application/vnd.wordperfect": "a WordPerfect file (WPD)",
    "application/vnd.apple.pages": "a file of Apple's Pages, Numbers or Keynote",
    "application/postscript": "a PostScript file",
    "application/rtf": "an RTF file",
    "application/xml": "an XML file",
    "application/zip": "a ZIP archive",
    "application/gzip": "a gzip archive",
    "application/x-7z-compressed": "a 7z archive",
    "application/vnd.rar": "a RAR archive",
    "application/x-bzip2": "a bzip2 archive",
    "application/x-xz": "an XZ archive",
    "application/x-tar": "a tar archive",
    "image/png": "a PNG image",
    "image/jpeg": "a JPEG image",
    "image/gif": "a GIF image",
    "image/tiff": "a TIFF image",
    "image/webp": "a WebP image",
    "image/bmp": "a BMP image",
    "image/heic": "a HEIC image",
}
"""What people call each media type that `media_type` returns."""

ARCHIVES = frozenset(kind for kind, name in NAMES.items() if name.endswith("archive"))

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xffWPC", "application/vnd.wordperfect"),
    (0, b"%!PS", "application/postscript"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (0, b"\x89PNG\r\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBPVP8", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"BZh91AY&SY", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (257, b"ustar", "application/x-tar"),
)
_BMP = re.compile(rb"BM.{4}\x00{4}.{4}[\x0c\x28\x40\x6c\x7c]\x00{3}", re.DOTALL)
"""The two letters alone begin many a text; the reserved and size fields tell a picture."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("__substg1.0_", "application/vnd.ms-outlook"),
    ("WordDocument", "application/msword"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("Workbook", "application/vnd.ms-excel"),
)
"""Names in the directory of a compound file ([MS-CFB] 2.6.1), in UTF-16; the first one decides."""

_ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_MEMBERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"word/document\d*\.xml"), DOCX),
    (
        re.compile(rb"xl/workbook\.(?:xml|bin)"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        re.compile(rb"ppt/presentation\.xml"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    (re.compile(rb"Index/Document\.iwa"), "application/vnd.apple.pages"),
)
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_ZIP_END = 22
_ZIP_COMMENT = 65_535
"""The end record of a ZIP file has 22 bytes and a comment of at most these (APPNOTE 4.3.16)."""

_PDF_HEAD = 1024
"""A PDF's header may follow this many bytes of junk (ISO 32000, implementation notes)."""

_HEAD = 65_536
"""EDGAR puts a header of some kilobytes before `<html>`."""

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FRAGMENT = re.compile(
    rb"<(?:(?:p|div|span|table|center|font|title|meta|style|h[1-6]|b|ul|ol)\b"
    rb"|a\s+[a-z:-]+\s*=[^<>]*>"
    rb"|(?:article|big|blockquote|br|em|form|header|hr|i|img|li|link|main|nav|pre|section|small"
    rb"|strong|sup|td|tr|u)(?:\s+[a-z:-]+\s*=[^<>]*|\s*/?)>)",
    re.IGNORECASE,
)
"""What a page without a head begins with; a text may begin with `<Section 1>` or `<A>` too."""

_COMMENTS = re.compile(rb"(?:<!--(?:(?!-->).)*-->\s*)+", re.DOTALL)
_BLOCK_ENDS = re.compile(rb"</(?:p|div|table|td|h[1-6])\s*>", re.IGNORECASE)
_MARKDOWN = re.compile(rb"^#{1,6} \S", re.MULTILINE)
_SUBMISSION = re.compile(rb"<(?:SEC-)?DOCUMENT>", re.IGNORECASE)
_EDGAR = b"-----BEGIN PRIVACY-ENHANCED MESSAGE-----"
_HEADER = re.compile(rb"([!-9;-~]+):|[ \t]")
"""A header's name (RFC 5322, 3.6.8), or a line that goes on with the header before it."""

_OF_MAIL = frozenset(
    {b"message-id", b"received", b"mime-version", b"return-path", b"dkim-signature"}
)
"""Headers that a mail has and a memorandum ("From: ... To: ...") has not."""

_UNSENT = frozenset({b"content-type", b"x-unsent"})
"""Those beside `MIME-Version` of what nobody has sent: drafts, and web pages in a single file."""


def media_type(data: bytes) -> str:
    """Return a file's media type, one of `NAMES`; what is nothing else is a text, or else rubbish.

    >>> media_type(b"%PDF-1.7"), media_type(b"This Agreement"), media_type(b"<!DOCTYPE html>")
    ('application/pdf', 'text/plain', 'text/html')
    """
    for at, magic, kind in _MAGIC:
        if data.startswith(magic, at):
            return kind
    if data.startswith(_ZIP_HEADS):
        return _of_zip(data)
    if data.startswith(_OLE):
        return _of_compound(data)
    if b"%PDF-" in data[: _PDF_HEAD + 5]:
        return PDF
    if _BMP.match(data):
        return "image/bmp"
    return _of_text(data[:_HEAD])


def _of_zip(data: bytes) -> str:
    """Look at the names in the archive's own directory, not at those of archives within it."""
    if _ODT in data[:256]:
        return "application/vnd.oasis.opendocument.text"
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - _ZIP_END - _ZIP_COMMENT))
    size = int.from_bytes(data[end + 12 : end + 16], "little") if end >= 0 else len(data)
    names = data[max(0, end - size) : end] if end >= 0 else data  # cut off: any name will do
    return next((kind for name, kind in _ZIP_MEMBERS if name.search(names)), "application/zip")


def _of_compound(data: bytes) -> str:
    return next(
        (kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in data),
        "application/x-ole-storage",
    )


def _of_text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    head = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith((b"<", _EDGAR)):
        if _PAGE.search(head) or _SUBMISSION.match(head):
            return HTML
        if head.startswith(b"<?xml"):
            return "application/xml"
        return HTML if _is_fragment(head) else TEXT
    return EML if _is_mail(head) else TEXT


def _is_fragment(head: bytes) -> bool:
    """Say whether a text is a page without a head: Markdown too begins with comments and tags."""
    if _MARKDOWN.search(head):
        return False
    if not head.startswith(b"<!--"):
        return _FRAGMENT.match(head) is not None
    comments = _COMMENTS.match(head)
    rest = head[comments.end() :] if comments else head
    if rest.startswith(b"<"):
        return comments is None or _FRAGMENT.match(rest) is not None
    return _BLOCK_ENDS.search(rest) is not None


def _is_mail(head: bytes) -> bool:
    """Say whether a text begins with the header fields of a mail (RFC 5322, 2.2)."""
    names: set[bytes] = set()
    before = b""
    lines = head.splitlines()
    if lines and lines[0].startswith(b"From "):  # as mailbox files separate mails
        lines = lines[1:]
    for line in lines:
        found = _HEADER.match(line)
        if found is None:
            return not (line and before.strip()) and _are_of_mail(names)
        if found[1]:
            names.add(found[1].lower())
        before = line
    return False


def _are_of_mail(names: set[bytes]) -> bool:
    if b"from" in names and not names.isdisjoint(_OF_MAIL):
        return True
    return b"mime-version" in names and not names.isdisjoint(_UNSENT)

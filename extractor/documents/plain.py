"""Text files of unknown encoding, and the text of all readers made safe to encode."""

from __future__ import annotations

import codecs
import hashlib
import re

from extractor.documents.document import Document, Page, has_text
from extractor.errors import EmptyDocumentError, UnreadableDocumentError
from extractor.types import Span

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_MARKUP = re.compile(rb"<(?:!doctype html|html|body|\?xml)\b", re.IGNORECASE)
_MARKUP_HEAD = 4096
"""EDGAR puts a header of some hundred bytes before `<html>`."""


def clean(text: str) -> str:
    """Remove NULs and replace lone surrogates by U+FFFD, so that the text can always be encoded."""
    paired = text.replace("\x00", "").encode("utf-16-le", "surrogatepass")
    return paired.decode("utf-16-le", "replace")


def from_text(text: str, source: str) -> Document:
    """Make a document of a contract's text; its bytes are taken to be UTF-8."""
    text = clean(text)
    return _document(text, text.encode(), source)


def read_plain(data: bytes, source: str) -> Document:
    """Decode a text file: its byte order mark decides, else UTF-8, else cp1252 with a warning.

    Raises:
        UnreadableDocumentError: the bytes are no text.
        EmptyDocumentError: nothing in them that can be seen.
    """
    text, warnings = _decode(data, source)
    return _document(text, data, source, warnings)


def markup_kind(data: bytes) -> str | None:
    """Tell HTML and XML, which are text to look at but not to read, from plain text."""
    head = (
        data[:_MARKUP_HEAD].removeprefix(codecs.BOM_UTF8).replace(b"\x00", b"").lstrip(b"\xff\xfe")
    )
    found = _MARKUP.search(head) if head.lstrip().startswith(b"<") else None
    if found is None:
        return None
    return "an XML file" if found[0].startswith(b"<?") else "an HTML file"


def _document(text: str, data: bytes, source: str, warnings: tuple[str, ...] = ()) -> Document:
    if not has_text(text):
        raise EmptyDocumentError(f"{source} holds no text, only blank or invisible characters")
    return Document(
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        source=source,
        media_type="text/plain",
        pages=(Page(1, Span(0, len(text))),),
        warnings=warnings,
    )


def _decode(data: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_as("utf-16", data, source), ()
    try:
        return _decode_as("utf-8-sig", data, source), ()
    except UnreadableDocumentError:
        pass  # not UTF-8: what Windows wrote before
    return _decode_as("cp1252", data, source), (f"{source} is not UTF-8; it was read as cp1252",)


def _decode_as(encoding: str, data: bytes, source: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text(source) from error
    if "\x00" in text or len(_CONTROLS.findall(text)) > len(text) / 100:
        raise _no_text(source)
    return text


def _no_text(source: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        f"{source} is neither a PDF nor text",
        hint="PDF and plain text (txt, md) can be read; text in UTF-8, UTF-16 with a byte order "
        "mark, or cp1252.",
    )

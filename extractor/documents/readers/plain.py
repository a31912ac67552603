"""Text files of unknown encoding."""

from __future__ import annotations

import codecs
import re

from extractor.documents.document import Document
from extractor.documents.invisible import hidden_warning, invisible_in, without_invisible
from extractor.documents.line_ends import pages_of, without_lone_returns
from extractor.documents.options import ReadOptions
from extractor.documents.plain import as_document
from extractor.errors import UnreadableDocumentError
from extractor.plurals import counted

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_LOST = "\ufffd"
"""What stands for bytes that mean nothing in an encoding."""


def read_plain(data: bytes, source: str, options: ReadOptions) -> Document:
    """Decode a text file: its byte order mark decides, else UTF-8, else cp1252 with a warning.

    Single bytes that an encoding has not don't decide, and are U+FFFD. Invisible marks are hidden
    text.

    Raises:
        UnreadableDocumentError: the bytes are no text.
        EmptyDocumentError: nothing in them that can be seen.
    """
    text, warnings = _decode(data, source)
    if "\x00" in text or len(_CONTROLS.findall(text)) > len(text) / 100:
        raise _no_text(source)
    text = without_lone_returns(text)
    marks = tuple(
        mark
        for page in pages_of(text)
        for mark in invisible_in(text[page.span.start : page.span.end], page.number)
    )
    warnings = (*hidden_warning(marks, taken=options.hidden), *warnings)
    text = text if options.hidden else without_invisible(text)
    return as_document(text, data, source, warnings, marks)


def _decode(data: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of some bytes, with a warning where they are no sound Unicode."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError as error:
            raise _no_text(source) from error
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass  # broken, or what Windows wrote before
    text = data.decode("utf-8-sig", "replace")
    lost = text.count(_LOST) - data.count(_LOST.encode())
    continued = len(text.encode()) - len(text) - 2 * lost  # bytes that only UTF-8 puts there
    if continued > lost or data.startswith(codecs.BOM_UTF8):
        told = f"{source} is UTF-8, but for {counted(lost, 'character')} that could not be read"
        return text, (told,)
    text = data.decode("cp1252", "replace")
    lost = text.count(_LOST)
    if lost and 2 * sum(map(str.isascii, text)) < len(text):
        raise _no_text(source)  # cp1252 writes languages that are ASCII for the most part
    unread = f", but for {counted(lost, 'character')} that could not be read" if lost else ""
    return text, (f"{source} is not UTF-8; it was read as cp1252{unread}",)


def _no_text(source: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        f"{source} is no text, nor of any kind that can be read",
        hint="PDF, DOCX, HTML, EML and plain text (txt, md) can be read; text in UTF-8, UTF-16 "
        "with a byte order mark, or cp1252.",
    )

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

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")


def read_plain(data: bytes, source: str, options: ReadOptions) -> Document:
    """Decode a text file: its byte order mark decides, else UTF-8, else cp1252 with a warning.

    Invisible marks are hidden text.

    Raises:
        UnreadableDocumentError: the bytes are no text.
        EmptyDocumentError: nothing in them that can be seen.
    """
    text, warnings = _decode(data, source)
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
        f"{source} is no text, nor of any kind that can be read",
        hint="PDF, DOCX, HTML, EML and plain text (txt, md) can be read; text in UTF-8, UTF-16 "
        "with a byte order mark, or cp1252.",
    )

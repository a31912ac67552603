"""A text as a document, and the text of all readers made safe to encode."""

from __future__ import annotations

import hashlib

from extractor.documents.document import Document, Hidden, has_text
from extractor.documents.invisible import hidden_warning, invisible_in
from extractor.documents.line_ends import pages_of, without_lone_returns
from extractor.documents.sniff import TEXT
from extractor.errors import EmptyDocumentError


def clean(text: str) -> str:
    """Remove NULs and replace lone surrogates by U+FFFD, so that the text can always be encoded."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def from_text(text: str, source: str) -> Document:
    """Make a document of a contract's text; its bytes are taken to be UTF-8.

    The text is kept as it was given, but for returns alone, which are line ends as in files; a
    warning tells of invisible marks in it.
    """
    text = clean(text)
    warnings = hidden_warning(invisible_in(text), taken=True)
    return as_document(without_lone_returns(text), text.encode(), source, warnings)


def as_document(
    text: str,
    data: bytes,
    source: str,
    warnings: tuple[str, ...] = (),
    hidden: tuple[Hidden, ...] = (),
) -> Document:
    """Make a document of the text that a file's bytes say.

    Form feeds and lines with `<PAGE>` divide its pages, and stay in it.

    Raises:
        EmptyDocumentError: nothing in it that can be seen.
    """
    if not has_text(text):
        raise EmptyDocumentError(f"{source} holds no text, only blank or invisible characters")
    return Document(
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        source=source,
        media_type=TEXT,
        pages=pages_of(text),
        warnings=warnings,
        hidden=hidden,
    )

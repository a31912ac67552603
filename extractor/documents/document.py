"""A document as text whose every character knows its page."""

from __future__ import annotations

import bisect
import unicodedata
from dataclasses import dataclass
from typing import Literal

from extractor.errors import DocumentError, EmptyDocumentError
from extractor.types import Span, sized

_INKLESS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffd")
"""Letters and signs in name only: Hangul fillers, the blank Braille cell, the replacement mark."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page's range in the text; `number` counts from 1.

    `kind` is `empty` for a page without a text layer.
    """

    number: int
    span: Span
    kind: Literal["text", "empty"] = "text"


@dataclass(frozen=True, slots=True)
class Document:
    """Immutable raw text with pages. All offsets anywhere are code points of `text`.

    `sha256` is that of the source's bytes, `source` the name it came under (never used to read it
    again), `media_type` what its first bytes say it is. A text without pages is one page. The repr
    shows how long the text is, never what it says.
    """

    text: str
    sha256: str
    source: str
    media_type: str
    pages: tuple[Page, ...]
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return (
            f"Document(source={self.source!r}, media_type={self.media_type!r}, "
            f"text={sized(self.text)}, pages={len(self.pages)})"
        )

    def page_at(self, offset: int) -> int:
        """Return the number of the page on which the character at `offset` stands."""
        starts = [page.span.start for page in self.pages]
        return self.pages[max(0, bisect.bisect_right(starts, offset) - 1)].number


def has_text(text: str) -> bool:
    """Say whether there is anything to read: one letter, figure or sign that leaves ink.

    White space, zero-width and control characters are nothing, nor are the marks that stand for
    what could not be decoded.
    """
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _INKLESS for c in text)


def check_document(document: Document) -> Document:
    """Return a document that its maker need not have made well, if it can be used.

    Raises:
        EmptyDocumentError: it has no text.
        DocumentError: its text can't be encoded, or its pages are not parts of the text in order.
    """
    if not has_text(document.text):
        raise EmptyDocumentError(f"{document.source} holds no text")
    try:
        document.text.encode()
    except UnicodeEncodeError as error:
        raise DocumentError(f"The text of {document.source} holds half a character") from error
    if not document.pages:
        raise _misfit(document, "has no pages")
    end = 0
    for page in document.pages:
        span = page.span
        if page.number < 1:
            raise _misfit(document, f"has a page {page.number}; pages count from 1")
        if not 0 <= span.start <= span.end <= len(document.text):
            raise _misfit(document, f"has a page {page.number} that is not within its text")
        if span.start < end:
            raise _misfit(document, f"has a page {page.number} that begins before the last ended")
        end = span.end
    return document


def _misfit(document: Document, what: str) -> DocumentError:
    whole = f"Page(1, Span(0, {len(document.text)}))"
    return DocumentError(f"{document.source} {what}", hint=f"A text of one page has {whole}.")

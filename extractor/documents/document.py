"""A document as text whose every character knows its page."""

from __future__ import annotations

import bisect
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

from extractor.errors import DocumentError, EmptyDocumentError
from extractor.types import Span, sized

_INKLESS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffd")
"""Letters and signs in name only: Hangul fillers, the blank Braille cell, the replacement mark."""


PageKind: TypeAlias = Literal["text", "ocr", "mixed", "empty", "unreadable"]
"""Where a page's text comes from.

`text`: the file's own; `ocr`: recognised from its picture; `mixed`: some of each. An `empty` page
shows nothing; an `unreadable` one shows something of which no trustworthy text was made.
"""


@dataclass(frozen=True, slots=True)
class Rect:
    """A box on a page of a PDF, in points (1/72 inch) of the page's own coordinates.

    They are neither turned nor cropped as the page may be when it is shown.
    """

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Highlight:
    """What to highlight in a PDF: boxes, and the title and the note to show with them."""

    rects: tuple[Rect, ...]
    title: str
    contents: str = ""

    def __repr__(self) -> str:
        return (
            f"Highlight(rects={len(self.rects)}, title={self.title!r},"
            f" contents={sized(self.contents)})"
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was recognised in a picture; `confidence` is from 0 to 1."""

    span: Span
    rect: Rect
    confidence: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page's range in the text; `number` counts from 1.

    `width` and `height` are in points, of a PDF only. `confidence` is the mean of its recognised
    `words`, None where nothing was recognised.
    """

    number: int
    span: Span
    kind: PageKind = "text"
    width: float | None = None
    height: float | None = None
    confidence: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered part of a contract, or an exhibit or schedule, with everything below it.

    `number` is as printed ("2.1", "(a)", "Exhibit B"), `title` its heading, "" where it has none.
    `parent` is the place of the enclosing clause in `Document.clauses`, None at the top.
    """

    number: str
    title: str
    level: int
    span: Span
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """Text that a reader of the page does not see, kept apart from the document's own.

    `reason` says how it is hidden: `white`, `tiny`, `invisible`, `off_page`, `styled`, ...
    """

    text: str
    reason: str
    page: int | None = None

    def __repr__(self) -> str:
        return f"Hidden(text={sized(self.text)}, reason={self.reason!r}, page={self.page})"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within a file: the document that it is, or the `problem` that kept it from being read.

    `name` is what the sender called it, without folders; never to be used as a path.
    """

    name: str
    media_type: str
    sha256: str
    size: int
    document: Document | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """Immutable raw text with pages. All offsets anywhere are code points of `text`.

    The repr shows how long the text is, never what it says.

    Attributes:
        text: what can be read, nothing repaired; `hidden` text is no part of it unless asked for.
        sha256: of the source's bytes.
        source: the name it came under; never used to read it again.
        media_type: what its first bytes say it is.
        pages: in order; a text without pages is one page.
        warnings: what a reader of the result should know of the file.
        clauses: in the order of the text, each before those within it.
        hidden: what the file holds but does not show.
        attachments: the files within it.
        reader: what read it, with its version.
    """

    text: str
    sha256: str
    source: str
    media_type: str
    pages: tuple[Page, ...]
    warnings: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reader: str = ""

    def __repr__(self) -> str:
        return (
            f"Document(source={self.source!r}, media_type={self.media_type!r}, "
            f"text={sized(self.text)}, pages={len(self.pages)})"
        )

    @property
    def coverage(self) -> float:
        """The share of its pages that could be read, of those that hold anything."""
        held = sum(page.kind != "empty" for page in self.pages)
        unread = sum(page.kind == "unreadable" for page in self.pages)
        return 1 - unread / held if held else 1.0

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
    check_pages(document)
    return document


def check_pages(document: Document) -> None:
    """Check that a document's pages are parts of its text, in order.

    Raises:
        DocumentError: they are not.
    """
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


def _misfit(document: Document, what: str) -> DocumentError:
    whole = f"Page(1, Span(0, {len(document.text)}))"
    return DocumentError(f"{document.source} {what}", hint=f"A text of one page has {whole}.")

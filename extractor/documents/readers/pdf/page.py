"""One page of an open PDF: what it says, of what kind that is, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from extractor.documents.document import Hidden, PageKind, Rect, Word, has_text
from extractor.documents.readers.ocr import Recognizer
from extractor.documents.readers.pdf.coverage import distrust, is_picture
from extractor.documents.readers.pdf.engine import PdfPage
from extractor.documents.readers.pdf.hidden import find_hidden
from extractor.documents.readers.pdf.objects import Drawn
from extractor.documents.readers.pdf.raised import raised_in
from extractor.documents.readers.pdf.recognized import LEAST, moved, recognize
from extractor.documents.readers.pdf.text import PageText, units_before
from extractor.errors import UnreadableDocumentError

_BLANK_DPI = 36
_HIDDEN_TOLD = {
    "white": "white text",
    "background": "text in the colour of its ground",
    "tiny": "text of less than 2 points",
    "invisible": "invisible text",
    "off_page": "text beside the page",
    "covered": "covered text",
    "unicode_tags": "invisible Unicode tags",
    "bidi_controls": "marks that turn the direction of writing",
    "zero_width": "runs of characters without width",
}


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as read; the words' spans are within its `text`, `remarks` what to warn of."""

    text: str
    kind: PageKind
    width: float | None = None
    height: float | None = None
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    hidden: tuple[Hidden, ...] = ()
    remarks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"ReadPage(kind={self.kind!r}, hidden={len(self.hidden)})"


@dataclass(frozen=True, slots=True)
class _Own:
    """The text that a page has of its own, and its pictures."""

    text: PageText
    hidden: tuple[Hidden, ...]
    layer: int
    pictures: tuple[Drawn, ...]


def own_text(page: PdfPage, *, keep_hidden: bool) -> PageText:
    """Return the text that a page has of its own; the same for the same options, always."""
    return _own(page, keep_hidden=keep_hidden).text


def _own(page: PdfPage, *, keep_hidden: bool) -> _Own:
    raw = page.raw_text()
    found = find_hidden(page, raw)
    raised = raised_in(page, raw)
    text = PageText(raw, found.ranges, raised)
    hidden = tuple(text.hidden(page.number))
    shown = PageText(raw, raised=raised, keep_marks=True) if keep_hidden else text
    return _Own(shown, hidden, found.layer, found.pictures)


def read_page(
    page: PdfPage,
    *,
    keep_hidden: bool,
    recognizer: Callable[[], Recognizer | None],
    is_damaged: bool,
) -> ReadPage:
    """Read a page; `recognizer` is asked for only where the page's own text does not do."""
    own = _own(page, keep_hidden=keep_hidden)
    text = own.text.text
    read = ReadPage(
        text,
        "unreadable" if is_damaged else "mixed" if own.layer else "text",
        page.width,
        page.height,
        hidden=() if keep_hidden else own.hidden,
        remarks=(
            *page.remarks,
            *_remarks(own, keep_hidden=keep_hidden, is_damaged=is_damaged),
        ),
    )
    if not has_text(text) and (not page.drawn() or page.pixels(_BLANK_DPI).is_blank()):
        return read if is_damaged else replace(read, kind="empty", remarks=(*read.remarks, "blank"))
    problem = _problem(page, own, text)
    return _recognized(page, own, read, problem, recognizer()) if problem else read


def _remarks(own: _Own, *, keep_hidden: bool, is_damaged: bool) -> Iterator[str]:
    done = "is part of the text" if keep_hidden else "was left out"
    for reason in dict.fromkeys(part.reason for part in own.hidden):
        yield f"{_HIDDEN_TOLD[reason]} {done}"
    if is_damaged:
        yield "a part is broken: some of the text may be missing or wrong"
    if own.layer:
        yield "its text is an invisible layer over its picture, as scanners make"


def _problem(page: PdfPage, own: _Own, text: str) -> str | None:
    """Say why a page's own text is not all that it shows."""
    if not has_text(text):
        return "no text layer"
    if is_picture(page.box, own.pictures, text):
        return "a picture with little text beside it"
    return distrust(text)


def _recognized(
    page: PdfPage, own: _Own, read: ReadPage, problem: str, recognizer: Recognizer | None
) -> ReadPage:
    """Take what a page's picture says, after its own text where that can be trusted."""
    if recognizer is None:
        remark = f"{problem}; what it shows was not read"
        return replace(read, kind="unreadable", remarks=(*read.remarks, remark))
    text = read.text if has_text(read.text) and distrust(read.text) is None else ""
    try:
        found = recognize(page, recognizer, _own_boxes(page, own.text) if text else ())
    except UnreadableDocumentError as error:
        remark = f"{problem}; what it shows was not read: {error.message}"
        return replace(read, kind="unreadable", remarks=(*read.remarks, remark))
    if not found.words:
        remark = f"{problem}; text recognition found nothing"
        kind: PageKind = "text" if text else "unreadable"
        return replace(read, text=text, kind=kind, remarks=(*read.remarks, remark))
    if (found.confidence or 0.0) < LEAST:
        remark = f"{problem}; text recognition could not read its picture with any confidence"
        unread: PageKind = "text" if text else "unreadable"
        return replace(read, text=text, kind=unread, remarks=(*read.remarks, remark))
    askew = f", turned by {found.turned} degrees" if found.turned else ""
    gap = text + "\n" if text else ""
    return replace(
        read,
        text=gap + found.text,
        kind="mixed" if text else "ocr",
        words=tuple(moved(word, len(gap)) for word in found.words),
        confidence=found.confidence,
        remarks=(*read.remarks, f"{problem}; its text was recognised from its picture{askew}"),
    )


def _own_boxes(page: PdfPage, text: PageText) -> list[Rect]:
    last = page.char_index(max(0, units_before(text.raw, len(text.raw)) - 1))
    return page.line_boxes(0, last + 1)

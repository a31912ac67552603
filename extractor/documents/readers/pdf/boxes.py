"""Where on its pages a range of a document's text stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractor.documents.document import Document, Page, Rect
from extractor.documents.options import ReadOptions
from extractor.documents.readers.pdf.engine import EngineRefusalError, PdfPage, opened
from extractor.documents.readers.pdf.page import own_text
from extractor.documents.readers.pdf.text import PageText, units_before
from extractor.errors import UnreadableDocumentError
from extractor.types import Span

_DEFAULTS = ReadOptions()


def rects(
    data: bytes, document: Document, spans: Sequence[Span], options: ReadOptions = _DEFAULTS
) -> list[tuple[Rect, ...]]:
    """Return the boxes of each span, one for each stretch of a line, in the order of the text.

    Boxes are in the page's own coordinates: points, as if it were neither turned nor cropped.
    `document` must have been read from `data`, with the same `options`. A span has no box where
    its text has none: between words, or where pypdf read a file that pdfium refuses.

    Raises:
        UnreadableDocumentError: the pages can't be opened, or hold another text than `document`.
        EncryptedDocumentError: the password is missing, or wrong.
    """
    boxes: list[list[Rect]] = [[] for _ in spans]
    pages = [page for page in document.pages if any(_shared(page.span, span) for span in spans)]
    if not pages or not document.reader.startswith("pypdfium2"):
        return [() for _ in spans]
    try:
        with opened(data, document.source, options.password) as pdf:
            for page in pages:
                with pdf.page(page.number) as opened_page:
                    own = _own(document, page, opened_page, options)
                    for found, span in zip(boxes, spans, strict=True):
                        found.extend(_on_page(opened_page, own, page, span))
    except EngineRefusalError as error:
        raise UnreadableDocumentError(
            f"{document.source} can't be opened again: {error}",
            hint="Give the bytes that the document was read from.",
        ) from error
    return [tuple(found) for found in boxes]


def _own(
    document: Document, page: Page, opened_page: PdfPage, options: ReadOptions
) -> PageText | None:
    """Return the text that a page has of its own, if any of it is the document's."""
    end = _own_end(page)
    if end == page.span.start:
        return None
    own = own_text(opened_page, keep_hidden=options.hidden)
    if document.text[page.span.start : end] != own.text:
        raise UnreadableDocumentError(
            f"Page {page.number} of {document.source} holds another text than the document",
            hint="Give the bytes and the options that the document was read with.",
        )
    return own


def _on_page(opened_page: PdfPage, own: PageText | None, page: Page, span: Span) -> list[Rect]:
    """Return the boxes of a span on one page."""
    start = page.span.start
    shared = _shared(Span(start, _own_end(page)), span)
    lines: list[Rect] = []
    if own and shared:
        lines = _lines(opened_page, own, Span(shared.start - start, shared.end - start))
    return lines + _joined(word.rect for word in page.words if _shared(word.span, span))


def _own_end(page: Page) -> int:
    """Return where the text ends that a page has of its own; recognised words follow it."""
    if not page.words:
        return page.span.end
    return max(page.span.start, page.words[0].span.start - len("\n"))


def _lines(page: PdfPage, text: PageText, span: Span) -> list[Rect]:
    raw = text.to_raw(span)
    if raw.start >= raw.end:
        return []
    first = page.char_index(units_before(text.raw, raw.start))
    last = page.char_index(units_before(text.raw, raw.end) - 1)
    return page.line_boxes(first, last - first + 1)


def _joined(words: Iterable[Rect]) -> list[Rect]:
    """Join the boxes of words on one line."""
    lines: list[Rect] = []
    for word in words:
        last = lines[-1] if lines else None
        middle = (word.bottom + word.top) / 2
        if last and last.bottom <= middle <= last.top and word.left >= last.left:
            lines[-1] = Rect(
                last.page,
                last.left,
                min(last.bottom, word.bottom),
                max(last.right, word.right),
                max(last.top, word.top),
            )
        else:
            lines.append(word)
    return lines


def _shared(one: Span, other: Span) -> Span | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None

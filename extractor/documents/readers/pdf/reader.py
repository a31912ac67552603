"""A PDF into a document: pdfium's text page by page, or pypdf's where pdfium refuses the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from extractor.documents.document import Document, Hidden, Page, has_text
from extractor.documents.options import ReadOptions
from extractor.documents.progress import tell_pages
from extractor.documents.readers import ocr
from extractor.documents.readers.pdf import engine, fallback
from extractor.documents.readers.pdf.page import ReadPage, read_page
from extractor.documents.readers.pdf.recognized import moved
from extractor.documents.readers.pdf.remarks import by_page
from extractor.documents.readers.pdf.streams import look_at_streams
from extractor.documents.readers.pdf.structure import Structure, structure, too_many_pages
from extractor.documents.sniff import PDF
from extractor.errors import EmptyDocumentError
from extractor.types import Span

_DEFAULTS = ReadOptions()


def read_pdf(data: bytes, source: str, options: ReadOptions = _DEFAULTS) -> Document:
    """Read a PDF: the pages' texts, each joined to the next by one line break.

    What a page shows and nobody could read makes it `unreadable`, what it holds and does not show
    is `Document.hidden`; a warning names the pages of each. Fields and typed notes are part of
    their page's text.

    Raises:
        EncryptedDocumentError: it needs a password, or another one.
        HostileDocumentError: it has more pages, or unpacks to more, than `options.limits` allow.
        UnreadableDocumentError: no reader can make sense of it; the last one's error is the cause.
        EmptyDocumentError: no page has text, and none could be recognised.
    """
    streams = look_at_streams(data, source, options.limits)
    try:
        with engine.opened(data, source, options.password) as pdf:
            if len(pdf) > options.limits.pages:
                raise too_many_pages(source, len(pdf), options.limits)
            tell_pages(len(pdf))
            around = structure(data, streams, len(pdf), options)
            pages = list(_pages(pdf, around, options))
        reader = engine.reader_name()
    except engine.EngineRefusalError as refusal:
        pages, around = fallback.read_pages(data, source, options, refusal)
        reader = fallback.reader_name()
    return _document(data, source, pages, around, reader, options=options)


def _pages(pdf: engine.Pdf, around: Structure, options: ReadOptions) -> Iterator[ReadPage]:
    recognizer = ocr.recognizer if options.ocr == "auto" else _none
    for number in range(1, len(pdf) + 1):
        try:
            with pdf.page(number) as page:
                yield read_page(
                    page,
                    keep_hidden=options.hidden,
                    recognizer=recognizer,
                    is_damaged=number in around.damaged,
                )
        except engine.EngineRefusalError:
            yield ReadPage("", "unreadable", remarks=("broken; not read",))


def _none() -> None:
    return None


def _document(
    data: bytes,
    source: str,
    read: Sequence[ReadPage],
    around: Structure,
    reader: str,
    *,
    options: ReadOptions,
) -> Document:
    text = "\n".join(page.text for page in read)
    warnings = by_page((number, r) for number, page in enumerate(read, 1) for r in page.remarks)
    unshown = tuple(_unshown(around.form_values, text))
    if unshown:
        warnings.append(f"{len(unshown)} form values that no page shows were left out")
    warnings += around.warnings
    if not has_text(text):
        raise EmptyDocumentError(
            "; ".join(
                [f"{source} has {len(read)} pages and no text that could be read", *warnings]
            ),
            hint=_hint(options),
        )
    return Document(
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        source=source,
        media_type=PDF,
        pages=tuple(_placed(read)),
        warnings=tuple(warnings),
        hidden=(*(part for page in read for part in page.hidden), *unshown),
        attachments=around.attachments,
        reader=reader,
    )


def _hint(options: ReadOptions) -> str:
    if options.ocr == "off":
        return "If it is a scan, let its text be recognised: ocr='auto', `--ocr auto`."
    return "If it is a scan, make a better one." if ocr.recognizer() else ocr.NOT_INSTALLED


def _placed(read: Sequence[ReadPage]) -> Iterator[Page]:
    start = 0
    for number, page in enumerate(read, 1):
        end = start + len(page.text)
        yield Page(
            number=number,
            span=Span(start, end),
            kind=page.kind,
            width=page.width,
            height=page.height,
            confidence=page.confidence,
            words=tuple(moved(word, start) for word in page.words),
        )
        start = end + len("\n")


def _unshown(values: Sequence[str], text: str) -> Iterator[Hidden]:
    """Yield the form values that are nowhere in a text, however it breaks its lines."""
    if values:
        shown = "".join(text.split())
        for value in dict.fromkeys(values):
            if "".join(value.split()) not in shown:
                yield Hidden(value, "form_value")

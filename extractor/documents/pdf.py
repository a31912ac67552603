"""PDF files with a text layer, through pypdf."""

from __future__ import annotations

import hashlib
import io
import logging
import threading
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

from extractor.documents.document import Document, Page, has_text
from extractor.documents.options import ReadOptions
from extractor.documents.plain import clean
from extractor.errors import EmptyDocumentError, UnreadableDocumentError
from extractor.types import Span

_REMARK_CHARS = 200


def read_pdf(data: bytes, source: str, _options: ReadOptions) -> Document:
    """Read a PDF's text layer: the pages' texts, each joined to the next by one line break.

    Pages without text are of kind `empty` and named in a warning; what pypdf had to mend or could
    not decode is a warning too.

    Raises:
        UnreadableDocumentError: encrypted, broken, or made to exhaust its reader; the reader's own
            exception is the cause.
        EmptyDocumentError: no page has text, so it is a scan.
    """
    with _remarks() as remarks:
        texts = _page_texts(data, source)
    pages = tuple(_pages(texts))
    warnings = _remarked(remarks)
    empty = [page.number for page in pages if page.kind == "empty"]
    if len(empty) == len(pages):
        raise EmptyDocumentError(
            "; ".join([f"{source} has {len(pages)} pages and no text layer", *warnings]),
            hint="If it is a scan, run OCR over it first (such as ocrmypdf) and read the result.",
        )
    if empty:
        were = "was" if len(empty) == 1 else "were"
        warnings.insert(0, f"{_ranges(empty)} no text layer and {were} not read")
    return Document(
        text="\n".join(texts),
        sha256=hashlib.sha256(data).hexdigest(),
        source=source,
        media_type="application/pdf",
        pages=pages,
        warnings=tuple(warnings),
    )


def _page_texts(data: bytes, source: str) -> list[str]:
    """Ask pypdf for each page's text.

    This is the boundary to pypdf. On broken files it raises not only its own errors but whatever
    its code runs into (KeyError, RecursionError, struct.error, ...), hence the broad except.
    """
    try:
        return [clean(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    except FileNotDecryptedError as error:
        raise UnreadableDocumentError(
            f"{source} is encrypted and needs a password",
            hint="Open it with its password and save a copy without one (qpdf --decrypt does it).",
        ) from error
    except DependencyError as error:
        raise UnreadableDocumentError(
            f"{source} is encrypted in a way that needs one more package: {error}",
            hint="pip install 'pypdf[crypto]'",
        ) from error
    except LimitReachedError as error:
        raise UnreadableDocumentError(
            f"{source} would unpack to more than its reader allows: {error}",
            hint="No contract needs that much; the file is broken or hostile.",
        ) from error
    except Exception as error:
        raise UnreadableDocumentError(
            f"{source} is a broken PDF: {type(error).__name__}: {error}",
            hint="Open it in a PDF reader and print it to a new PDF.",
        ) from error


def _pages(texts: Iterable[str]) -> Iterator[Page]:
    start = 0
    for number, text in enumerate(texts, 1):
        end = start + len(text)
        yield Page(number, Span(start, end), "text" if has_text(text) else "empty")
        start = end + len("\n")


def _remarked(remarks: Collection[str]) -> list[str]:
    if not remarks:
        return []
    more = f" (and {len(remarks) - 1} more)" if len(remarks) > 1 else ""
    return [f"the PDF reader remarked: {next(iter(remarks))}{more}"]


def _ranges(numbers: Sequence[int]) -> str:
    """Name pages as people do.

    >>> _ranges([3]), _ranges([1, 3, 4, 5])
    ('page 3 has', 'pages 1, 3-5 have')
    """
    if len(numbers) == 1:
        return f"page {numbers[0]} has"
    gaps = [i for i, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1]
    runs = [numbers[a:b] for a, b in pairwise([0, *gaps, len(numbers)])]
    shown = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"pages {', '.join(shown)} have"


class _Collector(logging.Handler):
    """Keeps the messages of the thread it was made in, each once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = threading.get_ident()
        self.messages: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.messages[clean(record.getMessage())[:_REMARK_CHARS]] = None


@contextmanager
def _remarks() -> Generator[dict[str, None]]:
    """Collect what pypdf logs, so that it reaches the document's warnings and not stderr.

    Nothing of the application's logging is changed: its own handlers still get the records, and
    this one is gone afterwards.
    """
    logger, collector = logging.getLogger("pypdf"), _Collector()
    logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        logger.removeHandler(collector)

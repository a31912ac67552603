"""Where text stands on the pages of a PDF: boxes, highlights, pictures; each in a safe process."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import astuple

from extractor.documents import sniff
from extractor.documents.document import Document, Highlight, Rect
from extractor.documents.isolation import codec, shared_pool
from extractor.documents.isolation.frames import BadFrameError
from extractor.documents.options import Limits, ReadOptions
from extractor.documents.sources import load
from extractor.errors import DocumentError, UnreadableDocumentError
from extractor.types import Span

_DEFAULTS = ReadOptions()
_LIMITS = Limits()
_PNG = b"\x89PNG\r\n\x1a\n"


def rects(
    source: str | os.PathLike[str] | bytes,
    document: Document,
    spans: Sequence[Span],
    *,
    options: ReadOptions = _DEFAULTS,
) -> list[tuple[Rect, ...]]:
    """Return the boxes of each span of a PDF's text: one for each stretch of a line.

    Args:
        source: the PDF that `document` was read from, as a path or bytes.
        document: what `read_document` returned for it.
        spans: of `document.text`.
        options: those that it was read with.

    Raises:
        DocumentError: the file is another one than was read.
        UnreadableDocumentError: it is no PDF.
    """
    data, name = _pdf(source, options.limits)
    check_same(data, document.sha256, name)
    if any(not 0 <= span.start <= span.end <= len(document.text) for span in spans):
        raise DocumentError(
            f"A span is outside of the document's {len(document.text):,} characters",
            hint="Read it with the options that the span was found with.",
        )
    return shared_pool().run(
        "rects",
        data,
        lambda body: _boxes(body, len(spans)),
        source=name,
        options=options,
        arguments={
            "document": codec.encode(document).decode(),
            "spans": [(span.start, span.end) for span in spans],
        },
    )


def highlight(
    source: str | os.PathLike[str] | bytes,
    highlights: Sequence[Highlight],
    *,
    password: str | None = None,
    limits: Limits = _LIMITS,
) -> bytes:
    """Return a copy of a PDF with highlights, as annotations that any PDF reader shows.

    Raises:
        DocumentError: a highlight is on a page that there is not.
        UnreadableDocumentError: it is no PDF, or too broken to be written.
    """
    data, name = _pdf(source, limits)
    return shared_pool().run(
        "highlight",
        data,
        lambda body: _beginning(body, b"%PDF-"),
        source=name,
        options=ReadOptions(password=password, limits=limits),
        arguments={"highlights": [astuple(highlight) for highlight in highlights]},
    )


def render(
    source: str | os.PathLike[str] | bytes,
    page: int,
    *,
    dpi: float = 100,
    password: str | None = None,
    limits: Limits = _LIMITS,
) -> bytes:
    """Return a PNG of a page of a PDF, with its annotations; `page` counts from 1.

    Raises:
        DocumentError: there is no such page.
        UnreadableDocumentError: it is no PDF, or broken.
    """
    data, name = _pdf(source, limits)
    return shared_pool().run(
        "render",
        data,
        lambda body: _beginning(body, _PNG),
        source=name,
        options=ReadOptions(password=password, limits=limits),
        arguments={"page": page, "dpi": dpi},
    )


def check_same(data: bytes, sha256: str, name: str) -> None:
    """Check that a file is the one that a result is about.

    Raises:
        DocumentError: it is not.
    """
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DocumentError(
            f"{name} is not the file that was read: its sha256 is another one",
            hint="Give the very file; a copy that was saved again is another one.",
        )


def _pdf(source: str | os.PathLike[str] | bytes, limits: Limits) -> tuple[bytes, str]:
    data, name = load(source, limits)
    kind = sniff.media_type(data)
    if kind != sniff.PDF:
        raise UnreadableDocumentError(
            f"{name} is {sniff.NAMES[kind]}; only a PDF has boxes and highlights",
            hint="Print it to a PDF, and read that one.",
        )
    return data, name


def _boxes(body: bytes, many: int) -> list[tuple[Rect, ...]]:
    found = codec.decode(body, list[tuple[Rect, ...]])
    if len(found) != many:
        raise BadFrameError("it has not a list of boxes for each span")
    return found


def _beginning(body: bytes, magic: bytes) -> bytes:
    if magic not in body[:1_029]:
        raise BadFrameError("it is another kind of file")
    return body

"""What the reading process can do, by name. A task takes a frame's head and body to bytes.

Readers are imported when they are first needed: most processes never need all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint
from typing import Any, cast

from extractor.documents.document import Document, Highlight, Rect
from extractor.documents.isolation import codec
from extractor.documents.isolation.frames import Frame
from extractor.documents.options import ReadOptions
from extractor.documents.registry import READERS, Reader
from extractor.documents.structure.clauses import with_clauses
from extractor.errors import UnreadableDocumentError
from extractor.types import Span

Task = Callable[[Frame, ReadOptions], bytes]

_PDF = "extractor.documents.readers.pdf"


def _read(frame: Frame, options: ReadOptions) -> bytes:
    """Read a document with the reader that the parent found for it."""
    name, value, source = (str(frame.head[key]) for key in ("media_type", "reader", "source"))
    try:
        reader: Reader = EntryPoint(name, value, READERS).load()
    except (ImportError, AttributeError) as error:
        raise UnreadableDocumentError(
            f"{source}: the reader {value} can't be imported: {type(error).__name__}",
            hint=f"See what this says: python -c 'import {value.partition(':')[0]}'",
        ) from error
    read = cast(object, reader(frame.body, source, options))  # somebody else's may be anything
    return codec.encode(with_clauses(read) if isinstance(read, Document) else read)


def _rects(frame: Frame, options: ReadOptions) -> bytes:
    document = codec.decode(frame.head["document"].encode(), Document)
    spans = [Span(start, end) for start, end in frame.head["spans"]]
    return codec.encode(_pdf().rects(frame.body, document, spans, options))


def _highlight(frame: Frame, options: ReadOptions) -> bytes:
    highlights = [
        Highlight(tuple(Rect(*rect) for rect in rects), title, contents)
        for rects, title, contents in frame.head["highlights"]
    ]
    highlighted: bytes = _pdf().highlight(frame.body, highlights, options)
    return highlighted


def _render(frame: Frame, options: ReadOptions) -> bytes:
    page, dpi = frame.head["page"], frame.head["dpi"]
    picture: bytes = _pdf().render(frame.body, page, dpi=dpi, password=options.password)
    return picture


def _pdf() -> Any:
    return import_module(_PDF)


TASKS: Mapping[str, Task] = {
    "read": _read,
    "rects": _rects,
    "highlight": _highlight,
    "render": _render,
}

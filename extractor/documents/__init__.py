"""Files into text whose every character knows its page, read in processes that may be killed."""

from extractor.documents.chunking import Chunk, chunks, coverage
from extractor.documents.document import (
    Attachment,
    Clause,
    Document,
    Hidden,
    Highlight,
    Page,
    Rect,
    Word,
)
from extractor.documents.marking import highlight, rects, render
from extractor.documents.options import Limits, ReadOptions
from extractor.documents.read import aread_document, read_document
from extractor.documents.structure.definitions import Definition, definitions_of
from extractor.documents.structure.furniture import body_view
from extractor.documents.view import View

__all__ = [
    "Attachment",
    "Chunk",
    "Clause",
    "Definition",
    "Document",
    "Hidden",
    "Highlight",
    "Limits",
    "Page",
    "ReadOptions",
    "Rect",
    "View",
    "Word",
    "aread_document",
    "body_view",
    "chunks",
    "coverage",
    "definitions_of",
    "highlight",
    "read_document",
    "rects",
    "render",
]

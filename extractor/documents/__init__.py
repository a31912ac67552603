"""Files into text whose every character knows its page, read in processes that may be killed."""

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
from extractor.documents.read import read_document
from extractor.documents.view import View

__all__ = [
    "Attachment",
    "Clause",
    "Document",
    "Hidden",
    "Highlight",
    "Limits",
    "Page",
    "ReadOptions",
    "Rect",
    "View",
    "Word",
    "highlight",
    "read_document",
    "rects",
    "render",
]

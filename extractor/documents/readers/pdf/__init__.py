"""PDF: text with pages and boxes, hidden text, scans, highlights, pictures of pages."""

from extractor.documents.readers.pdf.boxes import rects
from extractor.documents.readers.pdf.highlights import highlight
from extractor.documents.readers.pdf.reader import read_pdf
from extractor.documents.readers.pdf.rendering import render

__all__ = ["highlight", "read_pdf", "rects", "render"]

"""Files into text whose every character knows its page."""

from extractor.documents.document import Document, Page
from extractor.documents.read import read_document

__all__ = ["Document", "Page", "read_document"]

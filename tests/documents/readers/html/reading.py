"""Pages as documents."""

from extractor.documents.document import Document
from extractor.documents.options import ReadOptions
from extractor.documents.readers.html import read_html


def read(html: str | bytes) -> Document:
    """Read a page."""
    data = html.encode() if isinstance(html, str) else html
    return read_html(data, "contract.htm", ReadOptions())

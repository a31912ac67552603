"""Pictures of pages."""

from __future__ import annotations

from extractor.documents.readers.pdf.engine import EngineRefusalError, opened
from extractor.errors import DocumentError, UnreadableDocumentError


def render(data: bytes, page: int, *, dpi: float = 100, password: str | None = None) -> bytes:
    """Return a PNG of a page, in shades of grey, with its annotations; `page` counts from 1.

    Raises:
        DocumentError: there is no such page.
        UnreadableDocumentError: the file or its page can't be opened; or one of its subclasses.
    """
    try:
        with opened(data, "the PDF", password) as pdf:
            if not 1 <= page <= len(pdf):
                raise DocumentError(f"The PDF has no page {page}; it has {len(pdf)}")
            with pdf.page(page) as opened_page:
                return opened_page.pixels(dpi).png(dpi)
    except EngineRefusalError as error:
        raise UnreadableDocumentError(f"Page {page} can't be rendered: {error}") from error

import io
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from extractor.documents.document import Document, Page
from extractor.types import Span

MakePdf = Callable[..., bytes]


@pytest.fixture(scope="session")
def make_pdf() -> MakePdf:
    """Return a function that writes a PDF with the given pages' texts; '' is a page without any."""

    def make(*pages: str) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, invariant=1)
        for text in pages:
            canvas.rect(50, 50, 10, 10)
            for row, line in enumerate(text.splitlines()):
                canvas.drawString(72, 700 - 14 * row, line)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    return make


MakePaged = Callable[..., Document]


@pytest.fixture(scope="session")
def paged() -> MakePaged:
    """Return a function that makes a document of its pages' texts."""

    def make(*texts: str) -> Document:
        pages: list[Page] = []
        at = 0
        for number, text in enumerate(texts, 1):
            pages.append(Page(number, Span(at, at + len(text))))
            at += len(text) + 1
        return Document("\n".join(texts), "0" * 64, "paged", "application/pdf", tuple(pages))

    return make

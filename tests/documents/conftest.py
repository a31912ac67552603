import io
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

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

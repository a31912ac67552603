import io
import zlib
from collections.abc import Callable, Sequence

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]
DrawPdf = Callable[..., bytes]
RawPdf = Callable[..., bytes]


@pytest.fixture
def draw_pdf() -> DrawPdf:
    """Return a function that writes a PDF with a page for each function that draws on a canvas."""

    def make(*pages: Draw) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, invariant=1, pagesize=(612, 792))
        for draw in pages:
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    return make


@pytest.fixture
def raw_pdf() -> RawPdf:
    """Return a function that writes a PDF, object for object, with pages of these streams."""

    def make(
        *contents: bytes, to_unicode: bytes = b"", page: bytes = b"", compress: bool = False
    ) -> bytes:
        kids = b" ".join(b"%d 0 R" % (5 + 2 * place) for place in range(len(contents)))
        font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 4 0 R>>"
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
            font if to_unicode else font.replace(b"/ToUnicode 4 0 R", b""),
            stream(to_unicode, compress=False),
        ]
        for place, content in enumerate(contents):
            objects += [
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R%s"
                b"/Resources<</Font<</F1 3 0 R>>>>>>" % (6 + 2 * place, page),
                stream(content, compress=compress),
            ]
        return assembled(objects)

    return make


def stream(content: bytes, *, compress: bool) -> bytes:
    head = b"/Filter/FlateDecode" if compress else b""
    body = zlib.compress(content) if compress else content
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(body), body)


def assembled(objects: Sequence[bytes]) -> bytes:
    out = b"%PDF-1.7\n"
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer <</Size %d/Root 1 0 R>>\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
        )
        + b"startxref\n%d\n%%%%EOF" % len(out)
    )


@pytest.fixture
def scan() -> ImageReader:
    """Return the picture of a page, 612 by 792 pixels, with strokes for its words."""
    image = Image.new("L", (612, 792), 255)
    pen = ImageDraw.Draw(image)
    for top in range(80, 700, 20):
        for left in range(72, 500, 5):
            pen.rectangle((left, top, left + 2, top + 9), fill=0)
    return ImageReader(image)

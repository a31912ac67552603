"""The one door to pdfium, which has no types: documents, pages, characters and objects.

pdfium is not safe to use from two threads of a process. It may end the process on a hostile file.
All boxes are in the page's own coordinates: points, not turned by `/Rotate`, not moved by a crop
box. Highlights are written in the same ones.
"""

from __future__ import annotations

import ctypes
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from extractor.documents.document import Rect
from extractor.documents.readers.pdf.annotations import annotations_on
from extractor.documents.readers.pdf.objects import (
    Drawn,
    Glance,
    Plain,
    bound,
    drawn_on,
    glance_at,
    pointer,
)
from extractor.documents.readers.pdf.pixels import Pixels
from extractor.documents.readers.pdf.text import with_semicolons
from extractor.errors import EncryptedDocumentError

_pdfium: Any = import_module("pypdfium2")
_raw: Any = _pdfium.raw

_MOST_PIXELS = 40_000_000
"""Of one rendered page: A3 at 400 dpi. Bigger pages are rendered smaller."""

_REVERSING = 90
"""The degrees by which a page is turned whose upright lines pdfium puts in reverse."""

_SAMPLE = 200
"""Characters by which it is told which way a page's text stands."""

_char_index = bound(_raw.FPDFText_GetCharIndexFromTextIndex, ctypes.c_int)
_char_origin = bound(_raw.FPDFText_GetCharOrigin, ctypes.c_int)
_origin = (ctypes.c_double * 2)()
_ORIGIN = [ctypes.byref(_origin, 8 * part) for part in range(2)]


class EngineRefusalError(Exception):
    """pdfium can't open the file, or one of its pages."""


@cache  # finding a package's version takes as long as reading a page
def reader_name() -> str:
    """Name the engine and its version, for `Document.reader`."""
    return f"pypdfium2 {version('pypdfium2')}"


@contextmanager
def opened(data: bytes, source: str, password: str | None) -> Generator[Pdf]:
    """Open a PDF.

    Raises:
        EncryptedDocumentError: it needs a password, or another one.
        EngineRefusalError: pdfium can't make sense of it.
    """
    try:
        document = _pdfium.PdfDocument(data, password=password)
    except _pdfium.PdfiumError as error:
        if error.err_code != _raw.FPDF_ERR_PASSWORD:
            raise EngineRefusalError(str(error)) from error
        raise refused_password(source, password) from error
    if document.get_formtype() in (_raw.FORMTYPE_ACRO_FORM, _raw.FORMTYPE_XFA_FOREGROUND):
        document.init_forms()  # draws fields that come without an appearance of their own
    try:
        yield Pdf(document)
    finally:
        document.close()


def refused_password(source: str, password: str | None) -> EncryptedDocumentError:
    """Say that a password is missing, or wrong."""
    what = "needs a password" if password is None else "does not open with the password given"
    return EncryptedDocumentError(f"{source} is encrypted and {what}")


class Pdf:
    """An open document."""

    def __init__(self, document: Any) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    @property
    def is_encrypted(self) -> bool:
        return bool(_raw.FPDF_GetSecurityHandlerRevision(self._document) != -1)

    @contextmanager
    def page(self, number: int) -> Generator[PdfPage]:
        """Open a page, with the fields, typed notes and stamps that lie on it drawn into it.

        Raises:
            EngineRefusalError: it can't be loaded.
        """
        page = self._load(number)
        annotations = annotations_on(page)
        if annotations.drawn:
            _raw.FPDFPage_Flatten(page, _raw.FLAT_NORMALDISPLAY)
            page.close()
            page = self._load(number)
        text: Any = None
        try:
            text = _text_of(page)
            yield PdfPage(number, page, text, annotations.remarks)
        except _pdfium.PdfiumError as error:
            raise EngineRefusalError(str(error)) from error
        finally:
            if text is not None:
                text.close()
            page.close()

    def _load(self, number: int) -> Any:
        try:
            return self._document[number - 1]
        except _pdfium.PdfiumError as error:
            raise EngineRefusalError(str(error)) from error


def _text_of(page: Any) -> Any:
    """Return a page's text, its lines in order.

    Of a page that is shown turned pdfium orders what would be upright then. Text that would not be,
    because it is upright on the page as it was written, comes in order from the page as that is.
    """
    text, turned = page.get_textpage(), page.get_rotation()
    if turned != _REVERSING or not _is_upright(text):
        return text
    text.close()
    page.set_rotation(0)
    try:
        return page.get_textpage()
    finally:
        page.set_rotation(turned)


def _is_upright(text: Any) -> bool:
    """Say whether most characters stand upright on the page as it was written, by some of them."""
    count: int = text.count_chars()
    looked_at = range(0, count, count // _SAMPLE + 1)
    matrix = _raw.FS_MATRIX()
    upright = sum(
        bool(_raw.FPDFText_GetMatrix(text, at, matrix))
        and not (matrix.b or matrix.c)
        and matrix.a > 0
        for at in looked_at
    )
    return bool(2 * upright > len(looked_at))


class PdfPage:
    """An open page: its characters in reading order, and what it draws.

    `width` and `height` are as it is shown, cropped and turned; `remarks` are those on what is laid
    on it.
    """

    def __init__(self, number: int, page: Any, text: Any, remarks: tuple[str, ...]) -> None:
        self.number = number
        self.remarks = remarks
        self._page = page
        self._text = text
        self._handle = pointer(ctypes.cast(text.raw, ctypes.c_void_p).value)
        self.width: float = page.get_width()
        self.height: float = page.get_height()
        self.box = Rect(number, *page.get_bbox())

    def raw_text(self) -> str:
        """Return pdfium's text; CRLF, lone surrogates and U+FFFE stay, semicolons are made one."""
        raw: str = self._text.get_text_range(errors="surrogatepass")
        return with_semicolons(raw)

    def char_index(self, unit: int) -> int:
        """Return the index of the character that a UTF-16 unit of the raw text belongs to.

        The two differ where a character is left out of the text, such as a control code.
        """
        index: int = _char_index(self._handle, unit)
        return index

    def baselines(self, indexes: Iterable[int]) -> list[float]:
        """Return how high on the page the lines are that characters stand on."""
        found: list[float] = []
        for index in indexes:
            _char_origin(self._handle, index, *_ORIGIN)
            found.append(_origin[1])
        return found

    def char_size(self, index: int) -> float | None:
        """Return the size of a character's font in points; None where its line is not level."""
        matrix = _raw.FS_MATRIX()
        if not _raw.FPDFText_GetMatrix(self._text, index, matrix) or matrix.b or matrix.c:
            return None
        size: float = _raw.FPDFText_GetFontSize(self._text, index)
        return size * float(matrix.d)

    def char_owner(self, index: int) -> int | None:
        """Return the address of the object that drew a character; None if pdfium added it."""
        return ctypes.cast(_raw.FPDFText_GetTextObject(self._text, index), ctypes.c_void_p).value

    def char_box(self, index: int) -> Rect:
        """Return the box of a character's ink."""
        return Rect(self.number, *self._text.get_charbox(index))

    def line_boxes(self, index: int, count: int) -> list[Rect]:
        """Return the boxes of a range of characters, one for each stretch of a line."""
        boxes = self._text.count_rects(index, count)
        return [Rect(self.number, *self._text.get_rect(place)) for place in range(boxes)]

    def drawn(self) -> list[Drawn]:
        """Return what the page draws, from the back to the front, with what is within forms."""
        return drawn_on(self._address)

    def glance(self, plain: Plain) -> Glance | None:
        """Look whether all of its text is plain to see; None if some may not be."""
        return glance_at(self._address, self.box, plain)

    @property
    def _address(self) -> int | None:
        return ctypes.cast(self._page.raw, ctypes.c_void_p).value

    def pixels(self, dpi: float) -> Pixels:
        """Render the page in shades of grey."""
        scale = min(dpi / 72, (_MOST_PIXELS / max(1.0, self.width * self.height)) ** 0.5)
        bitmap = self._page.render(
            scale=scale,
            grayscale=True,
            bitmap_maker=_pdfium.PdfBitmap.new_foreign,
            draw_annots=True,
        )
        return Pixels(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)

    def to_pixel(self, pixels: Pixels, x: float, y: float) -> tuple[int, int]:
        """Return the pixel that shows a point of the page."""
        column, row = ctypes.c_int(), ctypes.c_int()
        _raw.FPDF_PageToDevice(self._page, 0, 0, pixels.width, pixels.height, 0, x, y, column, row)
        return column.value, row.value

    def to_point(self, pixels: Pixels, column: int, row: int) -> tuple[float, float]:
        """Return the point of the page that a pixel shows."""
        x, y = ctypes.c_double(), ctypes.c_double()
        _raw.FPDF_DeviceToPage(self._page, 0, 0, pixels.width, pixels.height, 0, column, row, x, y)
        return x.value, y.value

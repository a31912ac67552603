"""The one door to pdfium, which has no types: documents, pages, characters and objects.

pdfium is not safe to use from two threads of a process. It may end the process on a hostile file.
All boxes are in the page's own coordinates: points, not turned by `/Rotate`, not moved by a crop
box. Highlights are written in the same ones.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from struct import Struct
from typing import Any, NamedTuple

from extractor.documents.document import Rect
from extractor.documents.readers.pdf.pixels import Pixels
from extractor.errors import EncryptedDocumentError

_pdfium: Any = import_module("pypdfium2")
_raw: Any = _pdfium.raw

_MOST_PIXELS = 40_000_000
"""Of one rendered page: A3 at 400 dpi. Bigger pages are rendered smaller."""

_FORM_DEPTH = 12
_SHOWN_ANNOTATIONS = frozenset({_raw.FPDF_ANNOT_WIDGET, _raw.FPDF_ANNOT_FREETEXT})


class EngineRefusalError(Exception):
    """pdfium can't open the file, or one of its pages."""


class Drawn(NamedTuple):
    """An object that a page draws; `mode` is a text's render mode, -1 where it is no text.

    A tuple, because a page has hundreds of them. `address` tells one object from another while its
    page is open. `fill` is red, green, blue and opacity, 0 to 255.
    """

    address: int
    kind: int
    mode: int
    fill: tuple[int, int, int, int]
    left: float
    bottom: float
    right: float
    top: float


_FORM = _raw.FPDF_PAGEOBJ_FORM
TEXT, PATH, IMAGE, SHADING = (
    _raw.FPDF_PAGEOBJ_TEXT,
    _raw.FPDF_PAGEOBJ_PATH,
    _raw.FPDF_PAGEOBJ_IMAGE,
    _raw.FPDF_PAGEOBJ_SHADING,
)


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
        """Open a page, with the fields and typed notes that lie on it drawn into it.

        Raises:
            EngineRefusalError: it can't be loaded.
        """
        page = self._load(number)
        if _has_shown_annotations(page):
            _raw.FPDFPage_Flatten(page, _raw.FLAT_NORMALDISPLAY)
            page.close()
            page = self._load(number)
        text: Any = None
        try:
            text = page.get_textpage()
            yield PdfPage(number, page, text)
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


def _has_shown_annotations(page: Any) -> bool:
    for place in range(_raw.FPDFPage_GetAnnotCount(page)):
        annotation = _raw.FPDFPage_GetAnnot(page, place)
        subtype = _raw.FPDFAnnot_GetSubtype(annotation)
        _raw.FPDFPage_CloseAnnot(annotation)
        if subtype in _SHOWN_ANNOTATIONS:
            return True
    return False


class PdfPage:
    """An open page: its characters in reading order, and what it draws.

    `width` and `height` are as it is shown, cropped and turned.
    """

    def __init__(self, number: int, page: Any, text: Any) -> None:
        self.number = number
        self._page = page
        self._text = text
        self.width: float = page.get_width()
        self.height: float = page.get_height()
        self.box = Rect(number, *page.get_bbox())

    def raw_text(self) -> str:
        """Return the text as pdfium gives it, with CRLF, lone surrogates and U+FFFE as they are."""
        raw: str = self._text.get_text_range(errors="surrogatepass")
        return raw

    def char_index(self, unit: int) -> int:
        """Return the index of the character that a UTF-16 unit of the raw text belongs to.

        The two differ where a character is left out of the text, such as a control code.
        """
        index: int = _raw.FPDFText_GetCharIndexFromTextIndex(self._text, unit)
        return index

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
        page = ctypes.cast(self._page.raw, ctypes.c_void_p).value
        count = _raw.FPDFPage_CountObjects(self._page)
        found: list[Drawn] = []
        _collect(found, [_page_object(page, place) for place in range(count)])
        return found

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


# --- objects, hundreds on a page: called through plain addresses, a fifth of the time -----------


def _fast(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_page_object = _fast(_raw.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
_form_object = _fast(_raw.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong)
_form_count = _fast(_raw.FPDFFormObj_CountObjects, _INT, _POINTER)
_kind = _fast(_raw.FPDFPageObj_GetType, _INT, _POINTER)
_mode = _fast(_raw.FPDFTextObj_GetTextRenderMode, _INT, _POINTER)
_fill = _fast(_raw.FPDFPageObj_GetFillColor, _INT, *[_POINTER] * 5)
_bounds = _fast(_raw.FPDFPageObj_GetBounds, _INT, *[_POINTER] * 5)
_matrix = _fast(_raw.FPDFPageObj_GetMatrix, _INT, _POINTER, _POINTER)
_font_size = _fast(_raw.FPDFTextObj_GetFontSize, _INT, _POINTER, _POINTER)

_Matrix = tuple[float, float, float, float, float, float]
_buffer = (ctypes.c_uint * 8)()  # four of colour, four of bounds
_six = (ctypes.c_float * 6)()
_size = ctypes.c_float()
_PLACES = [ctypes.addressof(_buffer) + 4 * place for place in range(8)]
_COLOUR, _EDGES = _PLACES[:4], _PLACES[4:]
_unpack = Struct("=4I4f").unpack_from
_UNKNOWN_FILL = (0, 0, 0, 255)


def _collect(
    found: list[Drawn], addresses: list[int], outer: _Matrix | None = None, depth: int = 0
) -> None:
    """Add objects to those found; `outer` is the matrix of the form that they are within."""
    for address in addresses:
        mode = _mode(address)
        kind = _kind(address) if mode < 0 else TEXT
        if kind == _FORM:
            if depth < _FORM_DEPTH:
                members = [_form_object(address, place) for place in range(_form_count(address))]
                _collect(found, members, _within(outer, _matrix_of(address)), depth + 1)
            continue
        has_fill = _fill(address, *_COLOUR)
        _bounds(address, *_EDGES)
        red, green, blue, opacity, left, bottom, right, top = _unpack(_buffer)
        if outer is not None:
            left, bottom, right, top = _moved((left, bottom, right, top), outer)
        fill = (red, green, blue, opacity) if has_fill else _UNKNOWN_FILL
        found.append(Drawn(address, kind, mode, fill, left, bottom, right, top))


def font_size(drawn: Drawn) -> float:
    """Return the size of a text object's font in points, without any form around it."""
    _font_size(drawn.address, ctypes.addressof(_size))
    _, _, c, d, _, _ = _matrix_of(drawn.address)
    return float(_size.value * (c * c + d * d) ** 0.5)


def _matrix_of(address: int) -> _Matrix:
    _matrix(address, ctypes.addressof(_six))
    a, b, c, d, e, f = _six
    return a, b, c, d, e, f


def _within(outer: _Matrix | None, inner: _Matrix) -> _Matrix:
    """Multiply two matrices: first the inner, then the outer (ISO 32000-1, 8.3.4)."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        *(a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s),
        *(e * p + f * r + t, e * q + f * s + u),
    )


def _moved(edges: Iterable[float], by: _Matrix) -> tuple[float, float, float, float]:
    left, bottom, right, top = edges
    a, b, c, d, e, f = by
    if b == c == 0 and a > 0 and d > 0:  # nearly all forms
        return a * left + e, d * bottom + f, a * right + e, d * top + f
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    across = [a * x + c * y + e for x, y in corners]
    along = [b * x + d * y + f for x, y in corners]
    return min(across), min(along), max(across), max(along)

"""What a page draws, through plain addresses of pdfium's functions: a fifth of the time.

A page has hundreds of objects, and each is looked at.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from struct import Struct
from typing import Any, NamedTuple

from extractor.documents.document import Rect

_raw: Any = import_module("pypdfium2").raw

_FORM_DEPTH = 12


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


class Plain(NamedTuple):
    """What text has to be to be plain to see: of this opacity, darker, and larger in points."""

    opaque: int
    light: int
    tiny: float


_FORM = _raw.FPDF_PAGEOBJ_FORM
TEXT, PATH, IMAGE, SHADING = (
    _raw.FPDF_PAGEOBJ_TEXT,
    _raw.FPDF_PAGEOBJ_PATH,
    _raw.FPDF_PAGEOBJ_IMAGE,
    _raw.FPDF_PAGEOBJ_SHADING,
)


def _fast(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_page_count = _fast(_raw.FPDFPage_CountObjects, _INT, _POINTER)
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
_Edges = tuple[float, float, float, float]
_buffer = (ctypes.c_uint * 8)()  # four of colour, four of bounds
_six = (ctypes.c_float * 6)()
_size = ctypes.c_float()
_PLACES = [ctypes.addressof(_buffer) + 4 * place for place in range(8)]
_COLOUR, _EDGES = _PLACES[:4], _PLACES[4:]
_unpack = Struct("=4I4f").unpack_from
_UNKNOWN_FILL = (0, 0, 0, 255)


def drawn_on(page: int | None) -> list[Drawn]:
    """Return what a page draws, from the back to the front, with what is within forms."""
    found: list[Drawn] = []
    _collect(found, _members(page))
    return found


@dataclass(slots=True)
class Glance:
    """What a page draws besides text, of which the first `behind` lie behind all text.

    `plain` is what the text was measured by.
    """

    plain: Plain
    others: list[Drawn] = field(default_factory=list[Drawn])
    behind: int | None = None


def glance_at(page: int | None, box: Rect, plain: Plain) -> Glance | None:
    """Look whether all text of a page is plain to see; None if some may not be.

    Most pages have no other text, and this tells it in half the time of `drawn_on`.
    """
    glance = Glance(plain)
    edges = (box.left, box.bottom, box.right, box.top)
    return glance if _is_plain(glance, _members(page), edges) else None


def _is_plain(
    glance: Glance,
    addresses: list[int],
    box: _Edges,
    outer: _Matrix | None = None,
    depth: int = 0,
) -> bool:
    """Say whether all text among the objects is plain to see, and note the rest.

    `box` is the page's in the objects' own coordinates: those of the form that they are within.
    """
    plain = glance.plain
    page_left, page_bottom, page_right, page_top = box
    low = plain.tiny / (outer[3] if outer else 1.0)
    for address in addresses:
        if _mode(address) != 0:
            kind = _kind(address)
            if kind == TEXT:
                return False
            if kind == _FORM:
                matrix = _within(outer, _matrix_of(address))
                inside = _seen_from(box, _matrix_of(address))
                if depth >= _FORM_DEPTH or inside is None:
                    return False
                members = _form_members(address)
                if not _is_plain(glance, members, inside, matrix, depth + 1):
                    return False
            else:
                _collect(glance.others, [address], outer, depth)
            continue
        if glance.behind is None:
            glance.behind = len(glance.others)
        has_fill = _fill(address, *_COLOUR)
        _bounds(address, *_EDGES)
        red, green, blue, opacity, left, bottom, right, top = _unpack(_buffer)
        if (
            (has_fill and (opacity < plain.opaque or min(red, green, blue) >= plain.light))
            or right < page_left
            or left > page_right
            or top < page_bottom
            or bottom > page_top
            or (top - bottom < low and right > left and _font_size_of(address) < plain.tiny)
        ):
            return False
    return True


def _seen_from(box: _Edges, matrix: _Matrix) -> _Edges | None:
    """Return a box in a form's own coordinates; None where the form turns or mirrors it."""
    a, b, c, d, e, f = matrix
    if b or c or a <= 0 or d <= 0:
        return None
    left, bottom, right, top = box
    return (left - e) / a, (bottom - f) / d, (right - e) / a, (top - f) / d


def _form_members(address: int) -> list[int]:
    return [_form_object(address, place) for place in range(_form_count(address))]


def _members(page: int | None) -> list[int]:
    return [_page_object(page, place) for place in range(_page_count(page))]


def _collect(
    found: list[Drawn], addresses: list[int], outer: _Matrix | None = None, depth: int = 0
) -> None:
    """Add objects to those found; `outer` is the matrix of the form that they are within."""
    for address in addresses:
        mode = _mode(address)
        kind = _kind(address) if mode < 0 else TEXT
        if kind == _FORM:
            if depth < _FORM_DEPTH:
                _collect(
                    found, _form_members(address), _within(outer, _matrix_of(address)), depth + 1
                )
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
    return _font_size_of(drawn.address)


def _font_size_of(address: int) -> float:
    _font_size(address, ctypes.addressof(_size))
    _, _, c, d, _, _ = _matrix_of(address)
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


def _moved(edges: Iterable[float], by: _Matrix) -> _Edges:
    left, bottom, right, top = edges
    a, b, c, d, e, f = by
    if b == c == 0 and a > 0 and d > 0:  # nearly all forms
        return a * left + e, d * bottom + f, a * right + e, d * top + f
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    across = [a * x + c * y + e for x, y in corners]
    along = [b * x + d * y + f for x, y in corners]
    return min(across), min(along), max(across), max(along)

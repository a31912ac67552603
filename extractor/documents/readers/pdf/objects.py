"""What a page draws, through plain addresses of pdfium's functions: a fifth of the time.

A page has hundreds of objects, and each is looked at.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from itertools import compress, repeat
from operator import not_, sub
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


def bound(function: Any, result: Any) -> Callable[..., Any]:
    """Return a function that takes its arguments as they are: `pointer`, `byref` or a small int.

    It keeps the interpreter's lock, as none of them takes a microsecond.
    """
    return ctypes.cast(function, ctypes.PYFUNCTYPE(result))


_INT = ctypes.c_int
pointer = ctypes.c_void_p.from_param
_page_count = bound(_raw.FPDFPage_CountObjects, _INT)
_page_object = bound(_raw.FPDFPage_GetObject, ctypes.c_void_p)
_form_object = bound(_raw.FPDFFormObj_GetObject, ctypes.c_void_p)
_form_count = bound(_raw.FPDFFormObj_CountObjects, _INT)
_kind = bound(_raw.FPDFPageObj_GetType, _INT)
_mode = bound(_raw.FPDFTextObj_GetTextRenderMode, _INT)
_fill = bound(_raw.FPDFPageObj_GetFillColor, _INT)
_bounds = bound(_raw.FPDFPageObj_GetBounds, _INT)
_matrix = bound(_raw.FPDFPageObj_GetMatrix, _INT)
_font_size = bound(_raw.FPDFTextObj_GetFontSize, _INT)

_Matrix = tuple[float, float, float, float, float, float]
_Edges = tuple[float, float, float, float]
_Fill = tuple[int, int, int, int]
_BATCH = 1024
_fills = (ctypes.c_uint * (4 * _BATCH))()
_edges = (ctypes.c_float * (4 * _BATCH))()
_six = (ctypes.c_float * 6)()
_size = ctypes.c_float()
_FILL_PLACES, _EDGE_PLACES = (
    [[ctypes.byref(buffer, 16 * at + 4 * part) for at in range(_BATCH)] for part in range(4)]
    for buffer in (_fills, _edges)
)
"""Where the four parts of each object's colour and bounds go, for `map`."""

_FILL, _EDGES, _SIX, _SIZE = (
    [places[0] for places in _FILL_PLACES],
    [places[0] for places in _EDGE_PLACES],
    ctypes.byref(_six),
    ctypes.byref(_size),
)
_fill_bytes, _all_edges = memoryview(_fills).cast("B"), memoryview(_edges).cast("B").cast("f")
_unpack_fills = Struct("=4I").iter_unpack
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

    def meet_text(self) -> None:
        """Note that text comes next: what was met before it lies behind all text."""
        if self.behind is None:
            self.behind = len(self.others)


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
    texts = list(map(pointer, addresses))
    modes: list[int] = list(map(_mode, texts))
    first = modes.index(0) if 0 in modes else len(modes)
    for place in compress(range(len(modes)), modes):
        if place > first:
            glance.meet_text()
        if not _is_passed(glance, addresses[place], box, outer, depth):
            return False
    if first < len(modes):
        glance.meet_text()
    texts = list(compress(texts, map(not_, modes)))
    low = glance.plain.tiny / (outer[3] if outer else 1.0)
    return all(
        _are_plain(texts[at : at + _BATCH], box, low, glance.plain)
        for at in range(0, len(texts), _BATCH)
    )


def _is_passed(
    glance: Glance, address: int, box: _Edges, outer: _Matrix | None, depth: int
) -> bool:
    """Note an object that is no plain text; say whether none of its text can be hidden."""
    kind = _kind(pointer(address))
    if kind == TEXT:
        return False
    if kind != _FORM:
        _collect(glance.others, [address], outer, depth)
        return True
    matrix = _matrix_of(pointer(address))
    inside = _seen_from(box, matrix)
    if depth >= _FORM_DEPTH or inside is None:
        return False
    return _is_plain(glance, _form_members(address), inside, _within(outer, matrix), depth + 1)


def _are_plain(texts: list[Any], box: _Edges, low: float, plain: Plain) -> bool:
    """Say whether texts of mode 0 are plain to see; all at once, for most pages are."""
    count = len(texts)
    if sum(map(_fill, texts, *_FILL_PLACES)) != count:
        return False
    fills = bytes(_fill_bytes[: 16 * count])
    if fills == fills[:16] * count:
        fills = fills[:16]
    if any(
        opacity < plain.opaque or min(red, green, blue) >= plain.light
        for red, green, blue, opacity in set(_unpack_fills(fills))
    ):
        return False
    if sum(map(_bounds, texts, *_EDGE_PLACES)) != count:
        return False
    lefts, bottoms, rights, tops = (_all_edges[part : 4 * count : 4] for part in range(4))
    page_left, page_bottom, page_right, page_top = box
    if (
        min(rights) < page_left
        or max(lefts) > page_right
        or min(tops) < page_bottom
        or max(bottoms) > page_top
    ):
        return False
    heights = list(map(sub, tops, bottoms))
    if min(heights) >= low:
        return True
    return not any(
        rights[place] > lefts[place] and _font_size_of(texts[place]) < plain.tiny
        for place in compress(range(count), map(low.__gt__, heights))
    )


def _seen_from(box: _Edges, matrix: _Matrix) -> _Edges | None:
    """Return a box in a form's own coordinates; None where the form turns or mirrors it."""
    a, b, c, d, e, f = matrix
    if b or c or a <= 0 or d <= 0:
        return None
    left, bottom, right, top = box
    return (left - e) / a, (bottom - f) / d, (right - e) / a, (top - f) / d


def _form_members(address: int) -> list[int]:
    form = pointer(address)
    return list(map(_form_object, repeat(form), range(_form_count(form))))


def _members(page: int | None) -> list[int]:
    handle = pointer(page)
    return list(map(_page_object, repeat(handle), range(_page_count(handle))))


def _collect(
    found: list[Drawn], addresses: list[int], outer: _Matrix | None = None, depth: int = 0
) -> None:
    """Add objects to those found; `outer` is the matrix of the form that they are within."""
    for address in addresses:
        text = pointer(address)
        mode = _mode(text)
        kind = _kind(text) if mode < 0 else TEXT
        if kind == _FORM:
            if depth < _FORM_DEPTH:
                matrix = _within(outer, _matrix_of(text))
                _collect(found, _form_members(address), matrix, depth + 1)
            continue
        fill = _fill_of(text)
        _bounds(text, *_EDGES)
        left, bottom, right, top = _all_edges[:4]
        if outer is not None:
            left, bottom, right, top = _moved((left, bottom, right, top), outer)
        found.append(Drawn(address, kind, mode, fill, left, bottom, right, top))


def _fill_of(item: Any) -> _Fill:
    if not _fill(item, *_FILL):
        return _UNKNOWN_FILL
    red, green, blue, opacity = _fills[:4]
    return red, green, blue, opacity


def font_size(drawn: Drawn) -> float:
    """Return the size of a text object's font in points, without any form around it."""
    return _font_size_of(pointer(drawn.address))


def _font_size_of(pointer: Any) -> float:
    _font_size(pointer, _SIZE)
    _, _, c, d, _, _ = _matrix_of(pointer)
    return float(_size.value * (c * c + d * d) ** 0.5)


def _matrix_of(pointer: Any) -> _Matrix:
    _matrix(pointer, _SIX)
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

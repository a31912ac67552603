"""What is laid on a page: what of it is drawn into its text, and what to know of the rest."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

_raw: Any = import_module("pypdfium2").raw
_UNITS: Any = cast("Any", ctypes).POINTER(_raw.FPDF_WCHAR)

_DRAWN = frozenset(
    (
        *(_raw.FPDF_ANNOT_WIDGET, _raw.FPDF_ANNOT_FREETEXT, _raw.FPDF_ANNOT_STAMP),
        _raw.FPDF_ANNOT_SQUARE,  # it may cover what is below it
    )
)
_SILENT = frozenset((_raw.FPDF_ANNOT_LINK, _raw.FPDF_ANNOT_POPUP, _raw.FPDF_ANNOT_WIDGET))
_UNSEEN = _raw.FPDF_ANNOT_FLAG_HIDDEN | _raw.FPDF_ANNOT_FLAG_NOVIEW
_CHANGES = {
    _raw.FPDF_ANNOT_STRIKEOUT: "text is struck through, and yet part of the text",
    _raw.FPDF_ANNOT_REDACT: "text is marked to be blacked out, and yet part of the text",
}


@dataclass(frozen=True, slots=True)
class Annotations:
    """Whether any of a page's annotations are drawn as text is, and what to warn of."""

    drawn: bool
    remarks: tuple[str, ...]


def annotations_on(page: Any) -> Annotations:
    """Look at the annotations of an open page of pdfium's."""
    drawn = False
    remarks: dict[str, None] = {}
    for place in range(_raw.FPDFPage_GetAnnotCount(page)):
        annotation = _raw.FPDFPage_GetAnnot(page, place)
        if not _raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
            kind = _raw.FPDFAnnot_GetSubtype(annotation)
            drawn = drawn or kind in _DRAWN
            remarks |= dict.fromkeys(_remarks(annotation, kind))
        _raw.FPDFPage_CloseAnnot(annotation)
    return Annotations(drawn, tuple(remarks))


def name_of_ours(contents: str) -> str:
    """Return the name (`/NM`) of a highlight that we write: it fits its note, and no other one."""
    return f"contract-extractor {hashlib.sha256(contents.encode()).hexdigest()}"


def _remarks(annotation: Any, kind: int) -> Iterator[str]:
    if kind in _CHANGES:
        yield _CHANGES[kind]
    is_read = kind in _DRAWN and _raw.FPDFAnnot_HasKey(annotation, b"AP")
    if kind not in _SILENT and not is_read:
        note = _text(annotation, b"Contents")
        if note and _text(annotation, b"NM") != name_of_ours(note):
            yield "comments on it were left out"
    if kind == _raw.FPDF_ANNOT_WIDGET and _is_ticked(annotation):
        yield "boxes of its form are ticked; the text may not tell which"


def _text(annotation: Any, key: bytes) -> str:
    """Return what an annotation has under a key, "" if it has nothing there."""
    size = _raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    units = ctypes.create_string_buffer(size)
    _raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(units, _UNITS), size)
    return units.raw.decode("utf-16-le", "replace").rstrip("\0")


def _is_ticked(widget: Any) -> bool:
    """Say whether a button's state is another than "Off"; other fields have none."""
    return _text(widget, b"AS") not in ("", "Off")

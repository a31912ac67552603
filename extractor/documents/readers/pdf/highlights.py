"""Highlights in a copy of a PDF, as annotations that any PDF reader shows."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdf
from pypdf.annotations import Highlight as Annotation
from pypdf.errors import WrongPasswordError
from pypdf.generic import ArrayObject, FloatObject, NameObject, NumberObject, TextStringObject

from extractor.documents.document import Highlight, Rect
from extractor.documents.options import ReadOptions
from extractor.documents.plain import clean
from extractor.documents.readers.pdf.annotations import name_of_ours
from extractor.documents.readers.pdf.engine import refused_password
from extractor.documents.readers.pdf.remarks import pypdf_remarks
from extractor.documents.readers.pdf.structure import open_pypdf
from extractor.errors import DocumentError, UnreadableDocumentError

_DEFAULTS = ReadOptions()
_COLOUR = "ffe14d"
_PRINTED = 4  # the annotation is printed too (ISO 32000-1, table 165)
_SOURCE = "the PDF"


def highlight(
    data: bytes, highlights: Sequence[Highlight], options: ReadOptions = _DEFAULTS
) -> bytes:
    """Return the PDF with highlights, and everything else as it was.

    The annotations are appended; the bytes before them stay the same, but for an encrypted file:
    that one is written anew, encrypted by AES-256 under the password given.

    Raises:
        EncryptedDocumentError: the password is missing, or wrong.
        UnreadableDocumentError: pypdf can't write this file; its error is the cause.
        DocumentError: a highlight is on a page that there is not.
    """
    with pypdf_remarks():
        try:
            return _written(data, highlights, options)
        except DocumentError:
            raise
        except WrongPasswordError as error:
            raise refused_password(_SOURCE, options.password) from error
        except Exception as error:  # a broken file makes pypdf run into anything
            raise UnreadableDocumentError(
                f"Highlights can't be written: {type(error).__name__}: {clean(str(error))[:200]}",
                hint="Open the PDF in a reader, print it to a new PDF, and highlight that.",
            ) from error


def _written(data: bytes, highlights: Sequence[Highlight], options: ReadOptions) -> bytes:
    reader = open_pypdf(data, options)
    writer = (
        pypdf.PdfWriter(clone_from=reader)
        if reader.is_encrypted
        else pypdf.PdfWriter(io.BytesIO(data), incremental=True)
    )
    for highlight in highlights:
        for page in dict.fromkeys(rect.page for rect in highlight.rects):
            if not 1 <= page <= len(writer.pages):
                raise DocumentError(f"There is no page {page} to highlight")
            rects = [rect for rect in highlight.rects if rect.page == page]
            writer.add_annotation(page - 1, _annotation(highlight, rects))
    if reader.is_encrypted:
        writer.encrypt(options.password or "", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _annotation(highlight: Highlight, rects: Sequence[Rect]) -> Annotation:
    """Make one annotation of a page's boxes (ISO 32000-1, 12.5.6.10).

    The corners go left to right, upper before lower: readers follow Acrobat, not the standard.
    """
    quads = [
        corner
        for r in rects
        for corner in (r.left, r.top, r.right, r.top, r.left, r.bottom, r.right, r.bottom)
    ]
    around = (
        min(r.left for r in rects),
        min(r.bottom for r in rects),
        max(r.right for r in rects),
        max(r.top for r in rects),
    )
    annotation = Annotation(
        rect=around,
        quad_points=ArrayObject(map(FloatObject, quads)),
        highlight_color=_COLOUR,
    )
    annotation[NameObject("/F")] = NumberObject(_PRINTED)
    annotation[NameObject("/T")] = TextStringObject(highlight.title)
    annotation[NameObject("/Contents")] = TextStringObject(highlight.contents)
    annotation[NameObject("/NM")] = TextStringObject(name_of_ours(highlight.contents))
    return annotation

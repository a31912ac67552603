import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from extractor.documents.document import Hidden, Highlight, Rect
from extractor.documents.options import ReadOptions
from extractor.documents.readers.pdf import highlight, read_pdf

MakePdf = Callable[..., bytes]
DrawPdf = Callable[..., bytes]
OFF = ReadOptions(ocr="off")
COMMENTS = "page 1: comments on it were left out"


def annotated(
    data: bytes, kind: str, *, contents: str = "", drawing: bytes = b"", flags: int = 4
) -> bytes:
    """Lay an annotation over the first line of a page, with a drawing of its own, if any."""
    writer: Any = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    box = ArrayObject(map(FloatObject, (70, 696, 370, 714)))
    entries: dict[str, Any] = {
        "/Type": NameObject("/Annot"),
        "/Subtype": NameObject(kind),
        "/Rect": box,
        "/QuadPoints": ArrayObject(map(FloatObject, (70, 714, 370, 714, 70, 696, 370, 696))),
        "/F": NumberObject(flags),
    }
    if contents:
        entries["/Contents"] = TextStringObject(contents)
    if drawing:
        form = StreamObject()
        form.set_data(drawing)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        named = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
        fonts = DictionaryObject({NameObject("/F1"): named})
        form[NameObject("/Subtype")] = NameObject("/Form")
        form[NameObject("/BBox")] = ArrayObject(map(FloatObject, (0, 0, 300, 18)))
        form[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        # the reader of a file takes a stream for one only where it is an object by itself
        entries["/AP"] = DictionaryObject({NameObject("/N"): writer._add_object(form)})
    writer.add_annotation(0, DictionaryObject({NameObject(k): v for k, v in entries.items()}))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_highlights_of_ours_are_no_comments_until_somebody_writes_into_them(
    make_pdf: MakePdf,
) -> None:
    found = Highlight((Rect(1, 70, 696, 120, 714),), "fee", "fee: 100")
    copy = highlight(make_pdf("The fee."), [found])
    assert read_pdf(copy, "a.pdf", OFF).warnings == ()
    writer: Any = pypdf.PdfWriter(clone_from=io.BytesIO(copy))
    note = writer.pages[0]["/Annots"][0].get_object()
    note[NameObject("/Contents")] = TextStringObject("fee: 100. Too dear.")
    out = io.BytesIO()
    writer.write(out)
    assert read_pdf(out.getvalue(), "a.pdf", OFF).warnings == (COMMENTS,)


def test_what_a_stamp_says_is_text(make_pdf: MakePdf) -> None:
    data = annotated(make_pdf("\n\nThe fee."), "/Stamp", drawing=b"BT /F1 12 Tf (VOID) Tj ET")
    document = read_pdf(data, "a.pdf", OFF)
    assert document.text.split() == ["The", "fee.", "VOID"]
    assert document.warnings == ()


def test_what_a_drawn_box_covers_is_hidden(make_pdf: MakePdf) -> None:
    data = annotated(make_pdf("The fee.\nThe term."), "/Square", drawing=b"1 g 0 0 300 18 re f")
    document = read_pdf(data, "a.pdf", OFF)
    assert document.text.strip() == "The term."
    assert document.hidden == (Hidden("The fee.", "covered", 1),)


@pytest.mark.parametrize(
    ("kind", "contents", "warnings"),
    [
        ("/Text", "Too dear.", (COMMENTS,)),
        ("/Highlight", "Too dear.", (COMMENTS,)),
        ("/Highlight", "", ()),
        ("/FreeText", "It has no drawing of its own.", (COMMENTS,)),
        ("/Link", "To the site.", ()),
        ("/StrikeOut", "", ("page 1: text is struck through, and yet part of the text",)),
        ("/Redact", "", ("page 1: text is marked to be blacked out, and yet part of the text",)),
    ],
)
def test_notes_and_marks_on_the_text_are_told(
    kind: str, contents: str, warnings: tuple[str, ...], make_pdf: MakePdf
) -> None:
    data = annotated(make_pdf("The fee."), kind, contents=contents)
    document = read_pdf(data, "a.pdf", OFF)
    assert (document.text.strip(), document.warnings) == ("The fee.", warnings)


def test_hidden_notes_are_not_told(make_pdf: MakePdf) -> None:
    data = annotated(make_pdf("The fee."), "/Text", contents="Draft.", flags=2)
    assert read_pdf(data, "a.pdf", OFF).warnings == ()


@pytest.mark.parametrize("ticked", [True, False])
def test_ticked_boxes_are_told(ticked: bool, draw_pdf: DrawPdf) -> None:
    def form(canvas: Any) -> None:
        canvas.drawString(72, 700, "Exclusive")
        canvas.acroForm.checkbox(name="exclusive", x=130, y=700, checked=ticked)

    told = ("page 1: boxes of its form are ticked; the text may not tell which",)
    assert read_pdf(draw_pdf(form), "a.pdf", OFF).warnings == (told if ticked else ())

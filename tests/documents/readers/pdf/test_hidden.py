from collections.abc import Callable
from typing import Any

import pytest
from reportlab.lib.utils import ImageReader

from extractor.documents.options import ReadOptions
from extractor.documents.readers.pdf import read_pdf

DrawPdf = Callable[..., bytes]
RawPdf = Callable[..., bytes]
OFF = ReadOptions(ocr="off")


def seen(canvas: Any) -> None:
    canvas.setFillGray(0)
    canvas.drawString(72, 700, "The Supplier shall deliver.")


def white(canvas: Any) -> None:
    canvas.setFillGray(1)
    canvas.drawString(72, 600, "SECRET words")


def tiny(canvas: Any) -> None:
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(72, 600, "SECRET words")


def invisible(canvas: Any) -> None:
    canvas.drawString(72, 600, "SECRET words", mode=3)


def off_page(canvas: Any) -> None:
    canvas.drawString(72, 900, "SECRET words")


def background(canvas: Any) -> None:
    canvas.setFillGray(0.5)
    canvas.rect(60, 590, 200, 30, fill=1, stroke=0)
    canvas.drawString(72, 600, "SECRET words")


def covered(canvas: Any) -> None:
    canvas.drawString(72, 600, "SECRET words")
    canvas.setFillGray(1)
    canvas.rect(60, 590, 200, 30, fill=1, stroke=0)


def white_in_a_form(canvas: Any) -> None:
    canvas.beginForm("f")
    white(canvas)
    canvas.endForm()
    canvas.doForm("f")


@pytest.mark.parametrize(
    ("hide", "reason"),
    [
        (white, "white"),
        (white_in_a_form, "white"),
        (tiny, "tiny"),
        (invisible, "invisible"),
        (off_page, "off_page"),
        (background, "background"),
        (covered, "covered"),
    ],
)
def test_text_that_a_page_does_not_show_is_kept_apart(
    draw_pdf: DrawPdf, hide: Callable[[Any], None], reason: str
) -> None:
    def draw(canvas: Any) -> None:
        seen(canvas)
        hide(canvas)

    data = draw_pdf(draw)
    document = read_pdf(data, "a.pdf", OFF)
    assert document.text.strip() == "The Supplier shall deliver."
    assert [(part.text, part.reason, part.page) for part in document.hidden] == [
        ("SECRET words", reason, 1)
    ]
    assert len(document.warnings) == 1
    assert document.warnings[0].startswith("page 1: ")
    asked = read_pdf(data, "a.pdf", ReadOptions(ocr="off", hidden=True))
    assert "SECRET words" in asked.text
    assert asked.hidden == ()
    assert "is part of the text" in asked.warnings[0]


def test_white_text_on_a_dark_ground_is_part_of_the_text(draw_pdf: DrawPdf) -> None:
    def draw(canvas: Any) -> None:
        seen(canvas)
        canvas.setFillGray(0.2)
        canvas.rect(60, 590, 200, 30, fill=1, stroke=0)
        canvas.setFillGray(1)
        canvas.drawString(72, 600, "Schedule A")

    document = read_pdf(draw_pdf(draw), "a.pdf", OFF)
    assert "Schedule A" in document.text
    assert (document.hidden, document.warnings) == ((), ())


def test_white_text_over_visible_text_is_hidden_all_the_same(draw_pdf: DrawPdf) -> None:
    def draw(canvas: Any) -> None:
        seen(canvas)
        canvas.setFillGray(1)
        canvas.drawString(72, 700, "XX")
        seen(canvas)

    assert [p.reason for p in read_pdf(draw_pdf(draw), "a.pdf", OFF).hidden] == ["white"]


def test_an_invisible_layer_over_a_scan_is_its_text(draw_pdf: DrawPdf, scan: ImageReader) -> None:
    def draw(canvas: Any) -> None:
        canvas.drawImage(scan, 0, 0, 612, 792)
        for row in range(20):
            canvas.drawString(72, 792 - 89 - 20 * row, f"The clause {row} of the scan", mode=3)

    document = read_pdf(draw_pdf(draw), "a.pdf", OFF)
    assert "The clause 19 of the scan" in document.text
    assert document.pages[0].kind == "mixed"
    assert document.hidden == ()
    assert "invisible layer over its picture" in document.warnings[0]


def test_an_invisible_text_beside_the_words_of_a_scan_is_hidden(
    draw_pdf: DrawPdf, scan: ImageReader
) -> None:
    def draw(canvas: Any) -> None:
        canvas.drawImage(scan, 0, 0, 612, 792)
        for row in range(20):
            canvas.drawString(72, 792 - 89 - 20 * row, f"The clause {row} of the scan", mode=3)
        canvas.drawString(72, 20, "SECRET words", mode=3)

    document = read_pdf(draw_pdf(draw), "a.pdf", OFF)
    assert [part.text for part in document.hidden] == ["SECRET words"]


def test_invisible_characters_are_kept_apart_whatever_their_object(raw_pdf: RawPdf) -> None:
    to_unicode = (
        b"1 begincodespacerange <00> <ff> endcodespacerange "
        b"4 beginbfchar <41> <DB40DC41> <42> <D83DDE00> <43> <202E> <44> <200B> endbfchar"
    )
    data = raw_pdf(b"BT /F1 12 Tf 72 700 Td (onexAtwoByCendDDDDz) Tj ET", to_unicode=to_unicode)
    document = read_pdf(data, "a.pdf", OFF)
    assert document.text == "onextwo\U0001f600yendz"
    assert [(part.text, part.reason) for part in document.hidden] == [
        ("\U000e0041", "unicode_tags"),
        ("\u202e", "bidi_controls"),
        ("\u200b" * 4, "zero_width"),
    ]

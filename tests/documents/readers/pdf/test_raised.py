"""Raised and lowered figures are kept apart from those that they follow."""

from collections.abc import Callable
from typing import Any

import pytest

from extractor.documents.options import ReadOptions
from extractor.documents.readers.pdf import read_pdf, rects
from extractor.types import Span

DrawPdf = Callable[..., bytes]
Part = tuple[str, float, float]
OFF = ReadOptions(ocr="off")


def line(*parts: Part) -> Callable[[Any], None]:
    """Return what draws parts of a line, each with its size and rise."""

    def draw(canvas: Any) -> None:
        text = canvas.beginText(72, 700)
        for words, size, rise in parts:
            text.setFont("Helvetica", size)
            text.setRise(rise)
            text.textOut(words)
        canvas.drawText(text)

    return draw


def up(mark: str) -> Part:
    return mark, 7, 4


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((("$1,000", 12, 0), up("1")), "$1,000[1]"),
        ((("100", 12, 0), up("12")), "100[12]"),
        ((("Support", 12, 0), ("4", 10, 0.9)), "Support[4]"),
        ((("the Fee", 12, 0), up("*")), "the Fee[*]"),
        ((("of 8", 12, 0), up("1"), ("/2%", 12, 0)), "of 8 1/2%"),
        ((("5", 12, 0), ("2", 7, -2)), "5[2]"),
        ((("CO", 12, 0), ("2", 7, -2)), "CO2"),
        ((("22", 12, 0), up("nd")), "22nd"),
        ((("2", 12, 0), ("019", 7, 0)), "2019"),
        ((("Fee*", 12, 0),), "Fee*"),
        ((("see ", 12, 0), up("12")), "see 12"),
    ],
)
def test_raised_figures_and_marks_are_kept_apart_from_what_they_follow(
    draw_pdf: DrawPdf, parts: tuple[Part, ...], text: str
) -> None:
    data = draw_pdf(line(*parts))
    for options in (OFF, ReadOptions(ocr="off", hidden=True)):
        assert read_pdf(data, "a.pdf", options).text.replace("\n", "") == text


def test_raised_figures_are_found_behind_characters_of_two_units(raw_pdf: DrawPdf) -> None:
    unicode = (
        b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <58> <D83DDE00> endbfchar"
    )
    raised = b"BT /F1 12 Tf 72 700 Td (X is 5) Tj /F1 7 Tf 4 Ts (2) Tj ET"
    document = read_pdf(raw_pdf(raised, to_unicode=unicode), "a.pdf", OFF)
    assert document.text == "\U0001f600 is 5[2]"


def test_a_raised_mark_has_its_box_and_the_figure_before_it_another(draw_pdf: DrawPdf) -> None:
    data = draw_pdf(line(("$1,000", 12, 0), up("1")))
    document = read_pdf(data, "a.pdf", OFF)
    (figure,), (mark,) = rects(data, document, [Span(0, 6), Span(6, 9)], OFF)
    assert figure.right <= mark.left + 1
    assert figure.bottom < mark.bottom


def test_text_that_runs_upwards_has_no_raised_marks(draw_pdf: DrawPdf) -> None:
    def turned(canvas: Any) -> None:
        canvas.translate(800, 0)
        canvas.rotate(90)
        line(("B", 12, 0), ("12 of 2019", 7, 0))(canvas)

    assert read_pdf(draw_pdf(turned), "a.pdf", OFF).text.strip() == "B12 of 2019"


def test_a_raised_mark_that_is_hidden_stays_hidden(draw_pdf: DrawPdf) -> None:
    def draw(canvas: Any) -> None:
        line(("$1,000", 12, 0))(canvas)
        canvas.setFillGray(1)
        text = canvas.beginText(72 + canvas.stringWidth("$1,000", "Helvetica", 12), 704)
        text.setFont("Helvetica", 7)
        text.textOut("1")
        canvas.drawText(text)

    document = read_pdf(draw_pdf(draw), "a.pdf", OFF)
    assert document.text.strip() == "$1,000"
    assert [part.text for part in document.hidden] == ["1"]

import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from pypdf.generic import RectangleObject

from extractor import documents, read_document
from extractor.documents.document import Document, Highlight, Rect
from extractor.documents.readers.pdf import highlight, read_pdf, rects, render
from extractor.errors import DocumentError, EncryptedDocumentError, UnreadableDocumentError
from extractor.types import Span

DrawPdf = Callable[..., bytes]
RawPdf = Callable[..., bytes]
WIDTH_OF_A = 12 * 0.667  # of Helvetica, in thousandths of its size


def span_of(document: Document, quote: str) -> Span:
    at = document.text.index(quote)
    return Span(at, at + len(quote))


def two_lines(canvas: Any) -> None:
    canvas.drawString(72, 700, "The first line of the clause")
    canvas.drawString(72, 686, "and its second line.")


def boxes_of(data: bytes, quote: str) -> tuple[Rect, ...]:
    document = read_pdf(data, "a.pdf")
    return rects(data, document, [span_of(document, quote)])[0]


def test_a_span_has_a_box_for_each_line_it_is_on(draw_pdf: DrawPdf) -> None:
    first, second = boxes_of(draw_pdf(two_lines, two_lines), "clause\nand its")
    assert first.page == second.page == 1
    assert 170 < first.left < 178
    assert 205 < first.right < 212
    assert 698 < first.bottom < 701
    assert 707 < first.top < 712
    assert 71 < second.left < 74
    assert second.top < first.bottom


def test_a_span_across_pages_has_boxes_on_both(draw_pdf: DrawPdf) -> None:
    boxes = boxes_of(draw_pdf(two_lines, two_lines), "second line.\nThe first")
    assert [box.page for box in boxes] == [1, 2]


def test_boxes_are_right_after_characters_that_are_left_out_or_stand_for_two(
    raw_pdf: RawPdf,
) -> None:
    to_unicode = (
        b"1 begincodespacerange <00> <ff> endcodespacerange "
        b"3 beginbfchar <42> <D83DDE00> <43> <00660066> <44> <0002> endbfchar"
    )
    content = b"BT /F1 12 Tf 72 700 Td (BCDEABCDE) Tj 0 -14 Td (exam-) Tj 0 -14 Td (pleA) Tj ET"
    data = raw_pdf(content, to_unicode=to_unicode)
    document = read_pdf(data, "a.pdf")
    assert document.text == "\U0001f600ffEA\U0001f600ffE\nexam-\npleA"
    first = document.text.index("A")
    last = document.text.rindex("A")
    ((a,), (b,), (word, rest)) = rects(
        data,
        document,
        [Span(first, first + 1), Span(last, last + 1), span_of(document, "exam-\nple")],
    )
    start = 72 + 12 * (0.667 + 0.722 + 0.722 + 0.667)  # B, C, D and E before it
    assert abs(a.left - start) < 1
    assert abs((a.right - a.left) - WIDTH_OF_A) < 1.5
    assert 670 < b.bottom < 675
    assert word.bottom > rest.top
    assert rest.right < b.left + 1


def test_spans_without_text_of_their_own_have_no_box(draw_pdf: DrawPdf) -> None:
    data = draw_pdf(two_lines, two_lines)
    document = read_pdf(data, "a.pdf")
    end = document.pages[0].span.end
    assert rects(data, document, [Span(0, 0), Span(end, end + 1)]) == [(), ()]


def test_a_span_outside_of_the_text_has_no_boxes(draw_pdf: DrawPdf) -> None:
    data = draw_pdf(two_lines)
    document = read_document(data)
    with pytest.raises(DocumentError, match="A span is outside of the document"):
        documents.rects(data, document, [Span(0, len(document.text) + 1)])


def test_a_document_of_other_bytes_has_no_boxes_here(draw_pdf: DrawPdf) -> None:
    document = read_pdf(draw_pdf(two_lines), "a.pdf")

    def another(canvas: Any) -> None:
        canvas.drawString(72, 700, "Something else")

    other = draw_pdf(another)
    with pytest.raises(UnreadableDocumentError, match="another text"):
        rects(other, document, [Span(0, 5)])


def turned(data: bytes, angle: int, crop: tuple[int, int, int, int] | None = None) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.pages[0].rotate(angle)
    if crop:
        writer.pages[0].cropbox = RectangleObject(crop)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def upright_when_shown(angle: int) -> Any:
    def draw(canvas: Any) -> None:
        canvas.translate(*{90: (612, 0), 180: (612, 792), 270: (0, 792)}[angle])
        canvas.rotate(angle)
        canvas.translate(0, -200)  # onto a page that is 612 points high then
        two_lines(canvas)

    return draw


@pytest.mark.parametrize("angle", [90, 180, 270])
@pytest.mark.parametrize("shown", [False, True])
def test_the_lines_of_a_turned_page_are_in_order_whichever_way_they_stand(
    angle: int, *, shown: bool, draw_pdf: DrawPdf
) -> None:
    data = turned(draw_pdf(upright_when_shown(angle) if shown else two_lines), angle)
    document = read_pdf(data, "a.pdf")
    assert document.text.split("\n") == ["The first line of the clause", "and its second line."]
    assert (document.pages[0].width == 792) is (angle != 180)
    (box,) = rects(data, document, [span_of(document, "second")])[0]
    if not shown:
        assert 110 < box.left < 116
        assert 684 < box.bottom < 687


def grey_changes(before: bytes, after: bytes) -> list[tuple[int, int]]:
    """Return the pixels in which two pictures of a page differ."""
    from PIL import Image, ImageChops

    pictures = [Image.open(io.BytesIO(png)).convert("L") for png in (before, after)]
    difference = ImageChops.difference(*pictures)
    return [
        (x, y)
        for y in range(difference.height)
        for x in range(difference.width)
        if difference.getpixel((x, y)) != 0
    ]


@pytest.mark.parametrize(
    ("angle", "crop", "middle"),
    [
        (0, None, (130, 88)),
        (90, None, (704, 130)),
        (180, None, (482, 704)),
        (0, (50, 400, 400, 750), (80, 46)),
    ],
)
def test_a_highlight_is_shown_over_its_words_however_the_page_is_turned(
    draw_pdf: DrawPdf,
    angle: int,
    crop: tuple[int, int, int, int] | None,
    middle: tuple[int, int],
) -> None:
    data = turned(draw_pdf(two_lines), angle, crop)
    marked = highlight(data, [Highlight(boxes_of(data, "The first line of"), "term", "12 months")])
    changed = grey_changes(render(data, 1, dpi=72), render(marked, 1, dpi=72))
    assert changed
    xs, ys = [x for x, _ in changed], [y for _, y in changed]
    assert abs((min(xs) + max(xs)) / 2 - middle[0]) < 20
    assert abs((min(ys) + max(ys)) / 2 - middle[1]) < 20
    assert len(changed) > 300


def test_highlights_are_appended_and_say_what_they_show(draw_pdf: DrawPdf) -> None:
    data = draw_pdf(two_lines, two_lines)
    boxes = boxes_of(data, "second line.\nThe first")
    marked = highlight(data, [Highlight(boxes, "term", "twelve months")])
    assert marked.startswith(data)
    pages = pypdf.PdfReader(io.BytesIO(marked)).pages
    notes: list[Any] = [note.get_object() for page in pages for note in page.annotations or ()]
    assert [(n["/Subtype"], n["/T"], n["/Contents"]) for n in notes] == [
        ("/Highlight", "term", "twelve months")
    ] * 2
    assert len(notes[0]["/QuadPoints"]) == 8
    assert read_pdf(marked, "a.pdf").text == read_pdf(data, "a.pdf").text


def test_a_mark_on_a_page_that_is_not_there_is_refused(draw_pdf: DrawPdf) -> None:
    with pytest.raises(DocumentError, match="no page 7"):
        highlight(draw_pdf(two_lines), [Highlight((Rect(7, 0, 0, 9, 9),), "term")])


def test_highlights_in_an_encrypted_or_broken_file_are_refused(draw_pdf: DrawPdf) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(draw_pdf(two_lines)))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(EncryptedDocumentError):
        highlight(out.getvalue(), [])
    with pytest.raises(UnreadableDocumentError, match="can't be written"):
        highlight(b"%PDF-1.7 nothing", [])


def test_a_page_that_is_not_there_is_not_rendered(draw_pdf: DrawPdf) -> None:
    with pytest.raises(DocumentError, match="no page 2"):
        render(draw_pdf(two_lines), 2)
    assert render(draw_pdf(two_lines), 1).startswith(b"\x89PNG")


def test_marks_and_boxes_show_no_text_in_their_repr() -> None:
    assert "months" not in repr(Highlight((), "term", "twelve months"))

"""Pages of a PDF that are pictures: recognised, turned upright, or unreadable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from reportlab.lib.utils import ImageReader

from extractor.documents.options import ReadOptions
from extractor.documents.readers import ocr
from extractor.documents.readers.ocr import RecognizedWord
from extractor.documents.readers.pdf import read_pdf, rects
from extractor.errors import UnreadableDocumentError
from extractor.types import Span

MakePdf = Callable[..., bytes]
OFF = ReadOptions(ocr="off")


def own(canvas: Any) -> None:
    canvas.drawString(72, 700, "Own text.")


@dataclass
class Reading:
    """A recognizer that always reads the same words, whatever it is shown."""

    words: list[RecognizedWord]
    dpis: list[int] = field(default_factory=list[int])

    def recognize(self, image: bytes, *, dpi: int) -> list[RecognizedWord]:
        assert image.startswith(b"\x89PNG")
        self.dpis.append(dpi)
        return self.words

    def describe(self) -> str:
        return "reading"


@dataclass
class Askew(Reading):
    """A recognizer to whom all but the picture turned `sides` times is noise."""

    sides: int = 0
    seen: int = -1

    def recognize(self, image: bytes, *, dpi: int) -> list[RecognizedWord]:
        self.seen += 1
        words = super().recognize(image, dpi=dpi)
        is_upright = (0, 2, 1, 3)[self.seen] == self.sides
        return words if is_upright else [replace(word, text="~", confidence=0.3) for word in words]


@pytest.mark.parametrize("sides", [0, 1, 2, 3])
def test_a_scan_that_lies_on_its_side_is_turned_and_its_boxes_are_the_pages(
    sides: int, draw_pdf: MakePdf, scan: ImageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 300 by 25 pixels at 200 dpi, near the upper left corner of the turned picture
    reading = Askew([RecognizedWord("Term", 200, 222, 500, 247, 0.9, 0, 0)], sides=sides)
    monkeypatch.setattr(ocr, "recognizer", lambda: reading)

    def picture(canvas: Any) -> None:
        canvas.drawImage(scan, 0, 0, 612, 792)

    document = read_pdf(draw_pdf(picture), "a.pdf")
    assert (document.text, document.pages[0].kind) == ("Term", "ocr")
    assert ("turned by" in document.warnings[0]) == bool(sides)
    (word,) = document.pages[0].words
    left, right = round(word.rect.left), round(word.rect.right)
    bottom, top = round(word.rect.bottom), round(word.rect.top)
    upright = {0: (72, 180), 1: (80, 89), 2: (432, 540), 3: (523, 532)}
    across = {0: (703, 712), 1: (72, 180), 2: (80, 89), 3: (612, 720)}
    assert (left, right) == pytest.approx(upright[sides], abs=1)
    assert (bottom, top) == pytest.approx(across[sides], abs=1)


def test_a_picture_that_nobody_can_read_is_unreadable(
    draw_pdf: MakePdf, scan: ImageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [RecognizedWord("~", 200, 222, 500, 247, 0.3, 0, 0)]
    monkeypatch.setattr(ocr, "recognizer", lambda: Reading(words))

    def picture(canvas: Any) -> None:
        canvas.drawImage(scan, 0, 0, 612, 792)

    document = read_pdf(draw_pdf(own, picture), "a.pdf")
    assert [page.kind for page in document.pages] == ["text", "unreadable"]
    assert document.text == "Own text.\n"
    assert "could not read its picture with any confidence" in document.warnings[0]


def test_a_scanned_page_is_recognised_with_its_words_boxes(
    draw_pdf: MakePdf, scan: ImageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = Reading(
        [
            RecognizedWord("The", 200, 222, 300, 247, 0.9, 0, 0),
            RecognizedWord("term", 320, 222, 420, 247, 0.7, 0, 0),
        ]
    )
    monkeypatch.setattr(ocr, "recognizer", lambda: reading)

    def picture(canvas: Any) -> None:
        canvas.drawImage(scan, 0, 0, 612, 792)

    def stamped(canvas: Any) -> None:
        picture(canvas)
        canvas.drawString(500, 20, "BATES 17")

    data = draw_pdf(own, picture, stamped)
    document = read_pdf(data, "a.pdf")
    assert [page.kind for page in document.pages] == ["text", "ocr", "mixed"]
    assert document.text == "Own text.\nThe term\nBATES 17\nThe term"
    assert reading.dpis == [200, 200]
    page = document.pages[2]
    assert page.confidence == pytest.approx(0.8)
    assert [document.text[w.span.start : w.span.end] for w in page.words] == ["The", "term"]
    start = document.text.rindex("BATES")
    (boxes,) = rects(data, document, [Span(start, len(document.text))])
    assert [box.page for box in boxes] == [3, 3]
    stamp, line = boxes
    assert 498 < stamp.left < 502
    assert (round(line.left), round(line.right)) == (72, 151)
    assert (round(line.top), round(line.bottom)) == (712, 703)
    assert read_pdf(data, "a.pdf", OFF).pages[1].kind == "unreadable"


def test_a_page_whose_recognition_fails_is_unreadable_and_the_others_are_read(
    draw_pdf: MakePdf, scan: ImageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Reading):
        def recognize(self, image: bytes, *, dpi: int) -> list[RecognizedWord]:
            raise UnreadableDocumentError("It took too long")

    def stamped(canvas: Any) -> None:
        canvas.drawImage(scan, 0, 0, 612, 792)
        canvas.drawString(500, 20, "BATES 17")

    monkeypatch.setattr(ocr, "recognizer", lambda: Slow([]))
    document = read_pdf(draw_pdf(own, stamped), "a.pdf")
    assert document.text == "Own text.\nBATES 17"
    assert [page.kind for page in document.pages] == ["text", "unreadable"]
    assert document.warnings[0].endswith("what it shows was not read: It took too long")

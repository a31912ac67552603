"""Text of a page from its picture, with each word's box on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from extractor.documents.document import Rect, Word
from extractor.documents.readers.ocr import RecognizedWord, Recognizer, text_of
from extractor.documents.readers.pdf.engine import PdfPage
from extractor.documents.readers.pdf.pixels import Pixels
from extractor.types import Span

DPI = 200
"""Of the picture to recognise: what offices scan at; more takes longer and reads no better."""


_SURE = 0.7
"""Mean confidence below which a picture may lie on its side, or be no print at all. Clean scans
have 0.9 and more, badly degraded ones 0.8; upside down, the same have less than 0.5."""

LEAST = 0.5
"""Mean confidence below which what was recognised is no reading of the page."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """The text of a picture; the words' spans are within it.

    `turned` says by how many degrees clockwise the picture had to be turned to be read.
    """

    text: str
    words: tuple[Word, ...]
    turned: int = 0

    @property
    def confidence(self) -> float | None:
        return fmean(word.confidence for word in self.words) if self.words else None

    def __repr__(self) -> str:
        return f"Recognized(words={len(self.words)})"


def recognize(page: PdfPage, recognizer: Recognizer, known: Sequence[Rect] = ()) -> Recognized:
    """Recognise a page's picture, but for the words whose middle lies in a `known` box.

    A picture that can't be read with confidence is turned to all sides, and read as it is read
    best.
    """
    pixels = page.pixels(DPI)
    dpi = round(72 * pixels.width / page.width)
    best = recognizer.recognize(pixels.png(dpi), dpi=dpi)
    turned = 0
    for quarters in (2, 1, 3):
        if _sureness(best) >= _SURE:
            break
        found = recognizer.recognize(pixels.turned(quarters).png(dpi), dpi=dpi)
        if _sureness(found) > _sureness(best):
            best = [_turned_back(word, pixels, quarters) for word in found]
            turned = 90 * quarters
    placed = [(word, _rect(page, pixels, word)) for word in best]
    placed = [(word, rect) for word, rect in placed if not _is_known(rect, known)]
    text, spans = text_of(word for word, _ in placed)
    words = (
        Word(span, rect, word.confidence) for span, (word, rect) in zip(spans, placed, strict=True)
    )
    return Recognized(text, tuple(words), turned)


def _sureness(words: Sequence[RecognizedWord]) -> float:
    return fmean(word.confidence for word in words) if words else 0.0


def _turned_back(word: RecognizedWord, pixels: Pixels, quarters: int) -> RecognizedWord:
    """Return where a word of a turned picture is in the picture as it was."""
    wide, high = pixels.width - 1, pixels.height - 1
    left, top, right, bottom = word.left, word.top, word.right, word.bottom
    match quarters:
        case 1:
            box = (top, high - right, bottom, high - left)
        case 2:
            box = (wide - right, high - bottom, wide - left, high - top)
        case _:
            box = (wide - bottom, left, wide - top, right)
    return replace(word, left=box[0], top=box[1], right=box[2], bottom=box[3])


def moved(word: Word, by: int) -> Word:
    """Return a word of a text that now stands behind `by` other characters."""
    return Word(Span(word.span.start + by, word.span.end + by), word.rect, word.confidence)


def _rect(page: PdfPage, pixels: Pixels, word: RecognizedWord) -> Rect:
    one = page.to_point(pixels, word.left, word.top)
    other = page.to_point(pixels, word.right, word.bottom)
    across, along = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return Rect(page.number, across[0], along[0], across[1], along[1])


def _is_known(rect: Rect, known: Sequence[Rect]) -> bool:
    across, along = (rect.left + rect.right) / 2, (rect.bottom + rect.top) / 2
    return any(k.left <= across <= k.right and k.bottom <= along <= k.top for k in known)

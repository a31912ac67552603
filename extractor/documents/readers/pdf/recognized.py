"""Text of a page from its picture, with each word's box on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from extractor.documents.document import Rect, Word
from extractor.documents.readers.ocr import RecognizedWord, Recognizer, text_of
from extractor.documents.readers.pdf.engine import PdfPage
from extractor.documents.readers.pdf.pixels import Pixels
from extractor.types import Span

DPI = 200
"""Of the picture to recognise: what offices scan at; more takes longer and reads no better."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """The text of a picture; the words' spans are within it."""

    text: str
    words: tuple[Word, ...]

    @property
    def confidence(self) -> float | None:
        return fmean(word.confidence for word in self.words) if self.words else None

    def __repr__(self) -> str:
        return f"Recognized(words={len(self.words)})"


def recognize(page: PdfPage, recognizer: Recognizer, known: Sequence[Rect] = ()) -> Recognized:
    """Recognise a page's picture, but for the words whose middle lies in a `known` box."""
    pixels = page.pixels(DPI)
    dpi = round(72 * pixels.width / page.width)
    found = recognizer.recognize(pixels.png(dpi), dpi=dpi)
    placed = [(word, _rect(page, pixels, word)) for word in found]
    placed = [(word, rect) for word, rect in placed if not _is_known(rect, known)]
    text, spans = text_of(word for word, _ in placed)
    words = (
        Word(span, rect, word.confidence) for span, (word, rect) in zip(spans, placed, strict=True)
    )
    return Recognized(text, tuple(words))


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

"""Text from pictures of pages: what a recognizer gives, and which one is used.

from extractor.documents.readers.ocr import recognizer, text_of

engine = recognizer()
if engine is not None:
    text, spans = text_of(engine.recognize(png, dpi=200))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from extractor.types import Span, sized

NOT_INSTALLED = (
    "Install text recognition: pip install 'contract-extractor[ocr]', or the program tesseract "
    "with its English data (apt-get install tesseract-ocr)."
)
"""What to do where `recognizer()` is None."""


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """A word in a picture: its box in pixels from the upper left corner, and its place in the text.

    `confidence` is from 0 to 1. `line` and `block` (a paragraph) count from 0 over the whole page,
    in reading order, so a column is read to its end before the next one begins. Each `text` is
    such as `plain.clean` returns: it can be encoded.
    """

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    line: int
    block: int

    def __repr__(self) -> str:
        return f"RecognizedWord(text={sized(self.text)}, line={self.line}, block={self.block})"


class Recognizer(Protocol):
    """Reads the text of a picture. One object is used by one thread at a time."""

    def recognize(self, image: bytes, *, dpi: int) -> list[RecognizedWord]:
        """Return the words of a PNG in reading order; none where it shows no text.

        Raises:
            UnreadableDocumentError: it is no picture, or took too long.
        """
        ...

    def describe(self) -> str:
        """Name the recognizer and its version, for `Document.reader`."""
        ...


@cache
def recognizer() -> Recognizer | None:
    """Return what can recognize English print here, or None where nothing is installed.

    The library comes first (the extra `ocr`): it loads its data once. The program tesseract loads
    it anew for each page.
    """
    from extractor.documents.readers import tesseract

    return tesseract.Library.find() or tesseract.Program.find()


def text_of(words: Iterable[RecognizedWord]) -> tuple[str, list[Span]]:
    """Return the text of words in reading order, and the span of each.

    One space stands between words, one line break between lines, a blank line between blocks.
    """
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    before: RecognizedWord | None = None
    for word in words:
        gap = _gap(before, word)
        at += len(gap)
        spans.append(Span(at, at + len(word.text)))
        at += len(word.text)
        parts += gap, word.text
        before = word
    return "".join(parts), spans


def _gap(before: RecognizedWord | None, word: RecognizedWord) -> str:
    if before is None:
        return ""
    if before.block != word.block:
        return "\n\n"
    return " " if before.line == word.line else "\n"

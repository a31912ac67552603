"""Evidence by paragraph: a text in labelled paragraphs, and the words that a label stands for.

A model that cites "P12" writes a few tokens where it would copy a sentence, and can't misquote it;
what it proves with is then a whole paragraph, of which a value may be the smallest part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractor.wire.restored import Restored

_SHORT, _LONG = 80, 400
"""Characters that a paragraph has at least, where more follow, and at most, where it can be cut."""

_BREAK = re.compile(
    r"""\n[ \t\r]*(?=\n)                                    # an empty line
    | \n(?=[ \t]*(?:
          (?:article|section|schedule|exhibit|annex)\s+[\dIVX]
        | \d{1,3}(?:\.\d{1,3}){0,4}[.)]?[ \t]+\S            # 7. or 7.1
        | \([A-Za-z]{1,4}\)[ \t]                            # (a) or (iv)
        | [A-Z][.)][ \t]+[A-Z]                              # A.
      ))""",
    re.VERBOSE | re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.;:])[\"\u201d)]*\s+")
_LABEL = re.compile(r"\[\s*P\s*\d+\s*\]\s*", re.IGNORECASE)
_CITED = re.compile(r"\W*(?:(?:paragraphs?|and|P\s*\d{1,6}|\d{1,6})\b\W*)+", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)\W*[-\u2013]\W*P?\s*(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_MOST = 8  # paragraphs of one range


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """A text in paragraphs, labelled from P1 on.

    Attributes:
        shown: the text with a label before each paragraph: "[P1] ...".
        texts: the paragraphs, word for word.
    """

    shown: str
    texts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Paragraphs:
        """Cut a text at empty lines and before numbered clauses, long pieces between sentences."""
        shown: list[str] = []
        texts: list[str] = []
        at = 0
        for end in _ends(text):
            piece = text[at:end]
            words = piece.strip()
            if words:
                texts.append(words)
                lead = len(piece) - len(piece.lstrip())
                piece = f"{piece[:lead]}[P{len(texts)}] {piece[lead:]}"
            shown.append(piece)
            at = end
        return cls("".join(shown), tuple(texts))

    def words(self, cited: str) -> tuple[str, ...]:
        """Return the words that a citation stands for.

        A citation of labels gives their paragraphs. Words of the document are what they are, with a
        label before them too. A label that does not exist stays as it is: no document proves it.

        >>> Paragraphs.of("Governed by the laws of Ohio.").words("P1")
        ('Governed by the laws of Ohio.',)
        """
        if not _CITED.fullmatch(cited):
            return (_LABEL.sub("", cited),)
        numbers = [*_numbers(cited)]
        if not numbers or not all(0 < number <= len(self.texts) for number in numbers):
            return (f"[{cited.strip('[] ')}]",)
        return tuple(self.texts[number - 1] for number in dict.fromkeys(numbers))

    def quoted(self, restored: Restored) -> Restored:
        """Return an answer that cites paragraphs as one that quotes them."""
        leaves = {
            path: replace(leaf, quotes=tuple(w for cited in leaf.quotes for w in self.words(cited)))
            for path, leaf in restored.leaves.items()
        }
        return replace(restored, leaves=leaves)


def _numbers(cited: str) -> Iterator[int]:
    for first, last in _RANGE.findall(cited):
        if int(first) < int(last) <= int(first) + _MOST:
            yield from range(int(first), int(last))
    yield from map(int, _NUMBER.findall(cited))


def _ends(text: str) -> Iterator[int]:
    """Yield where each paragraph ends."""
    at = 0
    for end in [*(found.start() + 1 for found in _BREAK.finditer(text)), len(text)]:
        if end < len(text) and len(text[at:end].strip()) < _SHORT:
            continue  # a heading belongs to what follows it
        while end - at > _LONG:
            at = _cut(text, at, end)
            yield at
            if at == end:
                break
        else:
            at = end
            yield at


def _cut(text: str, start: int, end: int) -> int:
    """Return the last end of a sentence within reach, or else the first one beyond."""
    within = [found.end() for found in _SENTENCE.finditer(text, start + _SHORT, start + _LONG)]
    if within and end - within[-1] >= _SHORT:
        return within[-1]
    beyond = _SENTENCE.search(text, start + _LONG, end)
    return beyond.end() if beyond and end - beyond.end() >= _SHORT else end

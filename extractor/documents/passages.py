"""The passages of a contract that most likely answer some questions, within a budget of tokens.

Passages are ranked by BM25 (Robertson and Zaragoza, 2009). The few lines are our own: rank-bm25 has
had no release since 2022, bm25s wants numpy and SciPy, and a contract has some hundred passages.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from extractor.documents.document import Document
from extractor.documents.structure.definitions import definitions_of
from extractor.documents.structure.furniture import body_view
from extractor.documents.view import View
from extractor.types import Span

_K1, _B = 1.2, 0.75
"""How quickly a word that is repeated stops counting, and how much the length of a passage does."""

_STEM = 5
"""Letters by which words are compared: "govern", "governed" and "governing" are one."""

_WORD = re.compile(r"[^\W_]+")
_BREAK = re.compile(r"\n[ \t]*\n\s*")
_STOP = re.compile(r"(?<=[.;:])\s+|\n")
_SHORT, _LONG = 240, 900  # characters of a passage
_HEAD = 3_000  # characters that the beginning may have
_TAIL = 1_500  # characters of the signature block, where nothing tells its beginning
_SIGNED = re.compile(
    r"\n[^\n]{0,40}\b(?:IN WITNESS WHEREOF|EXECUTED (?:as|by|on)|SIGNED (?:by|for|on)|By:)",
    re.IGNORECASE,
)
_DEEP = 4  # passages for each question
_TERMS = 0.15  # of the budget, at most, for definitions
_ENDS = 0.2  # the same, for the beginning and for the signatures


@dataclass(frozen=True, slots=True)
class Passages:
    """Some of a contract's text, as raw spans in order, and the tokens that they take."""

    spans: tuple[Span, ...]
    tokens: int


def passages(
    document: Document, questions: Sequence[str], *, budget: int, count: Callable[[str], int]
) -> Passages | None:
    """Select what a model should be shown to answer questions; None where all of it fits.

    The beginning of the contract and its signatures are always shown, then each question's best
    passage, each one's second best, and so on; then what stands around those, and the definitions
    of terms that they use.

    Args:
        document: with its clauses.
        questions: the words that are looked for.
        budget: tokens that the passages may have at most.
        count: says how many tokens a text has.
    """
    body = body_view(document)
    if count(body.text) <= budget:
        return None
    selected = _Selected(body.text, count)
    for end in _ends(body, document):
        selected.add(end, most=int(budget * _ENDS))
    reserved = int(budget * (1 - _TERMS))
    for piece in _wanted(body, document, questions):
        selected.add(piece, most=reserved - selected.tokens)
    words = selected.words()
    for definition in definitions_of(document):
        if words.issuperset(_WORD.findall(definition.term)):
            selected.add(body.from_raw(definition.span), most=budget - selected.tokens)
    spans = tuple(body.to_raw(span) for span in selected.spans)
    return Passages(spans, selected.tokens)


class _Selected:
    """Spans of a text, in order and apart, and what they take."""

    def __init__(self, text: str, count: Callable[[str], int]) -> None:
        self._text = text
        self._count = count
        self.spans: list[Span] = []
        self.tokens = 0

    def add(self, span: Span, *, most: int) -> None:
        """Take what is new of a span, if it takes no more than `most` tokens."""
        news = [*self._news(span)]
        size = sum(self._count(self._text[new.start : new.end]) for new in news)
        if news and size <= most:
            self.tokens += size
            self.spans = _joined([*self.spans, *news])

    def words(self) -> set[str]:
        shown = (self._text[span.start : span.end] for span in self.spans)
        return {word for text in shown for word in _WORD.findall(text)}

    def _news(self, span: Span) -> Iterator[Span]:
        at = span.start
        for known in self.spans:
            if known.end > at and known.start < span.end:
                if known.start > at:
                    yield Span(at, known.start)
                at = known.end
        if at < span.end:
            yield Span(at, span.end)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined


def _ends(body: View, document: Document) -> Iterator[Span]:
    """Yield what stands before the first clause, and what stands around the signatures."""
    first = body.from_raw(document.clauses[0].span).start if document.clauses else 0
    yield Span(0, min(first or _LONG, _HEAD, len(body.text)))
    end = len(body.text)
    signed = [match.start() for match in _SIGNED.finditer(body.text, end * 2 // 3)]
    start = signed[0] if signed and end - signed[0] <= 2 * _TAIL else end - _TAIL
    yield Span(max(0, start), end)


def _wanted(body: View, document: Document, questions: Sequence[str]) -> Iterator[Span]:
    """Yield passages, those first that a question asks for most."""
    pieces = [*_pieces(body, document)]
    index = _Index([body.text[piece.start : piece.end] for piece in pieces])
    ranked = [index.best(question)[:_DEEP] for question in questions]
    by_rank = [places[depth] for depth in range(_DEEP) for places in ranked if depth < len(places)]
    yield from (pieces[at] for at in by_rank)
    beside = (near for at in by_rank for near in (at + 1, at - 1))
    yield from (pieces[near] for near in beside if 0 <= near < len(pieces))


def _pieces(body: View, document: Document) -> Iterator[Span]:
    """Cut the body at its clauses and paragraphs: short ones joined, long ones cut further."""
    clauses = {body.from_raw(clause.span).start for clause in document.clauses}
    breaks = {match.end() for match in _BREAK.finditer(body.text)}
    stops = [match.end() for match in _STOP.finditer(body.text)]
    start = 0
    for cut in sorted({*clauses, *breaks, len(body.text)}):
        while cut - start > _LONG:
            number = bisect_right(stops, start + _LONG) - 1
            near = stops[number] if number >= 0 else 0
            end = near if near > start + _SHORT else start + _LONG
            yield Span(start, end)
            start = end
        if cut - start >= _SHORT or (cut == len(body.text) and cut > start):
            yield Span(start, cut)
            start = cut


class _Index:
    """Texts by their words."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts = [Counter(_stems(text)) for text in texts]
        self._lengths = [count.total() for count in self._counts]
        self._mean = sum(self._lengths) / max(1, len(texts)) or 1.0
        self._texts_with = Counter(stem for count in self._counts for stem in count)

    def best(self, question: str) -> list[int]:
        """Return the places of the texts that have words of a question, the best first."""
        asked = Counter(_stems(question))
        scores = [self._score(asked, at) for at in range(len(self._counts))]
        return sorted(
            (at for at, score in enumerate(scores) if score > 0), key=lambda at: -scores[at]
        )

    def _score(self, asked: Counter[str], at: int) -> float:
        count, length = self._counts[at], self._lengths[at] / self._mean
        return sum(
            times
            * self._rarity(stem)
            * count[stem]
            * (_K1 + 1)
            / (count[stem] + _K1 * (1 - _B + _B * length))
            for stem, times in asked.items()
            if stem in count
        )

    def _rarity(self, stem: str) -> float:
        having = self._texts_with[stem]
        return log(1 + (len(self._counts) - having + 0.5) / (having + 0.5))


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        yield word.removesuffix("s")[:_STEM]

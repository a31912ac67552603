"""Quotes against the words that people marked: found, the right ones, and how exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractor.documents.plain import from_text
from extractor.evaluation.asked import EVERYTHING, Asked
from extractor.evaluation.datasets import GoldDocument, GoldSpan
from extractor.grounding import Locator
from extractor.grounding.fields import PROOF
from extractor.types import Span

_OVERLAP = 0.5
"""The share of common words from which two spans are the same one, as CUAD counts."""


@dataclass(frozen=True, slots=True)
class QuoteCounts:
    """Sums over quotes and gold spans.

    Attributes:
        right: gold spans that some quote matches (CUAD, Jaccard of words of at least a half).
        missed: gold spans that none does.
        wrong: quotes that match no gold span of their field.
        quoted: quotes.
        located: quotes that stand in the document.
        common: code points that quotes and gold spans share, over the occurrences that fit best.
        covered: code points in either of them.
    """

    right: int = 0
    missed: int = 0
    wrong: int = 0
    quoted: int = 0
    located: int = 0
    common: int = 0
    covered: int = 0

    def __add__(self, other: QuoteCounts) -> QuoteCounts:
        return QuoteCounts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def spans(self) -> int:
        """The gold spans: without any, what a quote is worth can't be said."""
        return self.right + self.missed

    @property
    def precision(self) -> float | None:
        if not self.spans:
            return None
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float | None:
        return self.right / self.spans if self.spans else None

    @property
    def f1(self) -> float | None:
        of = self.spans + self.right + self.wrong
        return 2 * self.right / of if self.spans else None

    @property
    def found_rate(self) -> float | None:
        """The share of quotes that stand in the document; None without quotes."""
        return self.located / self.quoted if self.quoted else None

    @property
    def overlap(self) -> float | None:
        """Intersection over union of the code points; None where neither has any."""
        return self.common / self.covered if self.covered else None


def count_quotes(
    document: GoldDocument, quotes: Mapping[str, Sequence[str]], asked: Asked = EVERYTHING
) -> QuoteCounts:
    """Count one document's quotes; without labelled evidence, whether they are there."""
    locator = Locator.of(from_text(document.text, "")) if document.text is not None else None
    total = QuoteCounts()
    for name in _scored(document, asked):
        spans = document.evidence.get(name, ())
        gold = list(dict.fromkeys(span.text for span in spans))
        given = list(quotes.get(name) or ())
        pairs = [(g, q) for g in gold for q in given if _is_same(name, g, q)]
        right, fitting = len({g for g, _ in pairs}), {q for _, q in pairs}
        if document.evidence:
            wrong = sum(quote not in fitting for quote in given)
            total += QuoteCounts(right=right, missed=len(gold) - right, wrong=wrong)
        if locator is not None:
            is_marked = bool(document.evidence)
            total += _placed(locator, given, [*_places(spans)], is_marked=is_marked)
    return total


def quotes_of(
    document: GoldDocument, quotes: Mapping[str, Sequence[str]], asked: Asked = EVERYTHING
) -> list[str]:
    """Return the quotes for what of a document is asked, labelled and not disputed."""
    return [quote for name in _scored(document, asked) for quote in quotes.get(name) or ()]


def jaccard(one: str, other: str) -> float:
    """Return the share of words that two texts have in common, as CUAD's own scorer does.

    >>> round(jaccard("the laws of Utah", "laws of the State of Utah."), 2)
    0.8
    """
    ours, theirs = _words(one), _words(other)
    return len(ours & theirs) / len(ours | theirs)


def _scored(document: GoldDocument, asked: Asked) -> Iterator[str]:
    """Yield what of a document is asked, labelled and not disputed."""
    for name, status in document.gold_status.items():
        if status != "disputed" and asked.asks(name):
            yield name


def _words(text: str) -> set[str]:
    return set(re.sub(r"[.,;:]", "", text).lower().replace("/", " ").split(" "))


def _is_same(field: str, gold: str, quote: str) -> bool:
    return jaccard(gold, quote) >= _OVERLAP or (field == "parties" and gold in quote)


def _places(spans: Iterable[GoldSpan]) -> Iterator[Span]:
    for span in spans:
        if span.start is not None and span.end is not None:
            yield Span(span.start, span.end)


def _placed(
    locator: Locator, quotes: Sequence[str], gold: Sequence[Span], *, is_marked: bool
) -> QuoteCounts:
    """Locate quotes, and lay them over the gold; of several occurrences the one that fits best."""
    wanted = _points(gold)
    given: set[int] = set()
    located = 0
    for quote in quotes:
        found = locator.locate(quote)
        places = [Span(match.start, match.end) for match in found.matches]
        located += found.status in PROOF
        if places:
            best = max(places, key=lambda span: len(wanted & _points([span])))
            given |= _points([best])
    return QuoteCounts(
        quoted=len(quotes),
        located=located,
        common=len(wanted & given) if is_marked else 0,
        covered=len(wanted | given) if is_marked else 0,
    )


def _points(spans: Iterable[Span]) -> set[int]:
    return {point for span in spans for point in range(span.start, span.end)}

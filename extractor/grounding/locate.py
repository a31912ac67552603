"""Finding a quote in a document: exactly, but for typography, with parts left out, nearly."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, pairwise

from extractor.documents.document import Document
from extractor.documents.structure.furniture import body_view
from extractor.documents.view import View
from extractor.grounding.align import Alignment
from extractor.grounding.folding import Folded, fold, is_marked, stays
from extractor.grounding.gaps import gap_note
from extractor.grounding.guards import difference, own_words, plain
from extractor.grounding.page_edges import denied_in_body, may_be_denied
from extractor.grounding.signs import sign_difference
from extractor.grounding.source import LEAST, MOST, THRESHOLD, Source
from extractor.grounding.unmarked_pages import without_page_lines
from extractor.types import EvidenceStatus, Span

_SHORT = 4  # letters and digits; below it only whole words count, character for character
_GAP = 2000  # folded characters that an ellipsis may stand for
_SPACE = re.compile(r"\s")
_DIGITS = re.compile(r"\d+")
_OCCURRENCES = 1000  # of one quote that are kept
_PIVOTS = 50  # places of one part that are tried
_PARTS = 50  # of one quote; with more it is a list of words, and the work grows with their number
_NEIGHBOURS = 250  # parts that are looked for around all pivots together
_ELLIPSIS = re.compile(
    r"(?:[\[(<]\s*+|(?<!\s)\s++)?+(?:\u2026|\.\s?\.\s?\.[\s.]*+)\s*+[\])>]?"
    r"|[\[(<]omitted[\])>]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Match:
    """A range of the document's text, and how similar it is to the quote (0 to 1).

    `says` is what stands there where that is more than noise apart from the quote, with the noise
    taken out of it.
    """

    start: int
    end: int
    score: float
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """Where a quote stands, the chosen occurrence first.

    An `altered` quote resembles the passages in `matches` but may not be accepted; `note` says what
    differs. A `missing` one has no matches.
    """

    status: EvidenceStatus
    matches: tuple[Match, ...] = ()
    note: str | None = None


_MISSING = Located("missing")
_WITHIN_WORD = "word: the quote begins or ends within a word"


class Locator:
    """Finds quotes in one text or document, which is folded once.

    Where pages are known (`of`), a quote is looked for in the raw text and in the body that goes
    on from page to page; all offsets are the raw text's. Of a text alone, the lines between its
    pages are guessed.
    """

    def __init__(self, text: str) -> None:
        self._text = Source(text)
        self._document: Document | None = None

    @classmethod
    def of(cls, document: Document) -> Locator:
        """Return the locator of a document's text."""
        locator = cls(document.text)
        if len(document.pages) > 1:
            locator._document = document
        return locator

    @cached_property
    def _view(self) -> View | None:
        return None if self._document is None else body_view(self._document)

    @cached_property
    def _body(self) -> Source | None:
        """The text without what belongs to its pages; None if there is nothing of that kind."""
        text = self._text.text
        body = without_page_lines(text) if self._view is None else self._view.text
        return None if body == text else Source(body)

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        return (self._text,) if self._body is None else (self._text, self._body)

    @property
    def _near_sources(self) -> tuple[Source, ...]:
        """Where to look for what is not there letter for letter.

        The body of a paged document holds all of its sentences, so it is enough; one whose lines
        were guessed is not.
        """
        return self._sources if self._view is None else self._sources[-1:]

    def locate(self, quote: str, *, nearly: bool = True) -> Located:
        """Find a quote, by the strictest means that succeeds.

        `exact`: character for character. `normalized`: but for whitespace, hyphenation, capitals,
        typography, and the heads and feet of pages it steps over. `elided`: in parts, where the
        quote has an ellipsis. `fuzzy`: with typing or OCR noise. A passage that differs in a
        figure, date, negation, modal verb or name is `altered`, however it was found, and so is
        one whose word the quote has in part only, if even noise can't be the reason. `&amp;` is
        an ampersand where the document does not write it so.

        Args:
            quote: the words to look for.
            nearly: whether to look for it in parts and with noise too.
        """
        if "&" in quote and (meant := html.unescape(quote)) != quote:
            found = self._locate(quote, nearly=False)
            return found if found.matches else self._locate(meant, nearly=nearly)
        return self._locate(quote, nearly=nearly)

    def _locate(self, quote: str, *, nearly: bool) -> Located:
        needle = fold(quote)
        is_short = not _has_letters(needle.text, _SHORT)
        if is_short and not _has_letters(needle.text, 1):
            return _MISSING
        found = self._on_its_page(_whole(self._text, quote.strip(), needle, is_short=is_short))
        if is_short or (found and found.note != _WITHIN_WORD):
            return found or _MISSING
        parts = [part for part in map(fold, _ELLIPSIS.split(quote)) if part.text]
        if len(parts) == 1 and parts[0].text != needle.text:
            inner = self.locate(parts[0].raw, nearly=nearly)
            return replace(inner, status="normalized") if inner.status == "exact" else inner
        if len(parts) > 1 and sum(_letters(part.text) for part in parts) < LEAST:
            return _MISSING  # "the ... of" stands everywhere and proves nothing
        attempts: list[Callable[[Source], Located | None]] = [
            lambda source: _whole(source, quote.strip(), needle),
            lambda source: _elided(source, parts),
            lambda source: _fuzzy(source, needle),
        ]
        altered: Located | None = None
        for attempt in attempts if nearly else attempts[:1]:
            for source in self._sources if attempt is attempts[0] else self._near_sources:
                found = self._in_raw(attempt(source), source)
                if found and found.status != "altered":
                    return found
                altered = altered or found
        return altered or _MISSING

    def has(self, words: str) -> bool:
        """Whether words stand in the text in one piece, but for typography and capitals."""
        words = words.strip()
        text = self._text.text
        at = text.find(words)
        span = Span(at, at + len(words))
        is_plain = at >= 0 and stays(words[:1]) and stays(words[-1:])
        if (
            is_plain
            and _has_letters(words, 1)
            and not is_marked(text, span.end)
            and _whole_note(self._text, words, words, span) is None
        ):
            return True
        return self.locate(words, nearly=False).status in ("exact", "normalized")

    def _on_its_page(self, found: Located | None) -> Located | None:
        """Leave out the places that a "not" at the end of the page before turns round."""
        if found is None or found.note:
            return found
        notes = [self._over_page(Span(match.start, match.end)) for match in found.matches]
        if not any(notes):
            return found
        sound = [match for match, note in zip(found.matches, notes, strict=True) if note is None]
        if sound:
            return replace(found, matches=tuple(sound))
        return Located("altered", found.matches, notes[0])

    def _over_page(self, span: Span) -> str | None:
        if self._document is None or not may_be_denied(self._document, span):
            return None
        return denied_in_body(self._view, self._body, span) if self._view and self._body else None

    def _in_raw(self, found: Located | None, source: Source) -> Located | None:
        """Bring what was found in the body back to offsets of the raw text."""
        if found is None or self._view is None or source is self._text:
            return found
        spans = [self._view.to_raw(Span(match.start, match.end)) for match in found.matches]
        matches = tuple(
            replace(match, start=span.start, end=span.end)
            for span, match in zip(spans, found.matches, strict=True)
        )
        status = "normalized" if found.status == "exact" else found.status
        return Located(status, matches, found.note)


def _whole(source: Source, quote: str, needle: Folded, *, is_short: bool = False) -> Located | None:
    """Find the quote in one piece: every place at which the folded texts are equal."""
    spans = [source.span(place, quote) for place in source.find(needle.text)]
    whole_words = [span for span in spans if not source.is_in_word(span)]
    if whole_words or not _SPACE.search(quote):
        spans = whole_words
    if is_short:
        spans = [span for span in spans if source.raw(span) == quote]
    exact: list[Span] = []
    others: list[Span] = []
    unsound: list[tuple[Span, str]] = []
    for span in spans[:_OCCURRENCES]:
        passage = source.raw(span)
        if note := _whole_note(source, quote, passage, span):
            unsound.append((span, note))
        else:
            (exact if passage == quote else others).append(span)
    if exact or others:
        return Located("exact" if exact else "normalized", _matches(exact + others))
    if unsound:
        return Located("altered", _matches([span for span, _ in unsound]), unsound[0][1])
    return None


def _whole_note(source: Source, quote: str, passage: str, span: Span) -> str | None:
    """Say what keeps a place with the quote's characters from having its words."""
    note = source.cut(span) or source.denied(span) or source.unsigned(span)
    if note is None and passage != quote:
        note = _split_digits(quote, passage) or sign_difference(plain(quote), plain(passage))
    return note or (_WITHIN_WORD if source.is_in_word(span) else None)


def _elided(source: Source, parts: Sequence[Folded]) -> Located | None:
    """Find the parts of a quote with an ellipsis in order, starting from the longest."""
    if not 2 <= len(parts) <= _PARTS:
        return None
    pivot = max(range(len(parts)), key=lambda i: len(parts[i].text))
    chains: list[list[Alignment]] = []
    pivots = min(_PIVOTS, _NEIGHBOURS // len(parts))
    for place in _anywhere(source, parts[pivot].text)[:pivots]:
        chain = _chain(source, parts, pivot, place)
        if chain:
            chains.append(chain)
    chains.sort(key=lambda chain: chain[-1].end - chain[0].start)
    notes = [_elision_note(source, parts, chain) for chain in chains]
    sound = [chain for chain, note in zip(chains, notes, strict=True) if note is None]
    matches = tuple(
        Match(
            source.span(chain[0]).start,
            source.span(chain[-1]).end,
            min(place.score for place in chain),
            _said(source, parts, chain),
        )
        for chain in sound or chains
    )
    if sound:
        return Located("elided", matches)
    return Located("altered", matches, notes[0]) if matches else None


def _chain(
    source: Source, parts: Sequence[Folded], pivot: int, place: Alignment
) -> list[Alignment] | None:
    """Find the parts around one place of the pivot, each near the one before; None if one fails."""
    chain = [place]
    for part in reversed(parts[:pivot]):
        limit = chain[0].start
        before = source.near(part.text, limit - _GAP, limit)
        if not before:
            return None
        chain.insert(0, before[-1])
    for part in parts[pivot + 1 :]:
        limit = chain[-1].end
        after = source.near(part.text, limit, limit + _GAP)
        if not after:
            return None
        chain.append(after[0])
    return chain


def _elision_note(
    source: Source, parts: Sequence[Folded], chain: Sequence[Alignment]
) -> str | None:
    """Say what differs in the parts of a quote, or which negation an ellipsis hides."""
    for part, place in zip(parts, chain, strict=True):
        span = _whole_words(source, place)
        note = source.cut(span) or source.unsigned(span)
        note = note or difference(part.raw, source.raw(span), source.frequency)
        if note:
            return note
    for (one, other), other_part in zip(pairwise(chain), parts[1:], strict=True):
        gap = Span(source.span(one).end, source.span(other).start)
        if note := gap_note(source.text, gap, other_part.raw):
            return note
    return source.denied(source.span(chain[0]))


def _said(source: Source, parts: Sequence[Folded], chain: Sequence[Alignment]) -> str | None:
    """Join what stands in a quote's places, with an ellipsis, where one says something else."""
    if all(place.score == 1 for place in chain):
        return None
    passages = [source.raw(_whole_words(source, place)) for place in chain]
    said = [
        own_words(part.raw, passage, source.frequency)
        for part, passage in zip(parts, passages, strict=True)
    ]
    if not any(said):
        return None
    return " ... ".join(own or part.raw for own, part in zip(said, parts, strict=True))


def _whole_words(source: Source, place: Alignment) -> Span:
    span = source.span(place)
    is_cut = place.score < 1 or source.is_in_word(span)
    return source.snapped(place) if is_cut else span


def _fuzzy(source: Source, needle: Folded) -> Located | None:
    """Find the passages that are nearly the quote.

    Of a passage that may not be accepted and one less like the quote, the former is meant.
    """
    if not LEAST <= len(needle.text) <= MOST:
        return None
    sound: list[Match] = []
    altered: list[Match] = []
    note: str | None = None
    for place in source.index.search(needle.text, threshold=THRESHOLD):
        span = source.snapped(place)
        problem = difference(needle.raw, source.raw(span), source.frequency)
        problem = problem or source.cut(span) or source.denied(span) or source.unsigned(span)
        said = None if problem else own_words(needle.raw, source.raw(span), source.frequency)
        (altered if problem else sound).append(Match(span.start, span.end, place.score, said))
        note = note or problem
    if sound and not (altered and altered[0].score > sound[0].score):
        return Located("fuzzy", tuple(sound))
    return Located("altered", tuple(altered), note) if altered else None


def _anywhere(source: Source, text: str) -> list[Alignment]:
    found = list(islice(source.find(text), _PIVOTS))
    if not found and LEAST <= len(text) <= MOST:
        return source.index.search(text, threshold=THRESHOLD)
    return found


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _has_letters(text: str, count: int) -> bool:
    """Whether a text has so many letters and digits, or more."""
    return next(islice(filter(str.isalnum, text), count - 1, None), None) is not None


def _split_digits(quote: str, passage: str) -> str | None:
    """Note digits that only the lost whitespace makes equal: "1 2,000" is not "12,000"."""
    ours, theirs = _DIGITS.findall(quote), _DIGITS.findall(passage)
    return None if ours == theirs else "number: the digits are grouped differently"


def _matches(spans: Sequence[Span]) -> tuple[Match, ...]:
    return tuple([Match(span.start, span.end, 1.0) for span in spans])

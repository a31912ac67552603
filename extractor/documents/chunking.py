"""Windows of a contract that fit a model's room, cut between clauses, with what they need."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.documents.definitions import Definition, definitions_of
from extractor.documents.document import Document
from extractor.documents.furniture import body_view
from extractor.documents.view import View
from extractor.errors import ConfigurationError
from extractor.types import Span

_PREAMBLE = 0.15  # of the budget, at most, for the beginning of the contract
_EXTRA = 0.25  # the same, set aside for headings and the definitions that a window uses
_LEAST = 16  # tokens
_PREAMBLE_CHARS = 3000
_CUTS = (
    re.compile(r"\n[ \t]*\n\s*"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.;:!?])\s+"),
    re.compile(r"\s+"),
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A window of a contract. All spans are of the document's raw text.

    Attributes:
        span: its own text, which no other window has as its own.
        overlap: the end of the window before, repeated for its context, where there is room.
        preamble: the beginning of the contract, None where the window has it itself.
        definitions: of terms that the window uses and that are defined outside of it.
        breadcrumb: the headings of the clauses in which it begins, the outermost first.
        pages: the numbers of the pages that it is on.
        tokens: of all of that together.
    """

    span: Span
    overlap: Span | None
    preamble: Span | None
    definitions: tuple[Definition, ...]
    breadcrumb: tuple[str, ...]
    pages: tuple[int, ...]
    tokens: int


def chunks(
    document: Document, *, budget: int, count: Callable[[str], int], overlap: int = 1
) -> tuple[Chunk, ...]:
    """Cut a document's body into windows of whole clauses.

    A clause that is too long by itself is cut between paragraphs, else lines, sentences, words, at
    last anywhere. Together the windows have the whole body as their own, each part of it once.

    Args:
        document: with its clauses.
        budget: tokens that a window may have at most, everything that it carries included.
        count: says how many tokens a text has.
        overlap: how many clauses of the window before are repeated.

    Raises:
        ConfigurationError: the budget is below 16 tokens.
    """
    if budget < _LEAST:
        raise ConfigurationError(
            f"A window of {budget} tokens is too small; {_LEAST} is the least."
        )
    return tuple(_Packer(document, body_view(document), budget, count, overlap).windows())


def coverage(windows: Iterable[Chunk], document: Document) -> float:
    """Return the share of the body's characters that are some window's own."""
    body = body_view(document)
    covered = end = 0
    for span in sorted((window.span for window in windows), key=lambda span: span.start):
        inside = body.from_raw(Span(max(span.start, end), max(span.end, end)))
        covered += inside.end - inside.start
        end = max(end, span.end)
    return covered / len(body.text) if body.text else 1.0


@dataclass(frozen=True, slots=True)
class _Terms:
    """Definitions, and for each word those that a text can use only if it has that word."""

    definitions: Sequence[tuple[Span, Definition]]
    by_word: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, definitions: Sequence[Definition], body: View) -> _Terms:
        words = [_WORD.findall(definition.term) for definition in definitions]
        often = Counter(word for one in words for word in one)
        by_word: dict[str, list[int]] = {}
        for at, one in enumerate(words):
            rarest = min(one, key=often.__getitem__, default="")
            by_word.setdefault(rarest, []).append(at)
        return cls([(body.from_raw(one.span), one) for one in definitions], by_word)

    def used_in(self, text: str) -> Iterator[tuple[Span, Definition]]:
        """Yield those whose terms a text has as whole words, in order."""
        words = {"", *_WORD.findall(text)}
        for at in sorted(at for word in words for at in self.by_word.get(word, ())):
            span, definition = self.definitions[at]
            if re.search(rf"(?<!\w){re.escape(definition.term)}(?!\w)", text):
                yield span, definition


@dataclass(slots=True)
class _Packer:
    """Fills windows; its spans are of the body."""

    document: Document
    body: View
    budget: int
    count: Callable[[str], int]
    overlap: int

    def windows(self) -> Iterator[Chunk]:
        preamble = self._preamble()
        room = self.budget - self._size(preamble) - int(self.budget * _EXTRA)
        pieces = [piece for part in self._parts() for piece in self._split(part, room)]
        terms = _Terms.of(definitions_of(self.document), self.body)
        at = 0
        while at < len(pieces):
            context = Span(pieces[max(0, at - self.overlap)].start, pieces[at].start)
            spare = room - self._size(context)
            if spare < max(room // 2, self._size(pieces[at])):
                context, spare = Span(pieces[at].start, pieces[at].start), room
            end = self._filled(pieces, at, spare)
            own = Span(pieces[at].start, pieces[end - 1].end)
            before = preamble if own.start >= preamble.end else Span(0, 0)
            yield self._window(own, context, before, terms)
            at = end

    def _parts(self) -> Iterator[Span]:
        """Yield the body from each clause's beginning to the next one's."""
        starts = {self.body.from_raw(clause.span).start for clause in self.document.clauses}
        cuts = sorted({0, *starts, len(self.body.text)})
        yield from (Span(a, b) for a, b in pairwise(cuts))

    def _split(self, part: Span, room: int) -> Iterator[Span]:
        if self._size(part) <= room or part.end - part.start < 2:
            yield part
            return
        middle = (part.start + part.end) // 2
        cut = middle
        for pattern in _CUTS:
            ends = [m.end() for m in pattern.finditer(self.body.text, part.start, part.end)]
            inside = [end for end in ends if part.start < end < part.end]
            if inside:
                cut = min(inside, key=lambda end: abs(end - middle))
                break
        yield from self._split(Span(part.start, cut), room)
        yield from self._split(Span(cut, part.end), room)

    def _filled(self, pieces: Sequence[Span], at: int, room: int) -> int:
        """Return how far the pieces from one on fit into the room, that one at least."""
        end = at + 1
        room -= self._size(pieces[at])
        while end < len(pieces) and (size := self._size(pieces[end])) <= room:
            room -= size
            end += 1
        return end

    def _preamble(self) -> Span:
        """Return what stands before the first clause, as much of it as a window can carry."""
        clauses = self.document.clauses
        end = self.body.from_raw(clauses[0].span).start if clauses else 0
        end = min(end, _PREAMBLE_CHARS)
        while self._size(Span(0, end)) > self.budget * _PREAMBLE:
            end //= 2
        return Span(0, end)

    def _window(self, own: Span, context: Span, preamble: Span, terms: _Terms) -> Chunk:
        text = self._text(own)
        left = self.budget - sum(map(self._size, (own, context, preamble)))
        raw = self.body.to_raw(own)
        headings: list[str] = []
        for heading in self._headings(raw.start):
            if (size := self.count(heading)) <= left:
                headings.insert(0, heading)
                left -= size
        used: list[Definition] = []
        for span, definition in terms.used_in(text):
            is_outside = span.end <= own.start or span.start >= own.end
            if is_outside and (size := self._size(span)) <= left:
                used.append(definition)
                left -= size
        return Chunk(
            span=raw,
            overlap=self.body.to_raw(context) if context.end > context.start else None,
            preamble=self.body.to_raw(preamble) if preamble.end > preamble.start else None,
            definitions=tuple(used),
            breadcrumb=tuple(headings),
            pages=self._pages(raw),
            tokens=self.budget - left,
        )

    def _headings(self, offset: int) -> Iterator[str]:
        """Yield the headings of the clauses around an offset, the innermost first."""
        clauses = self.document.clauses
        at: int | None = bisect_right(clauses, offset, key=lambda clause: clause.span.start) - 1
        while at is not None and at >= 0:
            clause = clauses[at]
            if clause.span.start < offset < clause.span.end:
                yield f"{clause.number} {clause.title}".strip()
            at = clause.parent

    def _pages(self, raw: Span) -> tuple[int, ...]:
        return tuple(
            page.number
            for page in self.document.pages
            if page.span.start < raw.end and raw.start < page.span.end
        )

    def _text(self, span: Span) -> str:
        return self.body.text[span.start : span.end]

    def _size(self, span: Span) -> int:
        return self.count(self._text(span)) if span.end > span.start else 0

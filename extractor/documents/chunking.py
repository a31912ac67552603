"""Windows of a contract that fit a model's room, cut between clauses, with what they need."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from extractor.documents.document import Document
from extractor.documents.line_ends import beside_line_ends
from extractor.documents.structure.definitions import Definition, definitions_of
from extractor.documents.structure.furniture import body_view, furniture
from extractor.documents.view import View
from extractor.errors import ConfigurationError
from extractor.types import Span

_PREAMBLE = 0.15  # of the budget, at most, for the beginning of the contract
_EXTRA = 0.25  # the same, set aside for headings and the definitions that a window uses
_FULL = 0.9  # of a window's room, that a piece of a clause which is too long by itself aims at
_AGAIN = 4  # definitions of the same term that a window may carry
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

    What a window shows of a span is what the body view has of it, and `tokens` counts that.

    Attributes:
        span: its own text; those of all windows follow each other without a gap.
        overlap: the end of the window before, repeated for its context, where there is room.
        preamble: the beginning of the contract, None where the window has it itself.
        definitions: of terms that the window uses and that are defined outside of it.
        breadcrumb: the headings of the clauses in which it begins, the outermost first.
        pages: the numbers of the pages that it is on.
        tokens: of each of these parts, added up.
    """

    span: Span
    overlap: Span | None
    preamble: Span | None
    definitions: tuple[Definition, ...]
    breadcrumb: tuple[str, ...]
    pages: tuple[int, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What windows show of a raw text, in characters.

    Attributes:
        text: all there are.
        shown: those that some window has as its own.
        furniture: page numbers, and running heads and feet after the first of each: no window
            shows them.
        pages: how many pages have furniture.
        hyphens: line-end hyphens and the line breaks after them, left out to make words whole.
        line_ends: what else ends lines and pages than a line feed: carriage returns, form feeds.
    """

    text: int
    shown: int
    furniture: int
    pages: int
    hyphens: int
    line_ends: int

    @property
    def share(self) -> float:
        """The share of the text that is not missing, 0 to 1."""
        return 1 - self.missing / self.text if self.text else 1.0

    @property
    def missing(self) -> int:
        """The characters that no window shows and that are neither furniture nor line ends."""
        return self.text - self.shown - self.furniture - self.hyphens - self.line_ends

    def __str__(self) -> str:
        return (
            f"shown: {self.shown:,} of {self.text:,} characters; furniture: {self.furniture:,}"
            f" characters on {self.pages:,} pages; hyphens and line ends:"
            f" {self.hyphens + self.line_ends:,} characters; missing: {self.missing:,} characters"
        )


def chunks(
    document: Document, *, budget: int, count: Callable[[str], int], overlap: int = 1
) -> tuple[Chunk, ...]:
    """Cut a document into windows of whole clauses.

    A clause that is too long by itself is cut between paragraphs, else lines, sentences, words, at
    last anywhere. Each character of the document lies in the own span of exactly one window.

    Args:
        document: with its clauses.
        budget: tokens that a window may have at most, everything that it carries included.
        count: says how many tokens a text has.
        overlap: how many clauses of the window before are repeated.

    Raises:
        ConfigurationError: the budget is below 16 tokens, or a single character takes more than
            a window has room for.
    """
    if budget < _LEAST:
        raise ConfigurationError(
            f"A window of {budget} tokens is too small; {_LEAST} is the least."
        )
    return tuple(_Packer(document, body_view(document), budget, count, overlap).windows())


def coverage(windows: Iterable[Chunk], document: Document) -> Coverage:
    """Say how much of a document's raw text its windows show, and what is left out of them."""
    return coverage_of((window.span for window in windows), document)


def coverage_of(spans: Iterable[Span], document: Document) -> Coverage:
    """Say the same of any spans of the raw text."""
    body = body_view(document)
    shown = end = 0
    for span in sorted(spans, key=lambda span: span.start):
        inside = body.from_raw(Span(max(span.start, end), max(span.end, end)))
        shown += inside.end - inside.start
        end = max(end, span.end)
    heads = furniture(document)
    size = sum(head.end - head.start for head in heads)
    unjoined = View.without(document.text, [*heads, *beside_line_ends(document.text)])
    return Coverage(
        text=len(document.text),
        shown=shown,
        furniture=size,
        pages=len({document.page_at(head.start) for head in heads}),
        hyphens=len(unjoined.text) - len(body.text),
        line_ends=len(document.text) - len(unjoined.text) - size,
    )


@dataclass(frozen=True, slots=True)
class _Terms:
    """Definitions, and for each word those that a text can use only if it has that word."""

    definitions: Sequence[tuple[Span, Definition]]
    by_word: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, definitions: Sequence[Definition], body: View) -> _Terms:
        times = Counter[str]()
        kept: list[Definition] = []
        for definition in definitions:
            times[definition.term] += 1
            if times[definition.term] <= _AGAIN:
                kept.append(definition)
        words = [_WORD.findall(definition.term) for definition in kept]
        often = Counter(word for one in words for word in one)
        by_word: dict[str, list[int]] = {}
        for at, one in enumerate(words):
            rarest = min(one, key=often.__getitem__, default="")
            by_word.setdefault(rarest, []).append(at)
        return cls([(body.from_raw(one.span), one) for one in kept], by_word)

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
        size = self._size(part)
        if size <= room:
            yield part
            return
        if part.end - part.start < 2:
            raise ConfigurationError(
                f"A window of {self.budget} tokens has no room for a character that takes {size}."
            )
        pieces = max(2, ceil(size / (room * _FULL)))
        aim = part.start + max(1, (part.end - part.start) * (pieces // 2) // pieces)
        cut = aim
        for pattern in _CUTS:
            ends = [m.end() for m in pattern.finditer(self.body.text, part.start, part.end)]
            inside = [end for end in ends if part.start < end < part.end]
            if inside:
                cut = min(inside, key=lambda end: abs(end - aim))
                break
        yield from self._split(Span(part.start, cut), room)
        yield from self._split(Span(cut, part.end), room)

    def _filled(self, pieces: Sequence[Span], at: int, room: int) -> int:
        """Return how far the pieces from one on fit into the room, that one at least."""
        end = at + 1
        left = room - self._size(pieces[at])
        while end < len(pieces) and (size := self._size(pieces[end])) <= left:
            left -= size
            end += 1
        while end > at + 1 and self._size(Span(pieces[at].start, pieces[end - 1].end)) > room:
            end -= 1  # joined, they can take more than one by one
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
        seen = self.body.to_raw(own)
        headings: list[str] = []
        for heading in self._headings(seen.start):
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
            span=Span(self._edge(own.start), self._edge(own.end)),
            overlap=self.body.to_raw(context) if context.end > context.start else None,
            preamble=self.body.to_raw(preamble) if preamble.end > preamble.start else None,
            definitions=tuple(used),
            breadcrumb=tuple(headings),
            pages=self._pages(seen),
            tokens=self.budget - left,
        )

    def _edge(self, at: int) -> int:
        """Return the raw offset at which the windows before and behind a place of the body meet.

        So what the body leaves out goes to the window before it, at the beginning to the first.
        """
        if at == 0:
            return 0
        if at == len(self.body.text):
            return len(self.document.text)
        return self.body.to_raw(Span(at, at + 1)).start

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

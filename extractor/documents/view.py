"""A text derived from a document's by leaving parts out, with the way back to its offsets."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.types import Span, sized


@dataclass(frozen=True, slots=True)
class View:
    """Parts of a raw text in order, joined: what lies between them is left out.

    Every character of `text` is one of the raw text, so every span of it has exactly one way back.

    Attributes:
        text: the parts, joined.
        parts: raw spans, in order, none overlapping or empty.
    """

    text: str
    parts: tuple[Span, ...]
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts: list[int] = []
        at = 0
        for part in self.parts:
            starts.append(at)
            at += part.end - part.start
        if at != len(self.text):
            raise ValueError("a view's text is what its parts hold")
        object.__setattr__(self, "_starts", tuple(starts))

    @classmethod
    def without(cls, raw: str, left_out: Iterable[Span]) -> View:
        """Return a view of a text that leaves these spans out; they may overlap."""
        parts: list[Span] = []
        at = 0
        for span in sorted(left_out, key=lambda span: span.start):
            if span.start > at:
                parts.append(Span(at, span.start))
            at = max(at, span.end)
        if at < len(raw):
            parts.append(Span(at, len(raw)))
        return cls("".join(raw[part.start : part.end] for part in parts), tuple(parts))

    def __repr__(self) -> str:
        return f"View(text={sized(self.text)}, parts={len(self.parts)})"

    def to_raw(self, span: Span) -> Span:
        """Return the raw span from a span's first character to its last, with what lies between.

        An empty span stays empty, before the character that follows it.
        """
        if span.start == span.end:
            at = self._raw(span.start)
            return Span(at, at)
        return Span(self._raw(span.start), self._raw(span.end - 1) + 1)

    def from_raw(self, span: Span) -> Span:
        """Return the span of those characters of a raw span that the view has; empty if none."""
        start, end = self._view(span.start), self._view(span.end)
        return Span(start, max(start, end))

    def _raw(self, at: int) -> int:
        number = bisect.bisect_right(self._starts, at) - 1
        if number < 0:
            return 0
        part = self.parts[number]
        return min(part.start + at - self._starts[number], part.end)

    def _view(self, at: int) -> int:
        """Return how many characters of the view stand before a raw offset."""
        number = bisect.bisect_right(self.parts, at, key=lambda part: part.start) - 1
        if number < 0:
            return 0
        part = self.parts[number]
        return self._starts[number] + min(at, part.end) - part.start

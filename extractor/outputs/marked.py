"""A document's text cut where pages begin and where quotes begin and end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.documents import Document, Page
from extractor.types import Span


@dataclass(frozen=True, slots=True)
class Mark:
    """One place of a quote; `field` is the number of the field that it proves."""

    span: Span
    field: int
    needs_check: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text in which the same quotes stand from its first character to its last.

    Attributes:
        start: where it begins in the document's text.
        text: what stands there; empty only behind the end of all.
        marks: the quotes that it is part of.
        ending: those of them that end with it.
        pages: those that begin with it; all but the last have no text.
    """

    start: int
    text: str
    marks: tuple[Mark, ...] = ()
    ending: tuple[Mark, ...] = ()
    pages: tuple[Page, ...] = ()


def stretches(document: Document, marks: Sequence[Mark]) -> Iterator[Stretch]:
    """Yield a document's text in stretches: joined, they are the text."""
    pages: dict[int, list[Page]] = {}
    for page in document.pages:
        pages.setdefault(page.span.start, []).append(page)
    waiting = sorted(marks, key=lambda mark: mark.span.start, reverse=True)
    end_of_all = len(document.text)
    cuts = {0, end_of_all, *pages}
    cuts.update(edge for mark in marks for edge in (mark.span.start, mark.span.end))
    held: list[Mark] = []
    for start, end in pairwise(sorted(cuts)):
        while waiting and waiting[-1].span.start == start:
            held.append(waiting.pop())
        yield Stretch(
            start,
            document.text[start:end],
            tuple(held),
            tuple(mark for mark in held if mark.span.end == end),
            tuple(pages.get(start, ())),
        )
        held = [mark for mark in held if mark.span.end > end]
    if end_of_all in pages:
        yield Stretch(end_of_all, "", pages=tuple(pages[end_of_all]))

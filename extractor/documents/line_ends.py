r"""The ends of lines and pages as text files write them: `\r\n`, `\r`, form feeds, `<PAGE>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from extractor.documents.document import Page, has_text
from extractor.types import Span

_MOST_PAGES = 5_000
"""A text with more marks than that has them for something else, or to keep its readers busy."""

_LONE_RETURNS = re.compile(r"(?<!\r)\r++(?!\n)")
_PAGE_TAG = r"^[ \t]*+<PAGE>[ \t]*+[\w\-]{0,8}[ \t\r]*+(?:\n|\Z)"
"""A line that begins a page in old filings, with its number or without."""

_PAGE_MARK = re.compile(rf"\f|{_PAGE_TAG}", re.MULTILINE)
_NO_LINE_END = re.compile(
    rf"(?<!\r)\r++(?=\n)|(?<=\n)\f++|(?<!\f)\f++(?=\r*+\n)|{_PAGE_TAG}", re.MULTILINE
)


def without_lone_returns(text: str) -> str:
    r"""Let a `\r` without `\n`, by which old Macs ended lines, be a `\n`; offsets stay.

    >>> without_lone_returns("one\rtwo\r\n")
    'one\ntwo\r\n'
    """
    if "\r" not in text:
        return text
    return _LONE_RETURNS.sub(lambda found: "\n" * len(found[0]), text)


def beside_line_ends(text: str) -> Iterator[Span]:
    r"""Yield what to leave out so that lines end in `\n` and nothing else.

    A form feed within a line stays: it is all that divides the words around it.
    """
    if "\r" in text or _may_be_marked(text):
        for found in _NO_LINE_END.finditer(text):
            yield Span(found.start(), found.end())


def pages_of(text: str) -> tuple[Page, ...]:
    """Return the pages of a text, divided by form feeds or by lines with `<PAGE>`.

    These marks belong to no page. Before the first page with text and behind the last there is
    none: printers end every page with a form feed, or begin it with one.
    """
    is_marked = _may_be_marked(text)
    marks = [*islice(_PAGE_MARK.finditer(text), _MOST_PAGES + 1)] if is_marked else []
    if len(marks) > _MOST_PAGES:
        marks = []
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    held = [has_text(text[start:end]) for start, end in zip(starts, ends, strict=True)]
    if any(held):
        first, last = held.index(True), len(held) - 1 - held[::-1].index(True)
    else:
        first = last = 0
    starts, ends = [0, *starts[first + 1 : last + 1]], [*ends[first:last], len(text)]
    return tuple(
        Page(number, Span(start, end), "text" if is_held else "empty")
        for number, (start, end, is_held) in enumerate(
            zip(starts, ends, held[first : last + 1], strict=True), 1
        )
    )


def _may_be_marked(text: str) -> bool:
    """Tell most texts, which have no marks, quickly: one sign is found sooner than a word."""
    return "\f" in text or ("<" in text and "<PAGE>" in text)

"""A passage at the top of a page, which a "not" at the end of the page before may turn round."""

from __future__ import annotations

from bisect import bisect_right

from extractor.documents.document import Document
from extractor.documents.view import View
from extractor.grounding.source import Source, word_that_denies
from extractor.types import Span

_EDGE = 500
"""Characters of a page, from either end, within which its running heads and feet stand."""


def may_be_denied(document: Document, span: Span) -> bool:
    """Whether a line at the end of the page before may deny what a passage begins with.

    Told quickly, for most passages: which of the lines are running feet takes time to see.
    """
    number = bisect_right(document.pages, span.start, key=lambda page: page.span.start) - 1
    if number < 1 or span.start - document.pages[number].span.start > _EDGE:
        return False
    before = document.pages[number - 1].span
    tail = document.text[max(before.start, before.end - _EDGE) : before.end]
    return any(word_that_denies(f"{line} ") for line in tail.splitlines())


def denied_in_body(view: View, body: Source, span: Span) -> str | None:
    """Say that a "not" is right before a passage in the body; a head itself is never denied."""
    inside = view.from_raw(span)
    is_body = view.to_raw(inside).start == span.start
    return body.denied(inside) if is_body else None

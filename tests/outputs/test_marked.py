"""A text in stretches, cut where pages and quotes begin and end."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from extractor.documents import Document, Page
from extractor.documents.plain import from_text
from extractor.outputs.marked import Mark, stretches
from extractor.types import Span

TEXT = "The law of Ireland applies. Rent is due monthly."


def paged(*pages: Page) -> Document:
    return replace(from_text(TEXT, "lease.txt"), pages=pages)


def test_quotes_that_overlap_are_cut_where_either_begins_or_ends() -> None:
    outer, inner = Mark(Span(4, 26), 1, needs_check=False), Mark(Span(11, 18), 2, needs_check=True)
    found = [*stretches(from_text(TEXT, "lease.txt"), [inner, outer])]
    assert [each.text for each in found] == [
        "The ",
        "law of ",
        "Ireland",
        " applies",
        ". Rent is due monthly.",
    ]
    assert [each.marks for each in found] == [(), (outer,), (outer, inner), (outer,), ()]
    assert [each.ending for each in found] == [(), (), (inner,), (outer,), ()]


def test_a_page_begins_with_its_stretch_also_within_a_quote() -> None:
    document = paged(Page(1, Span(0, 19)), Page(2, Span(19, len(TEXT))))
    found = [*stretches(document, [Mark(Span(11, 26), 1, needs_check=False)])]
    assert [each.text for each in found if each.marks] == ["Ireland ", "applies"]
    assert [(each.start, [page.number for page in each.pages]) for each in found if each.pages] == [
        (0, [1]),
        (19, [2]),
    ]


def test_pages_without_text_are_told_where_they_would_stand() -> None:
    end = len(TEXT)
    document = paged(
        Page(1, Span(0, 0), "empty"),
        Page(2, Span(0, end)),
        Page(3, Span(end, end), "unreadable"),
    )
    found = [*stretches(document, [])]
    assert [[page.number for page in each.pages] for each in found] == [[1, 2], [3]]
    assert [each.text for each in found] == [TEXT, ""]


spans = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, len(TEXT))).map(
    lambda pair: Span(min(pair), max(min(pair) + 1, *pair))
)


@given(st.lists(spans, max_size=8))
def test_the_stretches_are_the_text_and_each_quote_is_whole(places: list[Span]) -> None:
    marks = [Mark(span, number, needs_check=False) for number, span in enumerate(places)]
    found = [*stretches(from_text(TEXT, "lease.txt"), marks)]
    assert "".join(each.text for each in found) == TEXT
    for mark in marks:
        told = "".join(each.text for each in found if mark in each.marks)
        assert told == TEXT[mark.span.start : mark.span.end]
        assert sum(mark in each.ending for each in found) == 1

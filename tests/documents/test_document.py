from hypothesis import given
from hypothesis import strategies as st

from extractor.documents import Document, Page
from extractor.types import Span


def document(*texts: str) -> Document:
    pages: list[Page] = []
    start = 0
    for number, text in enumerate(texts, 1):
        pages.append(Page(number, Span(start, start + len(text))))
        start += len(text) + 1
    return Document("\n".join(texts), "", "", "text/plain", tuple(pages))


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=8))
def test_every_character_of_a_page_knows_its_number(texts: list[str]) -> None:
    paged = document(*texts)
    for page, text in zip(paged.pages, texts, strict=True):
        assert paged.text[page.span.start : page.span.end] == text
        assert {paged.page_at(i) for i in range(page.span.start, page.span.end)} == {page.number}


def test_the_line_break_between_two_pages_belongs_to_the_first() -> None:
    assert document("one", "two").page_at(3) == 1


def test_an_offset_past_the_end_is_on_the_last_page() -> None:
    assert document("one", "two").page_at(99) == 2

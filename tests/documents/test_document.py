import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.documents import Document, Page, read_document
from extractor.documents.document import PageKind, has_text
from extractor.errors import DocumentError, EmptyDocumentError
from extractor.types import Span

TEXT = "Page one.\nPage two."


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


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n\t", "\u200b\u200d\ufeff\u2060", "\x01\x1b\x7f", "\u00ad\u202e\u2066\u00a0"),
        *("\u3164\u2800", "\ufffd\ufffd", "\u0301", "\U000e0041"),
    ],
)
def test_what_nobody_can_see_is_no_text(text: str) -> None:
    assert not has_text(text)
    with pytest.raises(EmptyDocumentError):
        read_document(text + "\n")
    with pytest.raises(DocumentError):  # a file of many control characters is no text file
        read_document(text.encode())


@pytest.mark.parametrize("text", ["a", "1", "§", "—", "法", "\u200bx\u200b", "€", "न"])
def test_one_sign_is_text(text: str) -> None:
    assert has_text(text)
    assert read_document(f"{text}\n").text == f"{text}\n"


def made(*spans: tuple[int, int], text: str = TEXT, first: int = 1) -> Document:
    pages = tuple(Page(first + i, Span(*span)) for i, span in enumerate(spans))
    return Document(text, "", "deal", "text/plain", pages)


def test_a_document_of_ones_own_is_taken_as_it_is() -> None:
    for own in (made((0, 19)), made((0, 9), (10, 19)), made((0, 9), (9, 9), (10, 12), first=40)):
        assert read_document(own) is own


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (made(), "deal has no pages"),
        (made((0, 20)), "deal has a page 1 that is not within its text"),
        (made((-1, 19)), "page 1 that is not within"),
        (made((5, 2)), "page 1 that is not within"),
        (made((0, 10), (9, 19)), "page 2 that begins before the last ended"),
        (made((10, 19), (0, 9)), "page 2 that begins before the last ended"),
        (made((0, 19), first=0), "deal has a page 0; pages count from 1"),
        (made((0, 4), text="\ud800 is"), "holds half a character"),
    ],
)
def test_one_that_does_not_fit_together_is_refused_when_it_is_used(
    own: Document, said: str
) -> None:
    with pytest.raises(DocumentError, match=said):
        read_document(own)


def test_one_without_text_is_empty() -> None:
    with pytest.raises(EmptyDocumentError, match="deal holds no text"):
        read_document(made((0, 1), text="\u200b"))


def test_pages_that_could_not_be_read_lower_the_coverage_and_empty_ones_do_not() -> None:
    kinds: tuple[PageKind, ...] = ("text", "unreadable", "empty", "ocr")
    pages = tuple(Page(n, Span(0, 4), kind) for n, kind in enumerate(kinds, 1))
    assert Document("Law.", "", "", "text/plain", pages).coverage == pytest.approx(2 / 3)
    assert Document("Law.", "", "", "text/plain", pages[:1]).coverage == 1.0

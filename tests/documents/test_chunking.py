import dataclasses
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.sections import STYLES, compose, document
from extractor.documents.chunking import chunks, coverage
from extractor.documents.document import Document
from extractor.documents.structure.clauses import clauses_of
from extractor.documents.structure.furniture import body_view
from extractor.errors import ConfigurationError

MakePaged = Callable[..., Document]


def words(text: str) -> int:
    return len(text.split())


def contract(seed: int = 5) -> Document:
    made = document(compose(random.Random(seed), STYLES[2]).text)  # noqa: S311 - no secret
    return dataclasses.replace(made, clauses=clauses_of(made))


def greedy(text: str) -> int:
    """Count as no tokenizer should: two parts take more together than one by one."""
    return 1 + len(text) ** 2 // 50


BUDGETS = st.integers(16, 900)
COUNTERS = st.sampled_from([words, len, greedy])
PAGES = st.lists(
    st.lists(
        st.sampled_from(
            ["ACME LTD", "1. Term", "(a) it ab-", "abab" * 30, 'so (the "Fee").', "Page 2", ""]
        ),
        max_size=6,
    ).map("\n".join),
    min_size=1,
    max_size=6,
)


def structured(made: Document) -> Document:
    return dataclasses.replace(made, clauses=clauses_of(made))


@settings(deadline=None)
@given(pages=PAGES, budget=BUDGETS, count=COUNTERS, overlap=st.integers(0, 2))
def test_each_character_is_some_windows_own_and_no_others(
    pages: list[str],
    budget: int,
    count: Callable[[str], int],
    overlap: int,
    paged: MakePaged,
) -> None:
    made = structured(paged(*pages))
    windows = chunks(made, budget=budget, count=count, overlap=overlap)
    own = [at for window in windows for at in range(window.span.start, window.span.end)]
    assert own == list(range(len(made.text)))


@settings(deadline=None)
@given(pages=PAGES, budget=BUDGETS, count=COUNTERS, overlap=st.integers(0, 2))
def test_a_window_counts_all_that_it_carries_and_stays_within_the_budget(
    pages: list[str],
    budget: int,
    count: Callable[[str], int],
    overlap: int,
    paged: MakePaged,
) -> None:
    made = structured(paged(*pages))
    body = body_view(made)
    for window in chunks(made, budget=budget, count=count, overlap=overlap):
        parts = [window.span, window.overlap, window.preamble]
        parts += [definition.span for definition in window.definitions]
        seen = [body.from_raw(part) for part in parts if part]
        shown = [body.text[part.start : part.end] for part in seen] + list(window.breadcrumb)
        assert window.tokens == sum(map(count, shown))
        assert window.tokens <= budget


@settings(deadline=None, max_examples=40)
@given(BUDGETS, st.integers(0, 3), st.integers(0, 30))
def test_no_text_of_a_contract_is_missing_and_no_window_too_large(
    budget: int, overlap: int, seed: int
) -> None:
    made = contract(seed)
    windows = chunks(made, budget=budget, count=words, overlap=overlap)
    assert coverage(windows, made).missing == 0
    assert all(window.tokens <= budget for window in windows)


@settings(deadline=None)
@given(st.text(max_size=300), COUNTERS)
def test_a_text_without_any_structure_is_cut_anywhere(
    text: str, count: Callable[[str], int]
) -> None:
    made = document(text)
    windows = chunks(made, budget=16, count=count)
    assert "".join(text[w.span.start : w.span.end] for w in windows) == text
    assert all(window.tokens <= 16 for window in windows)


@pytest.mark.parametrize("text", ["x" * 200_000, "1. Term\n" + "word, " * 40_000])
def test_a_giant_clause_and_a_page_without_spaces_are_cut_within_the_budget(text: str) -> None:
    made = structured(document(text))
    windows = chunks(made, budget=1000, count=len)
    assert coverage(windows, made).missing == 0
    assert all(500 < window.tokens <= 1000 for window in windows[:-1])


def test_a_character_that_takes_more_than_a_window_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="character that takes 99"):
        chunks(document("ab"), budget=16, count=lambda text: 99 * len(text))


def test_coverage_tells_what_no_window_shows() -> None:
    made = contract()
    windows = chunks(made, budget=200, count=words)
    first = windows[0].span
    assert len(windows) > 3
    assert coverage(windows[1:], made).missing == first.end - first.start
    assert coverage([*windows, windows[0]], made) == coverage(windows, made)
    assert coverage([], made).missing == len(made.text)


def test_coverage_counts_furniture_apart(paged: MakePaged) -> None:
    pages = [f"ACME LTD\nbody {n} is agree-\nment\nPage {n}" for n in range(1, 5)]
    made = paged(*pages)
    told = coverage(chunks(made, budget=16, count=words), made)
    furniture = 4 * len("ACME LTD\nPage 1\n") - 1  # the last page has no break behind it
    furniture -= len("ACME LTD\n")  # which is read once
    assert (told.furniture, told.pages, told.hyphens, told.missing) == (furniture, 4, 4 * 2, 0)
    assert told.shown == len(body_view(made).text)
    assert told.text == len(made.text)
    assert f"furniture: {furniture} characters on 4 pages" in str(told)


def test_a_window_carries_preamble_definitions_headings_and_the_clause_before() -> None:
    text = (
        'Acme Ltd (the "Seller") and Bob agree.\n\n1. General\n\n1.1 "Goods" means things.\n\n'
        + "".join(f"1.{n} Words {'about this and that ' * 6}end.\n\n" for n in range(2, 9))
        + "1.9 The Seller sells the Goods."
    )
    made = document(text)
    made = dataclasses.replace(made, clauses=clauses_of(made))
    last = chunks(made, budget=120, count=words)[-1]
    assert text[last.span.start : last.span.end].endswith("1.9 The Seller sells the Goods.")
    assert {definition.term for definition in last.definitions} == {"Seller", "Goods"}
    assert last.breadcrumb == ("1. General",)
    assert last.preamble is not None
    assert text[: last.preamble.end].startswith("Acme Ltd")
    assert last.overlap is not None
    assert last.overlap.end == last.span.start


def test_a_window_knows_its_pages(paged: MakePaged) -> None:
    made = paged("one " * 30, "two " * 30, "three " * 30)
    windows = chunks(made, budget=40, count=words)
    assert windows[0].pages == (1,)
    assert windows[-1].pages[-1] == 3


def test_a_budget_without_room_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="16"):
        chunks(contract(), budget=15, count=words)

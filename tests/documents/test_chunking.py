import dataclasses
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.sections import STYLES, compose, document
from extractor.documents.chunking import chunks, coverage
from extractor.documents.clauses import clauses_of
from extractor.documents.document import Document
from extractor.documents.furniture import body_view
from extractor.errors import ConfigurationError

MakePaged = Callable[..., Document]


def words(text: str) -> int:
    return len(text.split())


def contract(seed: int = 5) -> Document:
    made = document(compose(random.Random(seed), STYLES[2]).text)  # noqa: S311 - no secret
    return dataclasses.replace(made, clauses=clauses_of(made))


@settings(deadline=None, max_examples=40)
@given(st.integers(16, 900), st.integers(0, 3), st.integers(0, 30))
def test_no_text_is_dropped_and_no_window_is_too_large(
    budget: int, overlap: int, seed: int
) -> None:
    made = contract(seed)
    windows = chunks(made, budget=budget, count=words, overlap=overlap)
    body = body_view(made)
    assert "".join(
        body.text[s.start : s.end] for s in (body.from_raw(w.span) for w in windows)
    ) == (body.text)
    assert coverage(windows, made) == 1.0
    assert all(window.tokens <= budget for window in windows)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_a_text_without_any_structure_is_cut_anywhere(text: str) -> None:
    made = document(text)
    windows = chunks(made, budget=16, count=len)
    assert coverage(windows, made) == 1.0
    assert all(window.tokens <= 16 for window in windows)


def test_coverage_tells_what_is_left_out() -> None:
    made = contract()
    windows = chunks(made, budget=200, count=words)
    assert len(windows) > 3
    assert 0.5 < coverage(windows[1:], made) < 1.0


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

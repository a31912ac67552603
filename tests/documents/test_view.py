"""A view leaves things out, and knows where everything else came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.documents.view import View
from extractor.types import Span

RAW = "ACME Page 1\nThe Sup-\nplier shall\nACME Page 2\ndeliver."


def without(*left_out: str) -> View:
    spans = [Span(RAW.index(text), RAW.index(text) + len(text)) for text in left_out]
    return View.without(RAW, spans)


def test_what_is_left_out_is_not_in_the_text_and_the_rest_is() -> None:
    view = without("ACME Page 1\n", "-\n", "ACME Page 2\n")
    assert view.text == "The Supplier shall\ndeliver."


def test_a_span_leads_back_to_the_raw_text_with_what_lies_between() -> None:
    view = without("ACME Page 1\n", "-\n", "ACME Page 2\n")
    at = view.text.index("Supplier shall\ndeliver")
    raw = view.to_raw(Span(at, at + len("Supplier shall\ndeliver")))
    assert RAW[raw.start : raw.end] == "Sup-\nplier shall\nACME Page 2\ndeliver"


def test_overlapping_parts_are_left_out_once() -> None:
    assert View.without("abcdef", [Span(1, 4), Span(2, 3), Span(3, 5)]).text == "af"


def test_text_that_its_parts_do_not_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="what its parts hold"):
        View("abc", (Span(0, 2),))


def test_the_repr_tells_no_words() -> None:
    assert "Supplier" not in repr(without("ACME Page 1\n"))


RAWS = st.text(alphabet="ab\n ", max_size=40)
CUTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=8)


@given(RAWS, CUTS, st.integers(0, 40), st.integers(0, 40))
def test_every_span_comes_back_as_it_was(
    raw: str, cuts: list[tuple[int, int]], one: int, other: int
) -> None:
    ends = [(min(at, len(raw)), min(at + length, len(raw))) for at, length in cuts]
    view = View.without(raw, [Span(*end) for end in ends])
    start, end = sorted((min(one, len(view.text)), min(other, len(view.text))))
    there = view.to_raw(Span(start, end))
    assert 0 <= there.start <= there.end <= len(raw)
    back = view.from_raw(there)
    assert back == Span(start, end)
    left_out = {at for start, end in ends for at in range(start, end)}
    kept = [raw[at] for at in range(there.start, there.end) if at not in left_out]
    assert "".join(kept) == view.text[start:end]

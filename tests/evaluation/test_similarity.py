"""ANLS*: its authors' figure, and none of their waits."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.similarity import anls, anls_star
from tests.evaluation.labels import FEE, labelled


@pytest.mark.parametrize(
    ("gold", "given", "alike"),
    [
        ("2019-03-04", "2019-03-04", 1.0),
        ("2019-03-04", "2019-03-05", 0.9),
        ("Utah", None, 0.0),
        (["a", "b"], ["b", "a"], 1.0),
        (["a", "b"], ["a"], 0.5),
        ([{"name": "Oak Row", "in_text": "OAK ROW"}], ["Oak Row"], 1.0),
        ([{"name": "Utah", "code": "US-UT"}], [{"name": "Utah"}], 1.0),
        (FEE, {"amount": 5000, "currency": "USD"}, 1.0),
        (True, True, 1.0),
        (True, "true", 1.0),
        (30, "30", 1.0),
    ],
)
def test_anls_says_how_alike_letters_are(gold: Any, given: Any, alike: float) -> None:
    assert anls(labelled({"f": gold}), {"f": given}) == pytest.approx(alike)


anls_score: Any = import_module("anls_star").anls_score  # its types are in part unknown


TREES = st.recursive(
    st.sampled_from(["Acme", "acme inc", "Acme Inc", "Bolt Works", "P2Y"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner)
    ),
    max_leaves=5,
)


@given(TREES, TREES)
def test_anls_is_the_figure_of_its_authors_package(gold: Any, given: Any) -> None:
    ours = anls_star({"x": gold}, {"x": given})
    assert ours == pytest.approx(anls_score({"x": gold}, {"x": given}))


def test_anls_of_what_is_right_in_another_spelling_is_one() -> None:
    gold = {"governing_law": [{"name": "Pennsylvania", "code": "US-PA"}]}
    assert anls(labelled(gold), {"governing_law": "Pennsylvania"}) == 1.0


def test_anls_of_long_texts_and_deep_lists_takes_no_time() -> None:
    deep: Any = "v"
    for _ in range(100):
        deep = [deep]
    text = "lorem ipsum " * 2_000
    found = anls(labelled({"x": text, "y": deep}), {"x": text[1:], "y": deep})
    assert found == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("nothing", [None, "", []])
def test_anls_takes_nothing_for_right_where_there_is_nothing(nothing: Any) -> None:
    document = labelled({"f": None}, f="absent")
    assert anls(document, {"f": nothing}) == 1.0
    assert anls(document, {}) == 1.0
    assert anls(document, {"f": "x"}) == 0.0


@pytest.mark.parametrize("status", ["partial", "free_text", "disputed", "absent_soft"])
def test_anls_leaves_out_what_cannot_be_scored_whole(status: str) -> None:
    document = labelled({"f": "a", "g": "b"}, f=status)
    assert anls(document, {"f": "z", "g": "b"}) == 1.0
    assert anls(labelled({"f": "a"}, f=status), {"f": "a"}) is None

"""Objects as models write them: within another, as a text, as the one field that matters."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.wire.objects import as_object, own_name
from extractor.wire.shape import Field, Object, Scalar, Shape

LAW = Object("It", (Field("law", "law", Scalar("string")),))


@pytest.mark.parametrize(
    ("raw", "kinds"),
    [
        ({"law": "Ireland"}, []),
        ([[{"law": "Ireland"}]], ["unwrapped_list", "unwrapped_list"]),
        ('{"law": "Ireland"}', ["json_text"]),
        ("Ireland", ["wrapped_scalar"]),
        ([{"It": {"law": "Ireland"}}], ["unwrapped_list", "outer_key"]),
    ],
)
def test_an_object_is_known_in_other_forms(raw: Any, kinds: list[str]) -> None:
    given, repairs = as_object(Shape("Top", LAW, {}), LAW, raw, is_root=False)
    assert given == {"law": "Ireland"}
    assert [repair.kind for repair in repairs] == kinds


@pytest.mark.parametrize("raw", [5, True, None, [], ["a", "b"], "N/A"])
def test_what_is_no_object_is_none(raw: Any) -> None:
    assert as_object(Shape("Top", LAW, {}), LAW, raw, is_root=False) == (None, [])


def test_a_text_is_never_the_whole_answer() -> None:
    assert as_object(Shape("It", LAW, {}), LAW, "Ireland", is_root=True) == (None, [])


@pytest.mark.parametrize("name", ["It", "it", "IT"])
def test_an_objects_own_name_may_stand_around_it(name: str) -> None:
    assert own_name(LAW, {name: {"law": "Ireland"}}) == name


@pytest.mark.parametrize(
    "given",
    [
        {"law": {"law": "Ireland"}},
        {"other": {"law": "Ireland"}},
        {"It": {"fee": 5}},
        {"It": "Ireland"},
        {"It": {"law": "Ireland"}, "more": 1},
    ],
)
def test_another_key_around_an_object_says_that_it_is_something_else(given: Any) -> None:
    assert own_name(LAW, given) is None

"""Objects as models write them: within another, as a text, as the one field that matters."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import create_model

from extractor.wire.compile import compile_schema
from extractor.wire.objects import as_object, own_name
from extractor.wire.reading import Lexeme
from extractor.wire.restore import restore
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


LEASE = compile_schema(create_model("Lease", rent=(int | None, None), town=(str, ...)), quotes=True)


@pytest.mark.parametrize("name", ["rent_quote", "rentQuote", "quote_rent", "Rent Evidence"])
def test_a_quote_may_stand_beside_its_field(name: str) -> None:
    read = restore(LEASE, {"rent": Lexeme("5"), name: "a rent of 5", "town": "Cork"})
    assert (read.data, read.repairs) == ({"rent": 5, "town": "Cork"}, [])
    assert read.leaves[("rent",)].quotes == ("a rent of 5",)
    assert read.leaves[("town",)].quotes == ()


def test_the_quote_of_a_field_that_is_null_is_no_loss() -> None:
    read = restore(LEASE, {"rent": None, "rent_quote": None, "town": "Cork"})
    assert read.repairs == []


@pytest.mark.parametrize(
    "given", [{"rent": None, "rent_quote": "a rent of 5"}, {"rent": Lexeme("5"), "rent_quote": 7}]
)
def test_a_quote_for_nothing_and_what_is_none_are_told_as_left_over(given: Any) -> None:
    (repair,) = restore(LEASE, {**given, "town": "Cork"}).repairs
    assert (repair.kind, repair.path, repair.lossy) == ("unknown_key", ("rent_quote",), True)


def test_a_field_of_the_schema_is_no_other_ones_quote() -> None:
    schema = create_model("Lease", rent=(int, ...), rent_quote=(str, ...))
    read = restore(compile_schema(schema, quotes=True), {"rent": Lexeme("5"), "rent_quote": "b"})
    assert read.data == {"rent": 5, "rent_quote": "b"}
    assert read.leaves[("rent",)].quotes == ()

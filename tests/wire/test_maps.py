"""Dicts as models write them: lists of keys and values by many names."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.types import Problem, Repair
from extractor.wire.maps import as_pairs, pairs, respelt
from extractor.wire.shape import Scalar


def read(*items: Any, of_objects: bool = False) -> dict[str, Any]:
    result = pairs(items, ("fees",), of_objects=of_objects)
    assert (result.repairs, result.problems) == ([], [])
    return result.values


@pytest.mark.parametrize(
    "item",
    [
        {"key": "late", "value": 5},
        {"Key": "late", "Value": 5},
        {"name": "late", "value": 5},
        {"label": "late", "amount": 5},
        {"late": 5},
        ["late", 5],
    ],
)
def test_a_key_and_its_value_are_found_by_whatever_name(item: Any) -> None:
    assert read(item) == {"late": 5}


@pytest.mark.parametrize("name", ["quote", "citation", "Evidence"])
def test_a_quote_goes_with_its_value(name: str) -> None:
    cited = {"quote": ["late fee of 5"], "value": 5}
    assert read({"key": "late", "value": 5, name: "late fee of 5"}) == {"late": cited}
    assert read({"late": 5, name: "late fee of 5"}) == {"late": cited}


def test_the_fields_of_an_object_may_stand_beside_its_key() -> None:
    assert read({"key": "late", "days": 5}, of_objects=True) == {"late": {"days": 5}}
    assert read({"key": "late", "days": 5, "fee": 1}) == {"late": {"days": 5, "fee": 1}}


def test_what_belongs_to_neither_is_told_as_lost() -> None:
    result = pairs([{"key": "late", "value": 5, "note": "x"}], ("fees",), of_objects=False)
    path = ("fees", "late", "note")
    assert result.values == {"late": 5}
    assert result.repairs == [Repair("unknown_key", path, lossy=True, detail="x")]


def test_a_pair_that_comes_twice_is_one_unless_it_contradicts_itself() -> None:
    one, other = {"key": "late", "value": 5}, {"key": "late", "value": 6}
    assert pairs([one, one], (), of_objects=False).repairs == [Repair("repeated", ("late",))]
    problem = Problem("conflict", ("late",), "the key 'late' was given twice")
    assert pairs([one, other], (), of_objects=False).problems == [problem]


@pytest.mark.parametrize("item", [5, "late", ["a", 1, 2], {"value": 5}, {"key": None, "value": 5}])
def test_what_has_no_key_is_a_problem(item: Any) -> None:
    result = pairs([item], (), of_objects=False)
    assert result.values == {}
    assert [problem.kind for problem in result.problems] == ["wrong_type"]


TIERS = Scalar("string", values=("gold", "basic"))
DAYS = Scalar("string", format="date")


@pytest.mark.parametrize(
    ("keys", "written", "meant"),
    [(TIERS, "Gold", "gold"), (DAYS, "May 1, 2024", "2024-05-01"), (Scalar("integer"), "two", "2")],
)
def test_a_key_is_spelt_as_the_schema_has_it(keys: Scalar, written: str, meant: str) -> None:
    result = respelt(keys, {written: 5}, ("fees",))
    assert result.values == {meant: 5}
    assert [(repair.path, repair.detail) for repair in result.repairs] == [
        (("fees", meant), written)
    ]


@pytest.mark.parametrize("given", [{"Gold": 5, "gold": 6}, {"Gold": 5, "GOLD": 6}, {"other": 5}])
def test_no_key_becomes_what_another_is_or_what_it_is_not(given: dict[str, int]) -> None:
    assert sorted(respelt(TIERS, given, ()).values.values()) == sorted(given.values())


PAIR = {"key": "late", "value": 5}


@pytest.mark.parametrize(
    ("raw", "items", "kind"),
    [
        (PAIR, [PAIR], "wrapped_item"),
        ({**PAIR, "quote": "a fee"}, [{**PAIR, "quote": "a fee"}], "wrapped_item"),
        ({"items": [PAIR, PAIR]}, [PAIR, PAIR], "outer_key"),
    ],
)
def test_a_pair_alone_and_an_object_around_pairs_are_pairs(raw: Any, items: Any, kind: str) -> None:
    read, repair = as_pairs(raw)
    assert [*read] == items
    assert repair is not None
    assert (repair.kind, repair.lossy) == (kind, False)


@pytest.mark.parametrize(
    "raw",
    [{"key": "late"}, {"items": ["late"]}, {"items": 5, "key": 6}, {**PAIR, "more": 1}, [PAIR]],
)
def test_a_dict_may_have_such_keys_of_its_own(raw: Any) -> None:
    assert as_pairs(raw) == (raw, None)

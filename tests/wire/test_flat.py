"""Objects whose parts stand beside each other, under keys that are paths."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from extractor.types import Repair
from extractor.wire.compile import compile_schema
from extractor.wire.flat import grouped
from extractor.wire.restore import restore
from extractor.wire.restored import Restored


class Term(BaseModel):
    months: int
    start: str | None = None


class Party(BaseModel):
    name: str
    role: str | None = None


class Lease(BaseModel):
    law: str | None = None
    term: Term | None = None
    parties: list[Party] = []
    fees: dict[str, int] = {}


def read(given: Any, *, quotes: bool = True) -> Restored:
    return restore(compile_schema(Lease, quotes=quotes), given)


@pytest.mark.parametrize(
    ("given", "data"),
    [
        ({"law.value": "Utah", "law.quote": "of Utah"}, {"law": "Utah"}),
        ({"law_value": "Utah", "law_quote": "of Utah"}, {"law": "Utah"}),
        ({"law.value": "Utah"}, {"law": "Utah"}),
        ({"term.months": 3, "term.start": "May"}, {"term": {"months": 3, "start": "May"}}),
        ({"term_months": 3}, {"term": {"months": 3}}),
        ({"Term.months": 3}, {"term": {"months": 3}}),
        ({"fees.setup": 5, "fees.per.day": 1}, {"fees": {"setup": 5, "per.day": 1}}),
        (
            {"parties[0].name": "A", "parties[1].name": "B"},
            {"parties": [{"name": "A"}, {"name": "B"}]},
        ),
        ({"parties.0.name": "A", "parties.0.role": "x"}, {"parties": [{"name": "A", "role": "x"}]}),
    ],
)
def test_a_key_may_be_the_path_of_a_value(given: Any, data: Any) -> None:
    for quotes in (True, False):
        if quotes or not {"law.quote", "law_quote"} & given.keys():
            result = read(given, quotes=quotes)
            assert {**result.data} == data
            told = Repair("nested_keys", detail=", ".join(given))
            assert (result.problems, result.repairs[:1]) == ([], [told])


def test_a_quote_of_its_own_goes_with_the_value() -> None:
    result = read({"law.value": "Utah", "law.quote": "of Utah", "term.months.value": 3})
    assert result.leaves[("law",)].quotes == ("of Utah",)
    assert result.data == {"law": "Utah", "term": {"months": 3}}


@pytest.mark.parametrize(
    "given",
    [
        {"termination": 3},
        {"law_value": "Utah"},
        {"law.name": "Utah"},
        {"law.quote": "of Utah"},
        {"term.length": 3},
        {"other.months": 3},
        {"term": {"months": 2}, "term.months": 3},
        {"fees_setup": 5},
        {"parties.first.name": "A"},
    ],
)
def test_a_key_that_is_no_path_within_the_schema_is_told_as_left_out(given: Any) -> None:
    (key,) = given.keys() - {"term"}
    repairs = [repair for repair in read(given).repairs if repair.kind != "default"]
    assert [(r.kind, r.path, r.lossy) for r in repairs] == [("unknown_key", (key,), True)]


def test_a_field_that_has_such_a_name_is_no_path() -> None:
    class Flat(BaseModel):
        term: Term | None = None
        term_months: int

    assert restore(compile_schema(Flat), {"term_months": 3}).data == {"term_months": 3}


def test_a_path_that_can_begin_with_two_fields_is_none() -> None:
    class Loan(BaseModel):
        term: Term | None = None
        te: dict[str, int] | None = None
        Term_: Term | None = None

    (repair,) = restore(compile_schema(Loan), {"term.months": 3}).repairs
    assert (repair.kind, repair.lossy) == ("unknown_key", True)


def test_parts_of_items_are_put_together_only_if_all_are_numbered() -> None:
    assert grouped({"[0].name": "A", "[0].role": "x"}) == {"[0]": {"name": "A", "role": "x"}}
    assert grouped({"[0].name": "A", "name": "B"}) == {"[0].name": "A", "name": "B"}


@pytest.mark.parametrize(
    "given",
    [
        {"0": {"name": "A"}, "1": {"name": "B"}},
        {"1": {"name": "A"}, "2": {"name": "B"}},
        {"party_1": {"name": "A"}, "party_2": {"name": "B"}},
        {"item_1": {"name": "A"}, "item_2": {"name": "B"}},
    ],
)
def test_keys_that_only_count_are_a_list(given: Any) -> None:
    result = read({"parties": given})
    assert result.data == {"parties": [{"name": "A"}, {"name": "B"}]}
    assert result.repairs == [Repair("numbered_items", ("parties",), detail=", ".join(given))]


@pytest.mark.parametrize(
    "given",
    [{"2": {"name": "A"}, "3": {"name": "B"}}, {"a_1": {"name": "A"}, "b_2": {"name": "B"}}],
)
def test_keys_that_say_more_than_a_number_are_no_list(given: Any) -> None:
    result = read({"parties": given})
    assert result.data == {"parties": [{}]}
    assert {(r.path[-1], r.lossy) for r in result.repairs if r.kind == "unknown_key"} == {
        (key, True) for key in given
    }

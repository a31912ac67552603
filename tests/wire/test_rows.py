"""Objects written as a list of their fields, each with its value and its quote."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel

from extractor.backends import BACKENDS
from extractor.backends.parse import Parsed, parse
from extractor.errors import ParseError
from extractor.types import Repair
from extractor.wire.compile import compile_schema


class Term(BaseModel):
    months: int


class Party(BaseModel):
    name: str


class Lease(BaseModel):
    law: str
    rent: int | None = None
    term: Term | None = None
    parties: list[Party] = []


ROWS = [
    {"field": "law", "value": "Utah", "quote": "laws of Utah"},
    {"field": "rent", "value": 5, "quote": "a rent of $5"},
]


def read(reply: Any, *, quotes: bool = True) -> Parsed[Lease]:
    text = reply if isinstance(reply, str) else json.dumps(reply)
    return parse(BACKENDS["json"], Lease, compile_schema(Lease, quotes=quotes), text)


@pytest.mark.parametrize(
    "reply",
    [
        ROWS,
        {"fields": ROWS},
        "\n".join(map(json.dumps, ROWS)),
        [{"name": "law", "value": "Utah"}, {"name": "Rent", "value": 5}],
        {"extraction": [{"key": "law", "value": "Utah"}, {"key": "rent", "value": 5}]},
    ],
)
@pytest.mark.parametrize("quotes", [True, False])
def test_an_answer_may_be_a_list_of_its_fields(reply: Any, *, quotes: bool) -> None:
    parsed = read(reply if quotes else json.loads(json.dumps(reply)), quotes=quotes)
    if quotes or "quote" not in str(reply):
        assert parsed.value == Lease(law="Utah", rent=5)
        assert Repair("field_rows") in parsed.repairs
        assert not any(repair.lossy for repair in parsed.repairs)


def test_each_row_keeps_its_quote() -> None:
    leaves = read(ROWS).restored.leaves
    assert leaves[("law",)].quotes == ("laws of Utah",)
    assert leaves[("rent",)].quotes == ("a rent of $5",)


def test_a_row_may_name_its_field_by_a_path_or_hold_an_object() -> None:
    rows = [
        {"field": "law", "value": "Utah"},
        {"field": "term.months", "value": 3, "quote": "three months"},
        {"field": "parties", "value": [{"name": "Acme"}]},
    ]
    assert read(rows).value == Lease(law="Utah", term=Term(months=3), parties=[Party(name="Acme")])


def test_several_rows_of_one_list_are_its_items_and_of_one_value_a_conflict() -> None:
    law = {"field": "law", "value": "Utah"}
    parties = [{"field": "parties", "value": {"name": name}} for name in ("A", "B")]
    assert read([law, *parties]).value == Lease(
        law="Utah", parties=[Party(name="A"), Party(name="B")]
    )
    problems = read([law, {"field": "law", "value": "Ohio"}]).problems
    assert [(problem.kind, problem.path) for problem in problems] == [("conflict", ("law",))]


def test_a_row_that_the_schema_does_not_know_is_told_as_left_out() -> None:
    parsed = read([*ROWS, {"field": "colour", "value": "red"}])
    assert parsed.value == Lease(law="Utah", rent=5)
    assert Repair("unknown_key", ("colour",), lossy=True, detail="red") in parsed.repairs


def test_rows_that_break_off_are_never_taken_for_whole() -> None:
    text = json.dumps(ROWS)
    parsed = read(text[: text.index("5")] + "5")
    assert parsed.value is None
    assert {problem.kind for problem in parsed.problems} == {"truncated"}


def test_items_that_have_a_name_and_a_value_of_their_own_are_no_rows() -> None:
    class Fee(BaseModel):
        name: str
        value: int

    class Fees(BaseModel):
        fees: list[Fee]
        setup: str | None = None

    reply = json.dumps([{"name": "setup", "value": 5}, {"name": "yearly", "value": 7}])
    parsed = parse(BACKENDS["json"], Fees, compile_schema(Fees), reply)
    assert parsed.value == Fees(fees=[Fee(name="setup", value=5), Fee(name="yearly", value=7)])


def test_fields_may_stand_in_objects_of_their_own() -> None:
    assert read([{"law": {"quote": "of Utah", "value": "Utah"}}, {"rent": 5}]).value == Lease(
        law="Utah", rent=5
    )


@pytest.mark.parametrize(
    "reply",
    [
        [{"law": "Utah"}, {"law": "Ohio"}],
        [{"law": "Utah"}, {"colour": "red"}],
        [{"law": "Utah"}, 5],
    ],
)
def test_objects_that_share_a_field_or_have_none_are_not_one(reply: Any) -> None:
    with pytest.raises(ParseError):
        read(reply)

"""Which key of a reply belongs to which field."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.types import Repair
from extractor.wire.keys import match_keys, opened
from extractor.wire.shape import Array, Field, Object, Scalar, Shape


def fields(*names: tuple[str, str] | tuple[str, str, str]) -> Object:
    return Object(
        "It", tuple(Field(n[0], n[1], Scalar("string"), alias=[*n, None][2]) for n in names)
    )


@pytest.mark.parametrize(
    "key", ["start_date", "start-date", "startDate", "StartDate", "START DATE"]
)
def test_a_key_is_its_fields_in_any_spelling(key: str) -> None:
    node = fields(("start-date", "start_date", "startDate"), ("end", "end"))
    assert match_keys(node, [key, "other"]) == {"start-date": key}


def test_a_fields_own_name_is_never_anothers_alias() -> None:
    node = fields(("name", "name", "title"), ("title", "title"))
    assert match_keys(node, ["title"]) == {"title": "title"}
    assert match_keys(node, ["title", "name"]) == {"name": "name", "title": "title"}


def test_a_tag_comes_before_a_name() -> None:
    node = fields(("a-b", "a_b"), ("a_b", "a_b_2"))
    assert match_keys(node, ["a_b", "a_b_2"]) == {"a-b": "a_b", "a_b": "a_b_2"}


def test_letters_that_can_mean_two_fields_mean_none() -> None:
    node = fields(("fee_total", "fee_total"), ("feetotal", "feetotal"))
    assert match_keys(node, ["feeTotal"]) == {}
    assert match_keys(node, ["fee_total"]) == {"fee_total": "fee_total"}


def test_one_key_answers_one_field_and_the_rest_is_left() -> None:
    node = fields(("law", "law"))
    assert match_keys(node, ["Law", "LAW", "law"]) == {"law": "law"}
    assert match_keys(node, ["Law", "LAW"]) == {"law": "Law"}


SHAPE = Shape("NDA", fields(("law", "law"), ("parties", "parties")), {})


@pytest.mark.parametrize("key", ["NDA", "answer", "nda"])
def test_a_key_around_the_whole_answer_is_known_by_what_is_in_it(key: str) -> None:
    inner = {"law": "Ireland"}
    assert opened(SHAPE, {key: inner}) == (inner, (Repair("outer_key", detail=key),))
    beside = {"note": "done", key: inner, "more": {"fee": 5}}
    assert opened(SHAPE, beside) == (inner, (Repair("outer_key", lossy=True, detail=key),))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"law": {"law": "Ireland"}},
        {"NDA": {"fee": 5}},
        {"NDA": "Ireland"},
        {"NDA": {"law": "Ireland"}, "law": "France"},
        {"answer": {"law": "Ireland"}, "result": {"law": "France"}},
        {"answer": {"NDA": {"fee": 5}}},
        {"error": "not found", "example": {"law": "Ireland"}},
        {"type": "object", "properties": {"law": {"type": "string"}}},
    ],
)
def test_what_may_be_an_answer_or_is_none_has_no_such_key(value: Any) -> None:
    assert opened(SHAPE, value) == (value, ())


DEED = '{"name": "Acme", "law": "Ireland"}'
NAMED = Shape("Deed", fields(("name", "name"), ("law", "law")), {})


@pytest.mark.parametrize(
    "call",
    [
        {"name": "Deed", "arguments": {"name": "Acme", "law": "Ireland"}},
        {"name": "extract", "parameters": {"name": "Acme", "law": "Ireland"}},
        {"type": "function", "function": {"name": "Deed", "arguments": DEED}},
        [{"name": "Deed", "arguments": {"name": "Acme", "law": "Ireland"}}],
        {"functionCall": {"name": "Deed", "args": {"name": "Acme", "law": "Ireland"}}},
        {"result": {"Deed": {"name": "Acme", "law": "Ireland"}}},
        {"Deed": [{"name": "Acme", "law": "Ireland"}]},
    ],
)
def test_a_call_of_a_tool_is_an_answer_in_an_envelope(call: Any) -> None:
    value, repairs = opened(NAMED, call)
    assert value == {"name": "Acme", "law": "Ireland"}
    assert repairs
    assert not any(repair.lossy for repair in repairs)


@pytest.mark.parametrize(
    "answer",
    [
        {"name": "Acme", "law": "Ireland"},
        {"name": "Acme", "input": {"law": "Ireland"}},
        {"name": "Acme", "arguments": {"fee": 5}},
    ],
)
def test_an_answer_that_resembles_a_call_stays(answer: Any) -> None:
    assert opened(NAMED, answer) == (answer, ())


def test_objects_stand_for_the_one_list_that_holds_such() -> None:
    party = Object("Party", fields(("name", "name")).fields)
    page = Object("Page", (Field("parties", "parties", Array(party)),))
    for items in ([{"name": "A"}], [{"name": "A"}, {"name": "B"}]):
        expected = ({"parties": items}, (Repair("missing_key", detail="parties"),))
        assert opened(Shape("Page", page, {}), items) == expected
    others: list[Any] = [[{"parties": []}], [{"fee": 5}, {"fee": 6}], ["A"], []]
    for other in others:
        assert opened(Shape("Page", page, {}), other) == (other, ())


def test_a_value_with_its_quote_stands_for_the_one_field_that_is_asked_for() -> None:
    leaf = {"quote": "laws of Ireland", "value": "Ireland"}
    one, two = fields(("law", "law")), fields(("law", "law"), ("fee", "fee"))
    expected = ({"law": leaf}, (Repair("missing_key", detail="law"),))
    assert opened(Shape("It", one, {}), leaf) == expected
    for node, other in [(two, leaf), (one, {"value": "Ireland"}), (one, leaf | {"page": 1})]:
        assert opened(Shape("It", node, {}), other) == (other, ())


def test_a_list_may_be_under_any_one_key() -> None:
    shape = Shape("List", Array(Scalar("string")), {})
    assert opened(shape, {"items": ["a"]}) == (["a"], ())
    assert opened(shape, {"names": ["a"]}) == (["a"], (Repair("outer_key", detail="names"),))
    assert opened(shape, {"names": "a"}) == ({"names": "a"}, ())

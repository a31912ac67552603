"""Which key of a reply belongs to which field."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.wire.keys import match_keys, outer_key
from extractor.wire.shape import Field, Object, Scalar, Shape


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
    assert outer_key(SHAPE, {key: {"law": "Ireland"}}) == key
    assert outer_key(SHAPE, {"note": "done", key: {"law": "Ireland"}, "more": {"fee": 5}}) == key


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
        {"error": "not found", "example": {"law": "Ireland"}},
        {"type": "object", "properties": {"law": {"type": "string"}}},
    ],
)
def test_what_may_be_an_answer_or_is_none_has_no_such_key(value: Any) -> None:
    assert outer_key(SHAPE, value) is None

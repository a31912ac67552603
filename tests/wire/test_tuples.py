"""The items of a tuple, by their numbers and by the names of a NamedTuple."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from pydantic import BaseModel, create_model

from extractor.backends import BACKENDS
from extractor.backends.parse import parse
from extractor.types import Repair
from extractor.wire.compile import compile_schema
from extractor.wire.restore import restore
from extractor.wire.restored import Restored


class Payer(BaseModel):
    name: str


class Fee(NamedTuple):
    value: int
    currency: str = "EUR"


class Share(NamedTuple):
    payer: Payer
    percent: int


def read(kind: Any, answer: Any, *, quotes: bool = True) -> Restored:
    schema = create_model("Lease", x=(kind, ...))
    return restore(compile_schema(schema, quotes=quotes), {"x": answer})


@pytest.mark.parametrize(
    ("kind", "answer", "items"),
    [
        (Fee, {"value": 5, "currency": "USD"}, [5, "USD"]),
        (Fee, {"Currency": "USD", "value": 5}, [5, "USD"]),
        (Fee, {"item_1": 5, "item_2": "USD"}, [5, "USD"]),
        (Fee, {"value": {"value": 5, "currency": "USD"}, "quote": "5 dollars"}, [5, "USD"]),
        (Share, {"payer": {"name": "Acme"}, "percent": 50}, [{"name": "Acme"}, 50]),
        (list[Fee], [{"value": 5, "currency": "USD"}], [[5, "USD"]]),
    ],
)
def test_a_named_tuple_may_be_answered_by_its_names(kind: Any, answer: Any, items: Any) -> None:
    result = read(kind, answer)
    assert (result.data, result.problems) == ({"x": items}, [])
    assert {repair.kind for repair in result.repairs} <= {"named_items"}
    assert not any(repair.lossy for repair in result.repairs)


def test_names_are_told_and_numbers_are_not() -> None:
    assert read(Fee, {"value": 5, "currency": "USD"}).repairs == [
        Repair("named_items", ("x",), detail="value, currency")
    ]
    assert read(Fee, {"item_1": 5, "item_2": "USD"}).repairs == []


def test_a_quote_beside_the_items_is_the_tuples() -> None:
    result = read(Fee, {"value": 5, "currency": "USD", "quote": "five dollars"})
    assert result.data == {"x": [5, "USD"]}
    assert result.leaves[("x",)].quotes == ("five dollars",)
    assert not any(repair.lossy for repair in result.repairs)


def test_a_value_with_something_that_is_no_item_is_the_whole_tuple() -> None:
    result = read(Fee, {"value": [5, "USD"], "quote": "five dollars"})
    assert result.data == {"x": [5, "USD"]}
    assert result.leaves[("x",)].quotes == ("five dollars",)


def test_an_item_that_is_left_out_leaves_its_place() -> None:
    """The second item is never taken for the first."""
    assert read(tuple[str, str], {"item_2": "Acme"}).data == {"x": [None, "Acme"]}


def test_what_is_no_item_of_a_tuple_is_told_as_left_out() -> None:
    result = read(Fee, {"value": 5, "note": "a month"})
    assert Repair("unknown_key", ("x", "note"), lossy=True, detail="a month") in result.repairs
    assert result.data == {"x": [5]}


def test_items_may_be_numbered_from_nought_on() -> None:
    result = read(tuple[int, str], {"0": 5, "1": "Acme"})
    assert result.data == {"x": [5, "Acme"]}
    assert result.repairs == [Repair("numbered_items", ("x",), detail="0, 1")]


@pytest.mark.parametrize("quotes", [True, False])
@pytest.mark.parametrize(
    "items",
    [
        "<value>5</value><currency>USD</currency>",
        "<item_1>5</item_1><item_2>USD</item_2>",
        "<items><item>5</item><item>USD</item></items>",
    ],
)
def test_a_named_tuple_is_read_in_xml_too(items: str, *, quotes: bool) -> None:
    class Lease(BaseModel):
        fee: Fee

    shape = compile_schema(Lease, quotes=quotes)
    parsed = parse(BACKENDS["xml"], Lease, shape, f"<Lease><fee>{items}</fee></Lease>")
    assert parsed.value == Lease(fee=Fee(5, "USD"))

"""What a reply says where there is nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import BaseModel, create_model

from extractor.types import Repair
from extractor.wire.compile import compile_schema
from extractor.wire.restore import restore
from extractor.wire.restored import Restored


class Money(BaseModel):
    amount: Decimal
    currency: str


class Party(BaseModel):
    name: str
    role: str | None = None


class Fixed(BaseModel):
    kind: Literal["fixed"]
    months: int


class Renewal(BaseModel):
    notice_days: int | None = None


def restored(annotation: Any, value: Any, *, quotes: bool = False) -> Restored:
    schema = create_model("One", it=(annotation, ...))
    return restore(compile_schema(schema, quotes=quotes), {"it": value})


@pytest.mark.parametrize("said", ["N/A", "null", "", "not specified", "undefined"])
@pytest.mark.parametrize(
    "annotation", [date | str | None, int | float | None, Money | Party | None, Money | None]
)
def test_a_word_for_nothing_is_null_whatever_else_was_possible(annotation: Any, said: str) -> None:
    result = restored(annotation, said)
    assert result.data == {"it": None}
    assert result.problems == []


@pytest.mark.parametrize(
    ("annotation", "form"),
    [
        (Money | None, {"amount": None, "currency": None}),
        (Money | None, {"amount": "", "currency": "N/A"}),
        (Fixed | None, {"kind": "fixed", "months": None}),
        (tuple[date, date] | None, ["", None]),
        (Money | Party | None, {"name": None, "role": None}),
    ],
)
def test_a_form_in_which_nothing_is_filled_in_is_null(annotation: Any, form: Any) -> None:
    result = restored(annotation, form)
    assert result.data == {"it": None}
    assert result.problems == []


def test_a_form_of_quoted_leaves_with_nothing_in_it_is_null() -> None:
    leaf = {"quote": "", "value": None}
    assert restored(Money | None, {"amount": leaf, "currency": leaf}, quotes=True).data == {
        "it": None
    }


@pytest.mark.parametrize(
    ("annotation", "answer", "data"),
    [
        (Renewal | None, {"notice_days": None}, {}),
        (Literal["none", "all"] | int | None, "none", "none"),
        (bool | None, False, False),
        (int | None, "0", 0),
    ],
)
def test_an_answer_is_not_nothing(annotation: Any, answer: Any, data: Any) -> None:
    assert restored(annotation, answer).data == {"it": data}


@pytest.mark.parametrize(
    ("annotation", "items", "kept"),
    [
        (list[Party], ["None"], []),
        (list[Party], [{"name": None, "role": None}], []),
        (list[Party], [None, {"name": "A", "role": "B"}], [{"name": "A", "role": "B"}]),
        (list[str], ["a", "N/A", "", "b"], ["a", "b"]),
        (list[int], [1, None], [1]),
    ],
)
def test_items_that_say_nothing_are_left_out_and_counted(
    annotation: Any, items: Any, kept: Any
) -> None:
    result = restored(annotation, items)
    assert result.data == {"it": kept}
    assert result.problems == []
    (repair,) = (repair for repair in result.repairs if repair.kind == "empty_items")
    assert repair.detail == str(len(items) - len(kept))


@pytest.mark.parametrize("annotation", [list[int | None], list[Any]], ids=["nullable", "any"])
def test_where_null_is_an_item_it_stays(annotation: Any) -> None:
    assert len(restored(annotation, [None, None]).data["it"]) == 2


def test_a_quote_keeps_an_empty_item_from_being_left_out() -> None:
    result = restored(list[Party], [{"quote": "the Buyer", "name": None}], quotes=True)
    assert result.data == {"it": [{}]}
    assert not any(repair.kind == "empty_items" for repair in result.repairs)


@pytest.mark.parametrize("more", ["...", "\u2026"])
def test_an_item_that_says_that_there_are_more_is_a_loss(more: str) -> None:
    result = restored(list[str], ["a", more])
    assert result.data == {"it": ["a"]}
    assert Repair("ellipsis", ("it",), lossy=True, detail="1") in result.repairs


@pytest.mark.parametrize("said", ["none", "None", "NONE."])
def test_the_schemas_own_word_for_nothing_is_a_value_in_any_case(said: str) -> None:
    assert restored(Literal["none", "capped"] | None, said).data == {"it": "none"}
    assert restored(Literal["full", "capped"] | None, said).data == {"it": None}

"""A number with the unit that its field counts, and with any other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import Field, create_model

from extractor.types import Repair
from extractor.wire.compile import compile_schema
from extractor.wire.restore import restore
from extractor.wire.restored import Restored
from extractor.wire.units import counted, unit_of


def read(answer: str, name: str = "notice", description: str | None = None) -> Restored:
    fields: dict[str, Any] = {name: (int, Field(..., description=description))}
    schema = create_model("Lease", **fields)
    return restore(compile_schema(schema), {name: answer})


@pytest.mark.parametrize(
    ("name", "description", "unit"),
    [
        ("notice_days", None, "day"),
        ("termMonths", "The initial term", "month"),
        ("term", "How many years it runs", "year"),
        ("term_months", "In months", "month"),
        ("days", "Counted from the end of the month", None),
        ("notice", "How long before", None),
        ("today", None, None),
    ],
)
def test_a_field_counts_the_one_unit_that_its_name_and_description_speak_of(
    name: str, description: str | None, unit: str | None
) -> None:
    assert unit_of(name, description) == unit


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("90 days", "day", 90),
        ("Ninety (90) Days", "day", 90),
        ("1.5 years", "year", Decimal("1.5")),
        ("30 calendar days", "day", 30),
        ("1 year", "month", None),
        ("90 business days", "day", None),
        ("30 to 60 days", "day", None),
        ("sixty (90) days", "day", None),
        ("90 days before the end", "day", None),
        ("$90 days", "day", None),
        ("days", "day", None),
    ],
)
def test_a_number_with_exactly_that_unit_is_read_and_nothing_else(
    text: str, unit: str, number: Any
) -> None:
    assert counted(text, unit) == number


@pytest.mark.parametrize(
    ("name", "description"), [("notice_days", None), ("notice", "Number of days")]
)
def test_the_unit_of_a_field_may_stand_behind_its_number(
    name: str, description: str | None
) -> None:
    result = read("90 days", name, description)
    assert result.data == {name: 90}
    assert result.repairs == [Repair("number_from_text", (name,), detail="90 days")]


@pytest.mark.parametrize(
    ("answer", "description"), [("3 months", "Number of days"), ("90 days", None)]
)
def test_another_unit_or_one_that_nothing_asks_for_is_asked_again(
    answer: str, description: str | None
) -> None:
    assert [p.kind for p in read(answer, description=description).problems] == ["not_a_number"]


def test_what_a_list_counts_is_its_fields_unit_too() -> None:
    schema = create_model("Lease", renewal_months=(list[int] | None, ...))
    result = restore(compile_schema(schema, quotes=True), {"renewal_months": ["12 months", "6"]})
    assert (result.data, result.problems) == ({"renewal_months": [12, 6]}, [])

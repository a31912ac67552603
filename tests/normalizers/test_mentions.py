"""Figures with a scale, a percent sign or a currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from extractor.grounding import supports
from extractor.normalizers import numbers_in, read_money, read_percent


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("LIBOR plus 1.375% per annum", "1.375"),
        ("1.125 percent", "1.125"),
        ("five (1.125) percent", "1.125"),
        ("The facility is $2.875 billion.", "2875000000"),
        ("1.375k", "1375"),
        ("$1.375m", "1375000"),
        ("1.000 million", "1000000"),
        ("1,375%", "1375"),
    ],
)
def test_a_point_before_a_scale_or_a_percent_sign_is_a_decimal_point(text: str, value: str) -> None:
    assert numbers_in(text)[-1] == Decimal(value)
    assert len(set(numbers_in(text.removeprefix("five")))) == 1


@pytest.mark.parametrize("text", ["1.375 units", "EUR 1.375", "1.375 to 2%", "1.375m"])
def test_any_other_point_may_group_digits(text: str) -> None:
    assert {Decimal("1.375"), Decimal(1375)} <= set(numbers_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "Five Thousand and 50/100 Dollars",
        "five thousand dollars and fifty cents",
        "$5,000 and 50/100",
    ],
)
def test_cents_that_are_told_apart_are_a_part_of_the_amount(text: str) -> None:
    assert numbers_in(text) == [Decimal("5000.5")]


def test_cents_alone_are_a_number_of_their_own() -> None:
    assert numbers_in("fifty cents for each of 5,000 dollars") == [50, 5000]


def test_a_percentage_with_three_decimals_is_read() -> None:
    reading = read_percent("1.125%")
    assert reading is not None
    assert reading.value == Decimal("1.125")


@pytest.mark.parametrize(
    ("value", "quote", "status"),
    [
        (5, "5%. The Tenant", "found"),
        (5, "5. The Tenant", "ambiguous"),
        (5, "(5) The Tenant", "ambiguous"),
        (5, "Section 5", "ambiguous"),
        (1375, "LIBOR plus 1.375%", "unverified"),
        (1000, "$US1,000", "found"),
        ("USD 1,000", "$US1,000", "found"),
        ("AUD 1,000", "$US1,000", "unverified"),
        (1000, "lot US1,000", "unverified"),
        (1000, "lot $XY1,000", "unverified"),
    ],
)
def test_a_number_is_that_of_a_clause_an_amount_or_an_identifier(
    value: Any, quote: str, status: str
) -> None:
    assert supports(value, quote).status == status


@pytest.mark.parametrize(
    ("text", "code"), [("$US1,000", "USD"), ("$CAD 5", "CAD"), ("$nz20", "NZD"), ("$S5", None)]
)
def test_a_dollar_may_be_named_behind_its_sign(text: str, code: str | None) -> None:
    reading = read_money(text)
    assert (reading.currency if reading else None) == code

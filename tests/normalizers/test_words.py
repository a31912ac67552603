"""Fractions and dozens in words, and parts of something in figures."""

from decimal import Decimal

import pytest

from extractor.grounding import Locator, supports
from extractor.normalizers import numbers_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("one and one-quarter percent", "1.25"),
        ("two and three quarters of it", "2.75"),
        ("one and a quarter", "1.25"),
        ("two and five-eighths percent", "2.625"),
        ("one hundred and one-half percent", "100.5"),
        ("three-fourths of the votes", "0.75"),
        ("one quarter of the fees", "0.25"),
        ("two dozen units", "24"),
        ("2 dozen units", "24"),
        ("a dozen units", "12"),
        ("three quarters", "3"),
        ("two quarters of a fiscal year", "2"),
    ],
)
def test_fractions_and_dozens_are_one_number(text: str, number: str) -> None:
    assert numbers_in(text) == [Decimal(number)]


@pytest.mark.parametrize("text", ["half a dozen units", "a fourth party", "3/4 inch bolts"])
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert not {12, 3, Decimal("0.25")} & set(numbers_in(text))


def test_a_part_of_something_is_a_number_in_figures_too() -> None:
    assert numbers_in("1/2 of 1%") == [Decimal("0.5"), Decimal(1)]
    assert numbers_in("signed on 1/2 in Paris") == []


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (2, "two dozen units"),
        (1, "one and one-quarter percent"),
        (Decimal("1.5"), "one and three-quarters percent"),
        (3, "three-fourths of the votes"),
    ],
)
def test_no_part_of_such_a_number_is_borne(value: object, quote: str) -> None:
    assert supports(value, quote).ok is False


def test_a_quote_may_not_stop_within_such_a_number() -> None:
    locator = Locator("A rate of one and one-quarter percent, and two dozen units.")
    assert locator.locate("A rate of one and one").status == "altered"
    assert locator.locate("percent, and two").status == "altered"


def test_days_by_which_interest_is_counted_are_two_numbers() -> None:
    assert numbers_in("on a 365/360 basis, or 30/360") == [365, 360, 30, 360]
    assert numbers_in("50/100 dollars, 3/4") == []


@pytest.mark.parametrize("quote", ["fifty cents a share", "fifty (50) cents", "50\u00a2 a share"])
def test_an_amount_in_cents_gives_one_in_dollars(quote: str) -> None:
    assert supports(Decimal("0.50"), quote).status == "derived"
    assert supports("$0.50", quote).status == "derived"
    assert supports(Decimal("0.05"), quote).ok is False

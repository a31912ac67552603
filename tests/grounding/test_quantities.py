"""Numbers that are labels, whose zeros count, and days that have no year of their own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from extractor.grounding import supports


@pytest.mark.parametrize(
    ("value", "quote", "written"),
    [
        ("4.10", "Release 4.1 of the Software", "4.1"),
        ("2.0", "version 2", "2"),
        ("5.1", "as Section 5.10 provides", "5.10"),
        ("2134", "Boston, MA 02134", "02134"),
        ("4711", "lot number 04711", "04711"),
    ],
)
def test_another_label_of_the_same_number_is_no_proof(value: str, quote: str, written: str) -> None:
    support = supports(value, quote)
    assert (support.status, support.reason) == ("ambiguous", f"the quote writes {written}")


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("4.10", "Release 4.10 of the Software"),
        ("02134", "Boston, MA 02134"),
        ("5000", "a fee of $5,000.00"),
        ("1.50", "1.5 times"),
        ("10.50%", "10.5% interest"),
        ("4.10", "Release 4.1, later Release 4.10"),
    ],
)
def test_amounts_and_the_same_label_are_proved(value: str, quote: str) -> None:
    assert supports(value, quote).ok


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (date(2020, 5, 1), "May 1 to June 30, 2020"),
        (date(2020, 5, 1), "May 1 of 2020 and ending 2021"),
        ("2020-05", "May 1 to June 30, 2020"),
        ("March 14", "the 14th of March in each year"),
    ],
)
def test_a_day_is_proved_by_its_own_year_or_the_one_it_leads_to(value: Any, quote: str) -> None:
    assert supports(value, quote).ok


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (date(2019, 6, 30), "This deed, dated January 15, 2019, shall renew each year on June 30."),
        (date(2021, 5, 1), "May 1 of 2020 and ending 2021"),
        (date(2018, 3, 1), "rent is due on March 1; 2,018 square feet"),
        (date(2019, 12, 31), "In fiscal year 2019 it was agreed that it ends on December 31."),
        (date(2021, 11, 1), "November 1 to March 31, 2021"),
        ("2021-11", "November 1 to March 31, 2021"),
        ("March 14", "14 days after March 2"),
    ],
)
def test_a_day_borrows_no_other_year_or_number_of_its_quote(value: Any, quote: str) -> None:
    assert supports(value, quote).ok is False


@pytest.mark.parametrize("value", [Decimal("0.5"), "0.50%"])
@pytest.mark.parametrize(
    "quote", ["plus fifty (50) basis points", "50 bps", "a 50-basis-point fee"]
)
def test_basis_points_are_hundredths_of_a_percent(value: Any, quote: str) -> None:
    support = supports(value, quote)
    reason = "the quote gives this percentage in basis points"
    assert (support.status, support.reason) == ("derived", reason)
    assert not supports(Decimal("0.05"), quote).ok


@pytest.mark.parametrize(
    "quote", ["Terms: Net 45.", "net 45 from the invoice's date", "2/10 net-45"]
)
def test_a_time_to_pay_without_a_unit_is_in_days(quote: str) -> None:
    support = supports("P45D", quote)
    assert (support.status, support.reason) == (
        "derived",
        "the quote's time to pay is counted in days",
    )
    assert not supports("P45M", quote).ok
    assert not supports("P45D", quote.replace("45", "45 months")).ok


@pytest.mark.parametrize("value", ["P3Y", "three years", "P36M"])
def test_an_anniversary_is_so_many_years_after(value: str) -> None:
    support = supports(value, "until the third (3rd) anniversary of the Effective Date")
    reason = "the quote's anniversary is so many years after"
    assert (support.status, support.reason) == ("derived", reason)
    assert not supports(value, "until the second anniversary of the Effective Date").ok
    assert not supports(value, "on each anniversary in the third year").ok

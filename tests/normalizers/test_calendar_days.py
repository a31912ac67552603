"""Days counted from others, and percentages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalizers import (
    longest,
    read_iso_duration,
    read_percent,
    read_relative_date,
    shifted,
    shortest,
)

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@given(
    st.integers(1, 400),
    st.sampled_from(["after", "following", "from", "before", "prior to"]),
    st.sampled_from(["the Effective Date", "the end of the Term", "delivery of the Premises"]),
)
def test_a_rule_is_read_back_with_its_event(count: int, word: str, event: str) -> None:
    reading = read_relative_date(f"{count} days {word} {event}")
    assert reading is not None
    assert (reading.offset, reading.event) == (f"P{count}D", event)
    assert reading.direction == ("before" if word in ("before", "prior to") else "after")


def test_an_anniversary_is_so_many_years_after() -> None:
    for text in (
        "the third anniversary of the Effective Date",
        "the 3rd anniversary of the Effective Date",
    ):
        reading = read_relative_date(text)
        assert reading is not None
        assert (reading.offset, reading.direction) == ("P3Y", "after")


@pytest.mark.parametrize(
    "text", ["", "30 days", "after delivery", "14 March 2024", "soon after it"]
)
def test_what_gives_no_rule_is_none(text: str) -> None:
    assert read_relative_date(text) is None


@given(DAYS, st.integers(0, 4000))
def test_days_there_and_back_are_the_same_day(day: date, count: int) -> None:
    later = shifted(day, f"P{count}D")
    assert later is not None
    assert shifted(later, f"P{count}D", "before") == day


@given(DAYS, st.integers(1, 60))
def test_months_lie_between_their_shortest_and_longest(day: date, months: int) -> None:
    later, length = shifted(day, f"P{months}M"), read_iso_duration(f"P{months}M")
    assert later is not None
    assert length is not None
    least, most = shortest(length), longest(length)
    assert least is not None
    assert most is not None
    assert least <= (later - day).days <= most


def test_a_month_after_its_end_is_the_next_ones_end() -> None:
    assert shifted(date(2023, 1, 31), "P1M") == date(2023, 2, 28)
    assert shifted(date(2024, 2, 29), "P1Y") == date(2025, 2, 28)


@pytest.mark.parametrize("offset", ["P5BD", "PT48H", "two years", "P9999Y"])
def test_what_can_not_be_reckoned_is_none(offset: str) -> None:
    assert shifted(date(2024, 1, 31), offset) is None


def test_business_days_have_no_fixed_length() -> None:
    length = read_iso_duration("P5BD")
    assert length is not None
    assert (shortest(length), longest(length)) == (None, None)


@given(st.decimals(0, 1000, places=2))
def test_a_percentage_is_read_back(number: Decimal) -> None:
    for text in (f"{number}%", f"{number} percent", f"{number} per cent", f"{number * 100:f} bps"):
        reading = read_percent(text)
        assert reading is not None
        assert reading.value == number


@pytest.mark.parametrize("text", ["0.05", "$5", "five", "5% of sales", ""])
def test_what_is_no_percentage_is_none(text: str) -> None:
    assert read_percent(text) is None


def test_a_percentage_said_twice_and_differently_has_no_value() -> None:
    reading = read_percent("five percent (6%)")
    assert reading is not None
    assert reading.value is None

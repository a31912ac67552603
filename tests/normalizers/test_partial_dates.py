"""Dates with blanks, written in the ways of contracts and read back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalizers import date_bounds, read_partial_date

BLANKS = ("[]", "[ ]", "__", "_____", "[\u25cf]", "\u25cf", "***", "[*]", "XX")
MONTHS = "January February March April May June July August September October November December"


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_whole_date_is_read_back_from_words(day: date) -> None:
    name = MONTHS.split()[day.month - 1]
    for text in (
        day.isoformat(),
        f"{name} {day.day}, {day.year}",
        f"{day.day} {name} {day.year}",
        f"the {day.day} day of {name}, {day.year}",
    ):
        reading = read_partial_date(text)
        assert reading is not None
        assert reading.value == day.isoformat()


@given(st.integers(1900, 2099), st.integers(1, 12), st.sampled_from(BLANKS))
def test_a_blank_day_leaves_year_and_month(year: int, month: int, blank: str) -> None:
    name = MONTHS.split()[month - 1]
    for text in (f"{name} {blank}, {year}", f"{blank} day of {name}, {year}", f"{name} {year}"):
        reading = read_partial_date(text)
        assert reading is not None
        assert reading.value == f"{year}-{month:02d}-XX"


@given(st.integers(1900, 2099), st.sampled_from(BLANKS))
def test_a_blank_day_and_month_leave_the_year(year: int, blank: str) -> None:
    for text in (f"{blank}/{blank}/{year}", f"{blank} {blank}, {year}", f"{blank}, {year}"):
        reading = read_partial_date(text)
        assert reading is not None
        assert reading.value == f"{year}-XX-XX"


@given(st.integers(0, 99), st.integers(1, 12), st.integers(1, 28))
def test_what_is_written_in_our_notation_is_itself(century: int, month: int, day: int) -> None:
    for text in (
        f"{century:02d}XX-XX-XX",
        f"{century:02d}XX-{month:02d}-XX",
        f"XXXX-{month:02d}-{day:02d}",
    ):
        reading = read_partial_date(text)
        assert reading is not None
        assert reading.value == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[]/[]/19[]", "19XX-XX-XX"),
        ("March 14, 20__", "20XX-03-14"),
        ("March 14", "XXXX-03-14"),
        ("the 3rd day of May, 201_", "201X-05-03"),
    ],
)
def test_a_year_may_be_blank_in_part(text: str, value: str) -> None:
    reading = read_partial_date(text)
    assert reading is not None
    assert reading.value == value


def test_swapped_days_and_open_centuries_keep_all_readings() -> None:
    swapped = read_partial_date("03/04/2025")
    assert swapped is not None
    assert (swapped.value, swapped.candidates) == (None, ("2025-03-04", "2025-04-03"))
    century = read_partial_date("14 March 98") or read_partial_date("12/31/98")
    assert century is not None
    assert century.value is None
    assert "1998-12-31" in century.candidates


@pytest.mark.parametrize("text", ["", "__", "soon", "2024-13-01", "2024-02-30", "Smarch __, 2015"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_partial_date(text) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015-XX-XX", date(2015, 1, 1), date(2015, 12, 31)),
        ("2016-02-XX", date(2016, 2, 1), date(2016, 2, 29)),
        ("19XX-XX-XX", date(1900, 1, 1), date(1999, 12, 31)),
        ("2016-02-03", date(2016, 2, 3), date(2016, 2, 3)),
    ],
)
def test_a_partial_date_lies_between_two_days(text: str, first: date, last: date) -> None:
    assert date_bounds(text) == (first, last)


@pytest.mark.parametrize("text", ["XXXX-03-14", "perpetual", "2015", "199X-02-29"])
def test_without_a_year_there_are_no_bounds(text: str) -> None:
    assert date_bounds(text) is None

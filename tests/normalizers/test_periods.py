"""Lengths of time, written in the ways of contracts and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalizers import read_duration, read_iso_duration

WORDS = {
    1: "one",
    2: "two",
    12: "twelve",
    30: "thirty",
    36: "thirty-six",
    90: "ninety",
    120: "one hundred and twenty",
}
UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day", "BD": "business day"}


@st.composite
def written_durations(draw: st.DrawFn) -> tuple[str, str]:
    """Draw an ISO 8601 duration with one of its wordings."""
    count = draw(st.sampled_from(sorted(WORDS)))
    letter = draw(st.sampled_from(sorted(UNITS)))
    number = draw(
        st.sampled_from(
            (str(count), WORDS[count], f"{WORDS[count]} ({count})", f"{count} ({count})")
        )
    )
    plural = "" if count == 1 else draw(st.sampled_from(("s", "s.")))
    lead = draw(st.sampled_from(("", "a period of ", "an initial term of ", "for ", "  ")))
    joint = draw(st.sampled_from((" ", "-", "  ", "\u00a0")))
    return f"P{count}{letter}", f"{lead}{number}{joint}{UNITS[letter]}{plural}"


@given(written_durations())
def test_a_duration_is_read_back_from_its_wordings(case: tuple[str, str]) -> None:
    iso, text = case
    reading = read_duration(text)
    assert reading is not None
    assert (reading.value, reading.raw) == (iso, text)


@given(st.integers(1, 99), st.integers(1, 11))
def test_years_and_months_together_are_one_duration(years: int, months: int) -> None:
    for text in (f"{years} years and {months} months", f"{years} years, {months} months"):
        reading = read_duration(text)
        assert reading is not None
        assert reading.value == f"P{years}Y{months}M"


@given(st.integers(1, 999), st.sampled_from(["Y", "M", "W", "D", "BD"]))
def test_an_iso_duration_is_itself(count: int, letter: str) -> None:
    reading = read_duration(f"P{count}{letter}")
    assert reading is not None
    assert reading.value == f"P{count}{letter}"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1.5 years", "P18M"),
        ("two and a half years", "P30M"),
        ("72 hours", "PT72H"),
        ("one quarter", "P3M"),
        ("a year", "P1Y"),
        ("ten (10) working days", "P10BD"),
        ("36-month", "P36M"),
    ],
)
def test_other_units_become_such_that_hold_them_exactly(text: str, iso: str) -> None:
    reading = read_duration(text)
    assert reading is not None
    assert reading.value == iso


def test_words_against_figures_are_a_conflict_with_both() -> None:
    reading = read_duration("sixty (90) days")
    assert reading is not None
    assert (reading.value, reading.candidates) == (None, ("P60D", "P90D"))
    assert reading.certainty == "conflict"


def test_a_number_with_two_readings_is_ambiguous() -> None:
    reading = read_duration("1.000 days")
    assert reading is not None
    assert (reading.value, reading.certainty) == (None, "ambiguous")


NO_LENGTHS = (
    "two|days|30 days after signing|1.5 months|P|the second year|3 business weeks|perpetual"
)


@pytest.mark.parametrize("text", ["", "6 months and 2 years", *NO_LENGTHS.split("|")])
def test_what_is_not_one_length_of_time_is_none(text: str) -> None:
    assert read_duration(text) is None


def test_twelve_months_are_a_year_thirty_days_no_month_and_business_days_apart() -> None:
    assert read_iso_duration("P12M") == read_iso_duration("P1Y")
    assert read_iso_duration("P30D") != read_iso_duration("P1M")
    assert read_iso_duration("P10BD") != read_iso_duration("P10D")


@given(
    st.integers(1, 9_999), st.sampled_from(["Y", "yr", "yrs.", "M:mo", "M:mths", "W", "wk", "d"])
)
def test_an_abbreviated_unit_is_read(count: int, unit: str) -> None:
    letter, _, written = unit.rpartition(":")
    reading = read_duration(f"{count}{written}")
    assert reading is not None
    assert reading.value == f"P{count}{(letter or written[0]).upper()}"


@pytest.mark.parametrize("text", ["5m", "5 M", "PT5M", "y", "12345y", "5yy", "PT2YM"])
def test_what_may_be_minutes_is_never_months(text: str) -> None:
    reading = read_duration(text)
    assert reading is None or reading.value == text

import time
from datetime import timedelta
from typing import Any

import pytest

from extractor.grounding import supports
from extractor.normalizers import durations_in, read_duration, read_iso_duration


@pytest.mark.parametrize(
    ("iso", "phrase"),
    [
        ("P30D", "upon thirty (30) days' prior notice"),
        ("P2Y", "a term of two (2) years"),
        ("P24M", "a term of two (2) years"),
        ("P1Y", "a 12-month period"),
        ("P18M", "one year and six months"),
        ("P18M", "one (1) year, six (6) months"),
        ("P2W", "fourteen days"),
        ("P14D", "two weeks"),
        ("PT48H", "forty-eight (48) hours"),
        ("P3M", "three calendar months"),
        ("P1M", "on a month-to-month basis"),
        ("P1Y", "renews from year to year"),
        ("P1Y", "for an additional year"),
        ("P1Y", "reviewed annually"),
        ("P3M", "paid Quarterly"),
        ("P6M", "paid Semi-Annually"),
        ("P1Y", "at 5% per annum"),
        ("P5Y", "a 5 yr. term"),
        ("P18M", "term: 18 mos."),
    ],
)
def test_a_length_of_time_equals_its_iso_form(iso: str, phrase: str) -> None:
    assert read_iso_duration(iso) in durations_in(phrase)


@pytest.mark.parametrize(
    ("iso", "phrase"),
    [
        ("P1M", "30 days"),
        ("P10D", "ten (10) business days"),
        ("P2Y", "24 days"),
        ("P30D", "the thirtieth day"),
        ("P90D", "30 to 60 days"),
        ("P1M", "a 24-month period"),
        ("P1Y", "in the fifth year"),
        ("P1Y", "paid semi-annually"),
        ("P1Y", "a semi annual fee"),
        ("P1M", "paid bi-monthly"),
    ],
)
def test_lengths_that_only_look_alike_stay_apart(iso: str, phrase: str) -> None:
    assert read_iso_duration(iso) not in durations_in(phrase)


@pytest.mark.parametrize("between", [" and ", ", ", ",", "  ,   and  "])
def test_neighbouring_lengths_are_summed(between: str) -> None:
    assert read_iso_duration("P18M") in durations_in(f"1 year{between}6 months")


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1234567890Y", "p2y", "two years", "P1M2", "PARTY"]
)
def test_what_is_no_iso_duration_is_not_read(text: str) -> None:
    assert read_iso_duration(text) is None


@pytest.mark.parametrize(
    ("iso", "phrase"),
    [
        ("P2Y", "two (2) additional years"),
        ("P3M", "three (3) full calendar months"),
        ("P12M", "12 full consecutive calendar months"),
        ("P5Y", "five (5) contract years"),
        ("P5BD", "five (5) consecutive Business Days"),
        ("P5BD", "five (5) U.S. business days"),
        ("P5BD", "5 New York Banking Days"),
        ("P60D", "60 calendar-days"),
        ("P10D", "ten (10) clear days"),
        ("P2Y", "two more years"),
        ("P5Y", "a five (5) consecutive year period"),
        ("P1Y", "one (1) additional year"),
        ("P1Y", "for an additional year"),
        ("P1M", "after each calendar month"),
    ],
)
def test_words_may_say_which_years_or_days_are_counted(iso: str, phrase: str) -> None:
    assert read_iso_duration(iso) in durations_in(phrase)


@pytest.mark.parametrize(
    ("iso", "phrase"),
    [
        ("P1Y", "three (3) additional year terms"),
        ("P3Y", "three (3) additional year terms"),
        ("P2Y", "two (2) additional one-year terms"),
        ("P5D", "five (5) consecutive Business Days"),
        ("P5D", "five (5) U.S. business days"),
        ("P5BD", "five persons per business day"),
        ("P2Y", "two (2) additional persons, each year"),
        ("P3Y", "three full and entire additional lease years"),
        ("P1Y", "a Contract Year begins in May"),
    ],
)
def test_other_words_and_units_of_each_item_make_no_length(iso: str, phrase: str) -> None:
    assert read_iso_duration(iso) not in durations_in(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "not less than thirty (30) nor more than sixty (60) days",
        "not less than 30 and not more than 60 days",
        "thirty (30) to sixty (60) days",
        "between 30 and 60 days",
        "within 30-60 days",
        "thirty through sixty days",
        "thirty (30) or sixty (60) days",
    ],
)
def test_both_numbers_of_a_range_have_its_unit(phrase: str) -> None:
    found = durations_in(phrase)
    assert {read_iso_duration("P30D"), read_iso_duration("P60D")} == set(found)


@pytest.mark.parametrize(
    "phrase",
    [
        *("Section 30 and 60 days", "30, 60 days", "thirty-60 days", "30. 60 days"),
        *("Section 30 or 60 days", "$30 or 60 days", "30% or 60 days"),
    ],
)
def test_a_number_before_a_length_is_not_always_one(phrase: str) -> None:
    assert read_iso_duration("P30D") not in durations_in(phrase)


@pytest.mark.parametrize(
    ("value", "phrase"),
    [
        ("PT1H", "sixty (60) minutes"),
        ("PT4H", "240 minutes"),
        ("PT1H20M", "80 minutes"),
        ("PT20M", "twenty minutes"),
        (timedelta(minutes=30), "thirty minutes"),
        (timedelta(minutes=20), "twenty minutes"),
        (timedelta(days=1, hours=1), "25 hours"),
    ],
)
def test_minutes_are_counted_exactly(value: Any, phrase: str) -> None:
    assert supports(value, phrase).ok


@pytest.mark.parametrize(
    ("value", "phrase"),
    [("PT1H", "59 minutes"), ("PT1H", "sixty months"), (timedelta(minutes=30), "thirty hours")],
)
def test_other_minutes_are_another_length(value: Any, phrase: str) -> None:
    assert supports(value, phrase).ok is False


def test_a_text_may_be_a_length_with_such_words() -> None:
    reading = read_duration("five (5) consecutive Business Days")
    assert reading is not None
    assert reading.value == "P5BD"
    assert read_duration("three additional year terms") is None


@pytest.mark.parametrize("text", ["5 full full ", "an additional year ", "30 to 60 days ", "30-"])
def test_lengths_of_a_long_text_are_read_in_no_time(text: str) -> None:
    started = time.process_time()
    durations_in(text * 10_000)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("iso", "phrase"),
    [
        ("P18M", "a term of a year and a half"),
        ("P30M", "two (2) years and a half"),
        ("P6M", "half a year"),
        ("P6M", "one-half of one year"),
        ("P9M", "three quarters of a year"),
        ("P14D", "within a fortnight"),
        ("P28D", "two fortnights"),
        ("P14D", "paid fortnightly"),
    ],
)
def test_parts_of_units_and_fortnights_are_read(iso: str, phrase: str) -> None:
    assert set(durations_in(phrase)) == {read_iso_duration(iso)}


@pytest.mark.parametrize(
    "phrase",
    ["a third of a year", "half a year", "one-half of one year", "a year and a half"],
)
def test_a_part_of_a_year_and_more_than_one_is_no_year(phrase: str) -> None:
    assert supports("P1Y", phrase).ok is False


def test_a_quarter_of_each_year_leaves_the_year_whole() -> None:
    assert read_iso_duration("P1Y") in durations_in("the first quarter of each year")
    assert read_iso_duration("P1Y") in durations_in("a year and a half of the fees")


def test_a_fortnight_is_written_in_weeks() -> None:
    reading = read_duration("a fortnight")
    assert reading is not None
    assert reading.value == "P2W"

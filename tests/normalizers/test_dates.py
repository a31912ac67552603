import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalizers import dates_in, dates_with_years, read_date


@pytest.mark.parametrize(
    "text",
    [
        "March 14, 2024",
        "MARCH 14TH, 2024",
        "Mar. 14, 2024",
        "march 14, 2024",
        "14 March 2024",
        "14th of March 2024",
        "14t h day of March, 2024",
        "March 14,2024",
        "14th day of March, 2024",
        "this 14th day of March, 2024.",
        "the fourteenth day of March two thousand twenty-four",
        "March fourteenth, two thousand and twenty-four",
        "14 March, twenty twenty-four",
        "Thursday, March 14, 2024",
        "as of March 14, 2024",
        "2024-03-14",
        "2024/03/14",
        "2024-03-14T10:00:00Z",
        "2024-03-14 00:00:00",
        "14-Mar-2024",
        "14.03.2024",
        "2024\u5e743\u670814\u65e5",
        "03/14/2024",
        "14/03/2024",
        "\uff12\uff10\uff12\uff14-03-14",
    ],
)
def test_a_date_is_read_in_every_way_contracts_write_it(text: str) -> None:
    reading = read_date(text)
    assert reading is not None
    assert (reading.kind, reading.value, reading.raw) == ("certain", date(2024, 3, 14), text)


def test_day_and_month_that_can_be_swapped_are_ambiguous_with_both_candidates() -> None:
    reading = read_date("01/02/2024")
    assert reading is not None
    assert (reading.kind, reading.value) == ("ambiguous", None)
    assert reading.candidates == (date(2024, 1, 2), date(2024, 2, 1))


def test_a_day_above_twelve_settles_the_order() -> None:
    reading = read_date("13/02/2024")
    assert reading is not None
    assert reading.value == date(2024, 2, 13)


def test_a_year_of_two_digits_may_be_of_either_century() -> None:
    reading = read_date("14-Mar-24")
    assert reading is not None
    assert (reading.kind, reading.candidates) == (
        "ambiguous",
        (date(1924, 3, 14), date(2024, 3, 14)),
    )


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("July 2018", 2018, 7, None),
        ("July, 2018", 2018, 7, None),
        ("2018-07", 2018, 7, None),
        ("2018-07-XX", 2018, 7, None),
        ("2018", 2018, None, None),
        ("March 14", None, 3, 14),
        ("14th day of March", None, 3, 14),
    ],
)
def test_a_partial_date_keeps_the_parts_it_names_and_gains_none(
    text: str, year: int | None, month: int | None, day: int | None
) -> None:
    reading = read_date(text)
    assert reading is not None
    assert (reading.kind, reading.value, reading.candidates) == ("partial", None, ())
    assert (reading.year, reading.month, reading.day) == (year, month, day)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "February 30, 2024", "31/31/2024", "02/29/2023", "2024-13-01"]
)
def test_a_day_that_no_calendar_has_is_invalid(text: str) -> None:
    reading = read_date(text)
    assert reading is not None
    assert (reading.kind, reading.value, reading.raw) == ("invalid", None, text)


@pytest.mark.parametrize(
    "text",
    [
        "", "N/A", "30 days", "20240314", "12,000", "perpetual", "1st day of December __, 1996",
        "within 30 days of March 14, 2024", "January 1, 2020 to February 2, 2021",
    ],
)  # fmt: skip
def test_what_is_more_or_less_than_one_date_is_not_read(text: str) -> None:
    assert read_date(text) is None


def test_the_dates_of_a_passage_are_found_in_order() -> None:
    passage = (
        "from January 1 to December 31, 2024, signed this 12th day of May, 2020, or in July 2018"
    )
    assert [(r.raw, r.kind) for r in dates_in(passage)] == [
        ("January 1", "partial"),
        ("December 31, 2024", "certain"),
        ("12th day of May, 2020", "certain"),
        ("July 2018", "partial"),
    ]


def test_section_numbers_addresses_verbs_and_years_are_no_dates() -> None:
    assert dates_in("Section 5 may be 10.2.12 at 192.168.1.10 in FY 2011-12; it may 14 days") == []


@pytest.mark.parametrize(
    "text",
    [
        "January   1  ,   2024",
        "January the 1st, in  the  year  of  2024",
        "1   day   of   January   2024",
        "1st  January  ,  two  thousand  and  twenty - four",
        "January 1, 2024 12:30.",
        "January 1, 2024 12:30:15.250  UTC . ",
    ],
)
def test_any_space_may_stand_between_the_parts_of_a_date(text: str) -> None:
    reading = read_date(text)
    assert reading is not None
    assert reading.value == date(2024, 1, 1)


def test_the_dates_of_a_long_passage_come_in_order_and_never_overlap() -> None:
    days = [date(2000 + n, 1 + n % 12, 1 + n) for n in range(28)]
    forms = ["{:%d %B %Y}", "{:%Y-%m-%d}", "{:%B %d, %Y}"]
    text = "; ".join(forms[n % 3].format(day) for n, day in enumerate(days))
    assert [reading.value for reading in dates_in(text)] == days


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_any_date_is_read_back_and_never_as_another_day(day: date) -> None:
    forms = [day.isoformat(), f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}"]
    for text in forms:
        reading = read_date(text)
        assert reading is not None
        assert reading.value == day
    numeric = read_date(f"{day.day}/{day.month}/{day.year}")
    assert numeric is not None
    assert day in numeric.candidates
    assert (numeric.value == day) == (day.day > 12 or day.day == day.month)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789-/. MayJune"))))
def test_no_text_makes_the_readers_fail_and_only_certain_dates_have_a_value(text: str) -> None:
    whole = read_date(text)
    for reading in [*dates_in(text), *([whole] if whole else [])]:
        assert (reading.value is not None) == (reading.kind == "certain")
        assert (len(reading.candidates) > 1) == (reading.kind == "ambiguous")


@pytest.mark.parametrize(
    "text", ["this first (1st) day of January, 2020", "the 1st (first) of January 2020"]
)
def test_a_day_may_be_said_twice(text: str) -> None:
    reading = read_date(text)
    assert reading is not None
    assert reading.value == date(2020, 1, 1)


def test_a_day_said_twice_and_differently_is_no_date() -> None:
    assert read_date("this first (2nd) day of January, 2020") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Signed seventhirtieth of June 2020", date(2020, 6, 30)),
        ("eleventhird March 2020", date(2020, 3, 3)),
        ("Junovember 3, 2020", date(2020, 11, 3)),
    ],
)
def test_a_date_is_found_where_the_spaces_before_it_got_lost(text: str, day: date) -> None:
    assert day in [reading.value for reading in dates_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "the 31st of January of 2024",
        "31st day of the month of January, 2024",
        "this thirty first day of January, 2024",
        "this Thirty - First day of January, 2024",
        "January 31 of 2024",
        "January 31st of the year 2024",
        "January 31 in the year of 2024",
    ],
)
def test_a_day_may_be_written_at_length(text: str) -> None:
    assert [reading.value for reading in dates_in(text)] == [date(2024, 1, 31)]


@pytest.mark.parametrize(
    "text", ["the thirty and first of January, 2024", "thirty, first January 2024"]
)
def test_two_numbers_are_no_one_day(text: str) -> None:
    assert date(2024, 1, 31) not in [reading.value for reading in dates_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "from May 1 to June 30, 2020",
        "from May 1 through and including June 30, 2020",
        "from May 1 up to but excluding June 30, 2020",
        "from May 1 until 30 June 2020",
        "May 1 and June 30, 2020",
        "either May 1 or June 30, 2020",
        "May 1, June 1, and July 30, 2020",
        "1 May \u2013 30 June 2020",
        "May 1-June 30, 2020",
        "from May 1 to June 2020",
        "on May 1-2, 2020",
        "on May 1 and 15, 2020",
        "this 1st day of May __, 2020",
    ],
)
def test_a_day_has_the_year_of_the_date_that_it_is_joined_to(text: str) -> None:
    assert dates_with_years(text)[0].value == date(2020, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "beginning May 1 and ending June 30, 2020",
        "on May 1; June 30, 2020",
        "May 1 June 30, 2020",
        "from May 1 to March 31, 2020",
        "dated June 30, 2020, and due on May 1",
        "on May 1 to the holder of June 30, 2020",
        "from May 1 to June 30",
        "fiscal year 2020 ends on May 1",
        "on May 1 and 2020 shares",
        "on May 1-15 of 2020 shares",
    ],
)
def test_any_other_year_is_not_that_of_a_day(text: str) -> None:
    assert date(2020, 5, 1) not in [reading.value for reading in dates_with_years(text)]


def test_days_of_a_long_text_are_read_in_no_time() -> None:
    started = time.process_time()
    assert len(dates_with_years("January 1, " * 3000)) == 3000
    assert time.process_time() - started < 2

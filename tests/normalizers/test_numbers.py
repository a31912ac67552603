from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalizers import contradictions, number_mentions, numbers_in, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,000,000", "1000000"),
        ("1.000.000,00", "1000000"),
        ("1'000'000", "1000000"),
        ("1\u2019000\u2019000.50", "1000000.50"),
        ("1 000 000", "1000000"),
        ("1\u202f000\u202f000", "1000000"),
        ("10,00,000.50", "1000000.50"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("0.125", "0.125"),
        ("12,5", "12.5"),
        ("12%", "12"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("\uff15\uff10\uff10", "500"),
        ("USD 1.5 million", "1500000"),
        ("$5,000.00", "5000"),
        ("-$5", "-5"),
        ("500k", "500000"),
        ("$5MM", "5000000"),
        ("5 lakh", "500000"),
        ("5 hundred thousand", "500000"),
        ("one million five hundred thousand", "1500000"),
        ("One Million, Five Hundred Thousand", "1500000"),
        ("one point five million", "1500000"),
        ("one and one-half percent", "1.5"),
        ("twelve hundred", "1200"),
        ("a hundred thousand dollars", "100000"),
        ("thirty (30)", "30"),
        ("30 (thirty)", "30"),
        ("thirty percent (30%)", "30"),
        ("one thousand (1.000)", "1000"),
        ("Five Thousand and 50/100 Dollars ($5,000.50)", "5000.50"),
        ("Five Thousand and no/100 Dollars", "5000"),
        ("Five Thousand Dollars and 50/100", "5000.50"),
    ],
)
def test_a_number_is_read_in_every_way_contracts_write_it(text: str, value: str) -> None:
    reading = read_number(text)
    assert reading is not None
    assert (reading.value, reading.raw, reading.certainty) == (Decimal(value), text, "certain")


@pytest.mark.parametrize(
    "text",
    [
        "", "N/A", "3/4", "March 14, 2024", "2024-03-14", "01/02/2024", "10:30", "10-12", "1,2,3",
        "2.1.3", "007", "AB-1234", "Q3", "401(k)", "30 days", "5 mm", "10\u00b2", "2 1/3",
        "twenty-first", "21st", "NaN", "Infinity", "100\u4e07\u5143", "ten and eleven", "all 5",
        "at least 5",
    ],
)  # fmt: skip
def test_what_is_more_or_less_than_one_number_is_not_read(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("1.000", ("1", "1000")),
        ("\u20ac12.345", ("12.345", "12345")),
        ("(1,000)", ("1000", "-1000")),
        ("$(1,000)", ("1000", "-1000")),
        ("5M", ("5", "5000000")),
    ],
)
def test_a_number_with_two_readings_is_ambiguous_and_has_no_value(
    text: str, candidates: tuple[str, ...]
) -> None:
    reading = read_number(text)
    assert reading is not None
    assert (reading.certainty, reading.value) == ("ambiguous", None)
    assert reading.candidates == tuple(map(Decimal, candidates))


def test_words_and_figures_that_disagree_are_a_conflict() -> None:
    reading = read_number("One Million Dollars ($1,500,000)")
    assert reading is not None
    assert (reading.certainty, reading.value) == ("conflict", None)
    assert reading.candidates == (Decimal(1_000_000), Decimal(1_500_000))


def test_a_reading_says_by_which_rule_and_what_stood_beside_the_number() -> None:
    figures, both, percent = map(read_number, ("US$ 5 million", "thirty (30)", "12.5 per cent"))
    assert figures is not None
    assert both is not None
    assert percent is not None
    assert (figures.rule, figures.currencies) == ("figures", ("US$",))
    assert both.rule == "words and figures"
    assert (percent.percent, percent.value) == (True, Decimal("12.5"))


@pytest.mark.parametrize(
    ("passage", "numbers"),
    [
        ("not less than thirty (30) days, up to $1.5 million and 12.5%", "30 30 1500000 12.5"),
        ("Section 12.10, 2.1.3 and AB12, no 3/4", "12.10"),
        ("30-60 days from 2024-03-14 at 10:30", "30 60 2024 10 30"),
        ("1 1/2% or 1-1/2% or 2\u00bd% or \u00bd%", "1.5 1.5 2.5 0.5"),
        ("on 03/14/24, 14-03-2024", "2024"),
        ("$10,000,000, and 24/7", "10000000"),
        ("the fifteenth day, the 5th, the twenty-first", "15 5 21"),
        ("between one hundred and two hundred", "100 200"),
        ("between two thousand and five thousand", "2000 5000"),
        ("one hundred and two thousand", "102000"),
        ("one, two and three", "1 2 3"),
        ("thirty-\nfive", "35"),
        ("$1,000\u00b9", "1000"),
        ("EUR 1.000", "1 1000"),
        ("1 000 000 EUR", "1 1000000 1000000 0 1000000 0 1000000"),
        ("RMB5 and USD7", "5 7"),
        ("someone at noon is in tension with oneself", ""),
    ],
)
def test_every_number_of_a_passage_is_found(passage: str, numbers: str) -> None:
    assert numbers_in(passage) == [Decimal(number) for number in numbers.split()]


def test_a_mention_says_where_it_stands_and_whether_it_is_a_percentage() -> None:
    passage = "a fee of twelve percent (12%) of the price"
    mentions = [(passage[m.start : m.end], m.percent) for m in number_mentions(passage)]
    assert mentions == [("twelve percent", True), ("12%", True)]


@given(st.integers(0, 10**12))
def test_any_integer_is_read_back_however_its_digits_are_grouped(number: int) -> None:
    plain = f"{number:,}"
    groupings = [str(number), plain, plain.replace(",", "'"), plain.replace(",", "\u00a0")]
    groupings += [f"{plain}.00", plain.replace(",", ".") + ",00"]
    for text in groupings:
        reading = read_number(text)
        assert reading is not None
        assert reading.value == number


@given(st.integers(0, 999_999_999))
def test_any_integer_is_read_back_from_english_words(number: int) -> None:
    for joint in (" and ", " "):
        reading = read_number(_in_words(number, joint))
        assert reading is not None
        assert reading.value == number


@given(st.text())
def test_no_text_makes_the_reader_fail_and_a_value_is_always_one_of_the_numbers(text: str) -> None:
    reading = read_number(text)
    assert reading is None or {abs(c) for c in reading.candidates} <= set(
        map(abs, numbers_in(text))
    )


@pytest.mark.parametrize("digits", [28, 29, 40, 100])
def test_no_digit_of_a_long_number_is_rounded_away(digits: int) -> None:
    written = "1234567890" * 10
    for text, value in (
        (written[:digits], int(written[:digits])),
        (f"-{written[:digits]}", -int(written[:digits])),
        (f"{written[:digits]} million", int(written[:digits]) * 10**6),
    ):
        reading = read_number(text)
        assert reading is not None
        assert reading.value is not None
        assert int(reading.value) == value


@pytest.mark.parametrize(
    "text", ["1" * 101, "1" * 20_000, "1 " + "hundred " * 5, "1 " + "million " * 2_000]
)
def test_what_is_too_long_for_a_quantity_is_no_number(text: str) -> None:
    assert numbers_in(text) == []
    assert read_number(text) is None


def test_a_few_scales_in_a_row_are_one_number() -> None:
    assert numbers_in("2 lakh crore; 3 hundred thousand million") == [2 * 10**12, 3 * 10**11]


@pytest.mark.parametrize("text", ["12\u2153 years", "30\u2154%", "1,250\u00bd", "12\u4e07\u5143"])
def test_the_digits_before_a_sign_that_changes_their_value_are_no_number(text: str) -> None:
    assert numbers_in(text) == []


def test_words_within_an_ordinal_are_no_number_of_their_own() -> None:
    assert numbers_in("the twenty-first and the first one") == [21, 1, 1]


def test_every_decimal_in_words_is_found_in_a_long_row() -> None:
    assert numbers_in("one point two five and " * 3) == [Decimal("1.25")] * 3
    assert numbers_in("one point; two point five") == [Decimal(1), Decimal("2.5")]


_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def _in_words(number: int, joint: str) -> str:
    if number < 20:
        return _ONES.split()[number]
    if number < 100:
        return _TENS.split()[number // 10 - 2] + (
            f"-{_ONES.split()[number % 10]}" if number % 10 else ""
        )
    for scale, name in ((10**6, "million"), (10**3, "thousand"), (100, "hundred")):
        if number >= scale:
            head, rest = f"{_in_words(number // scale, joint)} {name}", number % scale
            between = joint if rest < 100 else " "
            return head + (between + _in_words(rest, joint) if rest else "")
    raise AssertionError(number)


@pytest.mark.parametrize("gap", ["", " ", " " * 50, "\n" * 300, " USD "])
def test_words_and_figures_disagree_across_any_layout(gap: str) -> None:
    assert contradictions(f"five ({gap}6)") == [(Decimal(5), Decimal(6))]
    assert contradictions(f"five ({gap}5)") == []

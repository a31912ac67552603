from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalizers import currency_code, read_money

WRITTEN = {
    "USD": "US$",
    "EUR": "\u20ac",
    "GBP": "\u00a3",
    "CAD": "C$",
    "CHF": "CHF ",
    "INR": "\u20b9",
}


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("USD 1.5 million", "1500000", "USD"),
        ("US$ 5,000", "5000", "USD"),
        ("C$500", "500", "CAD"),
        ("CAN $1,000", "1000", "CAD"),
        ("A$5m", "5000000", "AUD"),
        ("$500", "500", None),
        ("\u20ac1.000.000,00", "1000000", "EUR"),
        ("\u00a31,000.50", "1000.50", "GBP"),
        ("CHF 1'000'000", "1000000", "CHF"),
        ("INR 10,00,000", "1000000", "INR"),
        ("\u00a5500", "500", None),
        ("usd 5", "5", "USD"),
        ("TRY 500", "500", "TRY"),
        ("500 EUR", "500", "EUR"),
        ("ten thousand Canadian dollars", "10000", "CAD"),
        ("Swiss Francs 500", "500", "CHF"),
        ("Five Million United States Dollars (US$5,000,000)", "5000000", "USD"),
        ("five million Dollars (US$5,000,000)", "5000000", "USD"),
        ("5000", "5000", None),
    ],
)
def test_money_is_an_exact_amount_and_a_currency_only_where_the_text_says_which(
    text: str, amount: str, currency: str | None
) -> None:
    reading = read_money(text)
    assert reading is not None
    assert (reading.amount, reading.currency) == (Decimal(amount), currency)


def test_words_that_contradict_the_figures_leave_no_amount() -> None:
    reading = read_money("One Million Dollars ($1,500,000)")
    assert reading is not None
    assert (reading.certainty, reading.amount) == ("conflict", None)


def test_an_accountants_parentheses_are_not_taken_for_a_plain_amount() -> None:
    reading = read_money("(1,000)")
    assert reading is not None
    assert (reading.certainty, reading.amount, reading.currency) == ("ambiguous", None, None)


def test_two_currencies_beside_one_amount_are_a_conflict() -> None:
    reading = read_money("500 EUR USD")
    assert reading is not None
    assert (reading.certainty, reading.currency) == ("conflict", None)


@pytest.mark.parametrize("text", ["12%", "USD", "USD 5 per month", "free of charge", "30 days"])
def test_what_is_no_amount_is_not_read(text: str) -> None:
    assert read_money(text) is None


def test_a_shared_sign_stands_for_no_currency() -> None:
    signs = ["$", "\u00a5", "kr", "Rs.", "dollars", "pounds"]
    assert [currency_code(sign) for sign in signs] == [None] * len(signs)


@given(st.decimals(0, 10**12, places=2), st.sampled_from(sorted(WRITTEN)))
def test_an_amount_is_read_back_from_its_wordings(amount: Decimal, code: str) -> None:
    figures = f"{amount:,}"
    for text in (f"{WRITTEN[code]}{figures}", f"{code} {figures}", f"{figures} {code}"):
        reading = read_money(text)
        assert reading is not None
        assert (reading.amount, reading.currency) == (amount, code)
    bare = read_money(f"${figures}")
    assert bare is not None
    assert (bare.amount, bare.currency) == (amount, None)

"""A length of time proves a short text that says no more than it."""

from __future__ import annotations

import pytest

from extractor.grounding import supports
from extractor.normalizers import comes_again, durations_in, recurrences_in


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("at least 30 days", "not less than thirty (30) days"),
        ("a period of 30 days", "for a period of thirty (30) days"),
        ("30 days' written notice", "upon thirty (30) days' prior written notice"),
        ("30 days after delivery", "within thirty (30) days after it is delivered"),
        ("two-year term", "a term of two years"),
        ("net 30 days", "payable thirty (30) days net"),
        ("monthly", "EUR 1,250 a month"),
        ("Monthly", "on the first day of each calendar month"),
        ("quarterly", "every three (3) months"),
        ("annually", "in each 12-month period"),
        ("annually", "renews for successive one-year terms"),
        ("annually", "successive periods of one (1) year each"),
        ("monthly fee", "a fee of $5 each month"),
        ("each month", "payable monthly"),
        ("a year", "for one year"),
    ],
)
def test_a_text_of_a_length_and_words_of_the_quote_is_found(value: str, quote: str) -> None:
    verdict = supports(value, quote)
    assert (verdict.ok, verdict.reason) == (True, None)


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("30 days after delivery", "either party may terminate on thirty (30) days' notice"),
        ("two years after termination", "a term of two (2) years from the Effective Date"),
        ("Net 30 days", "terminate on thirty (30) days' notice"),
        ("30 days' written notice", "thirty (30) days after receipt"),
        ("every 12 months", "for a term of one year"),
        ("monthly rent", "a fee of $5 each month"),
    ],
)
def test_further_words_that_the_quote_does_not_have_leave_it_open(value: str, quote: str) -> None:
    verdict = supports(value, quote)
    assert verdict.status == "found"
    assert verdict.reason == "the value is in other words than the quote"


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("annually", "for a term of one year"),
        ("Monthly", "within one month"),
        ("monthly", "within a month"),
        ("quarterly", "for three (3) months"),
        ("annually", "for an additional year"),
        ("annually", "every six (6) months"),
        ("each year", "the first year"),
        ("30 days after delivery", "sixty (60) days after delivery"),
        ("30 days before delivery", "thirty (30) days after delivery"),
    ],
)
def test_how_long_is_not_how_often(value: str, quote: str) -> None:
    assert supports(value, quote).ok is False


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("month to month", "one month"),
        ("$5 per calendar year", "one year"),
        ("every ninety (90) days", "90 days"),
        ("ten days each", "10 days"),
        ("twice a week", "one week"),
    ],
)
def test_what_comes_again_is_told_by_its_words(text: str, length: str) -> None:
    assert set(recurrences_in(text)) == set(durations_in(length))


@pytest.mark.parametrize(
    "text", ["for a year", "another year", "in 90 days", "", "one month's fee"]
)
def test_a_mere_length_does_not_come_again(text: str) -> None:
    assert recurrences_in(text) == []
    assert not comes_again(text)

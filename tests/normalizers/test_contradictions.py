"""Numbers that are said twice: when words and figures disagree, and when they only seem to."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from extractor.grounding import Locator, supports
from extractor.normalizers import contradictions


@pytest.mark.parametrize(
    "text",
    [
        "one-half of one percent (0.5%) per annum",
        "one-quarter of one percent (.25%)",
        "three-quarters of one percent (0.75%)",
        "two-fifths of a hundred (40) shares",
        "one-third of one percent (0.33%)",
        "one and one-quarter of one percent (1.25%)",
        "one-half (50%)",
        "three to ten (3-10) days",
        "between three and ten (3 to 10) days",
        "five percent (5%)",
        "Five Thousand and 50/100 Dollars ($5,000.50)",
    ],
)
def test_words_and_figures_that_say_the_same_do_not_disagree(text: str) -> None:
    assert contradictions(text) == []


@pytest.mark.parametrize(
    ("text", "words", "figures"),
    [
        ("ten (20) copies", "10", "20"),
        ("one-half of one percent (0.75%)", "0.5", "0.75"),
        ("five (500%)", "5", "500"),
        ("three to ten (3-12) days", "10", "12"),
        ("three to ten (12) days", "10", "12"),
        ("ten (3-10) days", "10", "3"),
        ("the holder of one percent (0.5%)", "1", "0.5"),
        ("Five Thousand and 00/100 Dollars ($50,000)", "5000", "50000"),
        ("FIVE THOUSAND DOLLARS AND NO/100 ($50,000.00)", "5000", "50000"),
    ],
)
def test_words_and_figures_that_differ_are_told(text: str, words: str, figures: str) -> None:
    assert contradictions(text) == [(Decimal(words), Decimal(figures))]


def test_a_share_in_words_may_be_a_percentage_in_figures() -> None:
    assert contradictions("one-half (50%)") == []
    assert contradictions("one-half (60%)") == [(Decimal("0.5"), Decimal(50), Decimal(60))]
    assert contradictions("one percent (100%)") == [(Decimal(1), Decimal(100))]


@pytest.mark.parametrize(
    ("value", "quote", "status"),
    [
        (Decimal("0.5"), "one-half of one percent (0.5%) per annum", "found"),
        (Decimal("0.25"), "one-quarter of one percent (.25%)", "found"),
        (50, "one-half (50%)", "found"),
        (3, "three to ten (3-10) days", "found"),
        (10, "three to ten (3-10) days", "found"),
        (1, "one-half of one percent (0.5%)", "unverified"),
        (20, "ten (20) copies", "conflict"),
        (Decimal("0.75"), "one-half of one percent (0.75%)", "conflict"),
    ],
)
def test_only_a_true_contradiction_speaks_against_a_number(
    value: int | Decimal, quote: str, status: str
) -> None:
    assert supports(value, quote).status == status


def test_figures_may_be_quoted_without_the_words_that_say_the_same() -> None:
    text = "a commitment fee of one-half of one percent ({}%) per annum"
    assert Locator(text.format("0.5")).locate("(0.5%) per annum").status == "exact"
    assert Locator(text.format("0.75")).locate("(0.75%) per annum").status == "altered"


@pytest.mark.parametrize("text", ["one-half of one percent (0.5%) ", "three to ten (3-12) ", "a-"])
def test_a_long_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    contradictions(text * 5_000)
    assert time.process_time() - started < 5

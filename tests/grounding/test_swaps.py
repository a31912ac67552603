"""Texts that say another thing than their quote in words that are all but the same."""

from __future__ import annotations

import pytest

from extractor.grounding import Locator, supports


@pytest.mark.parametrize(
    ("value", "quote", "reason"),
    [
        (
            "written consent",
            "upon the oral consent of both",
            "'oral' where the value has 'written'",
        ),
        ("paid monthly in advance", "paid monthly in arrears", "'arrears' where the value has"),
        (
            "more than 50% of the votes",
            "less than 50% of votes",
            "'less' where the value has 'more'",
        ),
        ("the licensor may end it", "the licensee may end it", "'licensee' where the value has"),
        ("before May 1, 2024", "on or after May 1, 2024", "'after' where the value has 'before'"),
        ("up to two renewals", "up to three successive renewals", "does not say 'two'"),
        ("three directors", "four (4) independent directors", "does not say 'three'"),
        ("the net price of goods", "the gross price of the goods", "'gross' where the value has"),
        ("delivered to Seller", "delivered to Buyer", "'buyer' where the value has 'seller'"),
        ("first quarter of 2024", "the second quarter of 2024", "does not say 'first'"),
    ],
)
def test_an_opposite_or_another_count_in_the_same_place_is_no_proof(
    value: str, quote: str, reason: str
) -> None:
    support = supports(value, quote)
    assert support.status == "unverified"
    assert reason in str(support.reason)


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("written consent of all", "all give their consent in writing"),
        ("paid to the landlord monthly", "The tenant shall have paid it to him monthly"),
        ("any notice in writing", "all notices are in writing"),
        ("first renewal of two years", "the first and second renewals of two years"),
        ("$100/month", "a fee of $100 per month"),
        ("a two-year term", "a term of 24 months, with a renewal of one year"),
    ],
)
def test_the_same_in_other_words_is_left_open(value: str, quote: str) -> None:
    assert supports(value, quote).status == "found"


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("three-fourths of the shareholders", "approval of two-thirds of the shareholders"),
        ("a fee that is paid bi-monthly", "a fee that is paid monthly"),
        ("semi-annual", "a fee payable annually"),
        ("excluding consequential damages", "including consequential damages"),
    ],
)
def test_another_part_another_rhythm_and_what_is_left_out_are_told(value: str, quote: str) -> None:
    assert supports(value, quote).ok is False


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("one quarter of the shareholders agree", "one-fourth of the shareholders shall agree"),
        ("the fee is paid semi-annually", "a fee payable on a semi-annual basis is paid"),
        ("half of the shareholders agree", "two-thirds of the shareholders, or half, agree"),
    ],
)
def test_the_same_part_and_rhythm_in_other_words_are_not(value: str, quote: str) -> None:
    assert supports(value, quote).ok is not False


def test_a_rent_that_increases_is_none_that_decreases() -> None:
    found = Locator("The rent increases by 5% annually.").locate(
        "The rent decreases by 5% annually"
    )
    assert found.status == "altered"

"""Places that were answered in short, as their quotes name them."""

from __future__ import annotations

import pytest

from extractor.grounding.places import place_in_full, place_of_phrase
from extractor.grounding.support import supports


@pytest.mark.parametrize(
    ("place", "quote", "full"),
    [
        ("PA", "the laws of the Commonwealth of Pennsylvania", "Pennsylvania"),
        ("CO", "the laws of the State of Colorado, U.S.A.", "Colorado"),
        ("US-NY", "New York law", "New York"),
        ("N.Y.", "the internal laws of New York", "New York"),
        ("U.S.", "the laws of the United States", "United States"),
        ("DE", "THE LAWS OF THE STATE OF DELAWARE", "DELAWARE"),
        ("DC", "the laws of the District of Columbia", "District of Columbia"),
        ("WV", "the State of West Virginia", "West Virginia"),
        ("GA", "the laws of the State of Georgia", "State of Georgia"),
        ("Georgia", "the laws of the State of Georgia", "State of Georgia"),
    ],
)
def test_a_short_place_is_what_the_quote_names(place: str, quote: str, full: str) -> None:
    assert place_in_full(place, [quote]) == full


@pytest.mark.parametrize(
    ("phrase", "place"),
    [
        ("the laws of the State of Colorado, without regard to conflicts of laws", "Colorado"),
        ("Delaware, excluding its rules on conflicts", "Delaware"),
        ("the laws of Ohio and of Utah", None),
        ("the laws of the place of delivery", None),
        ("Brightwater Mills", None),
    ],
)
def test_a_phrase_about_one_place_is_that_place(phrase: str, place: str | None) -> None:
    assert place_of_phrase(phrase) == place


@pytest.mark.parametrize(
    ("place", "quote"),
    [
        ("VA", "the State of West Virginia"),  # which is another one
        ("CA", "the laws of Canada and of California"),  # it can be either
        ("PA", "the laws of the State of Ohio"),
        ("Georgia", "the laws of Georgia"),  # the quote does not tell either
        ("Utah", "the laws of the State of Utah"),  # it is in full
        ("Acme", "Acme of Pennsylvania"),
        ("XQ", "the laws of Pennsylvania"),
        ("PA", ""),
    ],
)
def test_nothing_is_guessed_where_the_quote_does_not_tell(place: str, quote: str) -> None:
    assert place_in_full(place, [quote]) is None


def test_a_short_place_in_any_other_field_follows_from_its_quote() -> None:
    verdict = supports("PA", "the laws of the Commonwealth of Pennsylvania")
    assert (verdict.status, verdict.reason) == ("derived", "it is short for Pennsylvania")
    assert supports("PA", "the laws of the State of Ohio").status == "unverified"


@pytest.mark.parametrize(
    "quote",
    [
        "the laws of the Province of Ontario and the federal laws of Canada applicable therein",
        "Ontario law",
    ],
)
def test_a_place_within_a_country_is_named_by_either_words(quote: str) -> None:
    assert supports("Ontario, Canada", quote).ok


def test_another_place_of_the_country_is_not() -> None:
    assert supports("Ontario, Canada", "the laws of Quebec and of Canada").ok is False


@pytest.mark.parametrize(
    ("name", "quote"),
    [
        ("Guinea", "the laws of Equatorial Guinea"),
        ("Guinea", "the laws of Guinea-Bissau"),
        ("State of Guinea", "the laws of Papua New Guinea"),
        ("Congo", "the laws of the Democratic Republic of the Congo"),
        ("Republic of the Congo", "the laws of the Democratic Republic of the Congo"),
        ("Samoa", "the laws of American Samoa"),
        ("Columbia", "the laws of British Columbia"),
        ("Virgin Islands", "the laws of the British Virgin Islands"),
        ("Ireland", "the courts of Northern Ireland"),
        ("China", "Hong Kong Special Administrative Region of China"),
        ("New York", "at 140 New York Avenue, Washington"),
    ],
)
def test_a_name_that_is_only_a_part_of_another_place_is_not_borne(name: str, quote: str) -> None:
    assert supports(name, quote).ok is False


def test_nor_is_an_allowed_place_that_is_a_part_of_another_one() -> None:
    assert supports("Virginia", "the laws of West Virginia", ("Virginia", "Ohio")).ok is False
    assert supports("Virginia", "the laws of Virginia", ("Virginia", "Ohio")).ok


@pytest.mark.parametrize(
    ("name", "quote"),
    [
        ("Guinea", "the laws of Guinea, not of Equatorial Guinea"),
        ("Guinea", "the Republic of Guinea"),
        ("Korea", "the Republic of Korea"),
        ("China", "the People's Republic of China"),
        ("England", "the laws of England and Wales"),
        ("Canada", "the Province of British Columbia, Canada"),
        ("New York", "the Avenue law firm, New York"),
        ("Columbia", "Columbia, a company of British Columbia"),
        ("Wall", "Wall Street"),  # which is no place that has a law
    ],
)
def test_a_name_is_borne_with_its_rank_and_beside_other_places(name: str, quote: str) -> None:
    assert supports(name, quote).ok


def test_words_of_two_companies_make_no_name_of_a_third() -> None:
    assert supports("Acme Beta Corp.", "Acme Corp. and Beta Corp.").ok is False
    assert supports("Acme Company of Beta", "Acme Co. of Beta").ok

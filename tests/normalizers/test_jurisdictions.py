"""Places by the names of contracts, and their ISO 3166 codes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalizers import read_jurisdiction, read_jurisdictions

PLACES = {
    "New York": "US-NY",
    "Delaware": "US-DE",
    "California": "US-CA",
    "Massachusetts": "US-MA",
    "Washington": "US-WA",
    "Ontario": "CA-ON",
    "British Columbia": "CA-BC",
    "New South Wales": "AU-NSW",
    "England and Wales": "GB-EAW",
    "Scotland": "GB-SCT",
    "Northern Ireland": "GB-NIR",
    "Ireland": "IE",
    "Germany": "DE",
    "Singapore": "SG",
    "Hong Kong": "HK",
    "Israel": "IL",
    "People's Republic of China": "CN",
    "Virginia": "US-VA",
    "West Virginia": "US-WV",
}
DRESSES = ("{}", "the laws of {}", "the law of {}", "the internal laws of {}", "  {}.", "{} law")


@pytest.mark.parametrize("text", [", ".join(["item"] * 1_200), "state of " * 1_500 + "Ohio"])
def test_a_long_text_is_no_place(text: str) -> None:
    assert read_jurisdiction(text) is None


@given(st.sampled_from(sorted(PLACES)), st.sampled_from(DRESSES), st.booleans())
def test_a_place_is_read_back_from_what_stands_around_it(
    name: str, dress: str, is_loud: bool
) -> None:
    text = dress.format(name)
    reading = read_jurisdiction(text.upper() if is_loud else text)
    assert reading is not None
    assert reading.code == PLACES[name]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the State of New York", "US-NY"),
        ("Commonwealth of Pennsylvania", "US-PA"),
        ("Province of Quebec", "CA-QC"),
        ("Qu\u00e9bec", "CA-QC"),
        ("British Columbia, Canada", "CA-BC"),
        ("New York, U.S.A.", "US-NY"),
        ("Georgia, USA", "US-GA"),
        ("State of Georgia", "US-GA"),
        ("Georgia State", "US-GA"),
        ("New York State law", "US-NY"),
        ("Republic of Georgia", "GE"),
        ("England", "GB-ENG"),
        ("England & Wales", "GB-EAW"),
        ("English law", "GB-EAW"),
        ("Washington, D.C.", "US-DC"),
        ("Puerto Rico", "PR"),
        ("South Korea", "KR"),
        ("Republic of Korea", "KR"),
        ("the Netherlands", "NL"),
        ("Turkey", "TR"),
        ("Dubai", "AE-DU"),
        ("USA", "US"),
        ("GB-EAW", "GB-EAW"),
        ("US-TX", "US-TX"),
    ],
)
def test_names_and_codes_of_one_place(text: str, code: str) -> None:
    reading = read_jurisdiction(text)
    assert reading is not None
    assert reading.code == code


@pytest.mark.parametrize(("text", "codes"), [("Georgia", ("GE", "US-GA")), ("CA", ("CA", "US-CA"))])
def test_a_name_of_several_places_is_ambiguous(text: str, codes: tuple[str, ...]) -> None:
    reading = read_jurisdiction(text)
    assert reading is not None
    assert (reading.code, reading.candidates) == (None, codes)


@pytest.mark.parametrize(
    "text", ["", "of", "the", "Atlantis", "Ontario, Germany", "US-ZZ", "the parties", "Korea"]
)
def test_what_names_no_known_place_is_none(text: str) -> None:
    assert read_jurisdiction(text) is None


def test_several_places_are_read_apart_and_never_in_part() -> None:
    both = read_jurisdictions("California; Hong Kong")
    assert [place.code for place in both or ()] == ["US-CA", "HK"]
    named = read_jurisdictions("Delaware and Trinidad and Tobago")
    assert named is None
    assert read_jurisdictions("Delaware or Atlantis") is None


def test_the_table_of_places_is_only_loaded_for_who_needs_a_code() -> None:
    code = "import sys, extractor.schemas; print('pycountry' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    assert ran.stdout.strip() == "False"

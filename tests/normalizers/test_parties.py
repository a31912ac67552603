"""Names of parties, dressed as contracts have them and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.normalizers import read_party, same_party

STEMS = ("Brightwater Mills", "Pellworth & Dray Robotics", "Orrindale", "L'Or\u00e9e Textiles")
FORMS = {
    "Inc.": "incorporated",
    "Incorporated": "incorporated",
    "Corp.": "corporation",
    "Limited": "limited",
    "Ltd": "limited",
    "L.L.C.": "llc",
    "LLC": "llc",
    "Limited Liability Company": "llc",
    "GmbH": "gmbh",
    "S.A.": "sa",
    "plc": "plc",
}


@given(
    st.sampled_from(STEMS),
    st.sampled_from(sorted(FORMS)),
    st.sampled_from((" ", ", ")),
    st.sampled_from(("", ' ("Supplier")', ' (the "Supplier")', " (\u201cSupplier\u201d)")),
)
def test_a_name_its_form_and_its_term_are_read_apart(
    stem: str, form: str, joint: str, term: str
) -> None:
    reading = read_party(f"{stem}{joint}{form}{term}")
    assert reading is not None
    assert reading.name == f"{stem}{joint}{form}"
    assert reading.legal_form == FORMS[form]
    assert reading.aliases == (("Supplier",) if term else ())


@given(st.sampled_from(STEMS), st.sampled_from(sorted(FORMS)), st.sampled_from(sorted(FORMS)))
def test_names_are_the_same_where_their_forms_are(stem: str, one: str, other: str) -> None:
    is_same = FORMS[one] == FORMS[other]
    assert same_party(f"{stem} {one}", f"{stem.upper()}, {other}") is is_same
    assert same_party(stem, f"{stem} {one}")


@pytest.mark.parametrize("word", ["d/b/a", "DBA", "f/k/a", "formerly known as", "trading as"])
def test_other_names_are_aliases(word: str) -> None:
    reading = read_party(f"Brightwater Mills, Inc. {word} Mill & Co.")
    assert reading is not None
    assert (reading.name, reading.aliases) == ("Brightwater Mills, Inc.", ("Mill & Co.",))


@pytest.mark.parametrize(
    ("text", "legal_form", "stem"),
    [
        ("Orrindale (UK) Limited", "limited", "orrindale uk"),
        ("Orrindale Freight (Cayman) Inc.", "incorporated", "orrindale freight cayman"),
        ("Orrindale Brakes (Zhongshan), Co., Ltd.", "limited", "orrindale brakes zhongshan"),
        ("Orrindale (Malta) Bank", None, "orrindale malta bank"),
        ("Orrindale (The Netherlands) B.V.", "bv", "orrindale netherlands"),
        ("Orrindale Inc. (Canada)", "incorporated", "orrindale canada"),
        ("Orrindale (Canada)", None, "orrindale canada"),
    ],
)
def test_a_bracket_that_tells_one_company_of_a_group_from_another_is_of_the_name(
    text: str, legal_form: str | None, stem: str
) -> None:
    reading = read_party(f'{text} ("Carrier")')
    assert reading is not None
    assert (reading.name, reading.legal_form, reading.stem) == (text, legal_form, stem)
    assert reading.aliases == ("Carrier",)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Orrindale Ltd (Supplier)", "Orrindale Ltd"),
        ("Orrindale AB (publ)", "Orrindale AB"),
        ("Orrindale Berhad (128740-P)", "Orrindale Berhad"),
        ("Orrindale (formerly Pellworth) Inc.", "Orrindale Inc."),
        ("Orrindale (Hereinafter, Carrier) Inc.", "Orrindale Inc."),
        ("Orrindale (the Carrier) Inc.", "Orrindale Inc."),
        ('Orrindale ("Carrier") Inc.', "Orrindale Inc."),
        ("Orrindale (Mills) DBA Millers", "Orrindale"),
        ("Orrindale Ltd (Supplier) Hull", "Orrindale Ltd Hull"),
    ],
)
def test_a_bracket_beside_the_name_is_none_of_it(text: str, name: str) -> None:
    reading = read_party(text)
    assert reading is not None
    assert reading.name == name


def test_companies_of_one_group_are_told_apart_by_their_places_however_these_are_written() -> None:
    assert not same_party("Orrindale (UK) Limited", "Orrindale (USA) Limited")
    assert not same_party("Orrindale (UK) Limited", "Orrindale Limited")
    assert same_party("Orrindale (UK) Limited", "ORRINDALE UK Ltd")
    assert same_party("Orrindale (Canada) Inc.", "Orrindale Inc. (Canada)")


@pytest.mark.parametrize(
    "term", ["(the \u2018Driver\u2019s Friend\u2019)", "('Driver\u2019s Friend')"]
)
def test_a_term_in_single_quotes_is_an_alias(term: str) -> None:
    reading = read_party(f"Orrindale Ltd {term}")
    assert reading is not None
    assert (reading.name, reading.aliases) == ("Orrindale Ltd", ("Driver\u2019s Friend",))


def test_of_two_forms_the_last_counts() -> None:
    reading = read_party("Orrindale Co., Ltd.")
    assert reading is not None
    assert (reading.legal_form, reading.stem) == ("limited", "orrindale")


def test_a_person_has_no_legal_form() -> None:
    reading = read_party("Ada Pell")
    assert reading is not None
    assert (reading.legal_form, reading.stem) == (None, "ada pell")


def test_a_word_that_is_also_a_form_can_be_a_name() -> None:
    assert not same_party("The Limited", "Brightwater Limited")


@pytest.mark.parametrize("text", ["", "__________", "[ ]", "()", "____ (Canada)"])
def test_a_blank_is_no_name(text: str) -> None:
    assert read_party(text) is None
    assert not same_party(text, text)

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


@pytest.mark.parametrize("text", ["", "__________", "[ ]", "()"])
def test_a_blank_is_no_name(text: str) -> None:
    assert read_party(text) is None
    assert not same_party(text, text)

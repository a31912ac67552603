"""Quotes that stop short of what they prove, and are read on from where they stand."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from extractor import ScriptedProvider, extract
from extractor.documents.plain import from_text
from extractor.grounding import Locator
from extractor.grounding.widening import wider_quote
from extractor.schemas import Party
from extractor.wire.restored import Leaf
from extractor.wire.shape import Scalar

TEXT = (
    "I, Hap Hewes, agree as of April 6th, 2005 with Rubicon Technology, Inc. as follows.\n\n"
    "1. Either party may end this Agreement upon thirty (30) days' notice, and pays in ten days."
    "\n\n2. It runs for a period of five (5) years."
)
DOCUMENT = from_text(TEXT, "letter.txt")


TEXT_NODE = Scalar("string")
PARTY = Scalar("string", format="party-name")


def found(value: Any, *quotes: str) -> str | None:
    is_decimal = isinstance(value, Decimal)
    node = Scalar("string", format="decimal") if is_decimal else PARTY
    leaf = Leaf(value, str(value) if is_decimal else value, quotes, node)
    return wider_quote(leaf, DOCUMENT, Locator.of(DOCUMENT))


@pytest.mark.parametrize(
    ("value", "quote", "words"),
    [
        (date(2005, 4, 6), "April 6th", TEXT[: TEXT.index("\n\n1.") - 1]),
        ("Hap Hewes", "I,", TEXT[: TEXT.index("\n\n1.") - 1]),
        ("Rubicon Technology, Inc.", "Rubicon", TEXT[: TEXT.index("\n\n1.") - 1]),
        (30, "Either party may end", TEXT[TEXT.index("Either") : TEXT.index(", and pays")]),
        (
            Decimal(30),
            "Either party may end",
            TEXT[TEXT.index("Either") : TEXT.index(", and pays")],
        ),
        ("Hap Hewes", "the undersigned", "Hap Hewes"),
        ("Rubicon Technology, Inc.", "the other party", "Rubicon Technology, Inc."),
        ("P5Y", "a period of five (5)", "It runs for a period of five (5) years"),
    ],
)
def test_the_rest_of_the_sentence_bears_what_the_quote_does_not(
    value: Any, quote: str, words: str
) -> None:
    assert found(value, quote) == words


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (30, "upon thirty (30) days"),  # it bears it already
        (10, "upon thirty (30) days"),  # it says another number
        (10, "Either party may end this Agreement"),  # which is said in another part
        (date(2005, 4, 7), "April 6th"),
        ("Rubicon", "Hap Hewes"),  # it names another party
        ("Rubicon", "the other party"),  # one word may stand anywhere
        ("Rubicon Optics, Inc.", "Rubicon"),
        ("P3Y", "a period of"),
        ("P5Y", "as the case may be"),  # it is nowhere
        ("P5Y", ""),
    ],
)
def test_it_is_not_read_on_to_something_else(value: Any, quote: str) -> None:
    assert found(value, quote) is None


def test_a_role_is_proved_by_the_bracket_that_follows_its_own_name() -> None:
    text = (
        'Made between Quillon Optics, Inc. (a Utah company) of 5 Mill Lane ("Quillon" or the '
        '"Supplier") and Marlow Freight Ltd (the "Customer") today.'
    )
    document = from_text(text, "contract.txt")

    def proved(role: str, name: str) -> str | None:
        return wider_quote(Leaf(role, role, (name,), TEXT_NODE), document, Locator.of(document))

    assert proved("Supplier", "Quillon Optics, Inc.") == text[13 : text.index(" and Marlow")]
    assert proved("customer", "Marlow Freight Ltd") == 'Marlow Freight Ltd (the "Customer")'
    assert proved("Customer", "Quillon Optics, Inc.") is None
    assert proved("Supplier", "Marlow Freight Ltd") is None


def test_words_are_never_cut_in_two() -> None:
    text = (
        "The whole " + "of an unbroken undertaking " * 20 + "with Rubicon Technology, Inc. today."
    )
    leaf = Leaf("Rubicon Technology, Inc.", "Rubicon Technology, Inc.", ("Rubicon",), PARTY)
    document = from_text(text, "long.txt")
    words = wider_quote(leaf, document, Locator.of(document))
    assert words is not None
    assert set(words.split()) <= {word.rstrip(".") for word in text.split()} | {"Inc."}


class Terms(BaseModel):
    start: date | None
    parties: list[Party] = []


def test_a_wider_quote_is_evidence_and_on_record() -> None:
    start = {"quote": "April 6th", "value": "2005-04-06"}
    reply = json.dumps({"start": start, "parties": []})
    result = extract(TEXT, Terms, provider=ScriptedProvider([reply]))
    assert result.value.start == date(2005, 4, 6)
    field = result.fields["start"]
    assert field.status == "found"
    assert [each.quote for each in field.evidence] == [
        "I, Hap Hewes, agree as of April 6th, 2005 with Rubicon Technology, Inc. as follows",
        "April 6th",
    ]
    assert [(repair.kind, repair.path) for repair in result.repairs] == [
        ("wider_quote", ("start",))
    ]


def test_a_party_without_a_proved_name_goes_with_all_that_is_known_of_it() -> None:
    parties = [{"quote": "Either party may end", "name": "Employee", "role": "party"}]
    reply = json.dumps({"start": None, "parties": parties})
    result = extract(TEXT, Terms, provider=ScriptedProvider([reply]))
    assert result.value.parties == []
    assert result.fields["parties[0].name"].status == "unverified"


def test_a_party_is_written_as_the_contract_names_it_and_a_role_is_left_out() -> None:
    parties = [
        {"quote": "Hap Hewes", "name": "Hewes, Hap", "role": None},
        {"quote": "Either party", "name": "Recipient", "role": None},
    ]
    reply = json.dumps({"start": None, "parties": parties})
    result = extract(TEXT, Terms, provider=ScriptedProvider([reply]))
    assert [party.name for party in result.value.parties] == ["Hap Hewes"]
    assert result.fields["parties[0].name"].raw == "Hewes, Hap"
    assert result.fields["parties[1].name"].note == (
        "'Recipient' is a role, not a name; left out of the value"
    )
    assert {repair.kind for repair in result.repairs} == {"as_named", "unproved"}

"""Quotes that stop short of what they prove, and are read on from where they stand."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, RootModel

from extractor import ScriptedProvider, extract
from extractor.documents.plain import from_text
from extractor.grounding import Locator
from extractor.grounding.parties import Roles
from extractor.grounding.widening import wider_quote
from extractor.schemas import Jurisdiction, Party
from extractor.wire.restored import Leaf
from extractor.wire.shape import Scalar

TEXT = (
    "I, Hap Hewes, agree as of April 6th, 2005 with Rubicon Technology, Inc. as follows.\n\n"
    "1. Either party may end this Agreement upon thirty (30) days' notice, and pays in ten days."
    "\n\n2. It runs for a period of five (5) years. Records are kept under this Agreement for "
    "seven (7) years, and damages are limited to 500 dollars. The Old Agreement of 4 May 2001 "
    "ends.\n\n3. The Supreme Court of Ohio decides.\n\nThe Employee:\nHap Hewes"
)
DOCUMENT = from_text(TEXT, "letter.txt")


TEXT_NODE = Scalar("string")
PARTY = Scalar("string", format="party-name")


def found(value: str, *quotes: str) -> str | None:
    leaf = Leaf(value, value, quotes, PARTY)
    return wider_quote(leaf, DOCUMENT, Locator.of(DOCUMENT), Roles(DOCUMENT))


@pytest.mark.parametrize(
    ("value", "quote", "words"),
    [
        ("2005-04-06", "as of April 6th", "as of April 6th, 2005"),
        ("2005-04-06", "April", "April 6th, 2005"),
        ("Rubicon Technology, Inc.", "with Rubicon", None),
        ("Rubicon Technology, Inc.", "Rubicon", "Rubicon Technology, Inc."),
        ("P5Y", "a period of five (5)", "a period of five (5) years"),
        ("Hap Hewes", "The Employee", "Hap Hewes"),
    ],
)
def test_what_a_quote_has_begun_to_say_is_read_on(value: str, quote: str, words: str) -> None:
    assert found(value, quote) == words


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("P30D", "upon thirty (30) days"),  # it bears it already
        ("P10D", "upon thirty (30) days"),  # it says another length
        ("P7Y", "this Agreement"),  # what stands near it is not what was quoted
        ("2001-05-04", "this Agreement"),
        ("2001-05-04", "April 6th"),
        ("2005-04-07", "as of"),
        ("Ohio", "of"),
        ("P3Y", "a period of five (5)"),
        ("Supreme Court", "this Agreement"),
        ("Hap Hewes", "Rubicon Technology, Inc."),  # it names another party
        ("Hap Hewes", "as the case may be"),  # it is nowhere
        ("Old Agreement", "nowhere at all"),
        ("Hewes", "The Employee"),  # one word may stand anywhere
        ("hap hewes", "ten days"),
        ("P5Y", ""),
    ],
)
def test_it_is_not_read_on_to_something_else(value: str, quote: str) -> None:
    assert found(value, quote) is None


@pytest.mark.parametrize("value", [30, True, None, ["Hap Hewes"], date(2005, 4, 6)])
def test_only_texts_are_read_on(value: Any) -> None:
    leaf = Leaf(value, value, ("April 6th",), TEXT_NODE)
    assert wider_quote(leaf, DOCUMENT, Locator.of(DOCUMENT), Roles(DOCUMENT)) is None


def test_a_role_is_proved_by_the_bracket_that_follows_its_own_name() -> None:
    text = (
        'Made between Quillon Optics, Inc. (a Utah company) of 5 Mill Lane ("Quillon" or the '
        '"Supplier") and Marlow Freight Ltd (the "Customer") today.'
    )
    document = from_text(text, "contract.txt")

    def proved(role: str, name: str) -> str | None:
        leaf = Leaf(role, role, (name,), TEXT_NODE)
        return wider_quote(leaf, document, Locator.of(document), Roles(document))

    assert proved("Supplier", "Quillon Optics, Inc.") == text[13 : text.index(" and Marlow")]
    assert proved("customer", "Marlow Freight Ltd") == 'Marlow Freight Ltd (the "Customer")'
    assert proved("Customer", "Quillon Optics, Inc.") is None
    assert proved("Supplier", "Marlow Freight Ltd") is None


@pytest.mark.parametrize(
    "sentence",
    [
        'Between Acme Ltd and Bolt Inc (the "Customer").',
        'Acme Ltd, subsidiary of Bolt Holdings (the "Customer").',
        'Acme Ltd, a subsidiary of Bolt Holdings (the "Customer").',
        'Acme Ltd, John Smith (the "Customer").',
    ],
)
def test_a_bracket_behind_another_name_is_not_its_own(sentence: str) -> None:
    document = from_text(sentence, "contract.txt")
    leaf = Leaf("Customer", "Customer", ("Acme Ltd",), TEXT_NODE)
    assert wider_quote(leaf, document, Locator.of(document), Roles(document)) is None


@pytest.mark.parametrize("words", [" of a", ", a b", " (x)", " with (a of b)", " of a (b) of"])
def test_a_description_without_an_end_takes_no_time(words: str) -> None:
    document = from_text("Acme Ltd" + words * 200, "contract.txt")
    leaf = Leaf("Customer", "Customer", ("Acme Ltd",), TEXT_NODE)
    assert wider_quote(leaf, document, Locator.of(document), Roles(document)) is None


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
    assert [each.quote for each in field.evidence] == ["April 6th, 2005", "April 6th"]
    assert [(repair.kind, repair.path) for repair in result.repairs] == [
        ("wider_quote", ("start",))
    ]


def test_a_party_without_a_proved_name_goes_with_all_that_is_known_of_it() -> None:
    parties = [{"quote": "Either party may end", "name": "Employee", "role": "party"}]
    reply = json.dumps({"start": None, "parties": parties})
    result = extract(TEXT, Terms, provider=ScriptedProvider([reply]))
    assert result.value.parties == []
    assert result.fields["parties[0].name"].status == "unverified"


def test_what_is_known_of_such_a_party_is_told_and_never_called_absent() -> None:
    class Lease(BaseModel):
        guarantor: Party | None = None

    text = "The Guarantor of this lease is the Guarantor."
    said = {"quote": "The Guarantor of this lease", "value": "the Guarantor"}
    role = {"quote": "is the Guarantor", "value": "Guarantor"}
    reply = json.dumps({"guarantor": {"name": said, "role": role}})
    result = extract(text, Lease, provider=ScriptedProvider([reply]))
    assert result.value.guarantor is None
    assert {path: field.status for path, field in result.fields.items()} == {
        "guarantor.name": "unverified",
        "guarantor.role": "unverified",
    }
    assert result.fields["guarantor.role"].evidence


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


def test_a_name_that_the_schema_refuses_stays_and_costs_the_others_nothing() -> None:
    class Deed(BaseModel):
        parties: list[Party]
        law: Annotated[Jurisdiction, Field(max_length=2)]

    text = "Between Hap Hewes and others.\n\nGoverned by the law of Ohio."
    party = {"quote": "Between Hap Hewes", "name": "Hewes, Hap", "role": None}
    law = {"quote": "the law of Ohio", "value": "OH"}
    reply = json.dumps({"parties": [party], "law": law})
    result = extract(text, Deed, provider=ScriptedProvider([reply]))
    assert (result.value.parties[0].name, result.value.law) == ("Hap Hewes", "OH")
    assert result.fields["law"].status == "derived"


def test_a_root_that_is_a_place_is_named_too() -> None:
    class Law(RootModel[Jurisdiction]):
        pass

    reply = json.dumps({"value": {"quote": "the law of Ohio", "value": "OH"}})
    text = "Governed by the law of Ohio."
    assert extract(text, Law, provider=ScriptedProvider([reply])).value.root == "Ohio"

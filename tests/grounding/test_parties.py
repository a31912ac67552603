"""Names of parties: as their quotes write them, and apart from what they are only called."""

from __future__ import annotations

import pytest

from extractor.documents.plain import from_text
from extractor.grounding.parties import Roles, party_in_full

CONTRACT = from_text(
    'This Agreement is made between Quillon Optics, Inc., at 5 Mill Lane (the "Company"), '
    '[________] (the "Advisory Director") and Marlow Freight Ltd ("Marlow").\n\n'
    '"Affiliate" means a company under the same control.',
    "contract.txt",
)


@pytest.mark.parametrize(
    ("name", "quote", "full"),
    [
        ("Hewes, Hap", "signed: Hap Hewes", "Hap Hewes"),
        ("Quillon Optics, Inc., a Delaware corporation", "Quillon Optics", "Quillon Optics, Inc."),
        ("Marlow Freight Ltd, with offices at Hull", "Marlow", "Marlow Freight Ltd"),
        ("Quillon Optics", "Quillon Optics, Inc.", "Quillon Optics, Inc."),
        ("Back Bay Ltd. located at 53 North", "Back Bay", "Back Bay Ltd."),
    ],
)
def test_a_name_is_written_as_the_contract_has_it(name: str, quote: str, full: str) -> None:
    assert party_in_full(name, [quote]) == full


@pytest.mark.parametrize(
    ("name", "quote"),
    [
        ("Hewes, Hap", "I, Hewes, Hap, as of April"),
        ("Quillon Optics, Inc.", "Inc. Quillon Optics"),
        ("Quillon", "Quillon Optics, Inc."),
        ("Bank of Thornbury, N.A.", "Bank of Thornbury"),
        ("Living With Art LLC", "Living With Art LLC"),
        ("Smith and a Half LLC", "Smith and a Half LLC"),
    ],
)
def test_a_name_that_is_one_stays(name: str, quote: str) -> None:
    assert party_in_full(name, [quote]) is None


@pytest.mark.parametrize(
    ("name", "quote", "text"),
    [
        ("WIDGETS, INC.", "WIDGETS, INC.", "ACME, INC.\nWIDGETS, INC."),
        ("Widgets, LLC", "Widgets, LLC", "Acme LLC\nWidgets, LLC"),
        ("Doe, Jr.", "Doe, Jr.", "Jr. Doe"),
        ("Doe, John", "Doe, John", "John\nDoe"),
        ("Acme", "Acme (UK) Limited", ""),
        ("HSBC (Malta) Bank", "HSBC (Malta) Bank Limited", ""),
        ("Friends with Benefits Inc.", "Friends with Benefits Inc.", ""),
        ("Women organized for Change, Inc.", "Women organized for Change, Inc.", ""),
        ("School having Fun Inc.", "School having Fun Inc.", ""),
        ("aa, " + "bb " * 10_000, "", "aa"),
        ("Doe, John" + " " * 10 + "President", "", "Doe, John" + " " * 60 + "President"),
        ("Acme", "Acme" + " " * 30_000 + "Inc.", ""),
    ],
)
def test_no_name_is_made_of_another(name: str, quote: str, text: str) -> None:
    full = party_in_full(name, [quote], text)
    assert full in {None, "HSBC (Malta) Bank Limited"}


@pytest.mark.parametrize("name", ["Recipient", "the Company", "Receiving Party", "Other Parties"])
def test_a_role_is_no_name(name: str) -> None:
    denied = Roles(CONTRACT).denial(name)
    assert denied is not None
    assert denied.reason == f"{name!r} is a role, not a name"


def test_what_the_contract_calls_somebody_is_no_name() -> None:
    denied = Roles(CONTRACT).denial("Advisory Director")
    assert denied is not None
    assert denied.reason == "'Advisory Director' is what the contract calls a party, not its name"


@pytest.mark.parametrize(
    ("name", "definition"),
    [
        ("Marlow", 'Marlow Freight Ltd (company no. 123456) ("Marlow") of Hull.'),
        ("Acme", 'Acme (UK) Limited ("Acme") of Hull.'),
        ("Marlow", '"Marlow" means Marlow Freight Ltd.'),
        ("Marlow Freight Ltd", '"Marlow Freight Ltd" means Marlow Freight Ltd, a company.'),
        ("IBM", 'International Business Machines Corporation ("IBM") of Armonk.'),
        ("Company 3", 'Company 3 Limited ("Company 3") of Hull.'),
    ],
)
def test_a_defined_name_is_a_name(name: str, definition: str) -> None:
    assert Roles(from_text(definition, "contract.txt")).denial(name) is None


def test_any_party_is_no_party_s_name() -> None:
    assert Roles(CONTRACT).denial("Either Party") is not None


@pytest.mark.parametrize("name", ["Marlow", "Marlow Freight Ltd", "Quillon Optics, Inc.", "Acme"])
def test_a_part_of_the_name_and_a_name_that_nothing_defines_are_names(name: str) -> None:
    assert Roles(CONTRACT).denial(name) is None

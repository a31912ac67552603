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


@pytest.mark.parametrize("name", ["Recipient", "the Company", "Receiving Party", "Other Parties"])
def test_a_role_is_no_name(name: str) -> None:
    denied = Roles(CONTRACT).denial(name)
    assert denied is not None
    assert denied.reason == f"{name!r} is a role, not a name"


def test_what_the_contract_calls_somebody_is_no_name() -> None:
    denied = Roles(CONTRACT).denial("Advisory Director")
    assert denied is not None
    assert denied.reason == "'Advisory Director' is what the contract calls a party, not its name"


@pytest.mark.parametrize("name", ["Marlow", "Marlow Freight Ltd", "Quillon Optics, Inc.", "Acme"])
def test_a_part_of_the_name_and_a_name_that_nothing_defines_are_names(name: str) -> None:
    assert Roles(CONTRACT).denial(name) is None

"""Dates with blanks, ends without a date, and clauses that are not there, through a whole run."""

from __future__ import annotations

import pytest

from extractor import extract
from extractor.schemas import ContractNLI, Cuad
from extractor.types import JsonObject
from tests.services_agreement import script

CONTRACT = (
    "This Agreement is dated as of March __, 2015 between Acme Widgets, Inc. and Sund LLC.\n"
    "It continues until terminated. It is governed by the laws of the State of Georgia.\n"
    "Neither party may assign this Agreement.\n"
)


def cited(quote: str, value: object) -> JsonObject:
    return {"quote": quote, "value": value}


REPLY: JsonObject = {
    "parties": [
        {"quote": "Acme Widgets, Inc.", "name": "Acme Widgets, Inc."},
        {"quote": "Sund LLC", "name": "Sund LLC"},
    ],
    "agreement_date": cited("dated as of March __, 2015", "March __, 2015"),
    "expiration_date": cited("It continues until terminated", "perpetual"),
    "governing_law": [cited("governed by the laws of the State of Georgia", "State of Georgia")],
    "anti_assignment": cited("Neither party may assign this Agreement", value=True),
    "non_compete": None,
}


@pytest.mark.parametrize("backend", ["strict", "json", "tools"])
def test_what_is_unknown_of_a_date_stays_unknown(backend: str) -> None:
    result = extract(CONTRACT, Cuad, provider=script(REPLY), backend=backend)
    assert result.value.agreement_date == "2015-03-XX"
    assert result.value.expiration_date == "perpetual"
    assert result.value.governing_law_codes == ["US-GA"]
    assert result.value.anti_assignment
    assert result.value.non_compete is None
    statuses = {path: result.fields[path].status for path in ("agreement_date", "expiration_date")}
    assert statuses == {"agreement_date": "found", "expiration_date": "found"}
    assert result.fields["agreement_date"].raw == "March __, 2015"
    assert [r.kind for r in result.repairs if r.path == ("agreement_date",)] == ["date_from_text"]
    assert result.attempts == 1


def test_a_date_that_may_be_two_is_not_guessed() -> None:
    reply = REPLY | {"agreement_date": cited("dated as of March __, 2015", "03/04/2015")}
    result = extract(CONTRACT, Cuad, provider=script(reply), backend="strict", max_attempts=1)
    assert result.value.agreement_date is None
    assert result.fields["agreement_date"].status == "ambiguous"
    assert "2015-03-04 or 2015-04-03" in str(result.fields["agreement_date"].note)


def test_what_an_agreement_is_silent_on_is_not_mentioned() -> None:
    reply = {
        "no_solicitation": None,
        "limited_use": cited("Neither party may assign this Agreement", "contradiction"),
    }
    result = extract(CONTRACT, ContractNLI, provider=script(reply), backend="strict")
    assert result.value.no_solicitation == "not_mentioned"
    assert result.fields["no_solicitation"].status == "absent"
    assert result.value.limited_use == "contradiction"

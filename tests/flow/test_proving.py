"""Values that no quote proves, and what becomes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel, Field, RootModel, model_validator

from extractor import Extraction, ScriptedProvider, extract
from extractor.errors import ConfigurationError
from extractor.paths import Path

CONTRACT = (
    "LEASE\n\nThis Lease is made between Acme Ltd (the Landlord) and Bolt Inc (the Tenant).\n"
    "The rent is $500 a month. The lease runs for twelve (12) months.\n"
    "It is governed by the laws of Ireland."
)
INVENTED = "as the parties have agreed elsewhere"


class Party(BaseModel):
    name: str
    role: str | None = None


class Term(BaseModel):
    months: int
    renews: bool | None = None


class Lease(BaseModel):
    law: str | None = None
    city: str | None
    currency: str = "EUR"
    rent: int
    term: Term | None = None
    parties: list[Party] = Field(default_factory=list[Party])
    fees: dict[str, int] = Field(default_factory=dict[str, int])


def cited(value: Any, quote: str | None) -> dict[str, Any]:
    return {"quote": quote, "value": value}


def reply(**fields: Any) -> str:
    given: dict[str, Any] = {
        "law": cited("Ireland", "governed by the laws of Ireland"),
        "city": None,
        "currency": None,
        "rent": cited(500, "The rent is $500 a month"),
        "term": None,
        "parties": [],
        "fees": [],
    }
    return json.dumps(given | fields)


def unproved(result: Extraction[Lease]) -> list[Path]:
    return [r.path for r in result.repairs if r.kind == "unproved" and r.lossy]


def lease(*, unverified: Any = "drop", **fields: Any) -> Extraction[Lease]:
    provider = ScriptedProvider([reply(**fields)])
    return extract(CONTRACT, Lease, provider=provider, unverified=unverified, second_look=False)


def test_a_value_whose_quote_is_not_in_the_document_is_left_out() -> None:
    result = lease(law=cited("Texas", INVENTED))
    assert result.value.law is None
    field = result.fields["law"]
    assert (field.status, field.value) == ("unverified", "Texas")
    assert field.note == "the quote is not in the document; left out of the value"
    assert unproved(result) == [("law",)]


def test_a_value_that_its_quote_does_not_bear_is_left_out() -> None:
    result = lease(law=cited("Texas", "governed by the laws of Ireland"))
    assert (result.value.law, result.fields["law"].status) == (None, "unverified")


def test_a_value_without_a_quote_is_left_out() -> None:
    result = lease(law=cited("Ireland", None))
    assert (result.value.law, result.fields["law"].status) == (None, "unverified")


def test_a_value_that_its_quote_bears_stays() -> None:
    result = lease()
    assert (result.value.law, result.fields["law"].status) == ("Ireland", "found")
    assert (unproved(result), result.warnings) == ([], ())


def test_nothing_is_left_out_if_unverified_values_are_to_be_kept() -> None:
    result = lease(unverified="keep", law=cited("Texas", INVENTED))
    assert (result.value.law, result.fields["law"].status) == ("Texas", "unverified")
    assert result.fields["law"].note == "the quote is not in the document"


def test_only_drop_and_keep_are_known() -> None:
    with pytest.raises(ConfigurationError, match="unverified is 'maybe'; it is drop or keep"):
        lease(unverified="maybe")


def test_nothing_is_left_out_where_no_quotes_are_asked_for() -> None:
    provider = ScriptedProvider([json.dumps({"rent": 500, "city": "Cork"})])
    result = extract(CONTRACT, Lease, provider=provider, evidence="none")
    assert (result.value.city, result.fields["city"].status) == ("Cork", "unverified")


def test_null_is_said_where_the_schema_wants_it_said() -> None:
    result = lease(city=cited("Cork", INVENTED))
    assert (result.value.city, result.value.model_fields_set >= {"city"}) == (None, True)


def test_a_default_that_takes_the_place_is_on_record() -> None:
    result = lease(currency=cited("USD", INVENTED))
    assert (result.value.currency, result.fields["currency"].value) == ("EUR", "USD")
    assert [(r.kind, r.path) for r in result.repairs] == [
        ("unproved", ("currency",)),
        ("default", ("currency",)),
    ]


def test_a_value_that_the_schema_needs_stays_and_a_warning_says_so() -> None:
    result = lease(rent=cited(900, INVENTED))
    assert (result.value.rent, result.fields["rent"].status) == (900, "unverified")
    assert result.warnings == (
        "No quote proves rent, but the schema can't do without: the value has it.",
    )


def test_an_item_in_which_nothing_is_proved_goes_and_its_fields_stand_behind_the_others() -> None:
    result = lease(
        parties=[
            {"quote": INVENTED, "name": "Cord LLC", "role": "Guarantor"},
            {"quote": "Acme Ltd (the Landlord)", "name": "Acme Ltd", "role": "Landlord"},
            {"quote": INVENTED, "name": "Dent AG", "role": None},
            {"quote": "Bolt Inc (the Tenant)", "name": "Bolt Inc", "role": "Tenant"},
        ]
    )
    assert [party.name for party in result.value.parties] == ["Acme Ltd", "Bolt Inc"]
    names = {path: r.value for path, r in result.fields.items() if path.endswith(".name")}
    assert names == {
        "parties[0].name": "Acme Ltd",
        "parties[1].name": "Bolt Inc",
        "parties[2].name": "Cord LLC",
        "parties[3].name": "Dent AG",
    }
    assert result.fields["parties[1].name"].status == "found"
    assert result.fields["parties[2].role"].status == "unverified"


def test_an_item_loses_what_is_unproved_and_keeps_the_rest() -> None:
    result = lease(
        parties=[{"quote": "Acme Ltd (the Landlord)", "name": "Acme Ltd", "role": "Guarantor"}]
    )
    assert result.value.parties == [Party(name="Acme Ltd", role=None)]
    assert result.fields["parties[0].role"].value == "Guarantor"


def test_an_object_goes_as_a_whole_if_nothing_in_it_is_proved() -> None:
    result = lease(term={"months": cited(36, INVENTED), "renews": None})
    assert result.value.term is None
    assert result.fields["term.months"].status == "unverified"


def test_a_proved_value_holds_its_object_and_what_the_object_needs() -> None:
    result = lease(
        term={"months": cited(36, INVENTED), "renews": cited(True, "The lease runs for")}
    )
    assert result.value.term == Term(months=36, renews=True)
    assert result.warnings == (
        "No quote proves term.months, but the schema can't do without: the value has it.",
    )


def test_an_entry_of_a_dict_goes() -> None:
    entries = [
        {"key": "late", "value": cited(9, INVENTED)},
        {"key": "rent", "value": cited(500, "The rent is $500")},
    ]
    result = lease(fees=entries)
    assert result.value.fees == {"rent": 500}
    assert (result.fields["fees.late"].status, result.fields["fees.late"].value) == (
        "unverified",
        9,
    )


class Names(RootModel[list[str]]):
    pass


def test_items_of_a_root_list_go() -> None:
    answer = {"items": [cited("Acme Ltd", "between Acme Ltd"), cited("Cord LLC", INVENTED)]}
    result = extract(CONTRACT, Names, provider=ScriptedProvider([json.dumps(answer)]))
    assert result.value.root == ["Acme Ltd"]
    assert result.fields["[1]"].status == "unverified"


class Strict(BaseModel):
    parties: list[str] = Field(min_length=2)
    law: str | None = None

    @model_validator(mode="after")
    def law_is_known_of_two(self) -> Strict:
        if self.law is None and len(self.parties) == 2:
            raise ValueError("two parties need a law")
        return self


def test_as_much_goes_as_the_schemas_own_rules_allow() -> None:
    answer = {
        "parties": [
            cited("Acme Ltd", "between Acme Ltd"),
            cited("Cord LLC", INVENTED),
            cited("Bolt Inc", "and Bolt Inc"),
        ],
        "law": cited("Texas", INVENTED),
    }
    result = extract(CONTRACT, Strict, provider=ScriptedProvider([json.dumps(answer)]))
    assert (result.value.parties, result.value.law) == (["Acme Ltd", "Bolt Inc"], "Texas")
    assert result.fields["parties[2]"].status == "unverified"
    assert result.warnings == (
        "No quote proves law, but the schema can't do without: the value has it.",
    )

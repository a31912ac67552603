"""Values that no clause states and others give: derived, with the rule and all its proofs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, model_validator

from extractor import ConfigurationError, Extraction, ScriptedProvider, extract, extract_set
from extractor.deriving import BY_RULE, Derived, EndOfTerm, Rule, Sentences
from extractor.schemas import Contract, Lease
from extractor.types import FieldStatus

CONTRACT = (
    "This Agreement takes effect on 1 March 2024. It runs for three (3) years from that day. "
    "It is governed by the laws of Ireland."
)
START = {"quote": "takes effect on 1 March 2024", "value": "2024-03-01"}
TERM = {"quote": "It runs for three (3) years from that day", "value": "P3Y"}


class Terms(BaseModel):
    """The time that a contract runs."""

    derivations: ClassVar[tuple[Rule, ...]] = (EndOfTerm("start", "term", "end"),)

    start: date | None = None
    term: str | None = None
    end: date | None = None


def extracted(
    schema: type[Any] = Terms, *, start: Any = START, term: Any = TERM, end: Any = None
) -> Extraction[Any]:
    reply = json.dumps({"start": start, "term": term, "end": end})
    return extract(CONTRACT, schema, provider=ScriptedProvider([reply]))


def test_an_end_that_no_clause_states_follows_from_start_and_term() -> None:
    result = extracted()
    assert result.value.end == date(2027, 3, 1)
    field = result.fields["end"]
    assert (field.status, field.value, field.raw) == ("derived", "2027-03-01", None)
    assert (
        field.note == f"{BY_RULE}start (2024-03-01) and term (P3Y) end on 2027-03-01, or the "
        "day before"
    )
    assert [each.text for each in field.evidence] == [START["quote"], TERM["quote"]]


def test_an_end_that_is_stated_stays() -> None:
    stated = {"quote": "takes effect on 1 March 2024", "value": "2024-03-01"}
    result = extracted(end=stated)
    assert result.fields["end"].status == "found"
    assert result.value.end == date(2024, 3, 1)


def test_an_end_without_proof_gives_way_to_what_follows_and_stays_on_record() -> None:
    result = extracted(end={"quote": "until 1 May 2030", "value": "2030-05-01"})
    assert result.value.end == date(2027, 3, 1)
    assert (result.fields["end"].status, result.fields["end"].raw) == ("derived", "2030-05-01")


@pytest.mark.parametrize(
    ("start", "term"),
    [
        (None, TERM),
        (START, None),
        ({"quote": "takes effect on 4 June 2025", "value": "2025-06-04"}, TERM),
        (START, {"quote": "It is governed by the laws of Ireland", "value": "P3Y"}),
        (START, {"quote": "three (3) years", "value": "P3BD"}),
    ],
)
def test_nothing_follows_from_what_is_missing_or_not_proved(start: Any, term: Any) -> None:
    result = extracted(start=start, term=term)
    assert result.value.end is None
    assert result.fields["end"].status == "absent"


@pytest.mark.parametrize(
    ("day", "end"), [("the Effective Date", "2027-03-01"), ("the Closing", None)]
)
def test_an_anniversary_of_another_day_gives_no_end(day: str, end: str | None) -> None:
    quote = f"until the third anniversary of {day}"
    text = f"This Agreement takes effect on 1 March 2024. It continues {quote}."
    reply = json.dumps({"start": START, "term": {"quote": quote, "value": "P3Y"}, "end": None})
    result = extract(text, Terms, provider=ScriptedProvider([reply]))
    assert result.value.term == "P3Y"
    assert str(result.value.end) == str(end)


@pytest.mark.parametrize(
    "sentence",
    [
        "It runs for three (3) years from the Delivery Date.",
        "Its term is three (3) years following the Closing.",
        "It runs for three (3) years commencing on 1 June 2024.",
        "The Term begins on the Delivery Date and continues for three (3) years.",
        "The Term commences on the Delivery Date and shall continue for three (3) years.",
        "It shall begin when the Product is delivered and shall continue for three (3) years.",
        "Once the plant is commissioned, this Agreement shall run for three (3) years.",
        "It runs for three (3) years from the date of the last signature below.",
        "It ends when three (3) years have passed since the Delivery Date.",
        "It takes effect on the Closing Date for a period of three (3) years.",
    ],
)
def test_a_term_from_another_day_gives_no_end(sentence: str) -> None:
    text = f"This Agreement takes effect on 1 March 2024. {sentence}"
    term = {"quote": "three (3) years", "value": "P3Y"}
    reply = json.dumps({"start": START, "term": term, "end": None})
    result = extract(text, Terms, provider=ScriptedProvider([reply]))
    assert (result.value.term, result.value.end) == ("P3Y", None)


@pytest.mark.parametrize(
    "sentence",
    [
        "It runs for three (3) years from the Effective Date.",
        "Its term is three (3) years after the date hereof.",
        "It runs for three (3) years commencing on 1 March 2024.",
        "The term is three (3) years.",
        "It begins on the Effective Date and runs for three (3) years.",
        "The three (3) years commence on 1 March 2024.",
    ],
)
def test_a_term_from_the_contract_s_own_day_gives_one(sentence: str) -> None:
    text = f"This Agreement takes effect on 1 March 2024. {sentence}"
    term = {"quote": "three (3) years", "value": "P3Y"}
    reply = json.dumps({"start": START, "term": term, "end": None})
    assert extract(text, Terms, provider=ScriptedProvider([reply])).value.end == date(2027, 3, 1)


def test_business_days_are_not_reckoned_as_days() -> None:
    text = "This Agreement takes effect on 1 March 2024. The term is ten (10) business days."
    term = {"quote": "ten (10) business days", "value": "P10D"}
    reply = json.dumps({"start": START, "term": term, "end": None})
    assert extract(text, Terms, provider=ScriptedProvider([reply])).value.end is None


def test_a_rule_about_a_field_that_is_not_there_is_an_error_before_any_call() -> None:
    class Slip(Terms):
        derivations: ClassVar[tuple[Rule, ...]] = (EndOfTerm("start", "term", "finish"),)

    class NoRule(Terms):
        derivations: ClassVar[tuple[Any, ...]] = ("end",)

    for schema, said in ((Slip, "names finish, which the schema lacks"), (NoRule, "is no rule")):
        provider = ScriptedProvider([])
        with pytest.raises(ConfigurationError, match=said):
            extract(CONTRACT, schema, provider=provider)
        assert provider.requests == []


def test_what_the_schema_refuses_is_a_warning_and_costs_nothing() -> None:
    class Short(Terms):
        @model_validator(mode="after")
        def ends_soon(self) -> Short:
            if self.end and self.end.year > 2025:
                raise ValueError("too late")
            return self

    result = extracted(Short)
    assert result.value.term == "P3Y"
    assert result.value.end is None
    assert result.fields["end"].status == "absent"
    assert "What a rule gives for end is refused by the schema." in result.warnings


def test_a_rule_that_raises_is_a_warning() -> None:
    class Broken:
        field = "end"
        inputs = ("start",)

        def derive(self, value: BaseModel, sentences: Sentences, /) -> Derived | None:
            raise KeyError("calendar")

    class Terms2(Terms):
        derivations: ClassVar[tuple[Rule, ...]] = (Broken(),)

    assert "The rule Broken raised KeyError." in extracted(Terms2).warnings


def test_the_shipped_schemas_derive_the_end_of_a_term() -> None:
    def fields(schema: type[Any]) -> Iterator[str]:
        yield from (rule.field for rule in schema.derivations)

    assert [*fields(Contract), *fields(Lease)] == ["expiration_date"] * 2


def test_the_end_of_a_set_follows_from_what_holds_of_all_documents() -> None:
    amendment = (
        "AMENDMENT NO. 1\n\nThis Amendment No. 1 is made on 5 May 2025.\n\n"
        "1. Term. The Agreement shall run for five (5) years from that day.\n"
    )
    extended = {"quote": "shall run for five (5) years", "value": "P5Y"}
    replies = [
        json.dumps({"start": START, "term": TERM, "end": None}),
        json.dumps({"start": None, "term": extended, "end": None}),
    ]
    result = extract_set([CONTRACT, amendment], Terms, provider=ScriptedProvider(replies))
    assert result.value.term == "P5Y"
    assert result.value.end == date(2029, 3, 1)
    status: FieldStatus = result.fields["end"].status
    assert status == "derived"
    assert len({each.document for each in result.fields["end"].evidence}) == 2

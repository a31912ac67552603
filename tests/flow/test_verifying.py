"""A result that is checked against its document again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field, computed_field, field_validator

from extractor import ScriptedProvider, extract
from extractor.deriving import EndOfTerm, Rule
from extractor.documents.plain import from_text
from extractor.flow.verifying import Verdict, verify
from extractor.paths import Path, format_path, parse_path
from extractor.types import FieldResult, Span

TEXT = (
    "SERVICES AGREEMENT between Acme Ltd and Bolt Inc, dated 1 May 2024.\n"
    "The fee is $1,500.00 a month. Either party may end it on thirty (30) days notice.\n"
    "It is governed by the laws of Ireland."
)
CONTRACT = from_text(TEXT, "services.txt")


class Services(BaseModel):
    kind: Literal["services", "lease"] | None = None
    parties: list[str] = Field(default_factory=list[str])
    fee: float | None = None
    notice_days: int | None = None
    law: str | None = None
    seat: str | None = None

    @field_validator("law")
    @classmethod
    def in_capitals(cls, law: str | None) -> str | None:
        return "IRL" if law == "Ireland" else law


ANSWER: dict[str, Any] = {
    "kind": {"quote": "SERVICES AGREEMENT", "value": "services"},
    "parties": [
        {"quote": "between Acme Ltd", "value": "Acme Ltd"},
        {"quote": "as agreed elsewhere", "value": "Cord LLC"},
    ],
    "fee": {"quote": "The fee is $1,500.00 a month", "value": 1500},
    "notice_days": {"quote": "on thirty (30) days notice", "value": 30},
    "law": {"quote": "governed by the laws of Ireland", "value": "Ireland"},
    "seat": None,
}


@pytest.fixture(name="result")
def _result() -> tuple[Any, dict[Path, FieldResult]]:
    done = extract(CONTRACT, Services, provider=ScriptedProvider([json.dumps(ANSWER)]))
    fields = {parse_path(name): field for name, field in done.fields.items()}
    return done.value.model_dump(mode="json"), fields


Result = tuple[Any, dict[Path, FieldResult]]


def problems(value: Any, fields: dict[Path, FieldResult], text: str = TEXT) -> dict[str, str]:
    verdicts = verify(value, fields, from_text(text, "services.txt"), Services)
    return {format_path(path): v.problem for path, v in verdicts.items() if v.problem}


def test_a_result_that_nobody_has_touched_holds(result: Result) -> None:
    verdicts = verify(*result, CONTRACT, Services)
    assert verdicts == {
        ("kind",): Verdict("found"),
        ("parties", 0): Verdict("found"),
        ("parties", 1): Verdict("unverified"),
        ("fee",): Verdict("found"),
        ("notice_days",): Verdict("found"),
        ("law",): Verdict("derived"),
    }


def test_another_value_is_not_what_the_quote_bears(result: Result) -> None:
    value, fields = result
    value["fee"] = 2500
    fields["fee",] = replace(fields["fee",], value=2500)
    assert problems(value, fields) == {
        "fee": "it is called found, and is unverified: the quote does not say 2500"
    }


def test_another_value_in_the_object_alone_is_noticed(result: Result) -> None:
    value, fields = result
    value["notice_days"] = 60
    assert problems(value, fields) == {
        "notice_days": "the object says something else than this field"
    }


def test_a_value_that_was_put_into_the_object_is_noticed(result: Result) -> None:
    value, fields = result
    value["parties"] += ["Dent AG", "Eire plc"]
    value["seat"] = "Cork"
    assert problems(value, fields) == {
        "parties[1]": "the field was left out of the object, which has a value here",
        "parties[2]": "the object has a value here, and there is no field for it",
        "seat": "the object says something else than this field",
    }


def test_a_default_of_the_schema_is_no_value_that_was_put_in(result: Result) -> None:
    value, fields = result

    class WithDefault(Services):
        seat: str | None = "Cork"

    verdicts = verify(value | {"seat": "Cork"}, fields, CONTRACT, WithDefault)
    assert not any(verdict.problem for verdict in verdicts.values())
    verdicts = verify(value | {"seat": "Paris"}, fields, CONTRACT, WithDefault)
    assert verdicts["seat",].problem is not None


def test_an_object_that_is_not_the_schemas_is_noticed(result: Result) -> None:
    _, fields = result
    assert problems({"fee": "much"}, fields)["$"] == "the object is no valid Services (1 errors)"


def test_another_quote_is_looked_for_anew(result: Result) -> None:
    value, fields = result
    (evidence,) = fields["law",].evidence
    forged = replace(evidence, quote="governed by the laws of Texas")
    fields["law",] = replace(fields["law",], evidence=(forged,))
    assert problems(value, fields)["law"].startswith("it is called derived, and is unverified")


def test_another_place_is_noticed(result: Result) -> None:
    value, fields = result
    (evidence,) = fields["fee",].evidence
    moved = replace(evidence, span=Span(0, 8), text=TEXT[:8])
    fields["fee",] = replace(fields["fee",], evidence=(moved,))
    assert problems(value, fields) == {"fee": "its quotes stand in other places"}


def test_words_that_the_document_does_not_have_are_noticed(result: Result) -> None:
    other = TEXT.replace("$1,500.00", "$1,900.00")
    assert problems(*result, other) == {
        "fee": "the document has other words at the place of its quote"
    }


def test_a_better_status_than_the_proof_allows_is_noticed(result: Result) -> None:
    value, fields = result
    fields["parties", 1] = replace(fields["parties", 1], status="found")
    assert "it is called found, and is unverified" in problems(value, fields)["parties[1]"]


class Term(BaseModel):
    derivations: ClassVar[tuple[Rule, ...]] = (EndOfTerm("start", "term", "end"),)

    start: date | None = None
    term: str | None = None
    end: date | None = None


def test_what_a_rule_gave_is_verified_by_the_rule() -> None:
    text = "It takes effect on 1 March 2024 and runs for three (3) years."
    answer = {
        "start": {"quote": "takes effect on 1 March 2024", "value": "2024-03-01"},
        "term": {"quote": "runs for three (3) years", "value": "P3Y"},
        "end": None,
    }
    done = extract(text, Term, provider=ScriptedProvider([json.dumps(answer)]))
    value = done.value.model_dump(mode="json")
    fields = {parse_path(name): field for name, field in done.fields.items()}
    document = from_text(text, "term.txt")
    assert verify(value, fields, document, Term)[("end",)] == Verdict("derived")

    value["end"] = "2029-03-01"
    fields[("end",)] = replace(fields[("end",)], value="2029-03-01")
    problem = verify(value, fields, document, Term)[("end",)].problem
    assert problem == (
        "it is called derived, and is unverified: no rule of the schema gives it from the other "
        "fields"
    )


def test_a_derived_field_whose_inputs_share_a_quote_holds() -> None:
    text = "This Agreement takes effect on 1 March 2024 and runs for three (3) years."
    answer = {
        "start": {"quote": text, "value": "2024-03-01"},
        "term": {"quote": text, "value": "P3Y"},
        "end": None,
    }
    done = extract(text, Term, provider=ScriptedProvider([json.dumps(answer)]))
    fields = {parse_path(name): field for name, field in done.fields.items()}
    value, document = done.value.model_dump(mode="json"), from_text(text, "term.txt")
    assert verify(value, fields, document, Term)[("end",)] == Verdict("derived")

    fields[("end",)] = replace(fields[("end",)], evidence=())
    assert verify(value, fields, document, Term)[("end",)].problem is not None


class Governed(BaseModel):
    law: str | None = None
    start: date | None = None

    @computed_field
    @property
    def law_code(self) -> str:
        return f"US-{self.law}"


def test_what_stands_beside_the_fields_is_what_the_schema_makes_of_them() -> None:
    text = "Governed by the laws of Ohio, from some day."
    answer = {
        "law": {"quote": "the laws of Ohio", "value": "Ohio"},
        "start": {"quote": "from some day", "value": "2003-01-01"},
    }
    done = extract(text, Governed, provider=ScriptedProvider([json.dumps(answer)]))
    fields = {parse_path(name): field for name, field in done.fields.items()}
    value, document = done.value.model_dump(mode="json"), from_text(text, "law.txt")

    def told() -> dict[str, str | None]:
        verdicts = verify(value, fields, document, Governed)
        return {format_path(path): v.problem for path, v in verdicts.items() if v.problem}

    assert told() == {}
    value |= {"law_code": "US-ND", "note": "added", "start": "2003-01-01"}
    assert told() == {
        "law_code": "the schema works out 'US-Ohio' here",
        "note": "the schema has no such field",
        "start": "the field was left out of the object, which has a value here",
    }

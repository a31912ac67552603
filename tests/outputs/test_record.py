"""Results as plain JSON: a contract."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
from pydantic import BaseModel, RootModel, computed_field, field_serializer

from extractor.errors import ConfigurationError, problem_records
from extractor.outputs.record import (
    evidence_record,
    extraction_record,
    field_record,
    repair_records,
)
from extractor.types import Evidence, Extraction, FieldResult, Problem, Repair, Span, Usage


class Terms(BaseModel):
    law: str
    signed: date | None = None
    fee: Decimal | None = None


FOUND = FieldResult(
    "found",
    "Ireland",
    "Ireland",
    (Evidence("laws of Ireland", "exact", Span(10, 25), 2, 1.0, text="laws of Ireland"),),
)
EXTRACTION = Extraction(
    value=Terms(law="Ireland", signed=date(2025, 3, 3), fee=Decimal("750.10")),
    fields={"law": FOUND, "signed": FieldResult("absent")},
    model="openai:gpt-x",
    backend="strict",
    attempts=2,
    repairs=(Repair("default", ("fees", 0, "late fee"), detail="x"), Repair("fence", lossy=True)),
    usage=Usage(100, 20, 50, 25, 5),
    cost_usd=Decimal("0.0012"),
    warnings=("page 2 has no text",),
    coverage=1.0,
)


def test_an_extraction_has_exactly_the_documented_keys() -> None:
    record = extraction_record(EXTRACTION)
    assert [*record] == [
        "value",
        "fields",
        "model",
        "backend",
        "attempts",
        "repairs",
        "usage",
        "cost_usd",
        "warnings",
        "coverage",
        "passed_over",
    ]
    assert json.loads(json.dumps(record)) == record


def test_the_value_is_as_its_schema_dumps_it() -> None:
    record = extraction_record(EXTRACTION)
    assert record["value"] == {"law": "Ireland", "signed": "2025-03-03", "fee": "750.10"}


def test_a_field_has_status_value_raw_evidence_and_note() -> None:
    assert field_record(FOUND) == {
        "status": "found",
        "value": "Ireland",
        "raw": "Ireland",
        "evidence": [
            {
                "quote": "laws of Ireland",
                "text": "laws of Ireland",
                "start": 10,
                "end": 25,
                "page": 2,
                "status": "exact",
                "score": 1.0,
                "guards": ["boundaries", "negation_before", "signs"],
            }
        ],
        "note": None,
    }


def test_a_quote_that_was_not_found_has_no_place() -> None:
    assert evidence_record(Evidence("nowhere", "missing")) == {
        "quote": "nowhere",
        "text": None,
        "start": None,
        "end": None,
        "page": None,
        "status": "missing",
        "score": 0.0,
        "guards": [],
    }


def test_scores_are_rounded() -> None:
    assert evidence_record(Evidence("q", "fuzzy", Span(0, 1), 1, 0.912345678))["score"] == 0.9123


def test_the_guards_are_those_that_a_quote_found_so_has_passed() -> None:
    nearly = evidence_record(Evidence("q", "fuzzy", Span(0, 1), 1, 0.9))["guards"]
    in_parts = evidence_record(Evidence("q", "elided", Span(0, 1), 1, 1.0))["guards"]
    assert {"figures", "negations", "modal_verbs", "names"} < set(nearly) < set(in_parts)
    assert evidence_record(Evidence("q", "altered", Span(0, 1), 1, 0.9))["guards"] == []


def test_repairs_and_problems_say_where() -> None:
    assert repair_records(EXTRACTION.repairs) == [
        {"kind": "default", "path": 'fees[0]["late fee"]', "lossy": False, "detail": "x"},
        {"kind": "fence", "path": "$", "lossy": True, "detail": ""},
    ]
    assert problem_records([Problem("missing", ("law",), "Field required")]) == [
        {"kind": "missing", "path": "law", "message": "Field required"}
    ]


def test_usage_has_all_its_parts() -> None:
    assert extraction_record(EXTRACTION)["usage"] == {
        "input_tokens": 100,
        "output_tokens": 20,
        "cache_read_input_tokens": 50,
        "cache_creation_input_tokens": 25,
        "reasoning_tokens": 5,
    }


@pytest.mark.parametrize(
    ("cost", "shown"), [(Decimal("0.5"), 0.5), (Decimal(0), 0.0), (None, None)]
)
def test_an_unknown_cost_is_null_and_none_is_zero(
    cost: Decimal | None, shown: float | None
) -> None:
    extraction = Extraction(Terms(law="x"), {}, "m", "json", 1, (), Usage(), cost, (), 1.0)
    assert extraction_record(extraction)["cost_usd"] == shown


def test_a_root_model_is_recorded_as_what_it_wraps() -> None:
    class Names(RootModel[list[str]]):
        pass

    extraction = Extraction(Names(["a"]), {}, "m", "json", 1, (), Usage(), None, (), 1.0)
    assert extraction_record(extraction)["value"] == ["a"]


class Computing(Terms):
    @computed_field
    @property
    def days(self) -> int:
        message = "no such day"
        raise KeyError(message)


class Exiting(Terms):
    @field_serializer("law")
    def leave(self, law: str) -> str:
        raise SystemExit(law)


class Holding(Terms):
    def model_post_init(self, _: Any) -> None:
        self.law = cast("str", object())


@pytest.mark.parametrize("schema", [Computing, Exiting, Holding])
def test_a_value_that_its_schema_fails_to_dump_is_an_error_with_the_bill_and_the_fields(
    schema: type[Terms],
) -> None:
    paid = replace(EXTRACTION, value=schema(law="Ireland"))
    with pytest.raises(ConfigurationError, match=f"{schema.__name__}.*as JSON") as caught:
        extraction_record(paid)
    error = caught.value
    assert (error.attempts, error.usage, error.cost_usd) == (2, paid.usage, Decimal("0.0012"))
    assert error.partial == {"law": "Ireland", "signed": None}
    assert json.loads(json.dumps(error.facts()))["partial"]["law"] == "Ireland"


def test_a_field_that_json_cannot_hold_is_told_as_the_model_wrote_it() -> None:
    assert field_record(FieldResult("derived", {(1, 2): "x"}, "1-2: x"))["value"] == "1-2: x"

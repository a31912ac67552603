"""Results as plain JSON. These shapes are a contract: keys are added, never changed or removed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from extractor.errors import ConfigurationError
from extractor.grounding.guards import GUARDS
from extractor.paths import format_path
from extractor.sets.model import SetExtraction
from extractor.types import (
    Evidence,
    Extraction,
    FieldResult,
    JsonObject,
    Repair,
)


def extraction_record(extraction: Extraction[Any]) -> JsonObject:
    """Return one extraction: {value, fields, model, backend, attempts, repairs, usage, cost_usd,
    warnings, coverage, passed_over}.

    `value` is the validated object, `fields` has an entry for every leaf by its path.

    Raises:
        ConfigurationError: the schema's own code fails to write the value as JSON. The error has
            the extraction's bill, and as `partial` the fields' values by path.
    """
    try:
        value = value_record(extraction.value)
    except ConfigurationError as error:
        error.billed(
            attempts=extraction.attempts, usage=extraction.usage, cost_usd=extraction.cost_usd
        )
        error.partial = {path: _value(result) for path, result in extraction.fields.items()}
        raise
    return {
        "value": value,
        "fields": {path: field_record(result) for path, result in extraction.fields.items()},
        "model": extraction.model,
        "backend": extraction.backend,
        "attempts": extraction.attempts,
        "repairs": repair_records(extraction.repairs),
        "usage": asdict(extraction.usage),
        "cost_usd": None if extraction.cost_usd is None else float(extraction.cost_usd),
        "warnings": list(extraction.warnings),
        "coverage": extraction.coverage,
        "passed_over": [asdict(other) for other in extraction.passed_over],
    }


def value_record(value: BaseModel) -> Any:
    """Return a validated object as its schema dumps it.

    Raises:
        ConfigurationError: a computed field or a serializer of the schema raises, or a validator
            has put something into the object that has no JSON form.
    """
    try:
        return value.model_dump(mode="json")
    except (Exception, SystemExit) as error:  # the schema's own code may raise anything
        said = str(error).partition("\n")[0][:200]
        raise ConfigurationError(
            f"Schema {type(value).__name__}: its valid value can't be written as JSON: "
            f"{type(error).__name__}: {said}",
            hint="Mend the schema's computed fields and serializers; `partial` has the fields all "
            "the same, and `extract` without --json shows them.",
        ) from error


def field_record(result: FieldResult) -> JsonObject:
    """Return one leaf: {status, value, raw, evidence, note}."""
    return {
        "status": result.status,
        "value": _value(result),
        "raw": result.raw,
        "evidence": [evidence_record(item) for item in result.evidence],
        "note": result.note,
    }


def _value(result: FieldResult) -> Any:
    """Return a leaf's value; what the model wrote, where a validator's value has no JSON form."""
    try:
        json.dumps(result.value, default=str)
    except (TypeError, ValueError, RecursionError):
        return result.raw
    return result.value


def evidence_record(item: Evidence) -> JsonObject:
    """Return one place of a quote: {quote, text, start, end, page, status, score, guards}."""
    return {
        "quote": item.quote,
        "text": item.text,
        "start": item.span.start if item.span else None,
        "end": item.span.end if item.span else None,
        "page": item.page,
        "status": item.status,
        "score": round(item.score, 4),
        "guards": list(GUARDS.get(item.status, ())),
        **({} if item.document is None else {"document": item.document}),
    }


def set_record(extraction: SetExtraction[Any]) -> JsonObject:
    """Return one extraction of several documents: `extraction_record`'s keys, {superseded,
    documents}.
    """
    return extraction_record(extraction) | {
        "superseded": {
            path: [
                {
                    **field_record(each.result),
                    "document": each.document,
                    "why": each.why,
                    "by": each.by,
                    "citations": [evidence_record(item) for item in each.citations],
                }
                for each in values
            ]
            for path, values in extraction.superseded.items()
        },
        "documents": [
            {
                "name": each.name,
                "source": each.document.source,
                "sha256": each.document.sha256,
                "role": each.role,
                "date": each.date.isoformat() if each.date else None,
                "number": each.number,
                "citations": [evidence_record(item) for item in each.citations],
            }
            for each in extraction.documents
        ],
    }


def repair_records(repairs: Iterable[Repair]) -> list[JsonObject]:
    """Return repairs as {kind, path, lossy, detail}."""
    return [
        {"kind": r.kind, "path": format_path(r.path), "lossy": r.lossy, "detail": r.detail}
        for r in repairs
    ]

"""Results as plain JSON. These shapes are a contract: keys are added, never changed or removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from extractor.types import (
    Evidence,
    Extraction,
    FieldResult,
    JsonObject,
    Problem,
    Repair,
    format_path,
)


def extraction_record(extraction: Extraction[Any]) -> JsonObject:
    """Return one extraction: {value, fields, model, backend, attempts, repairs, usage, cost_usd,
    warnings, coverage}.

    `value` is the validated object, `fields` has an entry for every leaf by its path.
    """
    value: BaseModel = extraction.value
    return {
        "value": value.model_dump(mode="json"),
        "fields": {path: field_record(result) for path, result in extraction.fields.items()},
        "model": extraction.model,
        "backend": extraction.backend,
        "attempts": extraction.attempts,
        "repairs": repair_records(extraction.repairs),
        "usage": asdict(extraction.usage),
        "cost_usd": None if extraction.cost_usd is None else float(extraction.cost_usd),
        "warnings": list(extraction.warnings),
        "coverage": extraction.coverage,
    }


def field_record(result: FieldResult) -> JsonObject:
    """Return one leaf: {status, value, raw, evidence, note}."""
    return {
        "status": result.status,
        "value": result.value,
        "raw": result.raw,
        "evidence": [evidence_record(item) for item in result.evidence],
        "note": result.note,
    }


def evidence_record(item: Evidence) -> JsonObject:
    """Return one place of a quote: {quote, start, end, page, status, score}."""
    return {
        "quote": item.quote,
        "start": item.span.start if item.span else None,
        "end": item.span.end if item.span else None,
        "page": item.page,
        "status": item.status,
        "score": round(item.score, 4),
    }


def repair_records(repairs: Iterable[Repair]) -> list[JsonObject]:
    """Return repairs as {kind, path, lossy, detail}."""
    return [
        {"kind": r.kind, "path": format_path(r.path), "lossy": r.lossy, "detail": r.detail}
        for r in repairs
    ]


def problem_records(problems: Iterable[Problem]) -> list[JsonObject]:
    """Return problems as {kind, path, message}."""
    return [{"kind": p.kind, "path": format_path(p.path), "message": p.message} for p in problems]

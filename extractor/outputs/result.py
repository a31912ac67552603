"""A result that was written as JSON, read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from extractor.documents import Document
from extractor.errors import DocumentError
from extractor.paths import Path as FieldPath
from extractor.paths import parse_path
from extractor.types import (
    Evidence,
    EvidenceStatus,
    FieldResult,
    FieldStatus,
    Span,
)

TO_CHECK: frozenset[FieldStatus] = frozenset(
    ("unverified", "ambiguous", "conflict", "invalid", "unreadable")
)
"""Statuses of fields that somebody has to look at before the value is relied on."""


class EvidenceRecord(BaseModel):
    """One place of a quote, as `evidence_record` writes it."""

    quote: str = ""
    text: str | None = None
    start: int | None
    end: int | None
    page: int | None = None
    status: EvidenceStatus
    document: str | None = None


class FieldRecord(BaseModel):
    """One leaf, as `field_record` writes it."""

    status: FieldStatus
    value: Any = None
    raw: Any = None
    evidence: list[EvidenceRecord] = []
    note: str | None = None


class SupersededRecord(FieldRecord):
    """A value that does not hold, as `set_record` writes it."""

    document: str
    why: str
    by: str | None = None
    citations: list[EvidenceRecord] = []


class DocumentRecord(BaseModel):
    """Which file the result is about, or is one of; `name` is what evidence calls it."""

    sha256: str
    name: str | None = None
    role: str | None = None
    date: str | None = None


class Result(BaseModel):
    """What is needed of `extractor.outputs.record.extraction_record`, and what `extract` adds."""

    value: Any = None
    fields: dict[str, FieldRecord]
    schema_name: str | None = Field(default=None, alias="schema")
    model: str | None = None
    backend: str | None = None
    cost_usd: float | None = None
    coverage: float | None = None
    warnings: list[str] = []
    document: DocumentRecord | None = None
    documents: list[DocumentRecord] | None = None
    superseded: dict[str, list[SupersededRecord]] = {}


def read_result(path: Path) -> Result:
    """Read what `extractor extract --json` has written.

    Raises:
        DocumentError: it can't be opened, or is something else.
    """
    try:
        return Result.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DocumentError(f"{str(path)!r} can't be opened: {error.strerror or error}") from error
    except ValidationError as error:
        raise DocumentError(
            f"{str(path)!r} is no result of an extraction",
            hint="Give what `extractor extract --json` has written.",
        ) from error


def check_document(result: Result, document: Document, *, name: str) -> None:
    """Make sure that a result is about a document, and no other.

    Raises:
        DocumentError: it is about another one, or about several.
    """
    if result.documents is not None:
        raise DocumentError(
            f"{name!r} is about {len(result.documents)} documents together",
            hint="This works on the result of a single document, so far; each value's evidence "
            "names the document that it is in.",
        )
    if result.document is not None and result.document.sha256 != document.sha256:
        raise DocumentError(
            f"{name!r} is about another file: its sha256 is not this one's",
            hint="Give the very file that was extracted; one saved again is another.",
        )


def field_results(result: Result) -> dict[FieldPath, FieldResult]:
    """Return the leaves of a result as they were when it was written.

    Raises:
        DocumentError: a field's name is no path.
    """
    try:
        return {parse_path(name): _field(record) for name, record in result.fields.items()}
    except ValueError as error:
        raise DocumentError(f"The result is broken: {error}") from error


def _field(record: FieldRecord) -> FieldResult:
    evidence = tuple(
        Evidence(
            item.quote,
            item.status,
            None if item.start is None or item.end is None else Span(item.start, item.end),
            page=item.page,
            text=item.text,
        )
        for item in record.evidence
    )
    return FieldResult(record.status, record.value, record.raw, evidence, record.note)

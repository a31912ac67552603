"""What a run's row says of its fields, and what is wrong with it, as every format needs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.outputs.result import TO_CHECK
from extractor.runs.reader import RunRow
from extractor.types import JsonObject


@dataclass(frozen=True, slots=True)
class Field:
    """One leaf of a result; see `extractor.outputs.record.field_record`."""

    path: str
    status: str
    value: Any
    raw: Any
    note: str | None
    evidence: Sequence[JsonObject]

    @property
    def quote(self) -> str | None:
        """The words that prove it, the chosen ones of several."""
        return self.evidence[0]["quote"] if self.evidence else None


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing about a file that somebody has to know: that it failed, a field, or a warning."""

    kind: str
    field: str | None
    status: str | None
    message: str | None
    hint: str | None = None


def fields_of(row: RunRow) -> Iterator[Field]:
    """Yield the fields of a file's result in their order; none where there is no result."""
    told: dict[str, JsonObject] = row.result["fields"] if row.result is not None else {}
    for path, field in told.items():
        yield Field(
            path, field["status"], field["value"], field["raw"], field["note"], field["evidence"]
        )


def failure_of(row: RunRow) -> str | None:
    """Return in one line why a file has no result; None where nothing failed."""
    return None if row.error is None else f"{row.error['type']}: {row.error['message']}"


def to_check(row: RunRow) -> str | None:
    """Name the fields of a file that somebody has to look at, each with its status."""
    named = [f"{f.path} ({f.status})" for f in fields_of(row) if f.status in TO_CHECK]
    return ", ".join(named) or None


def troubles_of(row: RunRow) -> Iterator[Trouble]:
    """Yield what somebody has to know about a file."""
    if row.error is not None:
        yield Trouble("file", None, row.error["type"], row.error["message"], row.error.get("hint"))
    for field in fields_of(row):
        if field.status in TO_CHECK:
            yield Trouble("field", field.path, field.status, field.note)
    for warning in row.result["warnings"] if row.result is not None else ():
        yield Trouble("warning", None, None, warning)

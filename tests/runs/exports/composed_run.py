"""Runs that are written by hand: results, failures and files that nobody has come to yet."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from extractor.errors import ExtractorError, UnreadableDocumentError
from extractor.runs.base import Bill, Claim, Contents
from extractor.runs.configuration import Configuration
from extractor.runs.journal import SqliteJournal
from extractor.runs.reader import RunReader
from extractor.runs.tables import FILE_NAME
from extractor.types import JsonObject


@dataclass(frozen=True, slots=True)
class SameAs:
    """A file with the same content as another, by its path."""

    path: str


Outcome: TypeAlias = JsonObject | ExtractorError | SameAs | None
"""What becomes of a file: a result, a failure, that of another; None where nobody came to it."""


def field(
    value: Any,
    *,
    status: str = "found",
    quote: str | None = None,
    note: str | None = None,
    more: tuple[str, ...] = (),
) -> JsonObject:
    """Return one leaf of a result, with a place for its quote and for each further one."""
    quotes = [each for each in (quote, *more) if each is not None]
    return {
        "status": status,
        "value": value,
        "raw": value,
        "evidence": [
            {
                "quote": each,
                "text": each.replace(" ", "  "),
                "start": 7,
                "end": 7 + len(each),
                "page": 2,
            }
            | {"status": "exact", "score": 1.0, "guards": ["boundaries"]}
            for each in quotes
        ],
        "note": note,
    }


def result(fields: Mapping[str, JsonObject], *, warnings: tuple[str, ...] = ()) -> JsonObject:
    """Return a result with these fields."""
    return {
        "value": {},
        "fields": dict(fields),
        "model": "scripted:model",
        "backend": "strict",
        "attempts": 1,
        "repairs": [],
        "usage": {"input_tokens": 100, "output_tokens": 10},
        "cost_usd": 0.01,
        "warnings": list(warnings),
        "coverage": 1.0,
        "passed_over": [],
        "schema": "lease",
        "document": {"source": "a.txt", "sha256": "00"},
    }


@contextmanager
def composed_run(folder: Path, files: Mapping[str, Outcome]) -> Generator[RunReader]:
    """Write a run into a folder and open it to read."""
    path = folder / FILE_NAME
    with closing(SqliteJournal(path)) as journal:
        told: JsonObject = {"schema": "Lease", "models": ["scripted:model"], "reading": {}}
        journal.put_into_force(Configuration(told))
        journal.register(folder, files)
        results = [
            _done(journal, position, outcome) for position, outcome in enumerate(files.items(), 1)
        ]
    # Past the journal, and in ASCII: so a result can hold half of a surrogate pair.
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany("UPDATE documents SET result = ? WHERE key = ?", filter(None, results))
    with closing(RunReader(path)) as reader:
        yield reader


def _done(
    journal: SqliteJournal, position: int, file: tuple[str, Outcome]
) -> tuple[str, bytes] | None:
    path, outcome = file
    if outcome is None:
        return None
    (row,) = journal.unfinished(position - 1, 1)
    if isinstance(outcome, UnreadableDocumentError):
        journal.unreadable(row, outcome.facts()).wait()
        return None
    content = outcome.path if isinstance(outcome, SameAs) else path
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    claim = journal.claim(row, Contents(digest, 1, 1)).wait()
    if not isinstance(claim, Claim):
        return None
    bill = Bill(attempts=1, input_tokens=100, output_tokens=10, cost_usd=0.01)
    if isinstance(outcome, ExtractorError):
        journal.fail(claim, outcome.facts(), bill).wait()
        return None
    journal.finish(claim, {}, bill).wait()
    return json.dumps(outcome), claim.key


EVERY_OUTCOME: Mapping[str, Outcome] = {
    "a/lease.pdf": result(
        {
            "tenant": field("ACME Corp.", quote="ACME Corp., the Tenant", more=("ACME Corp.",)),
            "parties[0].name": field("ACME"),
            "start": field("2024-02-29", quote="29 February 2024"),
            "rent": field(1500.5, status="ambiguous", quote="1.500,5", note="two readings"),
        },
        warnings=("Page 3 is a scan.",),
    ),
    "a/copy.pdf": SameAs("a/lease.pdf"),
    "b.pdf": result(
        {
            "tenant": field(None, status="absent"),
            "parties[0].name": field("Beta"),
            "parties[1].name": field("Gamma"),
            "start": field(None, status="unreadable", note="page 2 could not be read"),
            "rent": field("1500.00", quote="1500.00"),
        }
    ),
    "broken.pdf": UnreadableDocumentError("It is no PDF.", hint="Look at it."),
    "refused.pdf": ExtractorError("Attempts are used up."),
    "empty.pdf": result({}),
    "later.pdf": None,
}
"""Files of every kind; of seven two have failed and one has not been begun."""

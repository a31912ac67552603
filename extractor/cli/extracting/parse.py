"""`extractor parse --backend B --schema S < reply.txt`: repair and validate without a model."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from extractor.backends import Backend, backend_named
from extractor.backends.parse import Parsed, best_of, parse
from extractor.cli.exits import DOCUMENT, OK
from extractor.cli.streams import Output, read_stdin
from extractor.cli.terminal import safe
from extractor.errors import ConfigurationError, ParseError, problem_records
from extractor.outputs.record import repair_records, value_record
from extractor.plugins import load_schema
from extractor.types import JsonObject, Problem
from extractor.wire.compile import compile_schema


def run(options: argparse.Namespace, out: Output) -> int:
    """Read stdin; with --json {value, repairs, errors}; exit 0 only for a valid value."""
    schema = load_schema(options.schema)
    text = read_stdin().decode("utf-8", "replace")
    outcome = _outcome(backend_named(options.backend), schema, text)
    code = OK if outcome.valid else DOCUMENT
    out.ends_with(code)
    if options.json:
        out.write_json(outcome.record)
    else:
        _print(outcome.record, out)
    return code


@dataclass(frozen=True, slots=True)
class _Outcome:
    valid: bool
    record: JsonObject


def _outcome(backend: Backend, schema: type[BaseModel], text: str) -> _Outcome:
    """Read the reply as one without quotes and as one with them, and take the better reading."""
    readings: list[Parsed[Any]] = []
    failure: ParseError | None = None
    for quotes in (True, False):
        try:
            shape = compile_schema(schema, quotes=quotes)
            readings.append(parse(backend, schema, shape, text))
        except ParseError as error:
            failure = error
    if not readings:
        message = failure.message if failure else ""
        errors = problem_records([Problem("unreadable", (), message)])
        return _Outcome(False, {"value": None, "repairs": [], "errors": errors})
    best = best_of(readings)
    try:
        value = None if best.value is None else value_record(best.value)
    except ConfigurationError as error:
        error.partial = best.restored.data
        raise
    record = {
        "value": value,
        "repairs": repair_records(best.repairs),
        "errors": problem_records(best.problems),
    }
    return _Outcome(best.value is not None, record)


def _print(record: JsonObject, out: Output) -> None:
    if record["value"] is not None:
        out.write_json(record["value"], indent=2)
    for repair in record["repairs"]:
        lossy = " (lossy)" if repair["lossy"] else ""
        print(f"Repaired {safe(repair['path'])}: {repair['kind']}{lossy}", file=sys.stderr)
    for error in record["errors"]:
        print(f"Invalid {safe(error['path'])}: {safe(error['message'])}", file=sys.stderr)

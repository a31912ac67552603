"""`extractor extract FILE --schema S`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from extractor.cli.asking import settings_for
from extractor.cli.exits import OK
from extractor.cli.reading import document_of, read_options
from extractor.cli.report import field_report, set_report, summary
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.configured import extractor_from
from extractor.outputs.record import extraction_record, set_record
from extractor.plugins import load_schema
from extractor.set_extracting import extract_with
from extractor.sets.parts import part_of
from extractor.types import Extraction, JsonObject


def run(options: argparse.Namespace, out: Output) -> int:
    """Extract one contract; a report on stdout, or with --json one object."""
    if options.is_set:
        return _run_set(options, out)
    how = read_options(options)
    with Progress(f"Reading {safe(options.file)}") as progress:
        settings = settings_for(options)
        schema = load_schema(options.schema)
        document = document_of(options, how)
        with extractor_from(
            settings, schema, instructions=options.instructions, progress=progress.say
        ) as extractor:
            out.stream()  # nothing is spent on a result that can't be written
            extraction = extractor.extract(document)
    for warning in extraction.warnings:
        print(f"Warning: {safe(warning)}", file=sys.stderr)
    about = {
        "schema": options.schema,
        "document": {"source": document.source, "sha256": document.sha256},
    }
    try:
        _write(extraction, about, out, as_json=options.json)
    finally:  # what was billed is told even if the result is lost
        print(summary(extraction), file=sys.stderr)
    return OK


def _run_set(options: argparse.Namespace, out: Output) -> int:
    """Extract several files as one contract."""
    how = read_options(options)
    with Progress(f"Reading {safe(options.file)}") as progress:
        settings = settings_for(options)
        schema = load_schema(options.schema)
        names = [options.file, *options.more]
        files = [document_of(argparse.Namespace(file=name), how) for name in names]
        with extractor_from(
            settings, part_of(schema), instructions=options.instructions, progress=progress.say
        ) as extractor:
            out.stream()  # nothing is spent on a result that can't be written
            extraction = extract_with(extractor, schema, files, unverified=settings.unverified)
    for warning in extraction.warnings:
        print(f"Warning: {safe(warning)}", file=sys.stderr)
    try:
        if options.json:
            out.write_json(set_record(extraction))
        else:
            out.write(set_report(extraction, out))
    finally:  # what was billed is told even if the result is lost
        print(summary(extraction), file=sys.stderr)
    return OK


def _write(extraction: Extraction[Any], about: JsonObject, out: Output, *, as_json: bool) -> None:
    if as_json:
        out.write_json(extraction_record(extraction) | about)
    else:
        out.write(field_report(extraction.fields, out))

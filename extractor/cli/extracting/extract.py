"""`extractor extract FILE --schema S`, and `extractor extract FILES --set --schema S`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from extractor.cli.exits import OK
from extractor.cli.extracting.report import field_report, set_report, summary
from extractor.cli.reading import document_of, read_options
from extractor.cli.settings import settings_for
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.documents import Document
from extractor.extracting.configured import extractor_from
from extractor.extracting.sets import extract_with
from extractor.outputs.record import extraction_record, set_record
from extractor.plugins import load_schema
from extractor.sets.model import SetExtraction
from extractor.sets.parts import part_of
from extractor.types import Extraction, JsonObject


def run(options: argparse.Namespace, out: Output) -> int:
    """Extract one contract, with --set from several files; a report, or with --json one object."""
    how = read_options(options)
    with Progress(f"Reading {safe(options.file)}") as progress:
        settings = settings_for(options)
        schema = load_schema(options.schema)
        documents = [document_of(name, how) for name in (options.file, *options.more)]
        with extractor_from(
            settings,
            part_of(schema) if options.is_set else schema,
            instructions=options.instructions,
            progress=progress.say,
        ) as extractor:
            out.stream()  # nothing is spent on a result that can't be written
            extraction: Extraction[Any] = (
                extract_with(extractor, schema, documents, unverified=settings.unverified)
                if options.is_set
                else extractor.extract(documents[0])
            )
    for warning in extraction.warnings:
        print(f"Warning: {safe(warning)}", file=sys.stderr)
    try:
        if options.json:
            out.write_json(_record(extraction, documents) | {"schema": options.schema})
        else:
            out.write(_report(extraction, out))
    finally:  # what was billed is told even if the result is lost
        print(summary(extraction), file=sys.stderr)
    return OK


def _record(extraction: Extraction[Any], documents: list[Document]) -> JsonObject:
    if isinstance(extraction, SetExtraction):
        return set_record(extraction)
    (document,) = documents
    about = {"source": document.source, "sha256": document.sha256}
    return extraction_record(extraction) | {"document": about}


def _report(extraction: Extraction[Any], out: Output) -> str:
    if isinstance(extraction, SetExtraction):
        return set_report(extraction, out)
    return field_report(extraction.fields, out)

"""`extractor extract FILE --schema S`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from extractor.cli.exits import OK
from extractor.cli.terminal import Progress, print_json, safe
from extractor.documents import read_document
from extractor.extracting import Extractor
from extractor.outputs.record import extraction_record
from extractor.plugins import load_schema
from extractor.types import Extraction, FieldResult


def run(options: argparse.Namespace) -> int:
    """Extract one contract; a table on stdout, or with --json one object."""
    with Progress(f"Reading {safe(options.file)}") as progress:
        schema = load_schema(options.schema)
        document = read_document(Path(options.file))
        with _extractor(options, schema, progress) as extractor:
            extraction = extractor.extract(document)
    for warning in extraction.warnings:
        print(f"Warning: {safe(warning)}", file=sys.stderr)
    if options.json:
        print_json(extraction_record(extraction))
    else:
        _print_table(extraction)
    print(_summary(extraction), file=sys.stderr)
    return OK


def _extractor(
    options: argparse.Namespace, schema: type[BaseModel], progress: Progress
) -> Extractor[Any]:
    return Extractor(
        schema,
        model=options.model,
        backend=options.backend,
        evidence=options.evidence,
        base_url=options.base_url,
        prompts=options.prompts,
        instructions=options.instructions,
        max_attempts=options.max_attempts,
        max_tokens=options.max_tokens,
        progress=progress.say,
    )


def _summary(extraction: Extraction[Any]) -> str:
    given = [result.status for result in extraction.fields.values()]
    known = sorted(set(given), key=("found", "unverified", "absent").index)
    statuses = ", ".join(f"{given.count(status)} {status}" for status in known)
    usage = extraction.usage
    cost = "cost unknown" if extraction.cost_usd is None else f"${extraction.cost_usd:.4f}"
    return (
        f"{statuses}. {extraction.model} ({extraction.backend}), {extraction.attempts} requests, "
        f"{usage.input_tokens:,} + {usage.output_tokens:,} tokens, {cost}."
    )


def _print_table(extraction: Extraction[Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Field", "Value", "Status", "Page", "Quote"):
        table.add_column(heading, overflow="fold", ratio=2 if heading == "Quote" else None)
    for path, result in extraction.fields.items():
        evidence = result.evidence[0] if result.evidence else None
        style = {"found": "green", "unverified": "yellow"}.get(result.status, "dim")
        table.add_row(
            Text(safe(path)),
            Text("" if result.value is None else safe(result.value)),
            Text(result.status, style=style),
            Text(str(evidence.page) if evidence and evidence.page else ""),
            Text(_quote(result)),
        )
    console = Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 120)
    with console.capture() as written:  # a closed pipe is `main`'s affair, not rich's
        console.print(table)
    print(written.get(), end="")


def _quote(result: FieldResult) -> str:
    quote = f"“{safe(result.evidence[0].quote)}”" if result.evidence else ""
    return f"{quote} [{safe(result.note)}]".strip() if result.note else quote

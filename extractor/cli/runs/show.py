"""`extractor show DIR DOC [FIELD]`: what a run has found in one file, and where."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from extractor.cli.exits import DOCUMENT, OK
from extractor.cli.extracting.report import field_report
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.errors import ConfigurationError, did_you_mean
from extractor.outputs.result import Result, field_results
from extractor.paths import format_path
from extractor.runs.reader import RunReader, RunRow
from extractor.runs.tables import FILE_NAME


def run(options: argparse.Namespace, out: Output) -> int:
    """Show one file's fields, or one of them; or why there are none."""
    with closing(RunReader(Path(options.run_dir) / FILE_NAME)) as reader:
        row = reader.find(options.document)
        if row is None:
            raise ConfigurationError(
                f"The run has no file {options.document!r}, or several that end so.",
                hint=did_you_mean(options.document, reader.paths(1_000), among="The run has"),
            )
    if row.result is None:
        return _without(row, out, as_json=options.json)
    if options.json:
        out.write_json(row.result | {"path": row.path, "duplicate_of": row.duplicate_of})
        return OK
    fields = {
        format_path(path): field
        for path, field in field_results(Result.model_validate(row.result)).items()
    }
    if options.field is not None:
        inside = (f"{options.field}.", f"{options.field}[")
        fields = {p: f for p, f in fields.items() if p == options.field or p.startswith(inside)}
        if not fields:
            raise ConfigurationError(
                f"{row.path} has no field {options.field!r}.",
                hint=did_you_mean(options.field, row.result["fields"]),
            )
    out.write(field_report(fields, out))
    return OK


def _without(row: RunRow, out: Output, *, as_json: bool) -> int:
    if as_json:
        out.write_json({"path": row.path, "state": row.state, "error": row.error})
    elif row.error is None:
        out.write(f"{safe(row.path)} is {row.state}: it has no result yet.")
    else:
        out.write(f"{safe(row.path)} failed: {row.error['type']}: {safe(row.error['message'])}")
        if row.error.get("hint"):
            out.write(f"What to do: {safe(row.error['hint'])}")
    return DOCUMENT if row.error is not None else OK

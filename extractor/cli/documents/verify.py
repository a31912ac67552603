"""`extractor verify RESULT.json FILE`."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.cli.exits import NOT_FOUND, OK
from extractor.cli.reading import document_of, read_options
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.errors import ConfigurationError
from extractor.flow.verifying import verify
from extractor.outputs.result import check_document, field_results, read_result
from extractor.paths import format_path
from extractor.plugins import load_schema
from extractor.plurals import counted


def run(options: argparse.Namespace, out: Output) -> int:
    """Check a result; with --json {fields: {path: {holds, status, problem}}, checked, failed}."""
    result = read_result(Path(options.result))
    how = read_options(options)
    with Progress(f"Reading {safe(options.file)}"):
        document = document_of(options.file, how)
    check_document(result, document, name=options.result)
    name = options.schema or result.schema_name
    if name is None:
        raise ConfigurationError("The result does not name its schema.", hint="Name it: --schema.")
    schema = load_schema(name)
    verdicts = verify(result.value, field_results(result), document, schema)
    failed = {path: v for path, v in verdicts.items() if v.problem is not None}
    code = NOT_FOUND if failed else OK
    out.ends_with(code)
    if options.json:
        fields = {
            format_path(path): {
                "holds": verdict.problem is None,
                "status": verdict.status,
                "problem": verdict.problem,
            }
            for path, verdict in verdicts.items()
        }
        out.write_json({"fields": fields, "checked": len(verdicts), "failed": len(failed)})
        return code
    for path, verdict in verdicts.items():
        said = f"fails: {safe(verdict.problem)}" if verdict.problem else "holds"
        out.write(f"{safe(format_path(path))}  {verdict.status}  {said}")
    unproved = sum(verdict.status == "unverified" for verdict in verdicts.values())
    have = counted(unproved, "has", "have")
    told = f"; {have} no proof, as the result says" if unproved and not failed else ""
    out.write(f"{counted(len(verdicts), 'field')} checked, {len(failed)} failed{told}.")
    return code

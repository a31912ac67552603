"""`extractor eval report DIR`: an evaluation scored anew, on the terminal or as a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from extractor.cli.evaluation.gate import cell_checks, gate_of
from extractor.cli.evaluation.output import ending, finish
from extractor.cli.settings import datasets_for
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.errors import ConfigurationError
from extractor.evaluation.gate import Check
from extractor.evaluation.reporting.html import html_report
from extractor.evaluation.reporting.junit import junit_report
from extractor.evaluation.reporting.markdown import markdown_report
from extractor.evaluation.reporting.record import checks_record, results_record
from extractor.evaluation.runs.results import Results, read_results
from extractor.plurals import counted
from extractor.runs.exports.placing import placing

_BY_ENDING = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".xml": "junit",
    ".md": "markdown",
}


def run(options: argparse.Namespace, out: Output) -> int:
    """Score what is there; with -o write it in the form that the file's name says."""
    where = Path(options.run_dir)
    gate_of(options)  # what is wrong with it is told before anything is scored
    form = _form(options)
    with Progress(f"Scoring {safe(where)}"):
        results = read_results(
            where,
            registered=datasets_for(),
            with_mistakes=form is not None,
            is_relabelled=options.new_labels,
        )
    if form is None:
        return finish(results, options, out, where=where)
    found = cell_checks(results, options)
    if options.output is None:
        out.write(_written(form, results, found).rstrip("\n"))
        return ending(results, found)
    target: Path = options.output
    with placing(target) as folder:
        part = folder / target.name
        part.write_text(_written(form, results, found), encoding="utf-8", errors="replace")
    out.write(f"{safe(options.output)}: {counted(len(results.cells), 'cell')}, as {form}.")
    return ending(results, found)


def _form(options: argparse.Namespace) -> str | None:
    if options.output is None:
        return None if options.format is None else str(options.format)
    form = options.format or _BY_ENDING.get(options.output.suffix.lower())
    if form is None:
        raise ConfigurationError(
            f"The name {options.output.name!r} says no format.",
            hint="End it with .html, .json, .xml (JUnit) or .md, or say --format.",
        )
    return str(form)


def _written(form: str, results: Results, found: Sequence[Check]) -> str:
    if form == "html":
        return html_report(results, found)
    if form == "junit":
        return junit_report(results, found)
    if form == "markdown":
        return markdown_report(results, found)
    record = results_record(results)
    for told, cell in zip(record["cells"], results.cells, strict=True):
        told["mistakes"] = [asdict(each) for each in cell.mistakes]
    record["gate"] = checks_record(found)
    return json.dumps(record, indent=2, ensure_ascii=False, default=str) + "\n"

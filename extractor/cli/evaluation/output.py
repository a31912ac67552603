"""How a command about an evaluation ends: what it prints, and its exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from extractor.cli.evaluation.gate import cell_checks, gate_code
from extractor.cli.evaluation.told import (
    differing_told,
    fields_table,
    named,
    unscored_told,
    wholes_told,
)
from extractor.cli.exits import DOCUMENT, OK
from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import safe
from extractor.errors import DocumentError
from extractor.evaluation.datasets import Dataset
from extractor.evaluation.gate import Check
from extractor.evaluation.intervals import whole_intervals
from extractor.evaluation.reporting.record import checks_record, evaluation_told, results_record
from extractor.evaluation.runs.results import CellResult, Results
from extractor.evaluation.scores import field_scores, summary
from extractor.evaluation.scoring import Scored
from extractor.plurals import counted

_CELLS = (
    *("cell", "macro-F1", "95 %", "micro-F1", "clauses", "choices", "all right", "valid"),
    *("proved", "$/doc", "p50 s", "p95 s"),
)


def finish(results: Results, options: argparse.Namespace, out: Output, *, where: Path) -> int:
    """Write an evaluation, and return its exit code: that of a gate, if one is given."""
    found = [*cell_checks(results, options)]
    if options.json:
        out.write_json(results_record(results) | {"gate": checks_record(found)})
    else:
        out.write(_report(results, out))
        out.write(
            f"`extractor eval report {safe(where)} -o report.html` shows each mistake with its "
            "quotes."
        )
    return ending(results, found)


def ending(results: Results, found: Sequence[Check]) -> int:
    """Say on stderr what a gate has found and what has no result, and return the exit code."""
    empty = [each.cell.name for each in results.cells if not each.figures.valid]
    if empty:
        print(f"No document has a result in {safe(', '.join(empty))}.", file=sys.stderr)
    return gate_code(found) or (DOCUMENT if empty else OK)


def require_some(scored: Scored, dataset: Dataset, what: str) -> None:
    """Refuse predictions none of which is of the data set, or of nothing that is asked for.

    Raises:
        DocumentError: they are of other documents; the message names some of both. Or nothing is
            taken of the data set, or no field is both labelled and asked for.
    """
    if not scored.table.documents:
        raise DocumentError(f"The data set {dataset.name!r} has no such documents")
    if not scored.table.rows:
        raise DocumentError(
            "There is nothing to be scored: no field of the schema has a label.",
            hint=f"Labelled are: {named(scored.not_asked)}." if scored.not_asked else None,
        )
    if scored.unknown and len(scored.missing) == len(scored.table.documents):
        theirs, ours = scored.unknown[:3], scored.table.documents[:3]
        raise DocumentError(
            f"No prediction of {what!r} is of a document of the data set: it has "
            f"{', '.join(map(repr, ours))}, and they are of {', '.join(map(repr, theirs))}.",
            hint="Name documents as the data set does; of files the names without their ending.",
        )


def _report(results: Results, out: Output) -> str:
    """Say in words what an evaluation has found: its cells, and who is better."""
    lines = [evaluation_told(results), *unscored_told(results.cells[0].scored)]
    lines += ["", table(_CELLS, [_cell(each) for each in results.cells], out, texts=1)]
    names = [safe(each.cell.name) for each in results.cells]
    for name, found in zip(names[1:], results.comparisons, strict=True):
        lines += ["", f"{name} against {names[0]}:", *wholes_told(found), differing_told(found)]
    for name, each in zip(names, results.cells, strict=True):
        heading = [f"{name}:"] if len(names) > 1 else []
        lines += ["", *heading, fields_table(field_scores(each.scored.table), out)]
        if each.figures.failed:
            told = ", ".join(f"{n:,} with {kind}" for kind, n in each.figures.failed.items())
            lines.append(f"failed: {told}; all of theirs counts as omitted")
        if each.figures.unfinished:
            are = counted(each.figures.unfinished, "is", "are")
            lines.append(f"{are} not done, which counts as omitted")
    return "\n".join(lines)


def _cell(each: CellResult) -> tuple[str, ...]:
    figures, whole = each.figures, summary(each.scored.table)
    at = whole_intervals(each.scored.table).get("macro_f1")
    cost = figures.cost_per_document
    return (
        safe(each.cell.name),
        "" if at is None else f"{at.value:.3f}",
        "" if at is None else f"{at.low:.3f} to {at.high:.3f}",
        *(
            "" if score is None else f"{score:.3f}"
            for score in (whole.micro_f1, whole.clause_f1, whole.choice_f1)
        ),
        "" if whole.strict_accuracy is None else f"{whole.strict_accuracy:.1%}",
        f"{figures.valid:,} of {figures.documents:,}",
        f"{figures.proved / figures.values:.1%}" if figures.values else "",
        "unknown" if cost is None else f"{cost:.4f}",
        *(
            "" if (seconds := figures.percentile(percent)) is None else f"{seconds:.1f}"
            for percent in (50, 95)
        ),
    )

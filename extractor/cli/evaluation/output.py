"""What the commands about evaluations print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from extractor.cli.evaluation.gate import cell_checks, gate_code
from extractor.cli.exits import DOCUMENT, OK
from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import safe
from extractor.errors import DocumentError
from extractor.evaluation.comparing import Comparison, FieldDifference
from extractor.evaluation.datasets import Dataset
from extractor.evaluation.gate import Check
from extractor.evaluation.intervals import FEWEST, Difference, whole_intervals
from extractor.evaluation.reporting.record import checks_record, evaluation_told, results_record
from extractor.evaluation.runs.results import CellResult, Results
from extractor.evaluation.scores import FieldScore, field_scores, summary
from extractor.evaluation.scoring import Scored
from extractor.plurals import counted

_FIELDS = ("field", "P", "R", "F1", "right", "given", "gold", "invented of absent")
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
        out.write(evaluation_report(results, out))
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


def unscored_told(scored: Scored) -> list[str]:
    """Say which fields are not scored, because only one side has them."""
    lines = list[str]()
    if scored.not_asked:
        lines.append(f"labelled, but not in the schema, and not scored: {named(scored.not_asked)}")
    if scored.not_labelled:
        lines.append(f"without a label, and not scored: {named(scored.not_labelled)}")
    return lines


def named(names: Sequence[str]) -> str:
    """Write the first of some names, and how many more there are."""
    more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return safe(", ".join(names[:_MOST])) + more


_MOST = 8
"""Names that a line has."""


def evaluation_report(results: Results, out: Output) -> str:
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


def fields_table(fields: Sequence[FieldScore], out: Output) -> str:
    """Return a row for each field."""
    return table(_FIELDS, [_field(field) for field in fields], out, texts=1)


def _field(field: FieldScore) -> tuple[str, ...]:
    rate = field.hallucination_rate
    invented = "" if rate is None else f"{rate:.1%} of {field.absent:,}"
    apart = " (prose, apart)" if field.kind == "prose" else ""
    return (
        safe(field.field) + apart,
        *(
            f"{score:.3f}" if field.gold else ""
            for score in (field.precision, field.recall, field.f1)
        ),
        *(f"{count:,}" for count in (field.right, field.given, field.gold)),
        invented,
    )


def wholes_told(found: Comparison) -> list[str]:
    """Say how two runs differ as a whole, a line for each metric that there is."""
    return [f"{NAMES[name]} {difference_told(each)}" for name, each in found.wholes.items()]


NAMES = {
    "macro_f1": "macro-F1",
    "micro_f1": "micro-F1",
    "clause_f1": "F1 of clauses",
    "choice_f1": "F1 of choices",
}


def difference_told(each: Difference) -> str:
    """Say how much better the second run is, and whether that may be chance."""
    at = each.interval
    told = f"{at.value:+.3f} (95 %: {at.low:+.3f} to {at.high:+.3f}, p {p_told(each.p_value)})"
    if each.is_significant:
        return f"{told}: significant"
    told += ": no significant difference"
    if 0 < each.differing < FEWEST:
        documents = counted(each.differing, "document")
        return f"{told}; it comes from {documents}, and so few would not show one"
    if not each.detectable:
        return told
    return (
        f"{told}; with so many documents one of {each.detectable:.3f} would show in 80 of 100 cases"
    )


def differing_told(found: Comparison) -> str:
    """Name the fields in which two runs differ by more than chance."""
    fields = [field_told(each) for each in found.fields if each.is_significant]
    if not fields:
        return "In no field is there a significant difference."
    return f"Significant differences: {', '.join(fields)}."


def field_told(each: FieldDifference) -> str:
    """Say what a field differs in: its F1, or of a yes-or-no clause the documents."""
    if each.apart is not None:
        told = "the first alone is right in {:,}, the second in {:,}".format(*each.apart)
        return f"{safe(each.field)} ({told})"
    return f"{safe(each.field)} {each.f1[1] - each.f1[0]:+.3f}"


def p_told(value: float) -> str:
    """Write a p-value.

    >>> p_told(0.0004), p_told(0.25)
    ('< 0.001', '= 0.250')
    """
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"

"""Scores and differences between runs, in words and tables for people."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import safe
from extractor.evaluation.comparing import Comparison, FieldDifference
from extractor.evaluation.intervals import FEWEST, Difference
from extractor.evaluation.scores import FieldScore
from extractor.evaluation.scoring import Scored
from extractor.plurals import counted

_FIELDS = ("field", "P", "R", "F1", "right", "given", "gold", "invented of absent")
_MOST = 8
"""Names that a line has."""

NAMES = {
    "macro_f1": "macro-F1",
    "micro_f1": "micro-F1",
    "clause_f1": "F1 of clauses",
    "choice_f1": "F1 of choices",
}
"""What the metrics of a whole run are called."""


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
    return [f"{NAMES[name]} {_difference_told(each)}" for name, each in found.wholes.items()]


def _difference_told(each: Difference) -> str:
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
    fields = [_field_told(each) for each in found.fields if each.is_significant]
    if not fields:
        return "In no field is there a significant difference."
    return f"Significant differences: {', '.join(fields)}."


def _field_told(each: FieldDifference) -> str:
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

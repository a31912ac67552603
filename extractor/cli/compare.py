"""`extractor compare DATASET A.jsonl B.jsonl`: which predictions are better, or by chance so."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.cli.exits import OK
from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import Progress, safe
from extractor.errors import DocumentError
from extractor.evaluation.comparing import Comparison, FieldDifference, compare
from extractor.evaluation.datasets import Slice, load_dataset
from extractor.evaluation.intervals import Difference
from extractor.evaluation.predictions import read_predictions
from extractor.evaluation.scoring import score
from extractor.types import JsonObject

_COLUMNS = ("field", "first", "second", "difference", "95 %", "p (Holm)", "")


def run(options: argparse.Namespace, out: Output) -> int:
    """Score both, and print how they differ; what can be chance is said to be."""
    dataset = load_dataset(options.dataset, taken=Slice(limit=options.limit))
    with Progress("Comparing"):
        first, second = (
            score(dataset, read_predictions(Path(name))).table
            for name in (options.first, options.second)
        )
        if not first.documents:
            raise DocumentError(f"The data set {dataset.name!r} has no documents")
        found = compare(first, second)
    if options.json:
        about = {"name": dataset.name, "sha256": dataset.sha256}
        out.write_json({"dataset": about, **_record(found)})
    else:
        out.write(_report(found, options.first, options.second, out))
    return OK


def _record(found: Comparison) -> JsonObject:
    return {
        "documents": found.documents,
        "macro_f1": _difference(found.macro_f1),
        "micro_f1": _difference(found.micro_f1),
        "fields": [
            {"field": each.field, "f1": list(each.f1), **_difference(each.difference)}
            | {"p_value_adjusted": each.p_value, "is_significant": each.is_significant}
            for each in found.fields
        ],
        "strict": {
            "only_first": found.only_first,
            "only_second": found.only_second,
            "p_value": found.strict_p_value,
        },
    }


def _difference(each: Difference) -> JsonObject:
    return {
        "difference": each.interval.value,
        "interval": [each.interval.low, each.interval.high],
        "p_value": each.p_value,
        "is_significant": each.is_significant,
    }


def _report(found: Comparison, first: str, second: str, out: Output) -> str:
    sides = f"the second ({safe(second)}) over the first ({safe(first)})"
    lines = [f"{found.documents:,} documents; {sides}:"]
    for name, each in (("macro-F1", found.macro_f1), ("micro-F1", found.micro_f1)):
        lines.append(f"{name} {_told(each)}")
    apart = found.only_first + found.only_second
    lines.append(
        f"every field right: the first alone in {found.only_first:,} documents, the second alone "
        f"in {found.only_second:,}" + (f" (p {_p(found.strict_p_value)})" if apart else "")
    )
    differing = [each for each in found.fields if each.is_significant]
    if not differing:
        lines.append("In no field is there a significant difference.")
    rows = [_cells(each) for each in found.fields]
    return "\n".join([*lines, "", table(_COLUMNS, rows, out, texts=1)])


def _told(each: Difference) -> str:
    interval = each.interval
    told = f"{interval.value:+.3f} (95 %: {interval.low:+.3f} to {interval.high:+.3f}"
    verdict = "significant" if each.is_significant else "no significant difference"
    return f"{told}, p {_p(each.p_value)}): {verdict}"


def _cells(each: FieldDifference) -> tuple[str, ...]:
    interval = each.difference.interval
    return (
        safe(each.field),
        *(f"{f1:.3f}" for f1 in each.f1),
        f"{interval.value:+.3f}",
        f"{interval.low:+.3f} to {interval.high:+.3f}",
        _p(each.p_value).removeprefix("= "),
        "significant" if each.is_significant else "",
    )


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"

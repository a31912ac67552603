"""`extractor eval score DATASET PREDICTIONS.jsonl`: what somebody's predictions are worth."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from extractor.cli.exits import OK
from extractor.cli.streams import Output
from extractor.cli.tables import table
from extractor.cli.terminal import Progress, safe
from extractor.errors import DocumentError
from extractor.evaluation.datasets import Dataset, Slice, load_dataset
from extractor.evaluation.intervals import Interval, interval
from extractor.evaluation.predictions import read_predictions
from extractor.evaluation.scores import FieldScore, field_scores, macro, micro, summary
from extractor.evaluation.scoring import Scored, score
from extractor.types import JsonObject

_COLUMNS = ("field", "P", "R", "F1", "right", "given", "gold", "invented of absent")


def run(options: argparse.Namespace, out: Output) -> int:
    """Score, and print the whole and a row for each field."""
    dataset = load_dataset(options.dataset, taken=Slice(limit=options.limit))
    with Progress(f"Scoring {safe(options.predictions)}"):
        scored = score(dataset, read_predictions(Path(options.predictions)))
        if not scored.table.documents:
            raise DocumentError(f"The data set {dataset.name!r} has no documents")
        whole = {
            "macro_f1": interval(scored.table, macro),
            "micro_f1": interval(scored.table, micro),
        }
    fields = field_scores(scored.table)
    if options.json:
        out.write_json(_record(dataset, scored, whole, fields))
    else:
        out.write(_report(dataset, scored, whole, fields, out))
    return OK


def _record(
    dataset: Dataset, scored: Scored, whole: dict[str, Interval], fields: Sequence[FieldScore]
) -> JsonObject:
    quotes = scored.quotes
    return {
        "dataset": {"name": dataset.name, "sha256": dataset.sha256},
        **asdict(summary(scored.table)),
        "intervals": {name: [each.low, each.high] for name, each in whole.items()},
        "fields": [asdict(field) for field in fields],
        "evidence": {
            "precision": quotes.precision,
            "recall": quotes.recall,
            "f1": quotes.f1,
            "spans": quotes.right + quotes.missed,
            "quotes": quotes.quoted,
            "found_rate": quotes.found_rate,
            "overlap": quotes.overlap,
        },
        "missing": list(scored.missing),
        "unknown": list(scored.unknown),
    }


def _report(
    dataset: Dataset,
    scored: Scored,
    whole: dict[str, Interval],
    fields: Sequence[FieldScore],
    out: Output,
) -> str:
    told = summary(scored.table)
    right = f"every scored field right in {told.strict_accuracy:.1%} of them"
    lines = [f"{dataset.name}: {told.documents:,} documents, {right}"]
    lines += [
        f"{name.replace('_f1', '-F1')} {each.value:.3f} (95 %: {each.low:.3f} to {each.high:.3f})"
        for name, each in whole.items()
    ]
    others = {"clauses": told.clause_f1, "choices": told.choice_f1}
    lines += [f"F1 of {name} {f1:.3f}" for name, f1 in others.items() if f1 is not None]
    if told.hallucination_rate is not None:
        lines.append(f"{told.hallucination_rate:.1%} of absent fields were given a value")
    if scored.quotes.quoted:
        lines.append(_quoted(scored))
    if scored.missing:
        lines.append(f"{len(scored.missing):,} have no prediction, which counts as omitted")
    if scored.unknown:
        lines.append(f"{len(scored.unknown):,} predictions are of documents that it does not have")
    rows = [_cells(field) for field in fields]
    return "\n".join([*lines, "", table(_COLUMNS, rows, out, texts=1)])


def _quoted(scored: Scored) -> str:
    quotes = scored.quotes
    overlap = "" if quotes.overlap is None else f", overlap {quotes.overlap:.3f}"
    return (
        f"quotes: P {quotes.precision:.3f}, R {quotes.recall:.3f} of "
        f"{quotes.right + quotes.missed:,} marked spans; "
        f"{quotes.located:,} of {quotes.quoted:,} stand in their document{overlap}"
    )


def _cells(field: FieldScore) -> tuple[str, ...]:
    rate = field.hallucination_rate
    invented = "" if rate is None else f"{rate:.1%} of {field.absent:,}"
    return (
        safe(field.field),
        *(f"{score:.3f}" for score in (field.precision, field.recall, field.f1)),
        *(f"{count:,}" for count in (field.right, field.given, field.gold)),
        invented,
    )

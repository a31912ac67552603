"""`extractor eval score DATASET PREDICTIONS.jsonl`: what somebody's predictions are worth."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.cli.evaluation.gate import gate_code, gate_of, prediction_checks
from extractor.cli.evaluation.output import require_some
from extractor.cli.evaluation.told import NAMES, fields_table, named, unscored_told
from extractor.cli.settings import datasets_for
from extractor.cli.streams import Output
from extractor.cli.terminal import Progress, safe
from extractor.evaluation.asked import EVERYTHING, Asked
from extractor.evaluation.datasets import Dataset, Slice, load_dataset
from extractor.evaluation.intervals import whole_intervals
from extractor.evaluation.predictions import read_predictions
from extractor.evaluation.reporting.record import checks_record, scored_record
from extractor.evaluation.scores import field_scores, summary
from extractor.evaluation.scoring import Scored, score
from extractor.plugins import load_schema
from extractor.plurals import counted


def run(options: argparse.Namespace, out: Output) -> int:
    """Score, and print the whole and a row for each field."""
    dataset = load_dataset(
        options.dataset,
        registered=datasets_for(),
        taken=Slice.of(options.slices, limit=options.limit),
    )
    gate_of(options)  # what is wrong with it is told before anything is scored
    asked = Asked.by(load_schema(options.schema)) if options.schema else EVERYTHING
    with Progress(f"Scoring {safe(options.predictions)}"):
        predictions = read_predictions(Path(options.predictions))
        scored = score(dataset, predictions, asked=asked)
    require_some(scored, dataset, options.predictions)
    found = prediction_checks(scored, dataset, options, asked)
    if options.json:
        out.write_json(scored_record(dataset, scored) | {"gate": checks_record(found)})
    else:
        out.write(_report(dataset, scored, out))
    return gate_code(found)


def _report(dataset: Dataset, scored: Scored, out: Output) -> str:
    told = summary(scored.table)
    right = f"every scored field right in {told.strict_accuracy or 0:.1%} of them"
    lines = [f"{safe(dataset.name)}: {counted(told.documents, 'document')}, {right}"]
    lines += map(safe, dataset.notes())
    lines += [
        f"{NAMES[name]} {each.value:.3f} (95 %: {each.low:.3f} to {each.high:.3f})"
        for name, each in whole_intervals(scored.table).items()
    ]
    if told.hallucination_rate is not None:
        lines.append(f"{told.hallucination_rate:.1%} of absent fields were given a value")
    if scored.quotes.quoted:
        lines.append(_quoted(scored))
    if scored.calibration is not None:
        sure = scored.calibration
        at = ", ".join(f"{acc:.3f} at {share:.0%}" for share, acc in sure.accuracy_at.items())
        lines.append(
            f"confidences: ECE {sure.ece:.3f}, Brier {sure.brier:.3f}; right {at} coverage"
        )
    if scored.missing:
        have = counted(len(scored.missing), "has", "have")
        lines.append(f"{have} no prediction, which counts as omitted: {named(scored.missing)}")
    if scored.unknown:
        are = counted(len(scored.unknown), "prediction is", "predictions are")
        lines.append(f"{are} of no document that it has: {named(scored.unknown)}")
    lines += unscored_told(scored)
    return "\n".join([*lines, "", fields_table(field_scores(scored.table), out)])


def _quoted(scored: Scored) -> str:
    quotes = scored.quotes
    overlap = "" if quotes.overlap is None else f", overlap {quotes.overlap:.3f}"
    marked = (
        f"P {quotes.precision:.3f}, R {quotes.recall:.3f} of {quotes.spans:,} marked spans; "
        if quotes.spans
        else ""
    )
    return (
        f"quotes: {marked}{quotes.located:,} of {quotes.quoted:,} stand in their document{overlap}"
    )

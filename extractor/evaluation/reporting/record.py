"""Scores as JSON. These shapes are a contract: keys are added, never changed or removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from extractor.evaluation.comparing import Comparison
from extractor.evaluation.datasets import Dataset
from extractor.evaluation.gate import Check
from extractor.evaluation.intervals import Difference, field_intervals, whole_intervals
from extractor.evaluation.runs.figures import Figures
from extractor.evaluation.runs.results import CellResult, Results
from extractor.evaluation.scores import field_scores, summary
from extractor.evaluation.scoring import Scored, sliced
from extractor.outputs.texts import visible
from extractor.plurals import counted
from extractor.types import JsonObject

_TRAITS = ("source", "type", "length")


def scored_record(dataset: Dataset, scored: Scored) -> JsonObject:
    """Return scores: {dataset, macro_f1, micro_f1, ..., intervals, fields, evidence, slices}."""
    quotes, table = scored.quotes, scored.table
    whole = whole_intervals(table)
    by_field = field_intervals(table)
    return {
        "dataset": {"name": dataset.name, "sha256": dataset.sha256, "version": dataset.version},
        **asdict(summary(table)),
        "anls": scored.anls,
        "intervals": {name: [each.low, each.high] for name, each in whole.items()},
        "fields": [
            asdict(field)
            | {
                "interval": [by_field[field.field].low, by_field[field.field].high]
                if field.field in by_field
                else None
            }
            for field in field_scores(table)
        ],
        "evidence": {
            "precision": quotes.precision,
            "recall": quotes.recall,
            "f1": quotes.f1,
            "spans": quotes.spans,
            "quotes": quotes.quoted,
            "found_rate": quotes.found_rate,
            "overlap": quotes.overlap,
        },
        "calibration": None if scored.calibration is None else asdict(scored.calibration),
        "slices": {
            trait: {value: asdict(summary(part)) for value, part in sliced(scored, trait)}
            for trait in _TRAITS
        },
        "missing": list(scored.missing),
        "unknown": list(scored.unknown),
        "not_asked": list(scored.not_asked),
        "not_labelled": list(scored.not_labelled),
        "notes": list(dataset.notes()),
    }


def comparison_record(found: Comparison) -> JsonObject:
    """Return a comparison: {documents, missing, macro_f1, micro_f1, fields, strict}; also clause_f1
    and choice_f1 where there are such fields.
    """
    return {
        "documents": found.documents,
        "missing": list(found.missing),
        "macro_f1": None,
        "micro_f1": None,
        **{name: _difference(each) for name, each in found.wholes.items()},
        "fields": [
            {"field": each.field, **_difference(each.difference)}
            | {
                "f1": None if each.difference is None else list(each.f1),
                "p_value": each.p_value,
                "p_value_adjusted": each.adjusted,
                "is_significant": each.is_significant,
                "right_alone": None if each.apart is None else list(each.apart),
            }
            for each in found.fields
        ],
        "strict": {
            "only_first": found.only_first,
            "only_second": found.only_second,
            "p_value": found.strict_p_value,
        },
    }


def evaluation_told(results: Results) -> str:
    """Say what an evaluation is of: its data set, which of its documents, and the schema.

    What somebody should know of the labels comes with it.
    """
    told, documents = results.manifest.dataset, len(results.cells[0].scored.table.documents)
    taken = [*told.slices, *([f"the first {told.limit:,}"] if told.limit is not None else [])]
    of_them = f" ({', '.join(taken)})" if taken else ""
    changed = "; the labels have changed since" if results.is_relabelled else ""
    schema = results.manifest.schema_name
    about = f"{told.name}: {counted(documents, 'document')}{of_them}, schema {schema}{changed}"
    return visible("; ".join((about, *results.dataset.notes())))


def results_record(results: Results) -> JsonObject:
    """Return an evaluation: {manifest, cells, comparisons}, and of a single cell its own keys too.

    Each of `comparisons` is of a cell with the first one.
    """
    cells = [_cell_record(results.dataset, each) for each in results.cells]
    names = [each.cell.name for each in results.cells]
    return {
        **(cells[0] if len(cells) == 1 else {}),
        "manifest": results.manifest.model_dump(mode="json"),
        "is_relabelled": results.is_relabelled,
        "cells": cells,
        "comparisons": [
            {"first": names[0], "second": name, **comparison_record(each)}
            for name, each in zip(names[1:], results.comparisons, strict=True)
        ],
    }


def _cell_record(dataset: Dataset, result: CellResult) -> JsonObject:
    """Return a cell: its name and what it asks of whom, scores, and what it took (`run`)."""
    cell = result.cell
    return {
        "name": cell.name,
        "model": cell.model,
        "technique": cell.technique,
        "prompts": cell.prompts,
        "reasoning_effort": cell.effort,
        **scored_record(dataset, result.scored),
        "run": _figures_record(result.figures) | {"cost_per_correct_usd": result.cost_per_correct},
    }


def _figures_record(figures: Figures) -> JsonObject:
    """Return what a run took; rates are None where nothing was there to be counted."""
    documents = figures.documents
    return {
        "documents": documents,
        "failed": dict(figures.failed),
        "unfinished": figures.unfinished,
        "requests": figures.requests,
        "usage": {
            "input_tokens": figures.input_tokens,
            "output_tokens": figures.output_tokens,
        },
        "cost_usd": figures.cost_usd,
        "cost_per_document_usd": figures.cost_per_document,
        "seconds": {"p50": figures.percentile(50), "p95": figures.percentile(95)},
        "valid_rate": {
            "before_repair": figures.valid_first / documents if documents else None,
            "after_repair": figures.valid / documents if documents else None,
        },
        "repairs": dict(figures.repaired),
        "statuses": dict(figures.statuses),
        "proved_rate": figures.proved / figures.values if figures.values else None,
    }


def checks_record(found: Iterable[Check]) -> list[JsonObject]:
    """Return what a gate says: {name, is_met, message} of each check."""
    return [{"name": each.name, "is_met": each.is_met, "message": each.told} for each in found]


def _difference(each: Difference | None) -> JsonObject:
    if each is None:
        return {"difference": None, "interval": None, "detectable": None, "differing": None}
    return {
        "difference": each.interval.value,
        "interval": [each.interval.low, each.interval.high],
        "p_value": each.p_value,
        "is_significant": each.is_significant,
        "detectable": each.detectable,
        "differing": each.differing,
    }

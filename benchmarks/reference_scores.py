"""Our scores against the data set's own reference scorer, field by field.

    python -m benchmarks.reference_scores DATA

DATA has `contracts.jsonl` and `tools/score_reference.py`. The gold itself, nothing at all, and the
reference's regular expressions are scored by both; exits with 1 if a figure differs in its third
digit.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from extractor.evaluation.counting import count
from extractor.evaluation.datasets import Dataset, load_dataset
from extractor.evaluation.quotes import QuoteCounts, count_quotes
from extractor.evaluation.scores import FieldScore, Table, field_scores, summary

_CLOSE = 5e-4


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and return 1 if something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    options = parser.parse_args(arguments)
    reference = _reference(options.data / "tools" / "score_reference.py")
    with (options.data / "contracts.jsonl").open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    dataset = load_dataset(options.data)
    apart = 0
    for name in ("oracle", "null", "regex"):
        predicted = reference.load(name, documents)
        quotes = reference.load_evidence(name, documents)
        theirs = reference.summarise(
            [reference.score(d, predicted[d["doc_id"]]) for d in documents]
        )
        found = _differences(dataset, predicted, theirs)
        told = reference.score_evidence
        spans = [told(d, quotes.get(d["doc_id"], {})) for d in documents]
        ours = _quotes(dataset, quotes)
        if (ours.right, ours.wrong, ours.missed) != tuple(map(sum, zip(*spans, strict=True))):
            found.append("evidence")
        print(f"{name}: {len(theirs) - 3} fields, {len(found)} of their figures differ", *found)
        apart += len(found)
    return 1 if apart else 0


def _differences(
    dataset: Dataset, predicted: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[str]:
    table = Table.of({d.doc_id: count(d, predicted[d.doc_id]) for d in dataset.documents()})
    whole = summary(table)
    pairs = {
        "_value_macro_F1": whole.macro_f1,
        "_clause_presence_macro_F1": whole.clause_f1,
        "_nli_macro_F1": whole.choice_f1,
    }
    found = [name for name, ours in pairs.items() if not _is_close(ours, theirs[name])]
    fields = {field.field: field for field in field_scores(table)}
    print(f"  macro-F1 {whole.macro_f1:.3f}, clauses {whole.clause_f1:.3f}", end=" ")
    print(f"choices {whole.choice_f1:.3f}")
    for name, figures in theirs.items():
        if not isinstance(figures, dict):
            continue
        own = cast("Mapping[str, Any]", figures)
        if own["n_gold"] or own["n_absent"]:
            found += [] if _are_close(fields.get(name), own) else [name]
    return found


def _are_close(ours: FieldScore | None, theirs: Mapping[str, Any]) -> bool:
    if ours is None:
        return False
    figures = {"P": ours.precision, "R": ours.recall, "F1": ours.f1}
    rate = ours.hallucination_rate
    return (
        all(_is_close(figure, theirs[name]) for name, figure in figures.items())
        and _is_close(rate, theirs["halluc"])
        and (ours.gold, ours.absent) == (theirs["n_gold"], theirs["n_absent"])
    )


def _is_close(ours: float | None, theirs: float | None) -> bool:
    return ours == theirs or (
        ours is not None and theirs is not None and abs(ours - theirs) < _CLOSE
    )


def _quotes(dataset: Dataset, quotes: Mapping[str, Any]) -> QuoteCounts:
    counted = (count_quotes(d, quotes.get(d.doc_id, {})) for d in dataset.documents())
    return sum(counted, QuoteCounts())


def _reference(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score_reference", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())

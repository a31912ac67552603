"""Passages mode on real contracts: `python -m benchmarks.passage_recall DATA`.

DATA is a folder with `contracts.jsonl`: texts and spans of human evidence by field. For contracts
that are longer than the budget it prints how many of the labelled fields have evidence that is
shown, and the share of the text that is. Fields are looked for by `Contract`'s descriptions where
that has them, else by their names alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, create_model

from extractor.calls.metering.tokens import TokenCounter
from extractor.calls.steps import Target
from extractor.documents import Document, read_document
from extractor.documents.chunking import coverage_of
from extractor.documents.passages import passages
from extractor.schemas import Contract
from extractor.types import Span
from extractor.wire.compile import compile_schema
from extractor.wire.queries import queries

_BUDGETS = (2_000, 4_000, 8_000)
_MODEL = Target("openai", "gpt-5.4-mini")


def main() -> int:
    """Print a line for each budget, and the fields that are missed most."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--source", default="cuad", help="the corpus, as `source` names it")
    options = parser.parse_args()
    lines = (options.data / "contracts.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    rows = [row for row in map(json.loads, lines) if row["source"].startswith(options.source)]
    documents = [(read_document(row["text"]), row) for row in rows if row["evidence"]]
    print(f"{'budget':>8}{'contracts':>11}{'fields':>8}{'shown':>8}{'of the text':>13}")
    missed = Counter[str]()
    for budget in _BUDGETS:
        missed = _trial(documents, budget)
    print("most missed at the last: " + ", ".join(f"{n} {k}" for n, k in missed.most_common(8)))
    return 0


def _trial(documents: Iterable[tuple[Document, Mapping[str, Any]]], budget: int) -> Counter[str]:
    tokens, missed = TokenCounter(), Counter[str]()
    contracts = fields = 0
    shares: list[float] = []
    for document, row in documents:
        evidence: Mapping[str, list[Mapping[str, Any]]] = row["evidence"]
        asked = queries(compile_schema(_schema(row["gold"])))
        found = passages(
            document, asked, budget=budget, count=lambda text: tokens.text(text, _MODEL)
        )
        if found is None:
            continue
        contracts += 1
        fields += len(evidence)
        shares.append(coverage_of(found.spans, document).share)
        missed.update(n for n, spans in evidence.items() if not _is_shown(spans, found.spans))
    shown, share = 1 - missed.total() / fields, sum(shares) / contracts
    print(f"{budget:>8,}{contracts:>11}{fields:>8}{shown:>8.1%}{share:>13.1%}")
    return missed


def _schema(names: Iterable[str]) -> Any:
    about = {name: info.description for name, info in Contract.model_fields.items()}
    fields: dict[str, Any] = {
        name: (str | None, Field(default=None, description=about.get(name))) for name in names
    }
    return create_model("Asked", **fields)


def _is_shown(evidence: Iterable[Mapping[str, Any]], spans: Iterable[Span]) -> bool:
    """Whether half of one of a field's spans is shown, at least."""
    shown = [*spans]
    for span in evidence:
        start, end = span["start"], span["end"]
        inside = sum(max(0, min(end, s.end) - max(start, s.start)) for s in shown)
        if 2 * inside >= end - start:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())

"""How long scoring takes where it could take long: a document of 500,000 characters, 400 fields.

    python -m benchmarks.eval_speed

Prints the seconds of scoring 20 long documents with 40 quotes each, and 100 documents with 400
fields each, intervals and a comparison of two runs included.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.composed_contracts import contract
from extractor.evaluation.comparing import compare
from extractor.evaluation.datasets import Dataset, GoldDocument
from extractor.evaluation.datasets.gold import labelled
from extractor.evaluation.intervals import field_intervals
from extractor.evaluation.predictions import Prediction
from extractor.evaluation.scoring import Scored, score

_LONG, _QUOTES, _LENGTH = 20, 40, 500_000
_MANY, _FIELDS = 100, 400


def main() -> int:
    """Score both, and print what it took."""
    long, quoted = _long_documents()
    began = time.perf_counter()
    found = score(long, quoted)
    seconds = time.perf_counter() - began
    print(f"{_LONG} documents of {_LENGTH:,} characters, {_QUOTES} quotes each: {seconds:.1f} s")
    wide, first, second = _wide_documents()
    began = time.perf_counter()
    one, other = score(wide, first), score(wide, second)
    intervals = field_intervals(one.table)
    compared = compare(one.table, other.table)
    seconds = time.perf_counter() - began
    print(f"{_MANY} documents of {_FIELDS} fields, two runs compared: {seconds:.1f} s")
    return 0 if _are_whole(found, len(intervals), len(compared.fields)) else 1


def _are_whole(found: Scored, intervals: int, compared: int) -> bool:
    return found.quotes.located == _LONG * _QUOTES and intervals == compared == _FIELDS


def _long_documents() -> tuple[Dataset, dict[str, Prediction]]:
    text = contract(1, sections=40)
    while len(text) < _LENGTH:
        text += contract(len(text), sections=40)
    text = text[:_LENGTH]
    chance = random.Random(7)
    starts = [chance.randrange(_LENGTH - 200) for _ in range(_QUOTES)]
    spans = [{"text": text[n : n + 120], "start": n, "end": n + 120} for n in starts]
    names = [f"d{number}" for number in range(_LONG)]
    told = {"term": "P1Y"}
    evidence = {"term": spans}

    def documents() -> Iterator[GoldDocument]:
        for name in names:
            yield GoldDocument.model_validate(
                {
                    "doc_id": name,
                    "gold": told,
                    "gold_status": labelled(told),
                    "evidence": evidence,
                    "text": text,
                }
            )

    quotes = [str(span["text"]) for span in spans]
    predictions = {
        name: Prediction(doc_id=name, fields=told, evidence={"term": quotes}) for name in names
    }
    return Dataset("long", Path(), "", documents), predictions


def _wide_documents() -> tuple[Dataset, dict[str, Prediction], dict[str, Prediction]]:
    chance = random.Random(8)
    gold = {f"field_{n}": f"P{n % 20 + 1}Y" for n in range(_FIELDS)}
    names = [f"d{number}" for number in range(_MANY)]

    def documents() -> Iterator[GoldDocument]:
        for name in names:
            yield GoldDocument(doc_id=name, gold=gold, gold_status=labelled(gold))

    def predicted(share: float) -> dict[str, Prediction]:
        def fields() -> dict[str, Any]:
            return {name: v if chance.random() < share else "P99Y" for name, v in gold.items()}

        return {name: Prediction(doc_id=name, fields=fields()) for name in names}

    return Dataset("wide", Path(), "", documents), predicted(0.8), predicted(0.85)


if __name__ == "__main__":
    sys.exit(main())

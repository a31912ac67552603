"""A labelled contract, for tests of scores."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extractor.evaluation.counting import Counts, Row, count
from extractor.evaluation.datasets import Dataset, GoldDocument

TEXT = (
    "The parties are Oak Row LLC and Brightwater Books Inc. The laws of Utah apply. Laws of Utah."
)


FEE = {"amount": "5000", "currency": "USD"}


YEARLY = {"kind": "fixed", "duration": "P1Y"}


def labelled(gold: Mapping[str, Any], **status: str) -> GoldDocument:
    return GoldDocument.model_validate(
        {
            "doc_id": "d",
            "gold": gold,
            "gold_status": {name: status.get(name, "value") for name in gold},
            "text": TEXT,
            "evidence": {"governing_law": [{"text": "The laws of Utah", "start": 55, "end": 71}]},
        }
    )


def dataset_of(*documents: GoldDocument) -> Dataset:
    return Dataset("d", Path("d"), "00", lambda: iter(documents))


def counted(gold: Any, given: Any, field: str = "field", status: str = "value") -> Counts:
    return count(labelled({field: gold}, **{field: status}), {field: given})[Row(field)]

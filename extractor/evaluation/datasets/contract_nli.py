"""ContractNLI as it is published: `dev.json`, `test.json` (Koreeda and Manning, EMNLP 2021).

Seventeen statements about a non-disclosure agreement, each entailed, contradicted or not mentioned,
with the spans of the text that say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractor.evaluation.datasets.gold import GoldDocument, GoldSpan

_CHOICES = {
    "Entailment": "entailment",
    "Contradiction": "contradiction",
    "NotMentioned": "not_mentioned",
}


def contract_nli(data: dict[str, Any], path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a release; fields are named by the statements' short descriptions."""
    names = {
        key: re.sub(r"\W+", "_", label["short_description"].lower()).strip("_")
        for key, label in data["labels"].items()
    }
    for document in data["documents"]:
        text, spans = document["text"], document["spans"]
        gold: dict[str, Any] = {}
        evidence: dict[str, list[GoldSpan]] = {}
        for key, said in document["annotation_sets"][0]["annotations"].items():
            gold[names[key]] = _CHOICES[said["choice"]]
            evidence[names[key]] = [
                GoldSpan(text=text[start:end], start=start, end=end)
                for start, end in (spans[number] for number in said["spans"])
            ]
        yield GoldDocument(
            doc_id=f"{path.stem}-{document['id']}",
            gold=gold,
            gold_status=dict.fromkeys(gold, "value"),
            evidence={name: each for name, each in evidence.items() if each},
            text=text,
            source="contract-nli",
            contract_type="nda",
            split=path.stem,
            license="CC-BY-4.0",
        )

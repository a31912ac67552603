"""CUAD as it is published: `CUAD_v1.json`, spans for 41 categories in the form of SQuAD 2.0.

The file marks words and gives no values (those are in a table beside it). So a clause is there or
not; a title, date or law is taken where its words can be read in one way, and else only its
evidence is scored. Names and aliases of parties are not told apart: evidence only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from extractor.evaluation.datasets.gold import GoldDocument, GoldSpan, GoldStatus
from extractor.normalizers import read_date, read_jurisdiction

_WORDS_ALONE = ("parties", "renewal_term", "notice_period_to_terminate_renewal")
_RENAMED = {"notice_period_to_terminate_renewal": "renewal_notice_period"}


def cuad(data: dict[str, Any], path: Path) -> Iterator[GoldDocument]:
    """Yield the contracts of a release."""
    for contract in data["data"]:
        title: str = contract["title"]
        for number, paragraph in enumerate(contract["paragraphs"]):
            gold: dict[str, Any] = {}
            statuses: dict[str, GoldStatus] = {}
            evidence: dict[str, list[GoldSpan]] = {}
            for question in paragraph["qas"]:
                name = category_id(question["id"].rpartition("__")[2])
                spans = [_span(answer) for answer in question["answers"]]
                gold[name], statuses[name] = _label(name, [span.text for span in spans])
                if spans:
                    evidence[name] = spans
            yield GoldDocument(
                doc_id=title if len(contract["paragraphs"]) == 1 else f"{title}-{number}",
                gold=gold,
                gold_status=statuses,
                evidence=evidence,
                text=paragraph["context"],
                source="cuad-v1",
                split=path.stem,
                license="CC-BY-4.0",
            )


def category_id(category: str) -> str:
    """Return the name that a category has as a field.

    >>> category_id("Unlimited/All-You-Can-Eat-License")
    'unlimited_all_you_can_eat_license'
    """
    name = re.sub(r"\W+", "_", category.lower()).strip("_")
    return _RENAMED.get(name, name)


def _span(answer: dict[str, Any]) -> GoldSpan:
    start, text = answer["answer_start"], answer["text"]
    return GoldSpan(text=text, start=start, end=start + len(text))


def _label(name: str, words: Sequence[str]) -> tuple[Any, GoldStatus]:
    reader = _READERS.get(name)
    if reader is None:
        if name in _WORDS_ALONE or name in _RENAMED.values():
            return None, "unresolved" if words else "absent_soft"
        return bool(words), "value"
    if not words:  # nothing is marked, which a careful reader need not agree with
        return None, "absent_soft"
    values = [reader(each) for each in dict.fromkeys(words)]
    if None in values:
        return None, "unresolved"
    if name == "governing_law":
        return list({law["code"]: law for law in values}.values()), "value"
    return (values[0], "value") if len(set(values)) == 1 else (None, "complex")


def _date(words: str) -> str | None:
    reading = read_date(words)
    return reading.value.isoformat() if reading is not None and reading.value else None


def _law(words: str) -> dict[str, str] | None:
    reading = read_jurisdiction(words)
    if reading is None or reading.code is None:
        return None
    return {"name": words, "code": reading.code}


_READERS: dict[str, Callable[[str], Any]] = {
    "document_name": lambda words: words,
    "agreement_date": _date,
    "effective_date": _date,
    "expiration_date": _date,
    "governing_law": _law,
}

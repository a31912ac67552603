"""Copies in which other words still say what a label was: it is not scored there."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.evaluation.counterfactual import counterfactual
from extractor.evaluation.datasets import GoldDocument
from extractor.evaluation.datasets.gold import labelled

ENGLAND = [{"name": "England", "code": "GB-ENG"}]
NEW_YORK = [{"name": "New York", "code": "US-NY"}]


def copied(text: str, **gold: Any) -> GoldDocument:
    document = GoldDocument(doc_id="d", gold=gold, gold_status=labelled(gold), text=text)
    copy = counterfactual(document)
    assert copy is not None
    return copy


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("English law governs. Acme, London, England.", {"governing_law": ENGLAND}),
        ("governed by N.Y. law; 5 Wall St, New York", {"governing_law": NEW_YORK}),
        ("the fourth of March, two thousand and nineteen (2019)", {"signing_date": "2019-03-04"}),
        ("dated 04-MAR-19, form 2019-B", {"effective_date": "2019-03-04"}),
    ],
)
def test_what_still_stands_in_other_words_is_not_scored(text: str, gold: dict[str, Any]) -> None:
    assert set(copied(text, **gold).gold_status.values()) == {"unresolved"}


def test_a_law_that_is_written_in_one_way_is_scored() -> None:
    copy = copied("the laws of England", governing_law=ENGLAND)
    assert copy.gold_status == {"governing_law": "value"}
    assert "England" not in (copy.text or "")


def test_a_name_of_one_letter_stays() -> None:
    text = "A (the seller) sells a car."
    assert copied(text, parties=[{"name": "A"}]).text == text

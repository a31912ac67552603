"""CUAD's release: clauses by their presence, values where words can be read in one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from extractor.about import about
from extractor.evaluation.datasets import GoldDocument
from extractor.evaluation.datasets.cuad import category_id, cuad
from extractor.schemas.cuad import Cuad

TEXT = (
    "SUPPLY AGREEMENT dated March 4, 2019 (4 March 2019) between A and B. Either may audit the "
    "other. The laws of Utah apply: Utah. It runs until 3/4/2020, or until May 1, 2021."
)


def paragraph(words: Mapping[str, Sequence[str]], title: str = "T") -> dict[str, Any]:
    return {
        "context": TEXT,
        "qas": [
            {
                "id": f"{title}__{category}",
                "question": f'Highlight the parts related to "{category}"',
                "answers": [{"text": each, "answer_start": TEXT.index(each)} for each in marked],
                "is_impossible": not marked,
            }
            for category, marked in words.items()
        ],
    }


def read(words: Mapping[str, Sequence[str]]) -> GoldDocument:
    release = {"version": "1", "data": [{"title": "T", "paragraphs": [paragraph(words)]}]}
    (found,) = cuad(release, Path("CUAD_v1.json"))
    return found


@pytest.mark.parametrize(
    ("category", "words", "gold", "status"),
    [
        ("Audit Rights", ["Either may audit the other"], True, "value"),
        ("Audit Rights", [], False, "value"),
        ("Document Name", ["SUPPLY AGREEMENT"], "SUPPLY AGREEMENT", "value"),
        ("Document Name", ["SUPPLY AGREEMENT", "SUPPLY"], None, "complex"),
        ("Agreement Date", ["March 4, 2019", "4 March 2019"], "2019-03-04", "value"),
        ("Agreement Date", ["March 4, 2019", "May 1, 2021"], None, "complex"),
        ("Expiration Date", ["3/4/2020"], None, "unresolved"),
        ("Expiration Date", ["May 1, 2021", "3/4/2020"], None, "unresolved"),
        ("Effective Date", [], None, "absent_soft"),
        ("Governing Law", ["A and B"], None, "unresolved"),
        ("Governing Law", [], None, "absent_soft"),
        ("Parties", ["A and B"], None, "unresolved"),
        ("Renewal Term", [], None, "absent_soft"),
        ("Renewal Term", ["until May 1, 2021"], None, "unresolved"),
        ("Notice Period To Terminate Renewal", ["until"], None, "unresolved"),
    ],
)
def test_a_label_is_what_the_marked_words_say(
    category: str, words: Sequence[str], gold: Any, status: str
) -> None:
    found = read({category: words})
    name = category_id(category)
    assert (found.gold[name], found.gold_status[name]) == (gold, status)


def test_a_law_that_is_marked_twice_is_one() -> None:
    found = read({"Governing Law": ["laws of Utah", "Utah"]})
    (law,) = found.gold["governing_law"]
    assert law["code"] == "US-UT"
    assert found.gold_status["governing_law"] == "value"


def test_the_marked_words_are_evidence_where_they_stand() -> None:
    found = read({"Parties": ["A and B"], "Insurance": []})
    (span,) = found.evidence["parties"]
    assert found.text is not None
    assert found.text[span.start : span.end] == span.text == "A and B"
    assert "insurance" not in found.evidence


def test_paragraphs_of_one_contract_are_told_apart() -> None:
    paragraphs = [paragraph({"Insurance": []})] * 2
    data = [{"title": "T", "paragraphs": paragraphs}, {"title": "U", "paragraphs": paragraphs[:1]}]
    found = [*cuad({"data": data}, Path("data/test.json"))]
    assert [each.doc_id for each in found] == ["T-0", "T-1", "U"]
    assert {(each.source, each.split) for each in found} == {("cuad-v1", "test")}


def test_a_title_with_underscores_hides_no_category() -> None:
    told = paragraph({"Ip Ownership Assignment": []}, title="A__B_AGREEMENT")
    (found,) = cuad({"data": [{"title": "A__B", "paragraphs": [told]}]}, Path("CUAD_v1.json"))
    assert found.gold == {"ip_ownership_assignment": False}


def test_every_category_is_a_field_of_the_schema() -> None:
    said = {name: about(field) for name, field in Cuad.model_fields.items()}
    categories = {name: each.cuad for name, each in said.items() if each and each.cuad}
    assert len(categories) == 40
    assert {name: category_id(each) for name, each in categories.items()} == {
        name: name for name in categories
    }
    assert category_id("Renewal Term") in Cuad.model_fields.keys() - categories.keys()

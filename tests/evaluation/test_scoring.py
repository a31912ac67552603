"""Scores of predictions: each outcome counted as it should be, and nothing left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import DocumentError
from extractor.evaluation.counting import Counts, Row, count, is_right
from extractor.evaluation.datasets import GoldDocument, load_dataset
from extractor.evaluation.matching import matched
from extractor.evaluation.predictions import Prediction, read_predictions
from extractor.evaluation.quotes import count_quotes, jaccard
from extractor.evaluation.scores import Table, field_scores, summary
from extractor.evaluation.scoring import score

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
            "evidence": {"governing_law": [{"text": "The laws of Utah", "start": 56, "end": 72}]},
        }
    )


def counted(gold: Any, given: Any, field: str = "field", status: str = "value") -> Counts:
    return count(labelled({field: gold}, **{field: status}), {field: given})[Row(field)]


@pytest.mark.parametrize(
    ("field", "gold", "given", "right"),
    [
        ("term", "P1Y", "P12M", True),
        ("term", "P30D", "P1M", False),
        ("term", "P2W", "P14D", True),
        ("effective_date", "2024-02-03", "2024-02-03", True),
        ("effective_date", "2024-02-03", "2024-02-04", False),
        ("expiration_date", "2024-02-03", "2024-02-04", True),
        ("effective_date", "2015-XX-XX", "2015-07-08", True),
        ("effective_date", "2015-XX-XX", "2016-07-08", False),
        ("governing_law", [{"name": "New York", "code": "US-NY"}], ["New York"], True),
        ("governing_law", [{"name": "New York", "code": "US-NY"}], [{"code": "US-NJ"}], False),
        ("commitment", FEE, {"amount": 5000.001, "currency": "USD"}, True),
        ("commitment", FEE, {"amount": "5000", "currency": "EUR"}, False),
        ("renewal_term", YEARLY, {"kind": "fixed", "duration": "P12M"}, True),
        ("document_name", "SUPPLY AGREEMENT", "Supply Agreement", True),
        ("days", 30, "30", True),
    ],
)  # fmt: skip
def test_values_are_compared_by_their_kind(field: str, gold: Any, given: Any, right: bool) -> None:
    counts = counted(gold, given, field)
    assert (counts.right, counts.given, counts.gold) == (int(right), 1, 1)


def test_parties_are_a_set_whose_items_count() -> None:
    gold = [
        {"name": "Oak Row", "in_text": "Oak Row Properties LLC"},
        {"name": "Brightwater Books Inc."},
    ]
    given = ["BRIGHTWATER BOOKS, INC.", {"name": "Oak Row Properties, L.L.C."}, "The Landlord"]
    assert counted(gold, given, "parties") == Counts(right=2, given=3, gold=2)
    assert counted(gold, given, "parties", "partial") == Counts(right=2, given=2, gold=2)


@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_is_omitted_where_there_is_gold_and_right_where_there_is_none(nothing: Any) -> None:
    assert counted("P1Y", nothing, "term") == Counts(gold=1)
    assert counted(None, nothing, "term", "absent") == Counts(absent=1)


def test_a_value_for_what_is_absent_is_a_hallucination() -> None:
    assert counted(None, "P1Y", "term", "absent") == Counts(given=1, invented=1, absent=1)


@pytest.mark.parametrize(
    "status", ["absent_soft", "unresolved", "complex", "disputed", "free_text"]
)
def test_what_cannot_be_scored_is_not(status: str) -> None:
    assert count(labelled({"term": None}, term=status), {"term": "P1Y"}) == {}


def test_clauses_count_by_their_presence_and_choices_by_each_label() -> None:
    gold = {"audit": True, "insurance": False, "survival": "entailment"}
    given = {"audit": True, "insurance": True, "survival": "contradiction"}
    table = Table.of({"d": count(labelled(gold), given)})
    scores = {field.field: field for field in field_scores(table)}
    assert (scores["audit"].f1, scores["insurance"].f1) == (1.0, 0.0)
    assert scores["insurance"].precision == 0.0
    assert scores["survival"].kind == "choice"
    assert set(scores["survival"].labels or {}) == {"entailment"}
    assert summary(table).clause_f1 == 1.0  # of those clauses that are there


def test_a_one_is_no_true() -> None:
    document = labelled({"audit": True})
    assert count(document, {"audit": 1})[Row("audit", "true")] == Counts(gold=1)


def test_a_document_without_a_prediction_has_omitted_everything(tmp_path: Path) -> None:
    lines = [json.dumps(labelled({"term": "P1Y"}).model_dump() | {"doc_id": n}) for n in "ab"]
    (tmp_path / "contracts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = score(
        load_dataset(tmp_path),
        {n: Prediction(doc_id=n, fields={"term": "P1Y"}) for n in ("a", "elsewhere")},
    )
    assert (found.missing, found.unknown) == (("b",), ("elsewhere",))
    told = summary(found.table)
    assert (told.documents, told.strict_accuracy, told.omission_rate) == (2, 0.5, 0.5)
    assert field_scores(found.table)[0].recall == 0.5


@given(
    edges=st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=5),
)
def test_matching_is_as_large_as_can_be(edges: list[list[bool]]) -> None:
    found = matched(range(len(edges)), range(4), lambda i, j: edges[i][j])
    ways = product(*[[j for j in range(4) if row[j]] + [None] for row in edges])
    most = max(
        sum(j is not None for j in way)
        for way in ways
        if len({j for j in way if j is not None}) == sum(j is not None for j in way)
    )
    assert found == most


def test_right_is_a_document_with_everything_right_and_nothing_beside() -> None:
    document = labelled({"term": "P1Y", "fee": None}, fee="absent")
    assert is_right(count(document, {"term": "P12M"}))
    assert not is_right(count(document, {"term": "P12M", "fee": 3}))
    assert not is_right(count(document, {}))


def test_quotes_are_held_against_the_marked_words_and_the_document() -> None:
    document = labelled({"governing_law": [{"code": "US-UT"}]})
    counts = count_quotes(
        document, {"governing_law": ["the laws of Utah apply", "the laws of Ohio"]}
    )
    assert (counts.right, counts.missed, counts.wrong) == (1, 0, 0)  # Ohio shares three words
    assert (counts.quoted, counts.located) == (2, 1)
    assert counts.found_rate == 0.5
    assert counts.overlap is not None
    assert counts.overlap > 0.6
    assert count_quotes(document, {}).missed == 1


def test_of_several_places_of_a_quote_the_one_that_fits_counts() -> None:
    document = labelled({"governing_law": [{"code": "US-UT"}]})
    counts = count_quotes(document, {"governing_law": ["aws of Utah"]})
    assert counts.common == len("aws of Utah")


def test_jaccard_is_cuads() -> None:
    assert jaccard("a b", "a b") == 1.0
    assert jaccard("A/b, c.", "a b c") == 1.0
    assert jaccard("a", "b") == 0.0


def write(path: Path, *lines: Any) -> Path:
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('{"doc_id": "a"}', "line 1: fields"),
        ('{"doc_id": "a", "fields": {}}\n' * 2, "there twice"),
    ],
)
def test_broken_predictions_are_told_by_their_line(lines: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(lines, encoding="utf-8")
    with pytest.raises(DocumentError, match=told):
        read_predictions(tmp_path / "p.jsonl")
    with pytest.raises(DocumentError, match="can't be read"):
        read_predictions(tmp_path / "nowhere.jsonl")


def test_a_broken_data_set_is_told_by_its_line(tmp_path: Path) -> None:
    write(tmp_path / "contracts.jsonl", {"doc_id": "a", "gold": {}})
    with pytest.raises(DocumentError, match="line 1: gold_status"):
        list(load_dataset(tmp_path).documents())
    with pytest.raises(DocumentError, match="no data set"):
        load_dataset(tmp_path / "nowhere")

"""Scores of predictions: each outcome counted as it should be, and nothing left out."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import DocumentError
from extractor.evaluation.asked import Asked
from extractor.evaluation.counting import PROSE, Counts, Row, count, is_right, outcomes
from extractor.evaluation.datasets import load_dataset
from extractor.evaluation.intervals import field_intervals
from extractor.evaluation.matching import matched
from extractor.evaluation.predictions import Prediction, read_predictions
from extractor.evaluation.quotes import count_quotes, jaccard
from extractor.evaluation.scorers import same_prose
from extractor.evaluation.scores import Table, field_scores, summary
from extractor.evaluation.scoring import score
from tests.evaluation.labels import counted, dataset_of, labelled


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


def test_a_value_for_what_is_absent_is_a_hallucination_and_a_no_is_none() -> None:
    assert counted(None, "P1Y", "term", "absent") == Counts(given=1, invented=1, absent=1)
    assert counted(None, False, "audit", "absent") == Counts(absent=1)


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


@pytest.mark.parametrize(
    ("gold", "status", "given", "outcome"),
    [
        ("P1Y", "value", "P12M", "correct"),
        ("P1Y", "value", "P2Y", "wrong"),
        ("P1Y", "value", None, "omitted"),
        (None, "absent", None, "true_null"),
        (None, "absent", "P1Y", "hallucinated"),
        (["a", "b"], "value", ["b", "a"], "correct"),
        (["a", "b"], "value", ["a"], "partly"),
        (["a", "b"], "value", ["a", "b", "other"], "partly"),
        (["a", "b"], "partial", ["a", "b", "other"], "correct"),
        (["a", "b"], "partial", ["a"], "partly"),
        (["a", "b"], "value", ["c"], "wrong"),
        (["a", "b"], "value", [], "omitted"),
        (True, "value", True, "correct"),
        (True, "value", False, "wrong"),
        (False, "value", False, "correct"),
        (False, "value", None, "omitted"),
        ("entailment", "value", "contradiction", "wrong"),
        ("a b c", "free_text", "c b a", "correct"),
        ("a b c", "free_text", "x", "wrong"),
    ],
)
def test_what_becomes_of_a_field_is_one_of_six(
    gold: Any, status: str, given: Any, outcome: str
) -> None:
    found = outcomes(count(labelled({"field": gold}, field=status), {"field": given}))
    assert found == {"field": outcome}


def test_prose_is_counted_apart() -> None:
    document = labelled({"use": "For the works.", "term": "P1Y"}, use="free_text")
    wrong = count(document, {"use": "Dividends alone", "term": "P1Y"})
    assert wrong[Row("use", PROSE)] == Counts(right=0, given=1, gold=1)
    assert is_right(wrong)
    told = summary(Table.of({"d": wrong}))
    assert (told.macro_f1, told.micro_f1, told.strict_accuracy) == (1.0, 1.0, 1.0)
    use, term = (field_scores(Table.of({"d": wrong}))[n] for n in (1, 0))
    assert (use.field, use.kind, use.f1) == ("use", "prose", 0.0)
    assert (term.field, term.kind, term.f1) == ("term", "value", 1.0)


def test_a_field_that_its_schema_calls_prose_is_counted_as_such() -> None:
    document = labelled({"use": "For the works."})
    found = count(document, {"use": "the works"}, Asked(scorers={"use": same_prose}))
    assert found == {Row("use", PROSE): Counts(right=1, given=1, gold=1)}


def test_a_document_without_an_answer_is_never_right_and_invents_nothing() -> None:
    document = labelled({"term": None}, term="absent")
    found = score(dataset_of(document), {})
    assert (found.table.right, summary(found.table).strict_accuracy) == ((False,), 0.0)
    assert summary(found.table).hallucination_rate is None


def test_a_document_without_an_answer_is_like_no_gold_and_one_without_labels_counts_nowhere() -> (
    None
):
    document = labelled({"term": None}, term="absent")
    unlabelled = labelled({"term": None}, term="unresolved").model_copy(update={"doc_id": "e"})
    found = score(dataset_of(document, unlabelled), {})
    assert found.anls == 0.0
    answered = {n: Prediction(doc_id=n, fields={}) for n in "de"}
    assert summary(score(dataset_of(document, unlabelled), answered).table).strict_accuracy == 1.0
    assert summary(score(dataset_of(unlabelled), {}).table).strict_accuracy == 0.0
    only = score(dataset_of(unlabelled), {"e": answered["e"]})
    assert summary(only.table).strict_accuracy is None


def test_what_is_absent_counts_with_what_its_field_is() -> None:
    present = labelled({"audit": True, "use": "The works."}, use="free_text")
    absent = labelled({"audit": None, "use": None}, audit="absent", use="absent")
    absent = absent.model_copy(update={"doc_id": "e"})
    said = {n: Prediction(doc_id=n, fields={"audit": True, "use": "The works."}) for n in "de"}
    told = summary(score(dataset_of(present, absent), said).table)
    assert (told.micro_f1, told.hallucination_rate) == (None, None)
    assert told.clause_f1 == pytest.approx(2 / 3)
    assert told.strict_accuracy == 0.5


def test_where_nothing_is_labelled_there_is_no_mean() -> None:
    absent = count(labelled({"term": None}, term="absent"), {"term": None})
    no_clause = count(labelled({"audit": False}), {"audit": False})
    told = summary(Table.of({"a": absent | no_clause}))
    assert (told.macro_f1, told.micro_f1, told.clause_f1) == (None, None, None)
    assert told.strict_accuracy == 1.0


def test_a_rare_clause_that_is_always_right_has_no_interval_down_to_nought() -> None:
    every = {str(n): count(labelled({"audit": n == 0}), {"audit": n == 0}) for n in range(30)}
    found = field_intervals(Table.of(every))["audit"]
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)


def test_quotes_of_a_document_without_marks_are_wrong_where_others_have_some() -> None:
    marked = labelled({"governing_law": "Utah"}).model_copy(update={"doc_id": "a"})
    bare = marked.model_copy(update={"doc_id": "b", "evidence": {}})
    given = {
        name: Prediction(doc_id=name, fields={}, evidence={"governing_law": ["The laws of Utah"]})
        for name in "ab"
    }
    assert score(dataset_of(marked, bare), given).quotes.precision == 0.5
    assert score(dataset_of(bare), given).quotes.f1 is None


def test_some_documents_of_a_table_keep_their_counts() -> None:
    given = {"a": "P1Y", "b": "P2Y", "c": "P3Y"}
    told = {n: count(labelled({n: "P1Y", "term": "P1Y"}), {"term": g}) for n, g in given.items()}
    table = Table.of(told)
    part = table.of_documents({"c", "a", "unknown"})
    assert part.documents == ("a", "c")
    assert part.rows == (Row("a"), Row("c"), Row("term"))
    whole = Table.of({n: told[n] for n in ("a", "c")})
    assert (part.rows, part.right) == (whole.rows, whole.right)
    assert (part.counts == whole.counts).all()
    assert summary(part).micro_f1 == summary(whole).micro_f1


def test_a_table_without_documents_has_no_scores() -> None:
    none = Table.of({"d": count(labelled({"term": "P1Y"}), {})}).of_documents(())
    for table in (none, Table.of({})):
        told = summary(table)
        assert (told.documents, told.macro_f1, told.omission_rate) == (0, None, None)
        assert field_scores(table) == []


@pytest.mark.parametrize(
    ("gold", "status", "kind"),
    [(True, "value", "clause"), ("a b", "free_text", "prose"), ("entailment", "value", "choice")],
)
def test_a_field_that_some_documents_lack_is_scored_as_what_it_is(
    gold: Any, status: str, kind: str
) -> None:
    documents = {"a": labelled({"f": gold}, f=status), "b": labelled({"f": None}, f="absent")}
    table = Table.of({name: count(each, {"f": gold}) for name, each in documents.items()})
    (found,) = field_scores(table)
    assert (found.kind, found.f1, found.right, found.gold) == (kind, 1.0, 1, 1)
    assert (found.absent, found.hallucination_rate) == (1, 1.0)


def test_what_one_document_has_too_many_of_another_still_omits() -> None:
    gold = {"parties": ["Oak Row", "Alma Ruiz"]}
    given = {"a": ["Oak Row", "Alma Ruiz", "Us", "You"], "b": None}
    table = Table.of({n: count(labelled(gold), {"parties": each}) for n, each in given.items()})
    assert summary(table).omission_rate == 0.5


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

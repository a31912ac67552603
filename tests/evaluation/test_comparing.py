"""Comparisons of two runs: which is better, at what, and what chance would make of it."""

from __future__ import annotations

import pytest

from extractor.evaluation.comparing import Comparison, compare
from extractor.evaluation.counting import Counts, Row, count
from extractor.evaluation.datasets import GoldDocument
from extractor.evaluation.intervals import difference, holm, mcnemar
from extractor.evaluation.scores import Table, macro

TERM, LAW, YES = Row("term"), Row("law"), Row("audit", "true")
RIGHT, WRONG, OMITTED = Counts(1, 1, 1), Counts(0, 1, 1), Counts(0, 0, 1)


def run(term: str, law: str = "") -> Table:
    """A run in which a value is right (+), wrong (-) or omitted (.) in each document."""
    kinds = {"+": RIGHT, "-": WRONG, ".": OMITTED}
    rows = {TERM: term, LAW: law}
    return Table.of(
        {
            str(n): {row: kinds[said[n]] for row, said in rows.items() if said}
            for n in range(len(term))
        }
    )


def clauses(gold: str, given: str) -> Table:
    """A run that says of a clause that it is there (y), is not (n), or nothing (.)."""
    said = {"y": True, "n": False, ".": None}
    documents = [
        GoldDocument(
            doc_id=str(n),
            gold={"audit": said[label]},
            gold_status={"audit": "absent" if label == "." else "value"},
        )
        for n, label in enumerate(gold)
    ]
    return Table.of(
        {d.doc_id: count(d, {"audit": said[g]}) for d, g in zip(documents, given, strict=True)}
    )


def compared(first: Table, second: Table) -> Comparison:
    return compare(first, second, samples=400)


def test_a_run_does_not_differ_from_itself() -> None:
    same = run("++-.+", "+-+.-")
    found = compared(same, same)
    assert (found.documents, found.only_first, found.only_second) == (5, 0, 0)
    assert (found.wholes["macro_f1"].interval.value, found.wholes["micro_f1"].interval.value) == (
        0.0,
        0.0,
    )
    assert (found.wholes["macro_f1"].p_value, found.strict_p_value) == (1.0, 1.0)
    assert [(each.field, each.p_value) for each in found.fields] == [("law", 1.0), ("term", 1.0)]
    assert not any(each.is_significant for each in found.fields)


def test_the_better_run_is_better_where_it_is() -> None:
    found = compared(run("-" * 20, "+" * 20), run("+" * 20, "+" * 20))
    by_name = {each.field: each for each in found.fields}
    assert by_name["term"].f1 == (0.0, 1.0)
    term = by_name["term"].difference
    assert term is not None
    assert term.interval.value == 1.0
    assert by_name["term"].is_significant
    assert by_name["law"].f1 == (1.0, 1.0)
    assert not by_name["law"].is_significant
    assert found.wholes["macro_f1"].interval.value == pytest.approx(0.5)
    assert (found.only_first, found.only_second) == (0, 20)
    assert found.strict_p_value == mcnemar(0, 20)


def test_exchanging_the_runs_exchanges_the_sign() -> None:
    one, other = run("++-.+-", "+--.-+"), run("+-++++", "-++.+-")
    there, back = compared(one, other), compared(other, one)
    assert there.wholes["macro_f1"].interval.value == -back.wholes["macro_f1"].interval.value
    assert (there.only_first, there.only_second) == (back.only_second, back.only_first)
    assert there.strict_p_value == back.strict_p_value


def test_documents_with_every_field_right_are_told_apart() -> None:
    found = compared(run("++--", "+-+-"), run("+++-", "++--"))
    assert (found.only_first, found.only_second, found.strict_p_value) == (0, 1, 1.0)


def test_runs_of_other_documents_are_not_compared() -> None:
    with pytest.raises(ValueError, match="same documents"):
        compared(run("++"), Table.of({"x": {TERM: RIGHT}, "y": {TERM: RIGHT}}))
    with pytest.raises(ValueError, match="same documents"):
        compared(run("++"), run("+++"))


def test_p_values_are_adjusted_for_all_fields() -> None:
    first, second = run("+-" * 10, "-" * 20), run("++" * 10, "+" * 20)
    raw = [
        difference(first.with_rows([row]), second.with_rows([row]), macro, permutations=400).p_value
        for row in (LAW, TERM)
    ]
    found = compared(first, second).fields
    assert [each.p_value for each in found] == raw
    assert [each.adjusted for each in found] == holm(raw)


def test_clauses_are_compared_by_mcnemars_test() -> None:
    gold = "yyyyyyyynnnnnnnn"
    first, second = clauses(gold, "yyyynnnnnnnnyyyn"), clauses(gold, "yyyyyyyynnnnnnny")
    (found,) = compared(first, second).fields
    assert found.field == "audit"
    assert (found.apart, found.p_value) == ((1, 7), mcnemar(1, 7))
    assert found.difference is not None
    assert found.p_value != found.difference.p_value


def test_a_clause_that_is_rightly_called_absent_is_right() -> None:
    gold = "nnnnnnnn"
    (found,) = compared(clauses(gold, "yyyyyyyy"), clauses(gold, gold)).fields
    assert (found.difference, found.apart, found.p_value) == (None, (0, 8), mcnemar(0, 8))
    assert found.is_significant


def test_a_document_without_a_label_of_a_clause_says_nothing_about_it() -> None:
    bare = {str(n): {TERM: RIGHT} for n in range(8)} | {"x": {TERM: RIGHT, YES: RIGHT}}
    first, second = Table.of(bare), Table.of(bare, missing=[str(n) for n in range(8)])
    by_name = {each.field: each.apart for each in compared(first, second).fields}
    assert by_name["audit"] == (0, 0)


def test_a_clause_that_is_invented_is_wrong() -> None:
    gold = "y......"
    (found,) = compared(clauses(gold, "y......"), clauses(gold, "yyyyyyy")).fields
    assert found.p_value == mcnemar(6, 0)
    assert found.f1 == (1.0, 1.0)


def test_choices_are_compared_by_permutation() -> None:
    def choices(*given: str) -> Table:
        gold = ["entailment", "contradiction"] * (len(given) // 2)
        return Table.of(
            {
                str(n): count(
                    GoldDocument(doc_id="", gold={"use": g}, gold_status={"use": "value"}),
                    {"use": said},
                )
                for n, (g, said) in enumerate(zip(gold, given, strict=True))
            }
        )

    (found,) = compared(
        choices(*["entailment"] * 12), choices(*["entailment", "contradiction"] * 6)
    ).fields
    assert found.f1[1] == 1.0
    assert found.difference is not None
    assert found.difference.interval.value == pytest.approx(1 - found.f1[0])
    assert found.p_value == found.difference.p_value < 0.05

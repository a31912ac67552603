"""Intervals and tests: exact where they can be, and true to chance where they are drawn."""

from __future__ import annotations

import random
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.counting import Counts, Row
from extractor.evaluation.intervals import (
    Difference,
    Interval,
    by_field,
    difference,
    field_intervals,
    holm,
    interval,
    mcnemar,
)
from extractor.evaluation.scores import Table, field_scores, macro, micro

ROW = Row("term")


def table(*right: int, documents: str = "") -> Table:
    """A run in which so many of two values of each document are right."""
    names = [f"{documents}{n}" for n in range(len(right))]
    return Table.of({n: {ROW: Counts(r, 2, 2)} for n, r in zip(names, right, strict=True)})


def test_an_interval_lies_around_its_value_and_is_the_same_each_time() -> None:
    found = interval(table(*[2, 1, 0, 2, 2, 1, 0, 2] * 5), macro)
    assert found.low < found.value < found.high
    assert found == interval(table(*[2, 1, 0, 2, 2, 1, 0, 2] * 5), macro)
    assert found.value == pytest.approx(10 / 16)


def test_more_documents_make_it_narrower() -> None:
    few, many = (interval(table(*[2, 0] * n), micro) for n in (10, 160))
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(4, rel=0.2)


def test_where_nothing_varies_there_is_no_width() -> None:
    found = interval(table(2, 2, 2), macro)
    assert (found.low, found.value, found.high) == (1.0, 1.0, 1.0)


def test_a_run_does_not_differ_from_itself() -> None:
    same = table(2, 1, 0, 2)
    found = difference(same, same, macro)
    assert (found.interval.value, found.p_value) == (0.0, 1.0)
    assert not found.is_significant


def test_a_great_difference_is_significant_and_its_sign_says_who_is_better() -> None:
    found = difference(table(*[0] * 30), table(*[2] * 30), macro)
    assert found.interval.value == 1.0
    assert found.is_significant
    assert difference(table(*[2] * 30), table(*[0] * 30), macro).interval.value == -1.0


def test_p_values_of_runs_that_differ_by_chance_are_uniform() -> None:
    chance = random.Random(7)  # noqa: S311 - a simulation
    p_values: list[float] = []
    for seed in range(200):
        level = [chance.random() for _ in range(40)]
        one, other = (table(*[sum(chance.random() < p for _ in "ab") for p in level]) for _ in "xy")
        p_values.append(difference(one, other, micro, samples=400, seed=seed).p_value)
    below = [sum(p <= limit for p in p_values) for limit in (0.05, 0.25, 0.5, 0.75)]
    assert below[0] <= 18  # of 10 expected; more than that in one of a hundred tries
    assert all(
        abs(count - 200 * p) < 30 for count, p in zip(below[1:], (0.25, 0.5, 0.75), strict=True)
    )


def test_runs_of_other_documents_are_not_compared() -> None:
    with pytest.raises(ValueError, match="same documents"):
        difference(table(1, 2), table(1, 2, documents="other"), macro)


@given(st.integers(0, 30), st.integers(0, 30))
def test_mcnemar_is_the_exact_binomial_test(one: int, other: int) -> None:
    total = one + other
    observed = comb(total, one)
    exact = sum(comb(total, n) for n in range(total + 1) if comb(total, n) <= observed) / 2**total
    assert mcnemar(one, other) == pytest.approx(min(1.0, exact))


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_never_lowers_a_p_value_and_keeps_their_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))
    ranked = sorted(range(len(p_values)), key=lambda n: p_values[n])
    assert [adjusted[n] for n in ranked] == sorted(adjusted[n] for n in ranked)


def apart(
    standard_error: float, *, value: float = 0.0, documents: int = 1_000_000, differing: int = 0
) -> Difference:
    at = Interval(value, value, value)
    number = differing or documents
    return Difference(at, 1.0, standard_error, documents=documents, differing=number)


@given(st.floats(0.001, 0.5))
def test_what_is_detectable_grows_with_the_spread(standard_error: float) -> None:
    found = apart(standard_error).detectable
    if found is None:  # no figure is that far apart
        assert 2.8016 * standard_error > 1
    else:
        assert found == pytest.approx(2.8016 * standard_error, rel=1e-4)


def test_what_five_documents_would_show_is_nothing() -> None:
    few = [apart(0.01, documents=n) for n in (5, 6, 60)]
    assert few[0].detectable is None
    assert few[1].detectable == pytest.approx(0.0383, abs=1e-4)
    assert few[2].detectable == pytest.approx(0.0287, abs=1e-4)


def test_documents_that_do_not_differ_show_nothing_however_many_they_are() -> None:
    assert apart(0.01, documents=60, differing=5).detectable is None
    assert apart(0.01, documents=60, differing=6).detectable == pytest.approx(0.0287, abs=1e-4)


def test_what_is_invented_without_a_label_can_show_a_difference() -> None:
    found = apart(0.01, documents=1, differing=6).detectable
    assert found == apart(0.01, documents=6).detectable


def test_no_difference_is_told_to_show_that_is_smaller_than_one_that_may_be_chance() -> None:
    assert apart(0.01, value=-0.02).detectable == pytest.approx(0.028, abs=1e-4)
    assert apart(0.01, value=-0.03).detectable is None


@pytest.mark.parametrize(("differing", "least"), [(0, 1.0), (1, 1.0), (3, 0.25), (5, 0.0625)])
def test_a_p_value_is_never_below_that_of_all_exchanges(differing: int, least: float) -> None:
    better = [2 if n < differing else 1 for n in range(12)]
    for seed in range(20):
        found = difference(table(*[1] * 12), table(*better), macro, permutations=100, seed=seed)
        assert found.differing == differing
        assert found.p_value >= least


def test_a_document_that_differs_in_other_rows_makes_no_difference_of_these() -> None:
    first, second = (
        mixed({ROW: RIGHT, Row("a", "true"): RIGHT}, {ROW: each}) for each in (RIGHT, WRONG)
    )
    other = mixed({ROW: RIGHT, Row("a", "true"): OTHER}, {ROW: RIGHT})
    assert difference(first, second, macro).differing == 1
    assert difference(first, other, macro).differing == 0


def mixed(*documents: dict[Row, Counts]) -> Table:
    return Table.of({str(n): each for n, each in enumerate(documents)})


RIGHT, WRONG, OTHER = Counts(1, 1, 1), Counts(0, 0, 1), Counts(0, 1, 0)


def test_each_field_has_the_interval_of_its_own_f1() -> None:
    found = mixed(
        *[
            {ROW: Counts(n % 2, 1, 1), Row("fee"): RIGHT, Row("a", "true"): RIGHT}
            for n in range(20)
        ],
    )
    fields = field_intervals(found, samples=200)
    scores = {each.field: each.f1 for each in field_scores(found)}
    assert {name: each.value for name, each in fields.items()} == pytest.approx(scores)
    assert (fields["fee"].low, fields["fee"].high) == (1.0, 1.0)
    assert fields["term"].low < 0.5 < fields["term"].high
    assert fields == field_intervals(found, samples=200)


def test_a_clause_has_the_interval_of_its_presence() -> None:
    found = mixed(
        {Row("a", "true"): RIGHT, Row("a", "false"): Counts()},
        {Row("a", "true"): OTHER, Row("a", "false"): WRONG},
    )
    assert field_intervals(found, samples=50)["a"].value == pytest.approx(2 / 3)


def test_a_choice_has_the_mean_of_its_labels() -> None:
    found = mixed(
        {Row("c", "entailment"): RIGHT},
        {Row("c", "contradiction"): WRONG, Row("c", "entailment"): OTHER},
        {Row("c", "contradiction"): RIGHT},
    )
    value = field_intervals(found, samples=50)["c"].value
    assert value == pytest.approx((2 / 3 + 2 / 3) / 2)


@pytest.mark.parametrize("label", ["true", "text", "entailment"])
def test_a_field_that_some_documents_lack_has_the_interval_of_what_it_is(label: str) -> None:
    found = mixed({Row("f", label): RIGHT}, {Row("f"): Counts(absent=1)})
    assert field_intervals(found, samples=50)["f"].value == 1.0
    assert [name for name, _, _ in by_field(found)] == ["f"]

"""Calibration: what confidences are worth, with equal ones never told apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.calibration import Calibration, calibration
from extractor.evaluation.datasets import Dataset, GoldDocument
from extractor.evaluation.predictions import Prediction
from extractor.evaluation.scoring import score

JUDGED = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.7, 0.9, 1.0]), st.booleans()),
    min_size=1,
    max_size=60,
)


def judged(pairs: Sequence[tuple[float, bool]]) -> Calibration:
    found = calibration([sure for sure, _ in pairs], [right for _, right in pairs])
    assert found is not None
    return found


def test_without_confidences_there_is_nothing_to_judge() -> None:
    assert calibration([], []) is None


def test_perfect_confidences_are_sure_of_what_is_right() -> None:
    found = judged([(1.0, True)] * 6 + [(0.0, False)] * 4)
    assert (found.count, found.ece, found.brier, found.auroc) == (10, 0.0, 0.0, 1.0)
    assert found.accuracy_at == {0.5: 1.0, 0.8: 6 / 8, 0.9: 6 / 9}
    assert [(each.count, each.accuracy) for each in found.bins] == [(4, 0.0), (6, 1.0)]


def test_confidences_that_are_always_wrong_are_worse_than_none() -> None:
    found = judged([(1.0, False)] * 5 + [(0.0, True)] * 5)
    assert (found.ece, found.brier, found.auroc) == (1.0, 1.0, 0.0)
    assert found.accuracy_at[0.5] == 0.0


def test_one_confidence_for_all_tells_nothing_apart() -> None:
    found = judged([(0.7, n % 2 == 0) for n in range(20)])
    assert found.auroc == 0.5
    assert len(found.bins) == 1
    assert found.ece == pytest.approx(0.2)
    assert set(found.accuracy_at.values()) == {0.5}


@pytest.mark.parametrize("right", [True, False])
def test_where_all_are_alike_there_is_no_pair_to_rank(right: bool) -> None:
    assert judged([(0.2, right), (0.9, right)]).auroc is None


def test_being_sure_beyond_what_is_right_is_the_calibration_error() -> None:
    found = judged([(0.9, n < 60) for n in range(100)])
    assert found.ece == pytest.approx(0.3)
    assert found.brier == pytest.approx(0.6 * 0.01 + 0.4 * 0.81)


@given(JUDGED)
def test_auroc_counts_the_pairs_that_are_ranked_right(pairs: list[tuple[float, bool]]) -> None:
    hits = [sure for sure, right in pairs if right]
    misses = [sure for sure, right in pairs if not right]
    won = [(hit > miss) + (hit == miss) / 2 for hit, miss in product(hits, misses)]
    expected = sum(won) / len(won) if won else None
    assert judged(pairs).auroc == (None if expected is None else pytest.approx(expected))


@given(JUDGED)
def test_bins_part_no_equal_confidences_and_lose_none(pairs: list[tuple[float, bool]]) -> None:
    found = judged(pairs)
    ordered = sorted(sure for sure, _ in pairs)
    assert sum(each.count for each in found.bins) == len(pairs)
    assert len(found.bins) <= 10
    at = 0
    for each in found.bins:
        own = ordered[at : at + each.count]
        assert each.confidence == pytest.approx(sum(own) / len(own))
        at += each.count
        assert at == len(ordered) or own[-1] < ordered[at]


@given(JUDGED, st.randoms(use_true_random=False))
def test_the_order_in_which_values_come_changes_nothing(
    pairs: list[tuple[float, bool]], chance: Random
) -> None:
    other = pairs[:]
    chance.shuffle(other)
    one, two = judged(pairs), judged(other)
    assert one.auroc == two.auroc
    assert one.ece == pytest.approx(two.ece)
    assert one.accuracy_at == pytest.approx(two.accuracy_at)


@given(JUDGED)
def test_figures_lie_between_nought_and_one(pairs: list[tuple[float, bool]]) -> None:
    found = judged(pairs)
    accuracy = sum(right for _, right in pairs) / len(pairs)
    assert (
        abs(sum(each.count * each.accuracy for each in found.bins) / len(pairs) - accuracy) < 1e-9
    )
    for figure in (found.ece, found.brier, *found.accuracy_at.values()):
        assert -1e-9 <= figure <= 1 + 1e-9


def test_a_share_that_ends_among_equals_counts_their_mean() -> None:
    found = judged([(0.9, True), (0.5, True), (0.5, False), (0.5, False), (0.1, False)])
    assert found.accuracy_at[0.8] == pytest.approx((1 + 1) / 4)
    assert judged([(0.9, True), (0.5, True), (0.5, False)]).accuracy_at[0.5] == pytest.approx(0.75)


def test_the_confidence_of_what_is_not_given_or_not_labelled_is_not_judged() -> None:
    gold = {"term": "P1Y", "fee": "x", "law": None}
    statuses = {"term": "value", "fee": "value", "law": "absent"}
    document = GoldDocument.model_validate({"doc_id": "a", "gold": gold, "gold_status": statuses})
    fields = {"term": "P1Y", "fee": None, "law": "Utah", "other": "y"}
    sure = dict.fromkeys(fields, 0.8) | {"law": 0.3}
    prediction = Prediction(doc_id="a", fields=fields, confidence=sure)
    found = score(dataset_of(document), {"a": prediction}).calibration
    assert found is not None
    assert (found.count, found.auroc) == (2, 1.0)


def test_a_no_for_a_clause_that_is_absent_is_right_and_prose_is_not_judged() -> None:
    gold = {"audit": None, "use": "For the works."}
    statuses = {"audit": "absent", "use": "free_text"}
    document = GoldDocument.model_validate({"doc_id": "a", "gold": gold, "gold_status": statuses})
    fields = {"audit": False, "use": "nothing of the kind"}
    prediction = Prediction(doc_id="a", fields=fields, confidence=dict.fromkeys(fields, 1.0))
    found = score(dataset_of(document), {"a": prediction}).calibration
    assert found is not None
    assert (found.count, found.ece) == (1, 0.0)


def dataset_of(*documents: GoldDocument) -> Dataset:
    return Dataset("d", Path("d"), "00", lambda: iter(documents))

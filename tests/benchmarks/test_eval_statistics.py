"""The power that a comparison is held to: what chance alone gives, and what simulations find."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.eval_statistics import power
from extractor.evaluation.counting import Counts, Row
from extractor.evaluation.intervals import Difference, Interval, difference
from extractor.evaluation.scores import Table, micro


def apart(standard_error: float) -> Difference:
    many = 1_000_000
    return Difference(Interval(0, 0, 0), 1.0, standard_error, documents=many, differing=many)


@given(st.floats(0.001, 0.35))
def test_what_is_detectable_is_found_in_eighty_of_a_hundred_cases(standard_error: float) -> None:
    found = apart(standard_error)
    assert found.detectable is not None
    assert power(found, found.detectable) == pytest.approx(0.8, abs=1e-4)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 0.5))
def test_power_grows_with_the_effect_whatever_its_sign(
    one: float, other: float, standard_error: float
) -> None:
    found = apart(standard_error)
    less, more = sorted((one, other))
    assert 0.05 - 1e-9 <= power(found, less) <= power(found, more) + 1e-12
    assert power(found, more) == pytest.approx(power(found, -more))


def test_without_an_effect_power_is_that_of_chance() -> None:
    assert power(apart(0.02), 0) == pytest.approx(0.05)
    assert (power(apart(0.0), 0), power(apart(0.0), 0.01)) == (0.0, 1.0)


def test_power_is_how_often_simulated_differences_are_found() -> None:
    chance = random.Random(11)  # noqa: S311 - a simulation
    told: list[float] = []
    seen = 0
    for seed in range(150):
        one = [sum(chance.random() < 0.6 for _ in "ab") for _ in range(60)]
        other = [sum(chance.random() < 0.75 for _ in "ab") for _ in range(60)]
        found = difference(table(one), table(other), micro, samples=400, seed=seed)
        told.append(power(found, 0.15))
        seen += found.is_significant
    assert abs(seen / 150 - sum(told) / 150) < 0.12


def table(right: list[int]) -> Table:
    """A run in which so many of two values of each document are right."""
    return Table.of({str(n): {Row("term"): Counts(r, 2, 2)} for n, r in enumerate(right)})

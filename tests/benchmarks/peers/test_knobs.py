"""Faults, which follow from seed, document and attempt, and limits."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from benchmarks.fault_server.buckets import Limits
from benchmarks.peers.measures import MEASURES
from benchmarks.peers.mock import Knobs

NUMBERS = range(1, 2_001)


def drawn(knobs: Knobs, attempt: int = 0) -> list[str]:
    return [knobs.fault(number, attempt) for number in NUMBERS]


def test_a_fault_is_a_function_of_seed_document_and_attempt() -> None:
    faults = {"reset": 0.5}
    first = drawn(Knobs(faults=faults))
    assert first == drawn(Knobs(faults=faults, latency=1.0))
    assert first != drawn(Knobs(faults=faults, seed=2))
    assert first != drawn(Knobs(faults=faults), attempt=1)


def test_each_fault_is_met_by_its_share_of_attempts() -> None:
    knobs = MEASURES["faults"].knobs
    seen = drawn(knobs)
    for name, share in knobs.faults.items():
        assert abs(seen.count(name) / len(seen) - share) < 0.015
    assert abs(seen.count("") / len(seen) - 0.7) < 0.03


def test_a_mock_without_faults_has_none() -> None:
    assert set(drawn(Knobs())) == {""}


def test_faults_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValidationError, match="no such faults: \\['flood'\\]"):
        Knobs(faults={"flood": 0.1})


def test_latency_is_always_the_same_unless_it_has_a_tail() -> None:
    assert {Knobs(latency=0.2).delay(number, 0) for number in NUMBERS} == {0.2}
    knobs = Knobs(latency=0.2, tail=1.0)
    seen = sorted(knobs.delay(number, 0) for number in NUMBERS)
    assert abs(seen[len(seen) // 2] / 0.2 - 1) < 0.1
    assert 1.5 < seen[len(seen) * 99 // 100] < 2.7
    assert knobs.delay(1, 0) == knobs.delay(1, 0) != knobs.delay(1, 1)


def test_a_limit_lets_its_burst_through_and_then_what_comes_back() -> None:
    limits = Limits.of(rpm=60, tpm=0, burst=5, now=0)
    assert [limits.take(1, 0) for _ in range(5)] == [0] * 5
    assert limits.take(1, 0) > 0
    assert limits.take(1, 3) == 0


def test_a_request_that_is_turned_away_costs_one_unless_it_is_to_cost_nothing() -> None:
    waits: dict[bool, float] = {}
    for charges in (True, False):
        limits = Limits.of(rpm=60, tpm=0, burst=1, now=0)
        limits.charges_refused = charges
        limits.take(1, 0)
        limits.take(1, 0)
        waits[charges] = limits.take(1, 0)
    assert waits == {True: 2, False: 1}


def test_tokens_are_only_taken_by_who_is_let_through() -> None:
    limits = Limits.of(rpm=0, tpm=600, burst=10, now=0)
    assert limits.take(90, 0) == 0
    assert limits.take(20, 0) == pytest.approx(1)
    assert limits.take(20, 1) == 0

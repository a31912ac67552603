"""The short form of the trial of faults, and that it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.fault_checks import Told, violations
from benchmarks.fault_run import DEADLINE, Outcome
from benchmarks.fault_server import FAULTS, Running, Seen, Truth, running
from benchmarks.faults import mix, trial


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as served:
        yield served


def test_three_hundred_extractions_end_right_or_typed_and_are_all_accounted_for(
    server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trial(server, requests=300, share=0.4, seed=1, per_account=5) == []
    assert "300 documents" in capsys.readouterr().out


def test_a_mix_has_every_fault_but_those_that_are_scripted() -> None:
    shares = mix(0.4)
    assert shares.keys() == FAULTS.keys()
    assert sum(shares.values()) == pytest.approx(0.4)
    scripted = {"429 a day", "gzip bomb", "huge body"}
    assert {name for name, share in shares.items() if share <= 0} == scripted


RIGHT = Outcome(1, seconds=1.0, attempts=2, tokens=30, is_right=True)
SEEN = Seen(fates=["500", "right"], attempts=2, input_tokens=20, output_tokens=10)
TOLD = Told(logged={1: 2}, kept={1: 2}, unborn={}, still_sent=0)


def found(outcome: Outcome, seen: Seen = SEEN, told: Told = TOLD) -> list[str]:
    return violations([outcome], Truth(documents={1: seen}), told)


def test_what_is_as_it_should_be_is_no_violation() -> None:
    assert found(RIGHT) == []
    failed = replace(RIGHT, is_right=False, error="RateLimitError")
    assert found(failed, SEEN.model_copy(update={"fates": ["500", "429"]})) == []


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (replace(RIGHT, is_right=False), "a wrong answer"),
        (replace(RIGHT, error="KeyError('x')", is_typed=False), "ended in KeyError"),
        (replace(RIGHT, seconds=DEADLINE + 1), "has 20 s"),
        (replace(RIGHT, attempts=1), "'told': 1"),
        (replace(RIGHT, tokens=0), "says 0 tokens, and 30 were billed"),
        (replace(RIGHT, is_right=False, error="NotFoundError"), "ended in NotFoundError after"),
    ],
)
def test_what_a_caller_was_told_wrongly_is_named(outcome: Outcome, said: str) -> None:
    assert any(said in violation for violation in found(outcome))


@pytest.mark.parametrize("fates", [["401", "right"], ["500", "504"]])
def test_a_post_too_many_and_an_answer_from_nowhere_are_named(fates: list[str]) -> None:
    assert found(RIGHT, SEEN.model_copy(update={"fates": fates}))


@pytest.mark.parametrize(
    "told",
    [
        replace(TOLD, logged={1: 1}),
        replace(TOLD, kept={1: 3}),
        replace(TOLD, unborn={1: 1}),
        replace(TOLD, still_sent=1),
    ],
)
def test_records_that_don_t_agree_with_the_posts_are_named(told: Told) -> None:
    assert found(RIGHT, told=told)


def test_requests_to_other_pages_and_without_a_contract_are_named() -> None:
    truth = Truth(documents={1: SEEN, 0: Seen(fates=["unreadable"])}, elsewhere=2)
    assert len(violations([RIGHT], truth, TOLD)) == 2

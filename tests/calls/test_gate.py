"""An outage is waited for together."""

from __future__ import annotations

import itertools

import pytest

from extractor.calls.gate import (
    LONGEST_PROBE_INTERVAL,
    LONGEST_SILENCE,
    TRIPS_AFTER,
    Entry,
    Gate,
    Gates,
)
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Target
from extractor.errors import (
    APIConnectionError,
    OutageError,
    OverloadedError,
    RateLimitError,
    ServerError,
)

POLICY = RetryPolicy(initial=1.0, outage=600.0)
DOWN = ServerError("down", provider="openai", status=503)


def a_gate() -> Gate:
    return Gate("openai", jitter=lambda: 0.0)


def entry(gate: Gate, *, patience: float = 600.0, policy: RetryPolicy = POLICY) -> Entry:
    return gate.enter(policy, patience)


def shut(gate: Gate, *, now: float = 0.0) -> None:
    """Fail as often as it takes, all at one time."""
    results = [entry(gate).failed(DOWN, now) for _ in range(TRIPS_AFTER)]
    assert results == [False] * (TRIPS_AFTER - 1) + [True]


def probe_for_ever(gate: Gate, probes: list[float]) -> None:
    """Wait, probe and fail, one caller after the other, until the gate has enough of it."""
    now = 0.0
    while True:
        waiting = entry(gate)
        while seconds := waiting.ask(now):
            now += seconds
        assert waiting.failed(DOWN, now)
        probes.append(now)


def test_everybody_passes_an_open_gate() -> None:
    gate = a_gate()
    assert [entry(gate).ask(0.0) for _ in range(3)] == [0.0, 0.0, 0.0]


def test_failures_in_a_row_shut_it_whoever_made_them() -> None:
    gate = a_gate()
    shut(gate)
    assert not gate.is_open
    assert entry(gate).ask(0.0) == 1.0


def test_one_answer_in_between_keeps_it_open() -> None:
    gate = a_gate()
    for _ in range(3):
        for _ in range(TRIPS_AFTER - 1):
            assert not entry(gate).failed(DOWN, 0.0)
        entry(gate).succeeded()
    assert gate.is_open


def test_one_caller_probes_while_the_others_wait_for_what_becomes_of_it() -> None:
    gate = a_gate()
    shut(gate)
    probe, other = entry(gate), entry(gate)
    assert probe.ask(1.0) == 0.0
    assert other.ask(1.0) > 0
    assert not other.signal.is_set
    probe.succeeded()
    assert other.signal.is_set
    assert other.ask(1.5) == 0.0


def test_probes_come_at_growing_intervals_up_to_a_limit() -> None:
    gate, probes = a_gate(), list[float]()
    shut(gate)
    with pytest.raises(OutageError):
        probe_for_ever(gate, probes)
    intervals = [later - earlier for earlier, later in itertools.pairwise([0.0, *probes])]
    assert intervals[:6] == [1, 2, 4, 8, 16, LONGEST_PROBE_INTERVAL]
    assert set(intervals[5:]) == {LONGEST_PROBE_INTERVAL}


def test_a_probe_that_is_given_up_makes_room_for_the_next() -> None:
    gate = a_gate()
    shut(gate)
    cancelled, other = entry(gate), entry(gate)
    assert cancelled.ask(1.0) == 0.0
    assert other.ask(1.0) > 0
    cancelled.left()
    assert other.signal.is_set
    assert other.ask(1.0) == 0.0


def test_an_outage_that_lasts_too_long_ends_all_who_wait_and_says_when_to_come_back() -> None:
    gate = a_gate()
    shut(gate)
    probes: list[float] = []
    with pytest.raises(OutageError, match="openai has failed for every caller for 5") as caught:
        probe_for_ever(gate, probes)
    assert 570 <= caught.value.since <= 600
    assert caught.value.retry_after == LONGEST_PROBE_INTERVAL
    assert caught.value.__cause__ is DOWN
    assert caught.value.status == 503
    assert len(probes) < 30


def test_after_that_calls_fail_at_once_but_for_the_probe_that_is_due() -> None:
    gate = a_gate()
    shut(gate)
    late = entry(gate)
    assert late.ask(5_000.0) == 0.0  # due for long
    beside = entry(gate)
    assert beside.ask(5_000.0) > 0  # what becomes of the probe is worth waiting for
    assert late.failed(DOWN, 5_001.0)
    assert beside.signal.is_set
    with pytest.raises(OutageError):
        beside.ask(5_001.0)


def test_who_has_somebody_else_to_ask_does_not_wait() -> None:
    gate = a_gate()
    shut(gate)
    with pytest.raises(OutageError):
        entry(gate, patience=0.0).ask(0.5)


def test_a_policy_without_outages_never_waits_at_the_gate() -> None:
    alone = RetryPolicy(outage=0)
    gate = a_gate()
    results = [
        entry(gate, policy=alone, patience=0.0).failed(DOWN, 0.0) for _ in range(2 * TRIPS_AFTER)
    ]
    assert results == [False] * (2 * TRIPS_AFTER)
    assert entry(gate, policy=alone, patience=0.0).ask(0.0) == 0.0


def test_a_wait_beyond_all_patience_is_told_to_everybody_after_one_post() -> None:
    gate = a_gate()
    tomorrow = RateLimitError("tomorrow", provider="openai", status=429, retry_after=86_400)
    assert not entry(gate).failed(tomorrow, 0.0)  # the caller has the provider's own error
    with pytest.raises(OutageError) as caught:
        entry(gate).ask(10.0)
    assert caught.value.retry_after == LONGEST_SILENCE - 10


def test_a_shorter_wait_that_the_provider_asks_for_is_kept_by_the_probe() -> None:
    gate = a_gate()
    for _ in range(TRIPS_AFTER):
        entry(gate).failed(
            OverloadedError("slow", provider="openai", status=529, retry_after=120), 0.0
        )
    assert entry(gate).ask(0.0) == 120.0


BUSY = RateLimitError("busy", provider="openai", status=429, retry_after=1.0)


def sent(gate: Gate, now: float) -> Entry:
    one = entry(gate)
    assert one.ask(now) == 0.0
    one.sent(now)
    return one


def test_a_burst_that_is_to_come_back_in_a_second_is_no_outage() -> None:
    gate = a_gate()
    served, refused = sent(gate, 0.0), [sent(gate, 0.0) for _ in range(4 * TRIPS_AFTER)]
    served.succeeded()
    assert not any(one.failed(BUSY, 0.1) for one in refused)
    assert gate.is_open


def test_refusals_that_outrun_the_answers_are_no_outage_either() -> None:
    gate = a_gate()
    served = list[Entry]()
    for now in range(0, 20, 2):  # an answer takes 30 s, a refusal none
        served.append(sent(gate, now))
        refused = [sent(gate, now) for _ in range(2 * TRIPS_AFTER)]
        assert not any(one.failed(BUSY, now + 0.1) for one in refused)
    assert gate.is_open


def test_refusals_after_a_pause_in_which_nobody_was_served_are_an_outage() -> None:
    gate = a_gate()
    first = [sent(gate, 0.0) for _ in range(2 * TRIPS_AFTER)]
    assert not any(one.failed(BUSY, 0.1) for one in first)
    again = [sent(gate, 1.2) for _ in range(TRIPS_AFTER)]
    results = [one.failed(BUSY, 1.3) for one in again]
    assert results == [False] * (TRIPS_AFTER - 1) + [True]


def test_a_request_that_was_given_up_is_not_one_that_is_served() -> None:
    gate = a_gate()
    given_up = sent(gate, 0.0)
    assert not sent(gate, 0.0).failed(BUSY, 0.1)
    given_up.left()
    assert [sent(gate, 1.2).failed(BUSY, 1.3) for _ in range(TRIPS_AFTER)][-1]


def test_each_model_and_account_has_its_own() -> None:
    gates, one = Gates(), Target("openai", "m", "a")
    assert gates.of(one) is gates.of(Target("openai", "m", "a"))
    for other in ("openai", "m", "b"), ("openai", "n", "a"), ("anthropic", "m", "a"):
        assert gates.of(one) is not gates.of(Target(*other))


def test_an_hour_after_an_absurd_advice_somebody_probes() -> None:
    gate = a_gate()
    absurd = RateLimitError("?", provider="openai", status=429, retry_after=1e9)
    entry(gate).failed(absurd, 0.0)
    with pytest.raises(OutageError):
        entry(gate).ask(3_599.0)
    assert entry(gate).ask(3_600.0) == 0.0


def test_an_advice_that_is_no_number_is_none() -> None:
    gate = a_gate()
    for _ in range(TRIPS_AFTER):
        odd = ServerError("?", provider="own", status=500, retry_after=float("nan"))
        entry(gate).failed(odd, 0.0)
    assert entry(gate).ask(0.0) == 1.0


def test_nobody_waits_without_end_for_a_probe_that_hangs() -> None:
    gate = a_gate()
    shut(gate)
    assert entry(gate).ask(1.0) == 0.0  # and is not heard of again
    early, late = entry(gate), entry(gate)
    assert early.ask(10.0) == 590.0
    with pytest.raises(OutageError):
        early.ask(600.0)
    assert late.ask(700.0) == LONGEST_PROBE_INTERVAL
    with pytest.raises(OutageError):
        late.ask(700.0 + LONGEST_PROBE_INTERVAL)


def test_a_provider_that_was_never_reached_is_no_outage() -> None:
    gate = a_gate()
    refused = APIConnectionError("refused", provider="openai")
    assert not any(entry(gate).failed(refused, 0.0) for _ in range(2 * TRIPS_AFTER))
    entry(gate).succeeded()
    assert [entry(gate).failed(refused, 0.0) for _ in range(TRIPS_AFTER)][-1]

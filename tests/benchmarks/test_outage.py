"""The short form of the trial of outages; the long one is `python -m benchmarks.outage`."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.fault_server import running
from benchmarks.outage import command_line, lasting, passing, real_passing, resumed
from extractor import RetryPolicy

NUMBERS: Sequence[int] = range(1, 41)


@pytest.mark.parametrize("concurrency", [1, 8])
def test_an_outage_of_a_minute_costs_no_document(concurrency: int) -> None:
    assert passing(NUMBERS, concurrency).violated == ()


@pytest.mark.parametrize("concurrency", [1, 8])
def test_an_outage_without_end_leaves_a_typed_state_for_each(concurrency: int) -> None:
    assert lasting(NUMBERS, concurrency).violated == ()


@pytest.mark.parametrize("concurrency", [1, 8])
def test_what_was_answered_before_an_outage_is_not_asked_again(concurrency: int) -> None:
    assert resumed(NUMBERS, concurrency).violated == ()


def test_a_policy_that_leaves_each_document_to_itself_is_found_out() -> None:
    verdict = lasting(NUMBERS, 8, RetryPolicy(outage=0, initial=0.01, longest=0.1))
    assert "OutageError" not in verdict.told
    assert any("POSTs in vain" in violation for violation in verdict.violated)
    assert any("would have done" in violation for violation in verdict.violated)


def test_a_short_outage_in_real_time_and_the_command_line_that_waits_in_vain() -> None:
    with running() as server:
        assert real_passing(server, NUMBERS, "529").violated == ()
        assert command_line(server).violated == ()

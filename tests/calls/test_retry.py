"""Which failures are tried again, and when."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.allowance import Allowance
from extractor.calls.context import CallContext
from extractor.calls.core import CallCore
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Target
from extractor.errors import ConfigurationError, OverloadedError, ServerError
from extractor.types import Message, ModelRequest, TextOutput
from tests.virtual_time import World

REQUEST = ModelRequest("m", (Message("user", "?"),), TextOutput(), max_tokens=10)


def waits(policy: RetryPolicy, error: Exception) -> list[float]:
    """How long a policy waits while one error comes again and again."""
    world = World(lambda _send, _now: (0.0, error))
    context = CallContext(Target("openai", "m"), Allowance(1_000_000, lambda _: None), retry=policy)
    run = world.start(CallCore(clock=world.clock).call(REQUEST, context))
    world.until_idle()
    assert type(run.error) is type(error)
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(world.posts)]
    return [round(gap, 9) for gap in gaps]


def test_the_default_policy_is_patient_for_about_a_minute_at_most_a_wait() -> None:
    assert RetryPolicy() == RetryPolicy(attempts=5, initial=1.0, longest=60.0, outage=600.0)


@settings(deadline=None)
@given(st.integers(1, 7), st.floats(0.01, 5), st.floats(0.01, 90))
def test_a_policy_waits_between_posts_and_never_longer_than_its_longest(
    attempts: int, initial: float, longest: float
) -> None:
    policy = RetryPolicy(attempts=attempts, initial=initial, longest=longest, outage=0)
    waited = waits(policy, ServerError("down"))
    assert len(waited) == attempts - 1
    assert all(0 <= seconds <= longest + 1e-9 for seconds in waited)


@settings(deadline=None)
@given(st.floats(0.01, 60))
def test_the_providers_advice_is_taken_as_it_is(advice: float) -> None:
    policy = RetryPolicy(attempts=3)
    waited = waits(policy, OverloadedError("full", retry_after=advice))
    assert waited == pytest.approx([advice] * 2, abs=2e-9)  # virtual time is rounded


@pytest.mark.parametrize("advice", [0, -5, None])
def test_no_advice_or_one_to_come_back_at_once_leaves_the_policys_own_waits(
    advice: float | None,
) -> None:
    first, second = waits(RetryPolicy(attempts=3), OverloadedError("full", retry_after=advice))
    assert 1 <= first <= 2 <= second <= 3


def test_two_clients_that_fail_together_do_not_come_back_together() -> None:
    assert len({waits(RetryPolicy(attempts=2), ServerError("down"))[0] for _ in range(20)}) > 1


def test_one_attempt_means_no_second() -> None:
    assert waits(RetryPolicy(attempts=1), ServerError("down")) == []


@pytest.mark.parametrize("attempts", [0, -1, 1.5, float("nan"), "3", None, True])
def test_a_policy_without_a_whole_number_of_attempts_is_refused(attempts: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"RetryPolicy's attempts is .*from 1"):
        RetryPolicy(attempts=attempts)


@pytest.mark.parametrize("name", ["initial", "longest", "outage"])
@pytest.mark.parametrize(
    "seconds", [-1, -0.001, float("nan"), float("inf"), 1e300, 86_401, "1", None, True]
)
def test_a_wait_that_is_no_time_is_refused_by_its_name(name: str, seconds: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"RetryPolicy's {name} is .*from 0 to 86,400"):
        RetryPolicy(**{name: seconds})


def test_no_wait_at_all_and_a_day_are_both_waits() -> None:
    assert waits(RetryPolicy(attempts=3, initial=0, longest=0), ServerError("down")) == [0, 0]
    assert RetryPolicy(longest=86_400).longest == 86_400

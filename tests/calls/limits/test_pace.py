"""What a 429 does, where nothing else is known of the limits."""

from __future__ import annotations

import pytest

from extractor.calls.base import Need
from extractor.calls.limits import RateLimiter
from extractor.types import RateLimitStatus
from tests.calls.limits.provider import TARGET

NOW = 1_000.0


def wait_of(limiter: RateLimiter, now: float) -> float:
    """Return how long the next request has to wait, and forget it."""
    ticket = limiter.enter(TARGET, Need(100, 100), now)
    wait = ticket.ask(now)
    ticket.cancel(now)
    return wait


def send(limiter: RateLimiter, now: float, times: int = 1) -> None:
    for _ in range(times):
        ticket = limiter.enter(TARGET, Need(100, 100), now)
        assert ticket.ask(now) == 0.0
        ticket.settle(Need(100, 100), now)


def send_in_vain(limiter: RateLimiter, now: float) -> None:
    ticket = limiter.enter(TARGET, Need(100, 100), now)
    assert ticket.ask(now) == 0.0
    ticket.settle(Need(0, 0), now)
    limiter.refused(TARGET, 1.0, now)


def test_without_limits_nobody_waits() -> None:
    limiter = RateLimiter()
    send(limiter, NOW, times=10_000)
    assert wait_of(limiter, NOW) == 0.0


def test_everybody_waits_as_long_as_a_429_asks() -> None:
    limiter = RateLimiter()
    limiter.refused(TARGET, 7.5, NOW)
    ticket = limiter.enter(TARGET, Need(1, 1), NOW)
    assert ticket.ask(NOW) == 7.5
    assert ticket.why() == "the pause after a 429 of openai:gpt-5.4-mini"
    assert ticket.ask(NOW + 7.5) == 0.0


def test_no_pause_is_longer_than_the_longest() -> None:
    limiter = RateLimiter(longest_pause=90.0)
    limiter.refused(TARGET, 86_400.0, NOW)
    assert wait_of(limiter, NOW) == 90.0


@pytest.mark.parametrize("nothing", [None, 0.0])
def test_without_a_word_pauses_grow_until_a_request_succeeds(nothing: float | None) -> None:
    limiter, now, pauses = RateLimiter(), NOW, list[float]()
    for _ in range(8):
        limiter.refused(TARGET, nothing, now)
        pauses.append(wait_of(limiter, now))
        now += pauses[-1] + 1
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    send(limiter, now)
    limiter.refused(TARGET, nothing, now + 10)
    assert wait_of(limiter, now + 10) == 1


def test_refusals_of_the_same_moment_are_one() -> None:
    limiter = RateLimiter()
    for _ in range(64):
        limiter.refused(TARGET, None, NOW)
    limiter.refused(TARGET, 3.0, NOW + 0.5)
    assert wait_of(limiter, NOW + 0.5) == 3.0


def test_the_pace_is_cut_and_grows_while_no_refusal_comes() -> None:
    limiter = RateLimiter()
    for tenth in range(100):
        send(limiter, NOW + tenth / 10)
    limiter.refused(TARGET, 1.0, NOW + 10)
    send(limiter, NOW + 11)
    seventh = wait_of(limiter, NOW + 11)
    assert seventh == pytest.approx(1 / 7, rel=0.1)
    send(limiter, NOW + 41)
    assert wait_of(limiter, NOW + 41) == pytest.approx(seventh / 2, rel=0.1)
    send(limiter, NOW + 700, times=100)
    assert wait_of(limiter, NOW + 700) == 0.0


def test_refusals_before_any_answer_say_nothing_of_the_pace() -> None:
    limiter = RateLimiter()
    for minute in range(10):
        send_in_vain(limiter, NOW + 60 * minute)
    send(limiter, NOW + 600, times=50)
    assert wait_of(limiter, NOW + 600) == 0.0


def test_a_row_of_refusals_cuts_the_pace_once() -> None:
    limiter = RateLimiter()
    for tenth in range(100):
        send(limiter, NOW + tenth / 10)
    for second in (10, 13, 16):
        limiter.refused(TARGET, 1.0, NOW + second)
    send(limiter, NOW + 17)
    assert wait_of(limiter, NOW + 17) == pytest.approx(1 / 7, rel=0.1)


def test_where_headers_tell_the_limits_the_pace_is_theirs() -> None:
    limiter = RateLimiter()
    limiter.observe(TARGET, (RateLimitStatus("requests", 600, 600, 0.0),), NOW)
    send(limiter, NOW, times=10)
    limiter.refused(TARGET, 1.0, NOW)
    send(limiter, NOW + 1, times=500)
    assert wait_of(limiter, NOW + 1) == 0.0

from __future__ import annotations

import threading

import pytest

from extractor.calls.base import Need, Ticket
from extractor.calls.limits import RateLimiter, RateLimits
from extractor.calls.steps import Steps, Target, Wait, perform
from extractor.errors import ConfigurationError, RequestTooLargeError
from extractor.providers import silent
from extractor.types import ModelResponse, RateLimitStatus
from tests.calls.limits.provider import TARGET

NOW = 1_000.0


def heard(limit: int, *, burst: float = 60.0, kind: str = "tokens") -> RateLimitStatus:
    """Headers of a full bucket that holds so many seconds' refill."""
    assert kind in ("tokens", "requests")
    return RateLimitStatus(
        "tokens" if kind == "tokens" else "requests", limit, int(limit / 60 * burst), 0.0
    )


def limiter_with(*statuses: RateLimitStatus, ceilings: RateLimits | None = None) -> RateLimiter:
    limiter = RateLimiter(ceilings=ceilings)
    limiter.observe(TARGET, statuses, NOW)
    return limiter


def enter(limiter: RateLimiter, tokens: int, now: float = NOW) -> Ticket:
    return limiter.enter(TARGET, Need(tokens, 0), now)


def admit(limiter: RateLimiter, tokens: int, now: float = NOW) -> Ticket:
    ticket = enter(limiter, tokens, now)
    assert ticket.ask(now) == 0.0
    return ticket


def test_a_large_request_is_not_overtaken_by_small_ones() -> None:
    limiter = limiter_with(heard(6_000))
    admit(limiter, 5_000)
    large, small = enter(limiter, 4_000), enter(limiter, 1)
    assert large.ask(NOW) == pytest.approx(30)
    assert small.ask(NOW) == 30.0
    assert small.why() == "earlier requests to openai:gpt-5.4-mini"
    assert small.ask(NOW + 29) > 0
    assert large.ask(NOW + 30) == 0.0
    assert small.ask(NOW + 30.1) == 0.0


def test_whoever_is_admitted_lets_the_next_one_know() -> None:
    limiter = limiter_with(heard(6_000))
    admit(limiter, 6_000)
    first, second = enter(limiter, 100), enter(limiter, 100)
    first.ask(NOW)
    second.ask(NOW)
    signal = second.signal
    assert first.ask(NOW + 1) == 0.0
    assert signal.is_set
    assert second.ask(NOW + 1) == pytest.approx(1)
    assert not second.signal.is_set


def test_a_head_that_gives_up_lets_the_next_one_know_and_one_in_the_middle_is_passed_over() -> None:
    limiter = limiter_with(heard(6_000))
    admit(limiter, 6_000)
    first, second, third = (enter(limiter, tokens) for tokens in (6_000, 6_000, 1))
    for ticket in (first, second, third):
        ticket.ask(NOW)
    signal = third.signal
    second.cancel(NOW)
    first.cancel(NOW)
    assert signal.is_set
    assert third.ask(NOW + 1) == 0.0


def test_tokens_that_come_back_let_the_head_know() -> None:
    limiter = limiter_with(heard(6_000))
    running = admit(limiter, 6_000)
    head = enter(limiter, 1_000)
    assert head.ask(NOW) == pytest.approx(10)
    signal = head.signal
    running.settle(Need(2_000, 0), NOW)
    assert signal.is_set
    assert head.ask(NOW) == 0.0


def test_raised_limits_let_the_head_know() -> None:
    limiter = limiter_with(heard(6_000))
    admit(limiter, 6_000).settle(None, NOW)
    head = enter(limiter, 3_000)
    assert head.ask(NOW) == pytest.approx(30)
    signal = head.signal
    limiter.observe(TARGET, (RateLimitStatus("tokens", 60_000, 54_000, 6.0),), NOW)
    assert signal.is_set
    assert head.ask(NOW) == 0.0


def test_what_is_cancelled_comes_back_in_full() -> None:
    ceilings = RateLimits(requests_per_minute=4, tokens_per_minute=6_000, tokens_per_day=6_000)
    limiter = limiter_with(heard(6_000), heard(60, kind="requests"), ceilings=ceilings)
    for ticket in [admit(limiter, 2_000) for _ in range(3)]:
        ticket.cancel(NOW)
        ticket.cancel(NOW)
        ticket.settle(None, NOW)
    whole = admit(limiter, 6_000)
    whole.settle(Need(0, 0), NOW)
    assert enter(limiter, 6_000).ask(NOW) == 0.0


def test_what_was_used_beyond_what_was_expected_is_taken() -> None:
    limiter = limiter_with(heard(6_000), ceilings=RateLimits(tokens_per_minute=6_000))
    admit(limiter, 1_000).settle(Need(6_000, 0), NOW)
    assert enter(limiter, 1).ask(NOW) > 59


def test_an_unknown_usage_counts_as_expected() -> None:
    limiter = limiter_with(heard(6_000))
    admit(limiter, 6_000).settle(None, NOW)
    assert enter(limiter, 100).ask(NOW) == pytest.approx(1)


def test_a_request_beyond_the_burst_is_admitted_alone_and_paid_off_afterwards() -> None:
    limiter = limiter_with(heard(6_000, burst=10))
    admit(limiter, 100)
    large = enter(limiter, 5_000)
    assert large.ask(NOW) == pytest.approx(1)
    assert large.ask(NOW + 1) == 0.0
    assert enter(limiter, 100).ask(NOW + 1) == pytest.approx(41)


@pytest.mark.parametrize(
    ("ceilings", "tokens", "limit"),
    [
        (RateLimits(tokens_per_minute=500), 501, "500 tokens a minute"),
        (RateLimits(input_tokens_per_minute=500), 501, "500 input tokens a minute"),
        (RateLimits(tokens_per_day=900), 901, "900 tokens a day"),
    ],
)
def test_a_request_that_no_wait_would_admit_is_refused_and_blocks_nobody(
    ceilings: RateLimits, tokens: int, limit: str
) -> None:
    limiter = limiter_with(heard(6_000), ceilings=ceilings)
    large, small = enter(limiter, tokens), enter(limiter, 1)
    small.ask(NOW)
    signal = small.signal
    with pytest.raises(RequestTooLargeError, match=limit) as refused:
        large.ask(NOW)
    assert f"needs {tokens:,}" in refused.value.message
    assert signal.is_set
    large.cancel(NOW)
    assert small.ask(NOW) == 0.0


def test_an_absurd_header_delays_the_next_requests_but_refuses_none() -> None:
    limiter = limiter_with(heard(1))
    now = NOW
    for _ in range(3):
        ticket, began = enter(limiter, 8_000), now
        while wait := ticket.ask(now):
            now += wait
        assert now - began <= 121


def test_what_a_published_tier_would_not_hold_is_tried_as_headers_may_know_better() -> None:
    limiter = RateLimiter(tiers=["openai:tier-1"])
    target = Target("openai", "gpt-4o")
    assert limiter.enter(target, Need(40_000, 0), NOW).ask(NOW) == 0.0
    assert limiter.enter(target, Need(400, 0), NOW).ask(NOW) == pytest.approx(60.8)


def test_a_caller_that_never_comes_back_holds_up_nobody_for_ever() -> None:
    limiter = limiter_with(heard(6_000))
    admit(limiter, 6_000)
    lost, waiting = enter(limiter, 100), enter(limiter, 100)
    lost.ask(NOW)
    now = NOW
    while wait := waiting.ask(now):
        now += wait
        assert now < NOW + 120
    assert lost.ask(now) == 0.0  # late, but still served


def test_targets_do_not_wait_for_each_other() -> None:
    limiter = limiter_with(heard(6_000))
    admit(limiter, 6_000)
    assert enter(limiter, 6_000).ask(NOW) > 0
    assert (
        limiter.enter(Target("openai", "gpt-5.4-mini", "other"), Need(6_000, 0), NOW).ask(NOW) == 0
    )


def test_threads_share_a_limiter() -> None:
    limiter = RateLimiter(ceilings=RateLimits(requests_per_minute=60_000))
    clock = threading.Lock()
    now, admitted = [NOW], [0]

    def steps() -> Steps[None]:
        for _ in range(50):
            ticket = limiter.enter(TARGET, Need(1, 1), now[0])
            while wait := ticket.ask(now[0]):
                yield Wait(min(wait, 0.001), "", ticket.signal)
                with clock:
                    now[0] += 0.001
            with clock:
                admitted[0] += 1
            ticket.settle(Need(1, 1), now[0])

    def nothing_is_sent(_send: object) -> ModelResponse:
        raise AssertionError

    threads = [
        threading.Thread(target=perform, args=(steps(), nothing_is_sent, silent)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert admitted == [400]


def test_a_limit_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ConfigurationError, match="tokens_per_day is 0"):
        RateLimits(tokens_per_day=0)

"""What a rate limiter costs a call that it lets through at once, in microseconds of the processor.

    python -m benchmarks.limiter_speed

A call is `enter`, `ask`, `settle` and `observe`, as the call core makes them; the promise is about
the first three, with the state in memory and every limit known.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from extractor.calls.base import Need
from extractor.calls.limits import RateLimiter, RateLimits, SqliteStore
from extractor.calls.steps import Target
from extractor.types import LimitKind, RateLimitStatus

_PROMISED = 30.0
"""Microseconds for enter, ask and settle in memory."""

_TARGET = Target("openai", "gpt-5.4-mini", "account")
_EXPECTED, _USED = Need(2_250, 400), Need(2_250, 150)
_KINDS: tuple[LimitKind, ...] = ("requests", "tokens", "input_tokens", "output_tokens")
_HEADERS = tuple(RateLimitStatus(kind, 10**9, 10**9 - 1, 0.001) for kind in _KINDS)
_CEILINGS = RateLimits(
    requests_per_minute=10**9,
    tokens_per_minute=10**12,
    input_tokens_per_minute=10**12,
    output_tokens_per_minute=10**12,
    tokens_per_day=10**15,
)


def measure(limiter: RateLimiter, calls: int, *, headers: bool) -> float:
    """Return microseconds a call; a call comes each millisecond of the limiter's time."""
    now = 1_000.0
    limiter.observe(_TARGET, _HEADERS, now)
    began = time.process_time()
    for _ in range(calls):
        now += 0.001
        ticket = limiter.enter(_TARGET, _EXPECTED, now)
        if ticket.ask(now):
            raise AssertionError("the limits of this benchmark let everything through")
        ticket.settle(_USED, now)
        if headers:
            limiter.observe(_TARGET, _HEADERS, now)
    return (time.process_time() - began) / calls * 1e6


def main() -> int:
    plain = min(measure(RateLimiter(), 20_000, headers=False) for _ in range(3))
    full = min(measure(RateLimiter(ceilings=_CEILINGS), 20_000, headers=False) for _ in range(3))
    heard = min(measure(RateLimiter(ceilings=_CEILINGS), 20_000, headers=True) for _ in range(3))
    with tempfile.TemporaryDirectory() as folder:
        shared = RateLimiter(ceilings=_CEILINGS, store=SqliteStore(Path(folder, "limits.sqlite")))
        in_file = measure(shared, 1_000, headers=False)
        shared.close()
    print(f"in memory, limits learned from headers:  {plain:6.1f} us")
    print(f"in memory, all limits and ceilings:      {full:6.1f} us (promised {_PROMISED:g})")
    print(f"the same, with headers on each response: {heard:6.1f} us")
    print(f"in a file, all limits and ceilings:      {in_file:6.1f} us")
    return 0 if full <= _PROMISED else 1


if __name__ == "__main__":
    sys.exit(main())

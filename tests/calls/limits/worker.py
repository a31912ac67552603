"""A process that shares a limiter, for `test_sqlite`: prints when it was admitted, as JSON.

python -m tests.calls.limits.worker FILE requests|head SECONDS SPEED
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from extractor.calls.base import Need
from extractor.calls.limits import RateLimiter, RateLimits, SqliteStore
from extractor.types import RateLimitStatus
from tests.calls.limits.provider import TARGET

CEILINGS = RateLimits(requests_per_minute=60, tokens_per_minute=20_000)
GENEROUS = (
    RateLimitStatus("requests", 1_000_000, 1_000_000, 0.0),
    RateLimitStatus("tokens", 10**9, 10**9, 0.0),
)
NEED = Need(300, 100)


def send_requests(limiter: RateLimiter, seconds: float, speed: float) -> list[float]:
    """Have three threads send as much as they may; return the times of admission, sped up."""
    admitted: list[float] = []
    end = time.monotonic() + seconds

    def work() -> None:
        while True:
            ticket = limiter.enter(TARGET, NEED, time.monotonic() * speed)
            while wait := ticket.ask(now := time.monotonic() * speed):
                if time.monotonic() > end:
                    ticket.cancel(now)
                    return
                time.sleep(min(max(wait / speed, 0.001), 0.02))
            admitted.append(now)
            time.sleep(0.002)
            ticket.settle(NEED, time.monotonic() * speed)

    with ThreadPoolExecutor(3) as pool:
        for running in [pool.submit(work) for _ in range(3)]:
            running.result()
    return admitted


def main() -> None:
    file, task, seconds, speed = sys.argv[1:]
    limiter = RateLimiter(ceilings=CEILINGS, store=SqliteStore(Path(file)))
    limiter.observe(TARGET, GENEROUS, time.monotonic() * float(speed))
    if task == "requests":
        json.dump(send_requests(limiter, float(seconds), float(speed)), sys.stdout)
        limiter.close()
    else:  # stay the head of the queue, and never ask again
        ticket = limiter.enter(TARGET, NEED, time.monotonic())
        sys.stdout.write(f"[{ticket.ask(time.monotonic())}]\n")
        sys.stdout.flush()
        time.sleep(float(seconds))


if __name__ == "__main__":
    main()

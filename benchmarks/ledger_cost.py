"""What the ledger costs a call: processor time, and time that it waits for the disk.

    python -m benchmarks.ledger_cost

Tasks of one event loop call, reserve under three budgets, wait a fifth of a second as for a reply,
and settle. Processor time is that of the whole process, its writer thread included, less that of
the same loop without a ledger. The added latency is from `reserve` to its answer. Each is the best
of some rounds, since other programs only ever add to it. The promise is broken above 150 us of
processor time or a median of 8 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles

from extractor.calls.base import Budget
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.records import MICRO, CallRecord
from extractor.calls.steps import Target, Wait, apause
from extractor.types import Usage

_REPLY = 0.2
"""Seconds that a reply takes."""

MOST_CPU, MOST_LATENCY = 150e-6, 8e-3


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time a call, and the latencies that the ledger added."""

    cpu: float
    latency: Sequence[float]


def measure(ledger: SqliteLedger | None, name: str, *, callers: int, calls: int) -> Cost:
    """Make some calls with each caller."""
    latency: list[float] = []

    async def call(caller: int, number: int) -> None:
        extraction = f"{name}-{caller}"
        budgets = (
            Budget("document", extraction, 100 * MICRO),
            Budget("run", name, 10_000 * MICRO),
            Budget("day", "ada", 100_000 * MICRO),
        )
        record = CallRecord(
            id=f"{name}-{number:06}-{caller:03}",
            extraction=extraction,
            target=Target("openai", "gpt-5.4-mini", "account"),
            technique="strict",
            attempt=1,
            started_at=time.time(),
            reserved=30_000,
            metadata={"user": "ada", "endpoint": "/extract"},
        )
        if ledger is not None:
            began = time.perf_counter()
            reservation = ledger.reserve(record, budgets)
            await apause(Wait(60, "", reservation.signal))
            reservation.check()
            latency.append(time.perf_counter() - began)
        await asyncio.sleep(_REPLY)
        usage = Usage(12_000, 800)
        ended = replace(record, state="settled", cost=11_000, usage=usage, latency=_REPLY)
        if ledger is not None:
            ledger.settle(ended, budgets)

    async def caller(caller: int) -> None:
        await asyncio.sleep(_REPLY * caller / callers)
        for number in range(calls):
            await call(caller, number)

    async def all_callers() -> None:
        await asyncio.gather(*map(caller, range(callers)))

    began = time.process_time()
    asyncio.run(all_callers())
    return Cost((time.process_time() - began) / (callers * calls), latency)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 if a call costs more than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callers", type=int, default=64)
    parser.add_argument("--calls", type=int, default=10, help="of each caller, in each round")
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args(arguments)
    size = {"callers": options.callers, "calls": options.calls}
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteLedger(Path(folder) / "calls.sqlite")) as ledger,
    ):
        pairs = [
            (measure(ledger, f"round-{n}", **size), measure(None, "bare", **size))
            for n in range(options.rounds)
        ]
    rounds, bare = [pair[0] for pair in pairs], min(pair[1].cpu for pair in pairs)
    cpu = min(cost.cpu for cost in rounds) - bare
    cuts = [quantiles(cost.latency, n=100) for cost in rounds]
    median, p99 = (min(cut[percent - 1] for cut in cuts) for percent in (50, 99))
    print(f"{options.callers} callers, {options.callers / _REPLY:,.0f} calls a second at most")
    print(f"processor: {cpu * 1e6:.0f} us a call, besides {bare * 1e6:.0f} us without a ledger")
    print(f"added latency: {median * 1e3:.2f} ms median, {p99 * 1e3:.2f} ms at the 99th percentile")
    broken = cpu > MOST_CPU or median > MOST_LATENCY
    print("BROKEN" if broken else "kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

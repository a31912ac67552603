"""The outage: 312 contracts, and a provider that answers 429 from the first on.

    python -m benchmarks.outage

In virtual time, at 1, 8 and 64 documents at once: down for 60 s and then healthy, all are right;
down for ever, each has its typed state, after a bounded number of POSTs. What was answered before
an outage is not asked again after it, where a reply cache records. Then against a fault server in
real time, on a smaller scale, where the provider answers 429 or 529 or refuses connections.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fault_server import Down, Plan, Running, Terms, contract, right_answer
from benchmarks.fault_server import running as fault_server
from benchmarks.virtual_provider import LATENCY, Run, VirtualProvider, run_all
from extractor import Extractor, ExtractorError, OutageError, RetryPolicy
from extractor.calls.cache.replies import SqliteReplyCache
from extractor.calls.core import CallCore
from extractor.cli.exits import PROVIDER, exit_code
from extractor.providers.openai import OpenAIProvider
from tests.virtual_time import World

DOCUMENTS = 312
OUTAGE = 60.0
PROBES = 40
"""POSTs that an outage may cost beyond those under way when it is met."""
SLACK = 1.5
"""Times the shortest time in which it could all be done, which is an outage and the calls."""


_DEFAULT = RetryPolicy()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one part of the trial came to; `violated` is empty where all is well."""

    told: str
    violated: tuple[str, ...] = ()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 64])
    options = parser.parse_args()
    is_good = True
    for verdict in verdicts(options.documents, options.concurrency):
        print(verdict.told, flush=True)
        for violation in verdict.violated[:10]:
            print(f"  VIOLATED: {violation}")
        is_good = is_good and not verdict.violated
    return 0 if is_good else 1


def verdicts(documents: int, concurrency: Sequence[int]) -> Iterator[Verdict]:
    """Run all parts, those in virtual time first."""
    numbers = range(1, documents + 1)
    for at_once in concurrency:
        yield passing(numbers, at_once)
        yield lasting(numbers, at_once)
        yield resumed(numbers, at_once)
    with fault_server() as server:
        for how in ("429", "529", "refused"):
            yield real_passing(server, numbers, how)
        yield real_lasting(server, numbers)
        yield command_line(server)


def passing(numbers: Sequence[int], concurrency: int) -> Verdict:
    """Meet an outage of a minute."""
    provider = VirtualProvider(lambda now: now < _START + OUTAGE)
    runs, world = run_all(provider, numbers, concurrency=concurrency, policy=_DEFAULT, core=_core)
    in_vain = sum(time < _START + OUTAGE for time, _ in world.posts)
    took, shortest = _took(runs), OUTAGE + LATENCY * len(numbers) / concurrency
    return Verdict(
        f"virtual, {concurrency:>2} at once, down {OUTAGE:g} s: {_told(runs)}, "
        f"{len(world.posts)} POSTs ({in_vain} in vain), {took:,.0f} s",
        (
            *_not_right(runs, numbers),
            *_too_many(in_vain, concurrency),
            *_too_late(took, shortest),
        ),
    )


def lasting(numbers: Sequence[int], concurrency: int, policy: RetryPolicy = _DEFAULT) -> Verdict:
    """Meet an outage that does not end."""
    provider = VirtualProvider(lambda _now: True)
    runs, world = run_all(provider, numbers, concurrency=concurrency, policy=policy, core=_core)
    posts, took = len(world.posts), _took(runs)
    return Verdict(
        f"virtual, {concurrency:>2} at once, down for ever: {_told(runs)}, {posts} POSTs, "
        f"{took:,.0f} s",
        (
            *_not_out(runs, numbers),
            *_too_many(posts, concurrency),
            *_too_late(took, policy.outage),
        ),
    )


def resumed(numbers: Sequence[int], concurrency: int) -> Verdict:
    """Meet an outage that does not end half-way, and go on when it is over."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "replies.sqlite"
        provider = VirtualProvider(lambda _now: provider.answered.total() >= len(numbers) // 3)
        first = _recorded(provider, numbers, concurrency, path)
        had = Counter(provider.answered)
        again = VirtualProvider(lambda _now: False)
        second = _recorded(again, numbers, concurrency, path)
    twice = [number for number in again.posts if number in had]
    met = [run for run in first if run.number not in had]
    violated = [*_not_out(met, [run.number for run in met]), *_not_right(second, numbers)]
    if twice:
        violated.append(f"asked again, though answered: {twice[:10]}")
    if len(had) + again.posts.total() != len(numbers):
        violated.append(f"{again.posts.total()} POSTs for {len(numbers) - len(had)} documents")
    return Verdict(
        f"virtual, {concurrency:>2} at once, down half-way, then run again: first {_told(first)}, "
        f"then {_told(second)} with {again.posts.total()} POSTs",
        tuple(violated),
    )


def real_passing(server: Running, numbers: Sequence[int], how: str) -> Verdict:
    """Meet a short outage in real time."""
    server.begin(Plan())
    asyncio.run(_real(server, numbers[:1], RetryPolicy()))  # the outage must not pass in importing
    down = {"since": 0.5, "until": 3.5, "how": how}  # what was never reached counts as no outage
    server.begin(Plan.model_validate({"down": [down], "latency": 0.02}))
    policy = RetryPolicy(initial=0.1, longest=1.0, outage=60.0)
    runs, seconds = asyncio.run(_real(server, numbers, policy))
    truth = server.truth()
    in_vain = truth.count(f"down {how}")
    return Verdict(
        f"real, 8 at once, {how} for 3 s: {_told(runs)}, {len(truth.posts)} POSTs "
        f"({in_vain} in vain), {seconds:.1f} s",
        (*_not_right(runs, numbers), *_too_many(in_vain, 8)),
    )


def real_lasting(server: Running, numbers: Sequence[int]) -> Verdict:
    """Meet an outage in real time that is not waited for to its end."""
    server.begin(Plan(down=(Down(until=1e9),)))
    policy = RetryPolicy(initial=0.1, longest=1.0, outage=2.0)
    runs, seconds = asyncio.run(_real(server, numbers, policy))
    posts = len(server.truth().posts)
    return Verdict(
        f"real, 8 at once, 429 for ever, 2 s waited for: {_told(runs)}, {posts} POSTs, "
        f"{seconds:.1f} s",
        (*_not_out(runs, numbers), *_too_many(posts, 8)),
    )


def command_line(server: Running) -> Verdict:
    """Look at the exit code of a process that waits for a provider in vain."""
    server.begin(Plan(down=(Down(until=1e9),)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contract.txt"
        path.write_text(contract(1), encoding="utf-8")
        command = [sys.executable, "-m", "extractor", "extract", str(path), "--schema", "nda"]
        command += ["--model", "openai:gpt-5.4-mini", "--base-url", server.openai_url]
        short = {"EXTRACTOR_RETRY__OUTAGE": "1", "EXTRACTOR_RETRY__INITIAL": "0.1"}
        done = subprocess.run(
            command,
            env=os.environ | short | {"OPENAI_API_KEY": "sk-loopback-0123456789"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    is_good = done.returncode == PROVIDER
    wrong = () if is_good else (f"exit {done.returncode}: {done.stderr[-500:]}",)
    return Verdict(f"the command line, 429 for ever: exit {done.returncode}", wrong)


_START = 1_000.0
"""When a virtual world begins."""


def _core(world: World) -> CallCore:
    return CallCore(clock=world.clock)


def _recorded(
    provider: VirtualProvider, numbers: Sequence[int], concurrency: int, path: Path
) -> list[Run]:
    with closing(SqliteReplyCache(path)) as cache:
        runs, _ = run_all(
            provider,
            numbers,
            concurrency=concurrency,
            policy=_DEFAULT,
            core=lambda world: CallCore(clock=world.clock, cache=cache),
        )
        return runs


async def _real(
    server: Running, numbers: Sequence[int], policy: RetryPolicy
) -> tuple[list[Run], float]:
    began, waiting, runs = time.monotonic(), iter(numbers), list[Run]()
    provider = OpenAIProvider(api_key="sk-loopback-0123456789", base_url=server.openai_url)
    extractor = Extractor(
        Terms, provider=provider, model="gpt-5.4-mini", retry=policy, core=CallCore()
    )

    async def work() -> None:
        for number in waiting:
            run = Run(number)
            try:
                run.extraction = await extractor.aextract(contract(number))
            except ExtractorError as error:
                run.error = error
            runs.append(run)

    await asyncio.gather(*(work() for _ in range(8)))
    return runs, time.monotonic() - began


def _took(runs: Sequence[Run]) -> float:
    """Return when the last document ended; timers of waits that were cut short run on longer."""
    return max(run.ended_at for run in runs) - _START


def _told(runs: Sequence[Run]) -> str:
    right = sum(_is_right(run) for run in runs)
    errors = Counter(type(run.error).__name__ for run in runs if run.error)
    states = [f"{right} right", *(f"{count} {name}" for name, count in errors.items())]
    return ", ".join(states)


def _is_right(run: Run) -> bool:
    return run.extraction is not None and run.extraction.value == right_answer(run.number)


def _not_right(runs: Sequence[Run], numbers: Sequence[int]) -> Iterator[str]:
    yield from _missing(runs, numbers)
    for run in runs:
        if not _is_right(run):
            yield f"document {run.number}: {run.error or 'a wrong answer'}"


def _not_out(runs: Sequence[Run], numbers: Sequence[int]) -> Iterator[str]:
    """Name what did not end in a state that says: run it again, the provider was down."""
    yield from _missing(runs, numbers)
    for run in runs:
        if not isinstance(run.error, OutageError):
            yield f"document {run.number}: {run.error!r}"
        elif exit_code(run.error) != PROVIDER or not run.error.retryable or not run.error.hint:
            yield f"document {run.number}: {run.error.facts()}"


def _missing(runs: Sequence[Run], numbers: Sequence[int]) -> Iterator[str]:
    if missing := set(numbers) - {run.number for run in runs}:
        yield f"{len(missing)} documents have no state at all"


def _too_late(took: float, shortest: float) -> Iterator[str]:
    if took > SLACK * shortest:
        yield f"{took:,.0f} s, where {shortest:,.0f} s would have done"


def _too_many(in_vain: int, concurrency: int) -> Iterator[str]:
    most = concurrency + PROBES
    if in_vain > most:
        yield f"{in_vain} POSTs in vain, and at most {most} are reasonable"


if __name__ == "__main__":
    sys.exit(main())

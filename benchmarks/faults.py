"""Many extractions through a server that fails in every way: each ends right, or typed.

    python -m benchmarks.faults --requests 10000

Blocking in threads and on an event loop, through both SDKs and every technique. What the server
saw is held against what the client says: the POSTs of each document are the attempts that were
logged, written to the ledger and billed for it; nothing is sent after an answer that no waiting
cures; nothing outlives its deadline; and the process is left as it was found.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import ContextVar
from dataclasses import dataclass

from benchmarks.fault_server import FAULTS, Plan, Running, Terms, Truth, contract, right_answer
from benchmarks.fault_server import running as fault_server
from benchmarks.watching import Watch, watched
from extractor import Extraction, Extractor, ExtractorError, RetryPolicy
from extractor.providers import Provider
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider

DEADLINE = 6.0
"""Seconds that a document may take."""
GRACE = 0.5
"""Seconds more that pass for punctual."""
PATIENCE = 12.0
"""Seconds for which the server drags out what it drags out: longer than any deadline."""
SILENCE = 0.5
"""Seconds without a byte after which a call is given up."""
GROWTH = 25.0
"""Megabytes by which a process may grow between its first half and its second."""

POLICY = RetryPolicy(initial=0.01, longest=1.5)
THREADS, TASKS = 16, 32

_SLOW = ("slow headers", "slow body", "never answers", "429 date")
_LARGE = ("gzip bomb", "huge body")
_ALONE = ("429 a day",)
"""It shuts the whole account, as it should."""


def mix(share: float) -> dict[str, float]:
    """Return the share of each fault: all that is quick equally, the rest rarely."""
    permanent = [name for name, fault in FAULTS.items() if fault.kind == "permanent"]
    rare = dict.fromkeys(_SLOW, 0.002) | dict.fromkeys(_LARGE, 0.001)
    rare |= {name: 0.003 for name in permanent if name not in _ALONE}
    quick = [name for name in FAULTS if name not in rare and name not in _ALONE]
    left = share - sum(rare.values())
    return rare | dict.fromkeys(quick, left / len(quick))


_BACKENDS = (
    *(("openai", backend) for backend in ("strict", "json", "tools", "xml")),
    *(("anthropic", backend) for backend in ("native", "tools", "xml")),
)
_WARM_UP = 900_000
"""Numbers from here on are asked for before the trial, and spared."""

_document: ContextVar[int] = ContextVar("document")
"""The number of the document that this thread or task is about."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One provider and technique; half of its documents go blocking, half on the loop."""

    provider: Provider
    model: str
    backend: str

    def extractor(self) -> Extractor[Terms]:
        return Extractor(
            Terms, provider=self.provider, model=self.model, backend=self.backend, retry=POLICY
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one document ended, as its caller saw it."""

    number: int
    seconds: float
    attempts: int
    error: str = ""
    is_typed: bool = True
    is_right: bool = False


class LoggedPosts(logging.Handler):
    """Counts the lines that the call core logs, by the document that they were logged for."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.by_number: Counter[int] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.by_number[_document.get()] += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--share", type=float, default=0.4, help="of all attempts, that fail")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with fault_server() as server:
        violations = trial(
            server, requests=options.requests, share=options.share, seed=options.seed
        )
    for violation in violations[:20]:
        print(f"VIOLATED: {violation}")
    return 1 if violations else 0


def trial(server: Running, *, requests: int, share: float, seed: int) -> list[str]:
    """Run it, print its figures, and return what was violated."""
    spared = {_WARM_UP + number: () for number in range(len(_BACKENDS))}
    server.begin(Plan(seed=seed, faults=mix(share), script=spared, patience=PATIENCE))
    logged, began = LoggedPosts(), time.monotonic()
    log = logging.getLogger("extractor.calls")
    log.addHandler(logged)
    log.setLevel(logging.INFO)
    try:
        with watched() as watch:
            outcomes = _run(server, requests, watch)
    finally:
        log.removeHandler(logged)
    truth = server.truth()
    _print(outcomes, truth, watch, seconds=time.monotonic() - began, seed=seed)
    return [
        *watch.complaints,
        *_of_outcomes(outcomes),
        *_of_posts(outcomes, truth, logged),
        *_of_fates(outcomes, truth),
        *([f"memory grew by {watch.growth():.0f} MB"] if watch.growth() > GROWTH else []),
    ]


def _run(server: Running, requests: int, watch: Watch) -> list[Outcome]:
    """Send every second document from a thread, and the others from one event loop."""
    with ExitStack() as opened:
        lanes = [opened.enter_context(lane.extractor()) for lane in _lanes(server, opened)]
        for number, lane in enumerate(lanes):  # importing an SDK takes seconds of the first call
            _blocking(lane, _WARM_UP + number)
        numbers = range(1, requests + 1)
        threads = opened.enter_context(ThreadPoolExecutor(THREADS))
        blocking = [
            threads.submit(_blocking, lanes[number % len(lanes)], number) for number in numbers[::2]
        ]
        on_loop = asyncio.run(_on_loop(lanes, numbers[1::2], watch))
        return [*on_loop, *(each.result() for each in blocking)]


def _lanes(server: Running, opened: ExitStack) -> Iterator[Lane]:
    key = "sk-loopback-0123456789"
    openai = OpenAIProvider(api_key=key, base_url=server.openai_url, read_timeout=SILENCE)
    claude = AnthropicProvider(api_key=key, base_url=server.url, read_timeout=SILENCE)
    opened.callback(openai.close)
    opened.callback(claude.close)
    for api, backend in _BACKENDS:
        if api == "openai":
            yield Lane(openai, "gpt-5.4-mini", backend)
        else:
            yield Lane(claude, "claude-sonnet-4-6", backend)


def _blocking(extractor: Extractor[Terms], number: int) -> Outcome:
    _document.set(number)
    began = time.monotonic()
    try:
        extraction = extractor.extract(contract(number))
    except Exception as error:
        return _failed(number, error, time.monotonic() - began)
    return _answered(number, extraction, time.monotonic() - began)


async def _on_loop(
    lanes: Sequence[Extractor[Terms]], numbers: Sequence[int], watch: Watch
) -> list[Outcome]:
    """Keep `TASKS` documents going; note the memory ten times on the way."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda _loop, told: watch.complaints.append(f"on the loop: {told['message']}"[:300])
    )
    waiting, outcomes = iter(numbers), list[Outcome]()

    async def work() -> None:
        for number in waiting:
            _document.set(number)
            began = time.monotonic()
            try:
                extraction = await lanes[number % len(lanes)].aextract(contract(number))
            except Exception as error:
                outcomes.append(_failed(number, error, time.monotonic() - began))
            else:
                outcomes.append(_answered(number, extraction, time.monotonic() - began))
            if len(outcomes) % max(1, len(numbers) // 10) == 0:
                watch.note_memory()

    await asyncio.gather(*(work() for _ in range(TASKS)))
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        watch.complaints.append(f"{len(others)} tasks are left")
    return outcomes


def _answered(number: int, extraction: Extraction[Terms], seconds: float) -> Outcome:
    is_right = extraction.value == right_answer(number)
    return Outcome(number, seconds, extraction.attempts, is_right=is_right)


def _failed(number: int, error: Exception, seconds: float) -> Outcome:
    is_typed = isinstance(error, ExtractorError)
    attempts = error.attempts if isinstance(error, ExtractorError) else 0
    name = type(error).__name__ if is_typed else repr(error)[:200]
    return Outcome(number, seconds, attempts, error=name, is_typed=is_typed)


def _of_outcomes(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for each in outcomes:
        if not each.is_typed:
            yield f"document {each.number} ended in {each.error}"
        elif not each.error and not each.is_right:
            yield f"document {each.number} ended with a wrong answer"
        if each.seconds > DEADLINE + GRACE:
            yield f"document {each.number} took {each.seconds:.1f} s, and has {DEADLINE:g} s"


def _of_posts(outcomes: Sequence[Outcome], truth: Truth, logged: LoggedPosts) -> Iterator[str]:
    for each in outcomes:
        posts, lines = truth.of(each.number).posts, logged.by_number[each.number]
        if not posts == each.attempts == lines:
            yield (
                f"document {each.number}: {posts} POSTs came, {lines} were logged and "
                f"{each.attempts} told ({each.error or 'right'}): {truth.of(each.number).fates}"
            )
    if truth.elsewhere:
        yield f"{truth.elsewhere} requests went to another page"
    if unknown := truth.of(0).posts:
        yield f"{unknown} POSTs showed no contract"


def _of_fates(outcomes: Sequence[Outcome], truth: Truth) -> Iterator[str]:
    """Hold how each document ended against the last thing that the server did to it."""
    for each in outcomes:
        fates = truth.of(each.number).fates
        faults = [FAULTS[fate] for fate in fates if fate != "right"]
        if any(FAULTS[fate].kind == "permanent" for fate in fates[:-1] if fate != "right"):
            yield f"document {each.number} was sent again after what no waiting cures: {fates}"
        if not each.error:
            if fates[-1] != "right" and FAULTS[fates[-1]].errors and not _is_repairable(fates[-1]):
                yield f"document {each.number} ended right, after {fates}"
        elif each.error not in {*_ANYTIME, *(faults[-1].errors if faults else ())}:
            yield f"document {each.number} ended in {each.error} after {fates}"


_ANYTIME = ("DeadlineError",)


def _is_repairable(fate: str) -> bool:
    """A reply that was cut off late enough, or an answer of which the rest was asked, may do."""
    return FAULTS[fate].kind == "answer"


def _print(
    outcomes: Sequence[Outcome], truth: Truth, watch: Watch, *, seconds: float, seed: int
) -> None:
    right = sum(each.is_right for each in outcomes)
    errors = Counter(each.error for each in outcomes if each.error)
    fates = Counter(fate for seen in truth.documents.values() for fate in seen.fates)
    print(f"seed {seed}: {len(outcomes):,} documents in {seconds:.0f} s, {right:,} right")
    print("  errors: " + ", ".join(f"{count} {name}" for name, count in errors.most_common()))
    print(
        f"  {len(truth.posts):,} POSTs, {truth.peak_in_flight} at once: "
        + ", ".join(f"{count} {fate}" for fate, count in fates.most_common())
    )
    print(
        f"  slowest {max(each.seconds for each in outcomes):.1f} s; memory at each tenth: "
        + ", ".join(f"{each:.0f}" for each in watch.resident)
        + " MB"
    )


if __name__ == "__main__":
    sys.exit(main())

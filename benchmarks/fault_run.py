"""Many contracts through the fault server, blocking and on an event loop, and how each ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.accounts import OnAccount
from benchmarks.fault_server import Running, Terms, contract, right_answer
from benchmarks.watching import Watch
from extractor import Extraction, Extractor, ExtractorError, RetryPolicy
from extractor.calls.core import CallCore
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider

DEADLINE = 20.0
"""Seconds that a document may take."""
SILENCE = 3.0
"""Seconds without a byte after which a call is given up."""
WARM_UP = 900_000
"""Numbers from here on are asked for before a trial, so that it does not time imports."""

_POLICY = RetryPolicy(initial=0.01, longest=0.2, outage=DEADLINE)
_THREADS, _TASKS = 6, 64  # more threads would keep the event loop from its turn
_KEY = "sk-loopback-0123456789"

TECHNIQUES = (
    *(("openai", backend) for backend in ("strict", "json", "tools", "xml")),
    *(("anthropic", backend) for backend in ("native", "tools", "xml")),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one document ended, as its caller saw it; `error` is empty where there is an answer."""

    number: int
    seconds: float
    attempts: int
    tokens: int
    error: str = ""
    is_typed: bool = True
    is_right: bool = False


def run(
    server: Running,
    numbers: Sequence[int],
    core: CallCore,
    watch: Watch,
    *,
    per_account: int,
    alone: frozenset[int],
) -> list[Outcome]:
    """Extract them all, every second one in a thread.

    So many documents share an account, since a 429 makes a whole account wait, and here they come
    at random; those in `alone` have one each.
    """
    places = -(-len(numbers) // per_account)
    with (
        _fleet(server, core, places, alone) as fleet,
        ThreadPoolExecutor(_THREADS) as threads,
    ):
        for number in range(WARM_UP, WARM_UP + len(TECHNIQUES)):
            _blocking(fleet.of(number), number)
        blocking = [threads.submit(_blocking, fleet.of(n), n) for n in numbers[::2]]
        on_loop = asyncio.run(_on_loop(fleet, numbers[1::2], watch))
        return [*on_loop, *(each.result() for each in blocking)]


@dataclass(frozen=True, slots=True)
class _Fleet:
    """An extractor for each technique and account."""

    shared: Sequence[Extractor[Terms]]
    alone: dict[int, Extractor[Terms]]

    def of(self, number: int) -> Extractor[Terms]:
        return self.alone.get(number) or self.shared[number % len(self.shared)]


@contextmanager
def _fleet(
    server: Running, core: CallCore, places: int, alone: frozenset[int]
) -> Generator[_Fleet]:
    openai = OpenAIProvider(api_key=_KEY, base_url=server.openai_url, read_timeout=SILENCE)
    claude = AnthropicProvider(api_key=_KEY, base_url=server.url, read_timeout=SILENCE)

    def extractor(place: int, account: str) -> Extractor[Terms]:
        api, backend = TECHNIQUES[place % len(TECHNIQUES)]
        made = Extractor(
            Terms,
            provider=OnAccount(openai if api == "openai" else claude, account),
            model="gpt-5.4-mini" if api == "openai" else "claude-sonnet-4-6",
            backend=backend,
            retry=_POLICY,
            deadline=DEADLINE,
            core=core,
        )
        made.first_request(contract(WARM_UP))  # compiles the templates
        return made

    try:
        yield _Fleet(
            [extractor(place, f"account {place}") for place in range(places)],
            {number: extractor(number, f"alone {number}") for number in alone},
        )
    finally:
        openai.close()
        claude.close()


def _blocking(extractor: Extractor[Terms], number: int) -> Outcome:
    began = time.monotonic()
    try:
        extraction = extractor.extract(contract(number), metadata={"matter": str(number)})
    except Exception as error:
        return _failed(number, error, began)
    return _answered(number, extraction, began)


async def _on_loop(fleet: _Fleet, numbers: Sequence[int], watch: Watch) -> list[Outcome]:
    """Keep `_TASKS` documents going; note the memory ten times on the way."""
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, told: watch.complaints.append(f"on the loop: {told['message']}"[:300])
    )
    waiting, outcomes = iter(numbers), list[Outcome]()

    async def work() -> None:
        for number in waiting:
            outcomes.append(await _awaited(fleet.of(number), number))
            if len(outcomes) % max(1, len(numbers) // 10) == 0:
                watch.note_memory()

    await asyncio.gather(*(work() for _ in range(_TASKS)))
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        watch.complaints.append(f"{len(others)} tasks are left")
    return outcomes


async def _awaited(extractor: Extractor[Terms], number: int) -> Outcome:
    began = time.monotonic()
    try:
        extraction = await extractor.aextract(contract(number), metadata={"matter": str(number)})
    except Exception as error:
        return _failed(number, error, began)
    return _answered(number, extraction, began)


def _answered(number: int, extraction: Extraction[Terms], began: float) -> Outcome:
    return Outcome(
        number,
        time.monotonic() - began,
        extraction.attempts,
        extraction.usage.total_tokens,
        is_right=extraction.value == right_answer(number),
    )


def _failed(number: int, error: Exception, began: float) -> Outcome:
    seconds = time.monotonic() - began
    if not isinstance(error, ExtractorError):
        return Outcome(number, seconds, 0, 0, error=repr(error)[:200], is_typed=False)
    return Outcome(
        number, seconds, error.attempts, error.usage.total_tokens, error=type(error).__name__
    )

"""A folder's run by batches, killed at each of its steps: nothing lost, no batch handed in twice.

    python -m benchmarks.batch_kills
    python -m benchmarks.batch_kills --provider anthropic --only "Batches.submitted"

For both providers, and for each kind of write and each call of the API, a fresh run is killed
(SIGKILL) just before or just after it, and then goes on undisturbed; for those that matter most,
the run that goes on is killed as well. The promise is broken, and the exit code 1, if a process
that is to be killed was not, if a document has no result or a wrong one, if a batch was handed in
twice, if a reply was billed again that no attempt of unknown cost in the ledger stands for, if the
ledger knows of less money than the server has earned, or if something is left under way.
"""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from benchmarks.batch_server import BatchPlan, BatchTruth, RunningBatches, batch_server
from benchmarks.fault_server import contract
from benchmarks.fault_server.asked import Api
from benchmarks.killed import ended, is_right
from extractor.calls.metering.pricing import Pricing
from extractor.calls.steps import Target
from extractor.calls.storage.store import Pending, Store
from extractor.cli import main as extractor
from extractor.providers.http import HttpProvider
from extractor.runs.batches import running as batch_running
from extractor.runs.batches.polling import Polling
from extractor.runs.batches.records import Batches
from extractor.runs.tables import FILE_NAME
from extractor.types import Usage

MODELS = {"openai": "openai:gpt-5.4-mini", "anthropic": "anthropic:claude-haiku-4-5"}
DOCUMENTS = 6
PLAN = BatchPlan(seconds=0.1, fates={1: ["invalid"], 2: ["overloaded"], 3: ["expired"]})
"""One answer that has to be asked for again, and two that no model was asked for."""

_BILLED = {number: 2 if number == 1 else 1 for number in range(1, DOCUMENTS + 1)}
"""How often each contract is billed in an undisturbed run."""

_QUEUED = (
    *("SqliteJournal.claim", "SqliteJournal.note_sent", "SqliteJournal.release"),
    *("SqliteJournal._end", "SqliteLedger.reserve", "SqliteLedger.settle"),
    *("Batches.answered", "Batches.settled"),
)
_WAITED_FOR = ("take", "make", "submitting", "submitted", "progress", "ended")
_CALLS = {"openai": 12, "anthropic": 8}
"""Calls of the API in an undisturbed run, at least."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a process is killed: before or after the so many-th step of a kind."""

    step: str
    number: int
    is_after: bool

    def __str__(self) -> str:
        return f"{'after' if self.is_after else 'before'} {self.step} {self.number}"

    def arm(self) -> None:
        """Have this process killed there."""
        kind, _, name = self.step.partition(".")
        if self.step == "API":
            self._around(HttpProvider, "perform")
        elif kind == "Batches" and name in _WAITED_FOR:
            self._around(Batches, name)
        else:
            self._around_write()

    def _around(self, owner: type, name: str) -> None:
        real: Callable[..., Any] = getattr(owner, name)
        seen = 0

        def deadly(*args: Any, **options: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == self.number and not self.is_after:
                _die()
            result = real(*args, **options)
            if seen == self.number:
                _die()
            return result

        setattr(owner, name, deadly)

    def _around_write(self) -> None:
        submit, seen = Store.submit, 0

        def deadly(store: Store, work: Any) -> Pending[Any]:
            nonlocal seen
            if not getattr(work, "func", work).__qualname__.startswith(self.step):
                return submit(store, work)
            seen += 1
            if seen == self.number and not self.is_after:
                _die()
            pending = submit(store, work)
            if seen == self.number:
                pending.signal.on_set(_die)
            return pending

        Store.submit = deadly  # type: ignore[method-assign, assignment]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def points(api: Api) -> Iterator[tuple[Point, ...]]:
    """Yield where the processes of one trial are killed, one after the other."""
    for is_after in (False, True):
        for step in (*_QUEUED, *(f"Batches.{name}" for name in _WAITED_FOR)):
            for number in (1,) if step == "Batches.take" else (1, 2):
                yield (Point(step, number, is_after),)
        for number in range(1, _CALLS[api] + 1):
            yield (Point("API", number, is_after),)
    handed_in = Point("API", 2 if api == "openai" else 1, is_after=True)
    for step in ("API", "Batches.submitted", "Batches.answered", "Batches.settled"):
        for is_after in (False, True):
            yield handed_in, Point(step, 1, is_after)
    yield handed_in, Point("API", 1, is_after=True), Point("Batches.submitted", 1, is_after=False)
    yield Point("Batches.submitting", 1, is_after=True), Point("Batches.lost", 1, is_after=False)


class Trial:
    """One folder and one run, in processes of its own."""

    def __init__(self, place: Path, server: RunningBatches, api: Api) -> None:
        self._place, self._server = place, server
        self._api: Api = api
        self.docs, self.out = place / "docs", place / "out"
        self.docs.mkdir()
        for number in range(1, DOCUMENTS + 1):
            (self.docs / f"{number:06}.txt").write_text(contract(number), encoding="utf-8")

    def run(self, point: Point | None) -> int | None:
        """Run to the end, or to a point; return the process's status, None if it hung."""
        child = os.fork()
        if child:
            return ended(child)
        code = 1
        try:
            os.environ["XDG_STATE_HOME"] = str(self._place / "state")  # no other trial is known
            quick = Polling(first=0.05, longest=0.2, grace=0.4)
            batch_running.POLLING = quick
            if point is not None:
                point.arm()
            with (
                (self._place / "log.txt").open("a", encoding="utf-8") as log,
                redirect_stdout(log),
                redirect_stderr(log),
            ):
                code = extractor(
                    [
                        *("run", str(self.docs), "--schema", "benchmarks.fault_server:Terms"),
                        *("--model", MODELS[self._api], "--out", str(self.out), "--yes"),
                        *("--base-url", self._server.url_for(self._api), "--max-usd", "1000"),
                        *("--mode", "batch", "--batch-size", "4", "--concurrency", "2"),
                    ]
                )
        finally:
            os._exit(code)


def trial(server: RunningBatches, api: Api, kills: Sequence[Point]) -> list[str]:
    """Kill one run at some points, let it go on, and return what of the promise is broken."""
    server.begin(PLAN)
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        run = Trial(Path(folder), server, api)
        for point in kills:
            status = run.run(point)
            if status is None or not os.WIFSIGNALED(status):
                found.append(f"it was not killed {point}")
        status = run.run(None)
        if status != 0:
            found.append(f"the undisturbed process ended with {status}")
        found += broken(run.out / FILE_NAME, server.truth(), api)
        if found:
            print((Path(folder) / "log.txt").read_text(encoding="utf-8")[-3_000:])
    return found


def broken(file: Path, truth: BatchTruth, api: Api) -> list[str]:
    """Say what of the promise is broken."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT path, state, result FROM v_files").fetchall()
        keys = dict(connection.execute("SELECT path, lower(hex(document)) FROM files").fetchall())
        calls = connection.execute(
            "SELECT metadata ->> '$.document', state, coalesce(cost, 0), coalesce(reserved, 0) "
            "FROM calls WHERE state != 'unsent'"
        ).fetchall()
        ((left,),) = connection.execute(
            "SELECT (SELECT count(*) FROM batches WHERE state NOT IN ('ended', 'lost')) + "
            "(SELECT count(*) FROM batch_items WHERE state = 'waiting') + "
            "(SELECT count(*) FROM calls WHERE state = 'sent')"
        ).fetchall()
    found = [f"{left} batches, requests or calls are left under way"] if left else []
    wrong = [p for p, state, result in rows if state != "done" or not is_right(p, result)]
    if wrong or len(rows) != DOCUMENTS:
        found.append(f"{len(wrong)} of {len(rows)} documents are not done, or wrong: {wrong[:1]}")
    if truth.handed_in_twice:
        found.append(f"handed in twice: {truth.handed_in_twice}")
    unknown = Counter(key for key, state, _, _ in calls if state == "unknown")
    for path in keys:
        extra = truth.billed.get(int(path[:6]), 0) - _BILLED[int(path[:6])]
        if extra > unknown[keys[path]]:
            found.append(f"{path} was billed {extra} times too often")
    provider, model = MODELS[api].split(":")
    bill = Pricing(is_batch=True).cost_micro(
        Target(provider, model), Usage(truth.input_tokens, truth.output_tokens)
    )
    known = sum(cost if state == "settled" else held for _, state, cost, held in calls)
    if bill is None or known < bill:
        found.append(f"the ledger knows of {known} micro-dollars, the server has earned {bill}")
    if unknown:
        print(f"({sum(unknown.values())} unknown)", end=" ")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill runs at every step, and return 1 if something is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--provider", choices=get_args(Api), help="one of them only")
    parser.add_argument("--only", default="", help="points whose name has this in it")
    options = parser.parse_args(arguments)
    for name in ("anthropic", "openai", "genai_prices", "tiktoken"):  # once, and not in each child
        import_module(name)
    os.environ |= {"OPENAI_API_KEY": "sk-none-0000", "ANTHROPIC_API_KEY": "sk-none-0000"}
    count = faults = 0
    began = time.monotonic()
    with batch_server() as server:
        for api in (options.provider,) if options.provider else get_args(Api):
            for kills in points(api):
                name = f"{api}: killed {', then '.join(map(str, kills))}"
                if options.only not in name:
                    continue
                count += 1
                print(name, end=" ", flush=True)
                found = trial(server, api, kills)
                faults += len(found)
                print("BROKEN: " + "; ".join(found) if found else "ok", flush=True)
    print(f"{count} trials, {faults} broken, {time.monotonic() - began:.0f} s")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())

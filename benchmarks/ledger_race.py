"""Processes and callers that race for one budget: it is never passed, not for a moment.

    python -m benchmarks.ledger_race

Four processes with 32 callers each spend a run's $5.00; half of the callers are a user with $2.00
a day. A call sets more aside than it then costs; some end unknown, some are never sent. A process
of its own watches the file all the time, and adds up its rows besides reading its totals. The
promise is broken when more than a limit is ever spent or set aside, when the totals are not those
of the rows, or when money is left that a call could have had.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extractor.calls.base import Budget
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.records import MICRO, CallRecord
from extractor.calls.steps import Target, Wait, apause
from extractor.errors import BudgetError
from extractor.types import Usage

RUN = Budget("run", "the race", 5 * MICRO)
DAY = Budget("day", "ada", 2 * MICRO)
MOST = MICRO // 50
"""The most that one call sets aside: two cents."""

_IN_ROWS = """SELECT ifnull(sum(CASE state WHEN 'settled' THEN cost WHEN 'unsent' THEN 0
    ELSE reserved END), 0) FROM calls WHERE metadata ->> '$.user' LIKE ?"""
_IN_TOTALS = "SELECT ifnull(sum(spent + reserved), 0) FROM totals WHERE scope = ? AND key LIKE ?"


@dataclass(frozen=True, slots=True)
class Seen:
    """The most that was ever spent and set aside: of the run, and of the user's day."""

    samples: int = 0
    run: int = 0
    day: int = 0
    differing: int = 0


def watch(path: Path, stop: Any, result: Any) -> None:
    """Look at the file until told to stop; each look is one consistent snapshot."""
    seen = Seen()
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        while not stop.is_set():
            seen = look(connection, seen)
            time.sleep(0.001)
        result.send(look(connection, seen))


def look(connection: sqlite3.Connection, seen: Seen) -> Seen:
    """Add one more look at the totals and at the rows to what was seen."""
    connection.execute("BEGIN")
    in_totals = (
        one(connection, _IN_TOTALS, "run", RUN.key),
        one(connection, _IN_TOTALS, "day", f"% {DAY.key}"),
    )
    in_rows = one(connection, _IN_ROWS, "%"), one(connection, _IN_ROWS, DAY.key)
    connection.execute("COMMIT")
    return Seen(
        samples=seen.samples + 1,
        run=max(seen.run, in_totals[0], in_rows[0]),
        day=max(seen.day, in_totals[1], in_rows[1]),
        differing=seen.differing + (in_totals != in_rows),
    )


def one(connection: sqlite3.Connection, query: str, *values: str) -> int:
    value: int = connection.execute(query, values).fetchone()[0]
    return value


def race(path: Path, number: int, callers: int, result: Any) -> None:
    """Spend with many callers until nothing more is to be had; send how often it was asked."""
    with closing(SqliteLedger(path)) as ledger:

        async def together() -> Sequence[int]:
            return await asyncio.gather(
                *(spend(ledger, f"{number}-{caller}", caller % 2 == 0) for caller in range(callers))
            )

        asked = sum(asyncio.run(together()))
    result.send(asked)


async def spend(ledger: SqliteLedger, caller: str, limited: bool) -> int:
    """Call until forty reservations in a row were refused; return how many were asked for."""
    chance, asked, refused = random.Random(caller), 0, 0
    budgets = (RUN, DAY) if limited else (RUN,)
    while refused < 40:
        record = CallRecord(
            id=f"{caller}-{asked:06}",
            extraction=caller,
            target=Target("openai", "gpt-5.4-mini"),
            technique="strict",
            attempt=1,
            started_at=time.time(),
            reserved=chance.randint(MOST // 20, MOST),
            metadata={"user": DAY.key if limited else "ben"},
        )
        asked += 1
        reservation = ledger.reserve(record, budgets)
        await apause(Wait(60, "", reservation.signal))
        try:
            reservation.check()
        except BudgetError:
            refused += 1
            continue
        refused = 0
        await asyncio.sleep(chance.uniform(0, 0.004))
        ledger.settle(end(record, chance), budgets)
    return asked


def end(record: CallRecord, chance: random.Random) -> CallRecord:
    """Let one call in a hundred end unknown, one unsent, and the others cost a part."""
    luck = chance.random()
    if luck < 0.02:
        return replace(record, state="unknown" if luck < 0.01 else "unsent")
    cost = int((record.reserved or 0) * chance.uniform(0.2, 0.9))
    return replace(record, state="settled", cost=cost, usage=Usage(1_000, 100), latency=0.1)


def run(path: Path, *, processes: int, callers: int) -> tuple[Seen, int, float]:
    """Let them race; return what was seen, how many reservations were asked for, and seconds."""
    spawn = multiprocessing.get_context("spawn")
    SqliteLedger(path).close()
    stop, (seen, to_seen) = spawn.Event(), spawn.Pipe(duplex=False)
    watcher = spawn.Process(target=watch, args=(path, stop, to_seen))
    pipes = [spawn.Pipe(duplex=False) for _ in range(processes)]
    racers = [
        spawn.Process(target=race, args=(path, number, callers, pipe[1]))
        for number, pipe in enumerate(pipes)
    ]
    began = time.monotonic()
    for process in (watcher, *racers):
        process.start()
    asked = sum(pipe[0].recv() for pipe in pipes)
    took = time.monotonic() - began
    stop.set()
    result: Seen = seen.recv()
    for process in (watcher, *racers):
        process.join(30)
    for pipe in (*pipes, (seen, to_seen)):
        for side in pipe:
            side.close()
    return result, asked, took


def main(arguments: Sequence[str] | None = None) -> int:
    """Race, print what was seen, and return 1 if a limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--callers", type=int, default=32)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.sqlite"
        seen, asked, took = run(path, processes=options.processes, callers=options.callers)
        with closing(sqlite3.connect(path)) as connection:
            calls = one(connection, "SELECT count(*) FROM calls")
            at_end = look(connection, Seen())
            whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
    print(f"{asked:,} reservations asked for by {options.processes} x {options.callers} callers")
    print(f"{calls:,} granted; {asked / took:,.0f} asked for a second, processes' start included")
    for name, most, last, limit in (
        ("run", seen.run, at_end.run, RUN.limit),
        ("day", seen.day, at_end.day, DAY.limit),
    ):
        print(f"{name}: at most ${most / MICRO:.6f} of ${limit / MICRO:.2f}, at the end", end=" ")
        print(f"${last / MICRO:.6f}")
    print(f"{seen.samples:,} looks; totals differed from rows in {seen.differing}; file {whole}")
    passed = seen.run > RUN.limit or seen.day > DAY.limit
    unused = at_end.run < RUN.limit - MOST
    broken = passed or unused or seen.differing or at_end.differing or whole != "ok"
    print("BROKEN" if broken else "kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

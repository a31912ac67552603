"""Writers killed at any moment: what they were told is on the disk, is there.

    python -m benchmarks.ledger_crash --kills 200

Each round forks a process that reserves and settles with eight threads, tells through a pipe of
every reservation that it was granted, and is killed (SIGKILL) after up to 120 ms, while it opens
the file, too. The promise is broken if the file is damaged, a reservation that was told of is
missing, the totals are not those of the rows, or an attempt of a dead process is not shown as
unknown.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from extractor.calls.base import Budget
from extractor.calls.ledger.attempts import Filter, calls, open_to_read
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.records import MICRO, CallRecord
from extractor.calls.steps import Target, Wait, pause

RUN = Budget("run", "the run", 1_000_000 * MICRO)
_ID = 24
"""Characters of an id, so that a pipe can be cut into ids."""


def write(path: Path, number: int, told: int) -> None:
    """Reserve and settle until killed; write the ids of what was granted to a pipe."""
    ledger = SqliteLedger(path)

    def reserve_and_settle(thread: int) -> None:
        for attempt in range(1_000_000):
            record = CallRecord(
                id=f"{number:08}-{thread:03}-{attempt:011}",
                extraction=f"{number}",
                target=Target("openai", "gpt-5.4-mini"),
                technique="strict",
                attempt=1,
                started_at=time.time(),
                reserved=1_000,
            )
            reservation = ledger.reserve(record, [RUN])
            pause(Wait(60, "", reservation.signal))
            reservation.check()
            os.write(told, record.id.encode())
            ledger.settle(replace(record, state="settled", cost=600), [RUN])

    for thread in range(8):
        threading.Thread(target=reserve_and_settle, args=(thread,)).start()
    time.sleep(60)


def killed_after(seconds: float, path: Path, number: int) -> set[str]:
    """Run a writer that long; return the ids that it told of."""
    reader, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        write(path, number, told)
        os._exit(1)
    os.close(told)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    with open(reader, "rb") as pipe:  # noqa: PTH123 - a number, not a path
        text = pipe.read().decode()
    os.waitpid(child, 0)
    return {text[start : start + _ID] for start in range(0, len(text), _ID)}


def faults(path: Path, told: set[str]) -> list[str]:
    """Say what of the promise is broken after a kill."""
    found: list[str] = []
    with open_to_read(path) as connection:
        ((whole,),) = connection.execute("PRAGMA integrity_check").fetchall()
        if whole != "ok":
            found.append(f"damaged: {whole}")
        there = {id_ for (id_,) in connection.execute("SELECT id FROM calls")}
        if missing := told - there:
            found.append(f"{len(missing)} reservations are missing")
        (rows,) = connection.execute(
            "SELECT ifnull(sum(ifnull(cost, reserved)), 0) FROM calls"
        ).fetchone()
        totals = connection.execute(
            "SELECT spent + reserved FROM totals WHERE scope = 'run'"
        ).fetchone()
        if rows != (totals[0] if totals else 0):
            found.append(f"the totals are {totals}, the rows {rows}")
        if still := sum(1 for _ in calls(connection, Filter(state="sent"))):
            found.append(f"{still} attempts of dead processes count as under way")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill writers, and return 1 if something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chance, told, broken = random.Random(options.seed), set[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.sqlite"
        SqliteLedger(path).close()
        for number in range(options.kills):
            told |= killed_after(chance.uniform(0, 0.12), path, number)
            for fault in faults(path, told):
                print(f"kill {number}: {fault}")
                broken += 1
        with closing(sqlite3.connect(path)) as connection:
            states = connection.execute("SELECT state, count(*) FROM calls GROUP BY state")
            by_state = dict(states.fetchall())
        with closing(SqliteLedger(path)) as ledger:
            done = ledger.reconcile_before(time.time() + 1)
            left = ledger.total(RUN).reserved
    print(f"{options.kills} kills; {len(told):,} reservations told of, all there: {not broken}")
    print(f"rows by state: {by_state}; {done.calls:,} reconciled, {left} micro-dollars still held")
    return 1 if broken or left else 0


if __name__ == "__main__":
    sys.exit(main())

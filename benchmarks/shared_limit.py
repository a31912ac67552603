"""One run worked on by several processes under one limit: as fast as it allows, and no faster.

    python -m benchmarks.shared_limit --documents 20000 --processes 3

The server on this machine enforces the limit, with 5 s of burst, and answers 200 ms later. Each
process is an `extractor run` of the same folder; they share the run, its ledger and the limit
(`shared = true`). The promise is broken, and the exit code 1, if a document is lost, wrong or
answered twice, if a request is turned away once the burst is over (twice its length after the
start), if it takes more than 1.05 times the least that the limit allows, or if a process takes more
than 15 MB in its second half beyond what it took in its first.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from benchmarks.fault_server import Plan, Truth, running
from benchmarks.killed import is_right
from benchmarks.run_kills import Trial
from benchmarks.watching import resident_megabytes
from extractor.runs.tables import FILE_NAME

_MOST = 1.05
"""Times the least time."""
_GROWTH = 15.0
"""Megabytes."""
_BURST = 5.0


class MemoryWatch(threading.Thread):
    """Looks at the resident memory of some processes, once a second, in megabytes."""

    def __init__(self, processes: Sequence[int]) -> None:
        super().__init__(daemon=True)
        self.seen: dict[int, list[float]] = {process: [] for process in processes}
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(1.0):
            for process, seen in self.seen.items():
                with suppress(OSError):  # it has ended
                    if held := resident_megabytes(process):  # none, where it has just ended
                        seen.append(held)

    def growths(self) -> list[float]:
        """Return what each process took in its second half beyond its first."""
        return [
            max(seen[len(seen) // 2 :]) - max(seen[: len(seen) // 2])
            for seen in self.seen.values()
            if len(seen) > 1
        ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it, and return 1 if something is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--rpm", type=int, default=6_000)
    options = parser.parse_args(arguments)
    os.environ["EXTRACTOR_COMPATIBLE_API_KEY"] = "none"
    plan = Plan(latency=0.2, rpm=options.rpm, burst=_BURST)
    with tempfile.TemporaryDirectory() as folder, running(plan) as server:
        trial = Trial(
            Path(folder),
            server,
            documents=options.documents,
            concurrency=options.concurrency,
            settings=f"[limits]\nrequests_per_minute = {options.rpm}\nshared = true\n",
        )
        server.begin(plan)  # the limits are full once the folder is written
        processes = [trial.start() for _ in range(options.processes)]
        watch = MemoryWatch(processes)
        watch.start()
        codes = [os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) for one in processes]
        watch.over.set()
        faults = broken(trial.out / FILE_NAME, server.truth(), watch.growths(), options)
        if any(codes):
            faults.append(f"the processes ended with {codes}")
            print((Path(folder) / "log.txt").read_text(encoding="utf-8")[-3_000:])
    for fault in faults:
        print(f"BROKEN: {fault}")
    return 1 if faults else 0


def broken(
    file: Path, truth: Truth, growths: Sequence[float], options: argparse.Namespace
) -> list[str]:
    """Say what of the promise is broken, and print the figures.

    Args:
        file: the run's.
        truth: what the server has seen.
        growths: megabytes that each process took in its second half beyond its first.
        options: the command's.
    """
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT path, state, result FROM v_files").fetchall()
        (late,) = connection.execute(
            "SELECT count(*) FROM calls WHERE status = 429 "
            "AND started_at > (SELECT min(started_at) FROM calls) + ?",
            (2 * _BURST,),
        ).fetchone()
    wrong = [path for path, state, result in rows if state != "done" or not is_right(path, result)]
    turned_away, twice = truth.count("limit"), truth.count("right") - options.documents
    seconds = max(truth.posts) - min(truth.posts)
    least = options.documents / options.rpm * 60 - _BURST
    over = seconds / least
    more = ", ".join(f"{growth:+.1f}" for growth in growths)
    print(
        f"{options.processes} processes, {options.documents:,} documents: {len(wrong)} wrong or "
        f"lost, {twice} answered twice, {turned_away} turned away ({late} after the burst), "
        f"{seconds:.1f} s, {over:.3f} of the least; second halves took {more} MB more"
    )
    found = {
        f"{len(wrong)} are lost or wrong": len(wrong) + abs(len(rows) - options.documents),
        f"{late} were turned away": late,
        f"{twice} were answered twice": twice,
        f"{over:.3f} times the least time": over > _MOST,
        f"memory grew by {max(growths, default=0.0):.1f} MB": max(growths, default=0.0) > _GROWTH,
    }
    return [told for told, is_so in found.items() if is_so]


if __name__ == "__main__":
    sys.exit(main())

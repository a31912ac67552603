"""A folder's run that meets a fault at each of its writes: nothing lost, nothing paid in the dark.

    python -m benchmarks.run_faults

For each kind of write (claim, reservation, reply, settlement, result, ...) and each fault, a fresh
run meets the fault at the third write of that kind: the process is killed just before or just
after it, the disk is full, the disk fails, or the file is locked. Then the run goes on undisturbed.
The promises are those of `benchmarks.run_kills`; besides, a process that is to be killed has to
have been, and one that meets a fault of the disk has to end by itself with the exit code for files
that can't be written, or to go on where nothing depends on the write.
"""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.fault_server import Plan, Running, running
from benchmarks.killed import ended
from benchmarks.run_kills import Trial, broken
from extractor.calls.storage.store import Pending, Store
from extractor.cli.exits import OUTPUT
from extractor.runs.tables import FILE_NAME

WRITES = (
    *("begin", "take_in", "forget_gone", "SqliteJournal.put_into_force", "SqliteJournal.claim"),
    *("SqliteJournal.note_sent", "SqliteJournal._end", "JournalReplies.put"),
    *("SqliteLedger.reserve", "SqliteLedger.settle"),
)
"""The kinds of writes, by who queues them."""

FAULTS = ("kill before", "kill after", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY")
_ONCE = ("begin", "take_in", "forget_gone", "SqliteJournal.put_into_force")
_CODES = {
    "SqliteJournal.note_sent": (0, OUTPUT),
    "JournalReplies.put": (0, OUTPUT),
    "SqliteLedger.settle": (0, OUTPUT),
}
"""What ends well where the write is repeated by another, or was only to save a request."""

_DOCUMENTS, _CONCURRENCY = 12, 4


def meeting(write: str, fault: str, number: int) -> Callable[[], None]:
    """Return what makes a process meet a fault at its so many-th write of a kind."""

    def prepare() -> None:
        submit, seen = Store.submit, 0

        def faulty(store: Store, work: Any) -> Pending[Any]:
            nonlocal seen
            if not _named(work).startswith(write):
                return submit(store, work)
            seen += 1
            if seen < number or (seen > number and fault != "SQLITE_BUSY"):
                return submit(store, work)
            if fault == "kill before":
                os.killpg(0, signal.SIGKILL)
            if fault == "kill after":
                pending = submit(store, work)
                pending.signal.on_set(lambda: os.killpg(0, signal.SIGKILL))
                return pending
            return submit(store, lambda _: _fail(fault))

        Store.submit = faulty  # type: ignore[method-assign, assignment]

    return prepare


def _named(work: Any) -> str:
    """Return who has queued a piece of work."""
    told: str = getattr(work, "func", work).__qualname__
    return told


def _fail(name: str) -> None:
    error = sqlite3.OperationalError(f"injected {name}")
    error.sqlite_errorname = name
    raise error


def trial(server: Running, write: str, fault: str) -> list[str]:
    """Let one run meet one fault; return what of the promises is broken."""
    server.begin(Plan(latency=0.02))
    with tempfile.TemporaryDirectory() as folder:
        run = Trial(Path(folder), server, documents=_DOCUMENTS, concurrency=_CONCURRENCY)
        number = 1 if write in _ONCE else 3
        status = ended(run.start(prepare=meeting(write, fault, number)))
        last = run.start()
        os.waitpid(last, 0)
        found = broken(run.out / FILE_NAME, server.truth(), documents=_DOCUMENTS, most=_CONCURRENCY)
        if found:
            print((Path(folder) / "log.txt").read_text(encoding="utf-8")[-2_000:])
    if status is None:
        return [*found, "the process hung"]
    is_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    code = -1 if is_killed else os.waitstatus_to_exitcode(status)
    expected = (-1,) if fault.startswith("kill") else _CODES.get(write, (OUTPUT,))
    if code not in expected:
        found.append(f"it ended with {code}, where {expected} was expected")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every write with every fault, and return 1 if something is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args(arguments)
    os.environ["EXTRACTOR_COMPATIBLE_API_KEY"] = "none"
    faults = 0
    with running(Plan()) as server:
        for write in WRITES:
            for fault in FAULTS:
                print(f"{write}, {fault}:", end=" ", flush=True)
                for told in trial(server, write, fault):
                    print(f"BROKEN: {told}")
                    faults += 1
    print(f"{len(WRITES) * len(FAULTS)} trials, {faults} broken")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

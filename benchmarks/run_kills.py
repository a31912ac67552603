"""A folder's run, killed again and again at any moment: nothing lost, nothing paid in the dark.

    python -m benchmarks.run_kills --documents 1000 --kills 200
    python -m benchmarks.run_kills --documents 1000 --kills 40 --processes 3
    python -m benchmarks.run_kills --documents 1000 --kills 50 --interrupt

`extractor run` works on contracts that a server on this machine answers, in processes that are
killed (SIGKILL) at random moments: while they start, go on, work, and export. Then it is left
alone until it ends. The promise is broken, and the exit code 1, if a document has no result or two,
if a result is not what its contract says, if the server was sent more requests than kills times
the documents at once allow, if a request too many is not covered by an attempt that the ledger has
as of unknown cost, or if the ledger knows of less money than the server has earned. With
`--interrupt` it is Ctrl-C in place of kills: then no request may be sent twice at all.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

from benchmarks.fault_server import Plan, Running, Truth, contract, running
from benchmarks.killed import is_right
from extractor.cli import main as extractor
from extractor.runs.tables import FILE_NAME

_MODEL = "compatible:m"
_PRICES = {"input": 1.0, "output": 5.0}
"""US dollars for a million tokens."""


class Trial:
    """One folder, one run, and processes that work on it.

    Args:
        place: an empty folder for all of it.
        server: who answers.
        documents: how many contracts are in it.
        concurrency: how many are worked on at once.
        settings: more of `extractor.toml`.
    """

    def __init__(
        self,
        place: Path,
        server: Running,
        *,
        documents: int,
        concurrency: int,
        settings: str = "",
    ) -> None:
        self._place, self._server, self._concurrency = place, server, concurrency
        self.docs, self.out = place / "docs", place / "out"
        self.docs.mkdir()
        for number in range(1, documents + 1):
            (self.docs / f"{number:06}.txt").write_text(contract(number), encoding="utf-8")
        prices = "\n".join(f"{name} = {usd}" for name, usd in _PRICES.items())
        settings += f'[store]\npath = "{place}/calls.sqlite"\n[prices."{_MODEL}"]\n{prices}\n'
        (place / "extractor.toml").write_text(settings, encoding="utf-8")

    def start(self, *, export: bool = False, prepare: Callable[[], object] = lambda: None) -> int:
        """Begin a process that runs, or exports, after something else; return its number."""
        child = os.fork()
        if child:
            return child
        os.setsid()
        code = 1
        try:
            prepare()
            with (
                (self._place / "log.txt").open("a", encoding="utf-8") as log,
                redirect_stdout(log),
                redirect_stderr(log),
            ):
                code = extractor(self._export() if export else self._run())
        finally:
            os._exit(code)

    def _run(self) -> list[str]:
        return [
            *("run", str(self.docs), "--schema", "benchmarks.fault_server:Terms"),
            *("--model", _MODEL, "--base-url", self._server.openai_url, "--backend", "json"),
            *("--out", str(self.out), "--concurrency", str(self._concurrency), "--yes"),
            *("--config", str(self._place / "extractor.toml"), "--max-usd", "1000"),
        ]

    def _export(self) -> list[str]:
        return ["export", str(self.out), "-o", str(self._place / "out.jsonl")]


def disturbed(trial: Trial, chance: random.Random, options: argparse.Namespace) -> None:
    """Keep as many processes at work as asked for, and kill one after the other."""
    processes = [trial.start() for _ in range(options.processes)]
    for kill in range(options.kills):
        time.sleep(chance.uniform(0, options.longest))
        if kill % 10 == 9 and (trial.out / FILE_NAME).exists():
            exporting = trial.start(export=True)
            time.sleep(chance.uniform(0, options.longest / 2))
            end(exporting)
        victim = processes.pop(chance.randrange(len(processes)))
        interrupt(victim) if options.interrupt else end(victim)
        processes.append(trial.start())
    for process in processes:
        os.waitpid(process, 0)


def end(process: int) -> None:
    """Kill a process and all that it has started."""
    try:
        os.killpg(process, signal.SIGKILL)
    except ProcessLookupError:  # it has ended by itself, or has not begun its group
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def interrupt(process: int) -> None:
    """Press Ctrl-C once, and wait until a process has come to its end."""
    os.kill(process, signal.SIGINT)
    _, status = os.waitpid(process, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 130}:
        raise RuntimeError(f"a process that was interrupted ended with {status}")


def broken(file: Path, truth: Truth, *, documents: int, most: int) -> list[str]:
    """Say what of the promise is broken, and print the figures.

    Args:
        file: the run's.
        truth: what the server has seen.
        documents: how many contracts there are.
        most: how many requests too many are allowed.
    """
    found: list[str] = []
    with closing(sqlite3.connect(file)) as connection:
        ((whole,),) = connection.execute("PRAGMA integrity_check").fetchall()
        if whole != "ok":
            found.append(f"the file is damaged: {whole}")
        rows = connection.execute("SELECT path, state, result FROM v_files").fetchall()
        kept = connection.execute("SELECT count(*) FROM documents").fetchone()[0]
        calls = connection.execute(
            "SELECT metadata ->> '$.document', state, coalesce(cost, 0), coalesce(reserved, 0) "
            "FROM calls WHERE state != 'unsent'"
        ).fetchall()
        keys = dict(connection.execute("SELECT path, lower(hex(document)) FROM files").fetchall())
    lost = [path for path, state, _ in rows if state != "done"]
    if lost or len(rows) != documents or kept != documents:
        found.append(f"{len(lost)} lost; {len(rows)} files, {kept} documents")
    wrong = [path for path, state, result in rows if state == "done" and not is_right(path, result)]
    if wrong:
        found.append(f"{len(wrong)} have another value than an undisturbed run, as {wrong[0]}")
    unknown = Counter(key for key, state, _, _ in calls if state == "unknown")
    posts = {path: truth.of(int(path[:6])).posts for path, _, _ in rows}
    extra = sum(posts.values()) - documents
    if extra > most:
        found.append(f"{extra} requests too many, of {most} allowed")
    uncovered = [p for p, count in posts.items() if count - 1 > unknown[keys[p]]]
    if uncovered:
        found.append(f"{len(uncovered)} were sent again without an unknown attempt before")
    bill = sum(
        seen.input_tokens * _PRICES["input"] + seen.output_tokens * _PRICES["output"]
        for seen in truth.documents.values()
    )
    known = sum(cost if state == "settled" else held for _, state, cost, held in calls)
    if known + len(calls) < bill:  # micro-dollars are whole
        found.append(f"the ledger knows of {known} micro-dollars, the server has earned {bill:.0f}")
    print(
        f"{len(rows) - len(lost)} of {documents} done, {extra} extra requests (at most {most}), "
        f"{sum(unknown.values())} unknown attempts; "
        f"ledger ${known / 1e6:.4f}, bill ${bill / 1e6:.4f}"
    )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill runs, and return 1 if something is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--longest", type=float, default=1.2, help="seconds until a kill")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--interrupt", action="store_true", help="press Ctrl-C, don't kill")
    options = parser.parse_args(arguments)
    os.environ["EXTRACTOR_COMPATIBLE_API_KEY"] = "none"
    with tempfile.TemporaryDirectory() as folder, running(Plan(latency=options.latency)) as server:
        trial = Trial(
            Path(folder), server, documents=options.documents, concurrency=options.concurrency
        )
        began = time.monotonic()
        disturbed(trial, random.Random(options.seed), options)
        last = trial.start()
        os.waitpid(last, 0)
        kills = options.kills + options.kills // 10
        most = 0 if options.interrupt else kills * options.concurrency
        print(f"{options.kills} kills, {options.processes} processes:", end=" ")
        faults = broken(
            trial.out / FILE_NAME, server.truth(), documents=options.documents, most=most
        )
        print(f"{time.monotonic() - began:.0f} s")
        if faults:
            print((Path(folder) / "log.txt").read_text(encoding="utf-8")[-3_000:])
    for fault in faults:
        print(f"BROKEN: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

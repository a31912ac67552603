"""A folder of very many tiny contracts through a durable run: throughput, and flat memory.

    python -m benchmarks.run_scale --documents 100000

A script answers, so that what is measured is ours: reading, asking, proving, journal and ledger.
Prints documents a second and the resident memory as it goes, and exits with 1 if the second half
takes more than 15 MB beyond the first, or if a document is not done.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.fault_server import Terms, contract
from benchmarks.fault_server.contracts import answer, number_in, quotes
from benchmarks.watching import resident_megabytes
from extractor import CallCore, Extractor, ModelRequest, ScriptedProvider, SqliteLedger
from extractor.documents.options import ReadOptions
from extractor.runs.configuration import Configuration
from extractor.runs.documents import Documents
from extractor.runs.folder import files_below
from extractor.runs.journal import SqliteJournal
from extractor.runs.ledger import JournalLedger
from extractor.runs.reader import RunReader
from extractor.runs.replies import JournalReplies
from extractor.runs.running import Runner
from extractor.runs.tables import FILE_NAME

_GROWTH = 15.0
"""Megabytes."""


def right(request: ModelRequest) -> str:
    """Answer what the contract in a request says."""
    number = number_in(request.messages[-1].content)
    values, words = answer(number), quotes(number)
    return json.dumps({name: {"quote": words[name], "value": values[name]} for name in words})


async def work(runner: Runner[Terms], total: int) -> list[float]:
    """Work through a run; return the memory at each twentieth of it."""
    memory: list[float] = []
    began, done = time.monotonic(), 0
    async for _ in runner.outcomes():
        done += 1
        if done % max(1, total // 20) == 0:
            memory.append(resident_megabytes())
            rate = done / (time.monotonic() - began)
            print(f"{done:8,} done, {rate:6.0f} a second, {memory[-1]:6.1f} MB", flush=True)
    return memory


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it, and return 1 if memory grows or something is not done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--concurrency", type=int, default=8)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        docs = Path(place) / "docs"
        for number in range(1, options.documents + 1):
            folder = docs / f"{number // 1_000:03}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number:06}.txt").write_text(contract(number), encoding="utf-8")
        memory = _through(docs, Path(place) / "out", options)
        with closing(RunReader(Path(place) / "out" / FILE_NAME)) as reader:
            states = reader.counts().files
    half = len(memory) // 2
    growth = max(memory[half:]) - max(memory[:half])
    print(f"{states}; the second half takes {growth:.1f} MB more than the first")
    return 0 if growth <= _GROWTH and states == {"done": options.documents} else 1


def _through(docs: Path, out: Path, options: argparse.Namespace) -> list[float]:
    def replies() -> Iterator[object]:
        while True:
            yield right

    provider = ScriptedProvider(replies(), keep=1)  # type: ignore[arg-type]
    with (
        closing(SqliteJournal(out / FILE_NAME)) as journal,
        closing(SqliteLedger(journal.path)) as ledger,
        closing(JournalReplies(journal)) as kept,
    ):
        core = CallCore(ledger=JournalLedger(ledger, journal), cache=kept)
        with Extractor(Terms, provider=provider, model="m", core=core) as extractor:
            journal.put_into_force(Configuration(extractor.configuration))
            journal.register(docs, files_below(docs))
            documents = Documents(
                journal, extractor, folder=docs, schema="terms", options=ReadOptions()
            )
            runner = Runner(documents, concurrency=options.concurrency)
            return asyncio.run(work(runner, options.documents))


if __name__ == "__main__":
    sys.exit(main())

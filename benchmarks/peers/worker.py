"""One system over one batch: prints a line of JSON with what it took and what came of it.

    python -m benchmarks.peers.worker --system openai --url http://127.0.0.1:PORT --documents 200

Started by whoever measures, with the interpreter of the system's own environment. The processor's
time is that of this process and of its children; documents are written before the clock runs.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import resource
import threading
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers import contracts
from benchmarks.peers.judging import Verdict
from benchmarks.peers.system import Setup, System
from benchmarks.peers.systems import SYSTEMS

MARK = "RESULT "
"""What the line begins with: some systems print lines of their own."""
_WARM = 900_000
"""Number of the first contract of the warm-up."""


class MemoryWatch(threading.Thread):
    """Looks at the resident memory now and then, in megabytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[float] = [resident()]
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            self.seen.append(resident())

    def end(self) -> None:
        """Look for the last time."""
        self.over.set()
        self.join()
        self.seen.append(resident())


def main() -> None:
    """Run the batch that the options describe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", choices=SYSTEMS, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--tokens", type=int, default=2_000)
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=60.0)
    parser.add_argument("--rpm", type=int, default=0)
    parser.add_argument("--tpm", type=int, default=0)
    parser.add_argument("--warm", type=int, default=5, help="documents before the clock runs")
    parser.add_argument("--drain", action="store_true", help="hand results over one by one")
    options = parser.parse_args()
    print(MARK + json.dumps(asyncio.run(_run(options))), flush=True)


async def _run(options: argparse.Namespace) -> dict[str, object]:
    entry = SYSTEMS[options.system]
    system = entry.made(
        Setup(
            url=options.url,
            concurrency=options.concurrency,
            timeout=options.timeout,
            rpm=options.rpm,
            tpm=options.tpm,
            tokens=options.tokens,
        )
    )
    await system.open()
    if options.warm:
        numbers = range(_WARM, _WARM + options.warm)
        await system.batch([contracts.contract(number, options.tokens) for number in numbers])
    await asyncio.to_thread(_reset, options.url)
    measured = await _measured(system, options)
    await system.close()
    return {"system": options.system, "version": version(entry.package), **measured}


async def _measured(system: System, options: argparse.Namespace) -> dict[str, object]:
    count: int = options.documents
    documents = [contracts.contract(number, options.tokens) for number in range(1, count + 1)]
    verdict = Verdict(first=1, documents=count)
    gc.collect()
    watch = MemoryWatch()
    watch.start()
    processor, began = processor_seconds(), time.perf_counter()
    try:
        if options.drain:
            await system.drain(documents, verdict.take)
            results = []
        else:
            results = list(await system.batch(documents))
    except Exception as error:  # a batch that dies as a whole fails every document in it
        results = [error] * verdict.lost
    wall, processor = time.perf_counter() - began, processor_seconds() - processor
    watch.end()
    for place, result in enumerate(results):
        verdict.take(place, result)
    seen = watch.seen
    return {
        "documents": count,
        "wall_s": round(wall, 3),
        "cpu_ms_per_doc": round(processor / count * 1_000, 4),
        "docs_per_s": round(count / wall, 2),
        "right": verdict.right,
        "wrong": verdict.wrong,
        "failed": verdict.failed,
        "lost": verdict.lost,
        "errors": dict(verdict.errors.most_common(4)),
        "memory_mb": round(max(seen) - seen[0], 1),
        "memory_second_half_mb": round(seen[-1] - seen[len(seen) // 2], 1),
    }


def processor_seconds() -> float:
    """Return user and system time of this process and of its children that ended."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def resident() -> float:
    """Return the megabytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _reset(url: str) -> None:
    """Have the mock forget the warm-up."""
    with urllib.request.urlopen(f"{url}/reset", b"{}", timeout=10) as answer:  # noqa: S310 - the mock's
        answer.read()


if __name__ == "__main__":
    main()

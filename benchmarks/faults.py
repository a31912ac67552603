"""Many extractions through a server that fails in every way: each ends right, or typed.

    python -m benchmarks.faults --requests 10000

Blocking in threads and on an event loop, through both SDKs and every technique. What the server
saw is held against what the client says: the POSTs of each document are the attempts that were
told, logged and written to the ledger, and the tokens are those that were billed; nothing is sent
after an answer that no waiting cures; nothing outlives its deadline; and the process is left as it
was found.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.fault_checks import Told, violations
from benchmarks.fault_run import TECHNIQUES, WARM_UP, Outcome, run
from benchmarks.fault_server import FAULTS, Plan, Running, Truth
from benchmarks.fault_server import running as fault_server
from benchmarks.watching import Watch, watched
from extractor.calls.core import CallCore
from extractor.calls.ledger.attempts import Filter, calls, open_to_read
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.records import CallRecord

PATIENCE = 40.0
"""Seconds for which the server drags out what it drags out: longer than any deadline."""
LATENCY = 0.05
"""Seconds before anything is answered."""
GROWTH = 20.0
"""Megabytes by which the process may grow in the last third: what an allocator keeps of the
largest replies, which are slow to end, is nearly as much, however many documents there are."""

_SLOW = ("slow headers", "slow body", "never answers", "429 date")
_LARGE = ("gzip bomb", "huge body")
"""They come in the first quarter, so that what follows shows whether memory grows."""
_SHUTS = "429 a day"
"""It shuts its whole account, as it should, and is met by few documents that have one each."""
_ALONE, _EVERY = 331, 61
"""Every so many documents has an account of its own, or a large body."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--share", type=float, default=0.4, help="of all attempts, that fail")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with fault_server() as server:
        found = trial(server, requests=options.requests, share=options.share, seed=options.seed)
    kinds: dict[str, list[str]] = {}
    for violation in found:  # alike but for numbers and names
        kinds.setdefault(re.sub(r"[\d.]+|\[.*\]", "#", violation)[:60], []).append(violation)
    for alike in kinds.values():
        print(f"VIOLATED, {len(alike):,} times: " + "\n    ".join(alike[:3]))
    return 1 if found else 0


def trial(
    server: Running, *, requests: int, share: float, seed: int, per_account: int = 20
) -> list[str]:
    """Run it, print its figures, and return what was violated."""
    alone = frozenset(range(_ALONE, requests + 1, _ALONE))
    script: dict[int, tuple[str, ...]] = dict.fromkeys(alone, (_SHUTS,))
    script |= {n: (_LARGE[n % 2],) for n in range(_EVERY, requests // 4, _EVERY)}
    script |= dict.fromkeys(range(WARM_UP, WARM_UP + len(TECHNIQUES)), ())
    server.begin(
        Plan(seed=seed, faults=mix(share), script=script, patience=PATIENCE, latency=LATENCY)
    )
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, _logged() as logged:
        path = Path(folder) / "calls.sqlite"
        with watched() as watch, closing(SqliteLedger(path)) as ledger:
            core = CallCore(ledger=ledger)
            numbers = range(1, requests + 1)
            outcomes = run(server, numbers, core, watch, per_account=per_account, alone=alone)
        told = _told(path, logged)
    truth = server.truth()
    _print(outcomes, truth, watch, seconds=time.monotonic() - began, seed=seed)
    grown = watch.growth()
    return [
        *watch.complaints,
        *violations(outcomes, truth, told),
        *([f"memory grew by {grown:.0f} MB"] if grown > GROWTH else []),
    ]


def mix(share: float) -> dict[str, float]:
    """Return the share of each fault: all that is quick equally, the rest rarely, or by script."""
    permanent = [name for name, fault in FAULTS.items() if fault.kind == "permanent"]
    rare = dict.fromkeys(_SLOW, 0.002) | dict.fromkeys(permanent, 0.003)
    rare |= dict.fromkeys((_SHUTS, *_LARGE), 0.0)
    quick = [name for name in FAULTS if name not in rare]
    left = share - sum(rare.values())
    return rare | dict.fromkeys(quick, left / len(quick))


class _Lines(logging.Handler):
    """Counts the lines of the call core's log, by the matter that stands in them."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.by_number: Counter[int] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno == logging.INFO:
            self.by_number[int(json.loads(record.getMessage())["metadata"]["matter"])] += 1


@contextmanager
def _logged() -> Generator[Counter[int]]:
    lines, log = _Lines(), logging.getLogger("extractor.calls")
    level = log.level
    log.addHandler(lines)
    log.setLevel(logging.INFO)
    try:
        yield lines.by_number
    finally:
        log.removeHandler(lines)
        log.setLevel(level)


def _told(path: Path, logged: Counter[int]) -> Told:
    kept, unborn = Counter[int](), Counter[int]()
    still_sent = 0
    with open_to_read(path) as connection:
        for record in calls(connection, Filter()):
            kept[int(record.metadata["matter"])] += record.state != "unsent"
            unborn[int(record.metadata["matter"])] += _never_arrived(record)
            still_sent += record.state == "sent"
    return Told(logged, kept, unborn, still_sent)


def _never_arrived(record: CallRecord) -> bool:
    """Tell whether an attempt ended before its POST was on the wire: nobody answered the door."""
    is_broken = record.error_type in {"APIConnectionError", "APITimeoutError"}
    return is_broken and record.status is None and record.state == "settled"


def _print(
    outcomes: Sequence[Outcome], truth: Truth, watch: Watch, *, seconds: float, seed: int
) -> None:
    right = sum(each.is_right for each in outcomes)
    errors = Counter(each.error for each in outcomes if each.error)
    fates = Counter(fate for seen in truth.documents.values() for fate in seen.fates)
    print(
        f"seed {seed}: {len(outcomes):,} documents in {seconds:.0f} s, {right:,} right, "
        f"{len(truth.posts):,} POSTs, {truth.peak_in_flight} at once; "
        f"slowest {max(each.seconds for each in outcomes):.1f} s"
    )
    print(f"errors: {_listed(errors)}")
    print(f"met: {_listed(fates)}")
    print(f"memory at each tenth: {', '.join(f'{each:.0f}' for each in watch.resident)} MB")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common()) or "none"


if __name__ == "__main__":
    sys.exit(main())

"""One system's run of one measure: a mock, a worker in the system's environment, and a row."""

from __future__ import annotations

import json
import subprocess
import time
from heapq import heapreplace

from benchmarks.peers.environments import ROOT, python, variables
from benchmarks.peers.measures import MEASURES, Measure
from benchmarks.peers.mock import running
from benchmarks.peers.mock.counts import Counts
from benchmarks.peers.systems import SYSTEMS
from benchmarks.peers.worker import MARK
from extractor.types import JsonObject


def run(measure: str, system: str, documents: int | None = None) -> JsonObject:
    """Run a measure, and return its row; `error` is in it where the worker gave none.

    Args:
        measure: one of `MEASURES`.
        system: one of `SYSTEMS`.
        documents: how many, if not as many as the measure has.
    """
    plan = MEASURES[measure]
    count = documents or plan.fewer.get(system, plan.documents)
    with running(plan.knobs) as mock:
        worked = _worked(plan, system, count, mock.url)
        counts = mock.counts()
    row = {"measure": measure, "at": int(time.time()), "system": system, **worked}
    return row | _of(counts) | _ratios(row, counts, plan)


def _worked(plan: Measure, system: str, documents: int, url: str) -> JsonObject:
    options: dict[str, object] = {
        "system": system,
        "url": url,
        "documents": documents,
        "tokens": plan.tokens,
        "concurrency": plan.concurrency,
        "timeout": plan.timeout,
        "warm": plan.warm,
    }
    if plan.tells_limits:
        options |= {"rpm": int(plan.knobs.rpm), "tpm": int(plan.knobs.tpm)}
    environment = SYSTEMS[system].environment
    command = [str(python(environment)), "-m", "benchmarks.peers.worker"]
    command += [f"--{name}={value}" for name, value in options.items()]
    command += ["--drain"] if plan.drains else []
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=variables(environment),
            capture_output=True,
            text=True,
            timeout=plan.patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"It was still running after {plan.patience:g} s."}
    for line in done.stdout.splitlines():
        if line.startswith(MARK):
            worked: JsonObject = json.loads(line.removeprefix(MARK))
            return worked
    return {"error": f"The worker failed: {done.stderr[-2_000:]}"}


def _of(counts: Counts) -> JsonObject:
    return {
        "requests": counts.requests,
        "rate_limited": len(counts.limited_at),
        "limited_at": counts.limited_at,
        "tokens_billed": counts.tokens_billed,
        "billed_twice": sum(times > 1 for times in counts.billed.values()),
        "abandoned": counts.abandoned,
        "peak_in_flight": counts.peak_in_flight,
        "faults": counts.faults,
        "mock_cpu_s": counts.processor_s,
    }


def _ratios(row: JsonObject, counts: Counts, plan: Measure) -> JsonObject:
    """Return tokens for each right document, and the time over the least that there is.

    That is what the limits allow for the tokens billed, or what a tail leaves with all that may be
    under way at once, in the order of the documents.
    """
    ratios: JsonObject = {}
    knobs = plan.knobs
    if right := row.get("right"):
        ratios["tokens_per_right"] = round(counts.tokens_billed / right)
    if knobs.tpm and "wall_s" in row:
        rate = knobs.tpm / 60
        minimum = max(counts.tokens_billed / rate - knobs.burst, 0.01)
        ratios |= {"minimum_s": minimum, "over_minimum": round(row["wall_s"] / minimum, 3)}
    elif knobs.tail and "wall_s" in row:
        minimum = _least(plan, row["documents"])
        ratios |= {"minimum_s": minimum, "over_minimum": round(row["wall_s"] / minimum, 3)}
    return ratios


def _least(plan: Measure, documents: int) -> float:
    """Return the seconds for some documents if nothing but the provider takes time."""
    ends = [0.0] * plan.concurrency
    for number in range(1, documents + 1):
        heapreplace(ends, ends[0] + plan.knobs.delay(number, 0))
    return max(ends)

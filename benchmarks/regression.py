"""Whether an extraction has become slower, held against the plain SDK in the same run.

    python -m benchmarks.regression [--measures cpu,cpu50k,wall] [--rounds 2]

Times differ by machine and by hour, so ratios are compared: what one of ours takes of what the
SDK's own `parse` takes, in turn on the same machine. The bounds are generous: a third above what
LOG.md has, so that only a real loss is told. Takes about two minutes; exits with 1 above a bound.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.peers.measures import MEASURES
from benchmarks.peers.runs import run
from benchmarks.peers.systems import PLAIN
from extractor.types import JsonObject

BOUNDS: Mapping[str, Mapping[str, float]] = {
    "cpu": {"ours": 1.25, "ours_no_evidence": 0.7},
    "cpu50k": {"ours": 1.75, "ours_no_evidence": 0.95},
    "wall": {"ours": 1.4, "ours_no_evidence": 1.1},
}
"""By measure and system, the most of what the SDK takes."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """What a system takes of what the SDK takes."""

    measure: str
    system: str
    value: float
    bound: float

    @property
    def is_good(self) -> bool:
        return self.value <= self.bound

    def __str__(self) -> str:
        told = "" if self.is_good else "  TOO MUCH"
        return f"{self.measure:<7} {self.system:<17} {self.value:.2f} of {self.bound:.2f}{told}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios; return 1 if one is above its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measures", type=_measures, default=[*BOUNDS], metavar="A,B")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--documents", type=int)
    options = parser.parse_args(arguments)
    is_good = True
    for measure in options.measures:
        systems = (PLAIN, *BOUNDS[measure])
        rows = [
            run(measure, system, options.documents)
            for count in range(options.rounds)
            for system in systems[:: -1 if count % 2 else 1]
        ]
        for ratio in ratios(measure, rows):
            print(ratio, flush=True)
            is_good &= ratio.is_good
    return int(not is_good)


def ratios(measure: str, rows: Sequence[JsonObject]) -> Iterator[Ratio]:
    """Yield the ratio of each system's median to the SDK's.

    Raises:
        RuntimeError: a run has failed.
    """
    if failed := [row["error"] for row in rows if "error" in row]:
        raise RuntimeError(failed[0])

    def taken(system: str) -> float:
        column = MEASURES[measure].compared
        return float(median(row[column] for row in rows if row["system"] == system))

    for system, bound in BOUNDS[measure].items():
        yield Ratio(measure, system, taken(system) / taken(PLAIN), bound)


def _measures(names: str) -> list[str]:
    wanted = names.split(",")
    if unknown := [name for name in wanted if name not in BOUNDS]:
        raise argparse.ArgumentTypeError(f"no bounds for: {', '.join(unknown)}")
    return wanted


if __name__ == "__main__":
    sys.exit(main())

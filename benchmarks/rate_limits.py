"""This project under enforced limits: 600 documents as fast as they allow, and no 429 on the way.

    python -m benchmarks.rate_limits

The mock enforces 3,000 requests and 2,000,000 tokens a minute with 5 s of burst; the documents
come 64 at a time. `limit` lets a 429 cost one request, `limit_soft` does not. Each is run with the
limits told and not told. A run fails unless all documents are right, no 429 comes after the first
second, and the time is at most 1.05 times the least that the tokens billed can take. How others
fare is told by `python -m benchmarks.side_by_side limit`.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from benchmarks.peers.runs import run
from extractor.types import JsonObject

MOST = 1.05
"""Times the theoretical minimum."""
STEADY = 1.0
"""Seconds after which no 429 is to come."""

_MEASURES = ("limit", "limit_soft")
_TOLD, _UNTOLD = "ours", "ours_untold"


@dataclass(frozen=True, slots=True)
class Row:
    """What one run came to."""

    measure: str
    system: str
    documents: int
    right: int
    limited: int
    limited_later: tuple[float, ...]
    seconds: float
    minimum: float
    errors: JsonObject

    @property
    def is_good(self) -> bool:
        over = self.seconds / self.minimum
        return self.right == self.documents and not self.limited_later and over <= MOST

    def __str__(self) -> str:
        told = "told" if self.system == _TOLD else "not told"
        return (
            f"{self.measure:<10} {told:<8} {self.right} of {self.documents} right, "
            f"{self.limited} 429s ({len(self.limited_later)} after {STEADY:g} s), "
            f"{self.seconds:.1f} s, {self.seconds / self.minimum:.3f} of the minimum"
            + (f", late ones at {self.limited_later[:5]} s" if self.limited_later else "")
            + (f", {self.errors}" if self.errors else "")
        )


def main() -> int:
    """Print each run; return 1 if one of them broke a promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measures", nargs="+", choices=_MEASURES, default=list(_MEASURES))
    parser.add_argument("--systems", nargs="+", choices=[_TOLD, _UNTOLD], default=[_TOLD, _UNTOLD])
    parser.add_argument("--requests", type=int, default=600)
    options = parser.parse_args()
    rows: list[Row] = []
    for measure in options.measures:
        for system in options.systems:
            rows.append(_row(run(measure, system, options.requests)))
            print(rows[-1], flush=True)
    return 0 if all(row.is_good for row in rows) else 1


def _row(ran: JsonObject) -> Row:
    if "error" in ran:
        raise RuntimeError(ran["error"])
    return Row(
        measure=ran["measure"],
        system=ran["system"],
        documents=ran["documents"],
        right=ran["right"],
        limited=ran["rate_limited"],
        limited_later=tuple(at for at in ran["limited_at"] if at > STEADY),
        seconds=ran["wall_s"],
        minimum=ran["minimum_s"],
        errors=ran["errors"],
    )


if __name__ == "__main__":
    sys.exit(main())

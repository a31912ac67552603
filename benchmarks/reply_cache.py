"""What the reply cache costs: a hit, a miss and a write, by the length of the document.

    python -m benchmarks.reply_cache

Prints the median microseconds of processor time of each, for the shipped NDA schema, and the share
of a hit that is the hash of the request. Exits with 1 if a hit on a contract of 60,000 characters
costs 200 or more.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from extractor import Extractor, ScriptedProvider
from extractor.calls.base import Recorded
from extractor.calls.cache.keys import cache_key
from extractor.calls.cache.replies import SqliteReplyCache
from extractor.calls.steps import Target
from extractor.schemas import NDA
from extractor.types import ModelRequest, ModelResponse, Usage

SIZES = (20_000, 60_000, 250_000)
PROMISED = 60_000, 200.0
"""Characters, and the microseconds that a hit stays below."""

_TARGET = Target("openai", "gpt-5.4-mini", "account", "endpoint")
_REPLY = Recorded(
    ModelResponse('{"quote": "as it stands", "value": 1}, ' * 150, Usage(20_000, 2_000), model="m"),
    attempts=1,
    usage=Usage(20_000, 2_000),
    cost_usd=Decimal("0.0123"),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Median microseconds of processor time."""

    hit: float
    hashing: float
    miss: float
    write: float


def measured(size: int, *, times: int = 500) -> Cost:
    """Use a cache for a document of so many characters, with a thousand replies beside its own."""
    asked = Extractor(NDA, provider=ScriptedProvider([])).first_request("word " * (size // 5))
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteReplyCache(Path(folder) / "replies.sqlite")) as replies,
    ):
        _fill(replies, asked)
        replies.put(asked, _TARGET, _REPLY)
        unknown = replace(asked, turn=9_999)
        return Cost(
            hit=_median(lambda: replies.get(asked, _TARGET), times),
            hashing=_median(lambda: cache_key(asked, _TARGET), times),
            miss=_median(lambda: replies.get(unknown, _TARGET), times),
            write=_median(lambda: replies.put(asked, _TARGET, _REPLY), times),
        )


def _fill(replies: SqliteReplyCache, asked: ModelRequest) -> None:
    short = replace(asked, messages=())
    for turn in range(1_000):
        replies.put(replace(short, turn=turn), _TARGET, _REPLY)


def _median(call: Callable[[], object], times: int) -> float:
    taken: list[float] = []
    for _ in range(times):
        began = time.thread_time_ns()
        call()
        taken.append((time.thread_time_ns() - began) / 1_000)
    return statistics.median(taken)


def main() -> int:
    costs = {size: measured(size) for size in SIZES}
    for size, cost in costs.items():
        print(
            f"{size:,} characters: hit {cost.hit:.0f} us, of which hashing {cost.hashing:.0f}; "
            f"miss {cost.miss:.0f}; write {cost.write:.0f}"
        )
    size, most = PROMISED
    return 1 if costs[size].hit >= most else 0


if __name__ == "__main__":
    sys.exit(main())

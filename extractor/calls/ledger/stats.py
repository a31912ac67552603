"""What calls took: by model, user, day, endpoint or technique, and in all.

SQL counts and sorts, so a million calls are added up without being held in memory. A call is an
attempt that was sent. Percentiles are by nearest rank: of ten latencies, p95 is the highest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Literal, TypeAlias

from extractor.types import Usage

Dimension: TypeAlias = Literal["model", "user", "day", "endpoint", "technique"]

_KEYS: Mapping[Dimension, str] = MappingProxyType(
    {
        "model": "provider || ':' || model",
        "user": "coalesce(metadata ->> '$.user', '')",
        "day": "day",
        "endpoint": "coalesce(metadata ->> '$.endpoint', '')",
        "technique": "technique",
    }
)

PERCENTILES: tuple[int, ...] = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class CallStats:
    """What the calls with one key took.

    Attributes:
        key: the model, user, day, endpoint or technique; empty where the calls name none.
        calls: attempts sent, failed ones included.
        extractions: the extractions they were made for.
        retries: calls that repeat a failed one.
        usage: tokens that were told.
        told: calls that told them.
        latency: seconds until the reply or the failure, by percentile; empty if no call has ended.
        errors: failed calls by error type.
        cost: micro-dollars known to be spent.
        unknown: calls of which nobody told the cost.
        reserved: micro-dollars still set aside for these.
    """

    key: str
    calls: int
    extractions: int
    retries: int
    usage: Usage
    told: int
    latency: Mapping[int, float]
    errors: Mapping[str, int]
    cost: int
    unknown: int
    reserved: int

    @property
    def tokens_per_call(self) -> float | None:
        """The mean of those that told."""
        return self.usage.total_tokens / self.told if self.told else None

    @property
    def error_rate(self) -> float:
        return sum(self.errors.values()) / self.calls if self.calls else 0.0


def call_stats(
    connection: sqlite3.Connection, by: Dimension | None = None, *, since: float | None = None
) -> list[CallStats]:
    """Add up calls, the most expensive key first; without `by`, one for all of them.

    Args:
        connection: from `open_to_read`, so that all is counted at one moment.
        by: what to tell apart.
        since: seconds since 1970; earlier calls are left out.
    """
    key = "''" if by is None else _KEYS[by]
    sent = (
        f"WITH sent AS (SELECT {key} AS key, * FROM attempts "  # noqa: S608 - our own terms
        "WHERE state <> 'unsent' AND started_at >= ?) "
    )
    begin = (0.0 if since is None else since,)
    errors: dict[str, dict[str, int]] = {}
    for name, kind, count in connection.execute(sent + _ERRORS, begin):
        errors.setdefault(name, {})[kind] = count
    counts = {name: row for name, *row in connection.execute(sent + _COUNTS, begin)}
    latency: dict[str, Mapping[int, float]] = {}
    ordered = connection.execute(sent + _LATENCIES, begin)
    for name, rows in groupby(ordered, key=itemgetter(0)):
        latency[name] = _percentiles((seconds for _, seconds in rows), counts[name][0])
    return [
        CallStats(
            *(name, calls, extractions, retries, Usage(*tokens), told),
            *(latency.get(name, {}), errors.get(name, {}), cost, unknown, reserved),
        )
        for name, row in counts.items()
        for _, calls, extractions, retries, told, *tokens, cost, unknown, reserved in [row]
    ]


def nearest_rank(size: int, percent: int) -> int:
    """Return which of so many ordered values is a percentile, counted from 1.

    >>> nearest_rank(10, 50), nearest_rank(10, 95), nearest_rank(1, 50)
    (5, 10, 1)
    """
    return -(-size * percent // 100)


def _percentiles(ordered: Iterable[float], size: int) -> dict[int, float]:
    ranks = {percent: nearest_rank(size, percent) for percent in PERCENTILES}
    wanted = set(ranks.values())
    found = {rank: seconds for rank, seconds in enumerate(ordered, 1) if rank in wanted}
    return {percent: found[rank] for percent, rank in ranks.items()}


def _sum(term: str) -> str:
    return f"ifnull(sum({term}), 0)"  # SQL's sum of nothing is null


_COUNTS = f"""SELECT key, count(latency), count(*), count(DISTINCT extraction), count(retry_cause),
    count(input_tokens), {", ".join(map(_sum, Usage.__dataclass_fields__))},
    {_sum("cost")}, sum(state = 'unknown'), {_sum("reserved * (state = 'unknown')")}
    FROM sent GROUP BY key ORDER BY {_sum("cost")} DESC, key"""  # noqa: S608 - our own names

_LATENCIES = "SELECT key, latency FROM sent WHERE latency IS NOT NULL ORDER BY key, latency"

_ERRORS = """SELECT key, error_type, count(*) FROM sent WHERE error_type IS NOT NULL
    GROUP BY key, error_type ORDER BY count(*) DESC, error_type"""

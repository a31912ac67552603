"""What a run took and how well its replies fitted the schema: costs, times, repairs, proofs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.calls.ledger.stats import nearest_rank
from extractor.evaluation.predictions import given_fields
from extractor.runs.reader import RunRow
from extractor.types import JsonObject

_AFTER = frozenset(
    {
        *("as_named", "wider_quote", "unproved", "second_look"),
        *("default", "validator", "same_item", "other_part", "derived"),
    }
)
"""Repairs of values that were valid, and additions to them: these replies fitted the schema."""

_PROVED = frozenset({"found", "derived"})


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run took.

    Attributes:
        documents: how many it is about.
        failed: those that have no result, by the type of their error.
        unfinished: those that are still to be done.
        requests: that were sent, or answered from records.
        input_tokens: of all requests.
        output_tokens: of all requests.
        cost_usd: of all requests; None where a price is unknown.
        seconds: how long the documents took, each by itself, in order of length.
        valid_first: documents whose first replies fitted the schema as they came.
        repaired: by kind, repairs of replies that did not.
        statuses: fields by their status (see `extractor.types.FieldStatus`).
        proved: values that a quote or a rule proves.
        values: values that were given, those left out for want of a proof not among them.
    """

    documents: int = 0
    failed: Mapping[str, int] = field(default_factory=dict[str, int])
    unfinished: int = 0
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    seconds: Sequence[float] = ()
    valid_first: int = 0
    repaired: Mapping[str, int] = field(default_factory=dict[str, int])
    statuses: Mapping[str, int] = field(default_factory=dict[str, int])
    proved: int = 0
    values: int = 0

    @property
    def valid(self) -> int:
        """Documents that came to a valid object in the end."""
        return self.documents - sum(self.failed.values()) - self.unfinished

    @property
    def cost_per_document(self) -> float | None:
        """US dollars for each document that is done, with or without a result."""
        done = self.documents - self.unfinished
        return None if self.cost_usd is None or not done else self.cost_usd / done

    def percentile(self, percent: int) -> float | None:
        """Return the seconds within which so many in a hundred documents were done.

        By nearest rank, as `extractor stats` has it of calls.
        """
        if not self.seconds:
            return None
        return self.seconds[nearest_rank(len(self.seconds), percent) - 1]


def figures_of(rows: Iterable[RunRow]) -> Figures:
    """Add up the rows of a run."""
    failed, repaired, statuses = Counter[str](), Counter[str](), Counter[str]()
    sums, seconds = Counter[str](), list[float]()
    cost: float | None = 0.0
    for row in rows:
        sums["documents"] += 1
        if row.duplicate_of is None:
            sums["requests"] += row.attempts or 0
            sums["input_tokens"] += row.input_tokens or 0
            sums["output_tokens"] += row.output_tokens or 0
            is_unknown = bool(row.attempts) and row.cost_usd is None
            cost = None if cost is None or is_unknown else cost + (row.cost_usd or 0.0)
        if row.error is not None:
            failed[row.error["type"]] += 1
        elif row.result is None:
            sums["unfinished"] += 1
            continue
        if row.began_at is not None and row.ended_at is not None:
            seconds.append(row.ended_at - row.began_at)
        if row.result is not None:
            sums.update(_of_result(row.result, repaired, statuses))
    names = ("documents", "unfinished", "requests", "input_tokens", "output_tokens")
    more = ("valid_first", "proved", "values")
    return Figures(
        **{name: sums[name] for name in (*names, *more)},
        failed=dict(failed),
        cost_usd=cost,
        seconds=sorted(seconds),
        repaired=dict(repaired.most_common()),
        statuses=dict(statuses.most_common()),
    )


def _of_result(
    result: JsonObject, repaired: Counter[str], statuses: Counter[str]
) -> dict[str, int]:
    kinds = [repair["kind"] for repair in result["repairs"] if repair["kind"] not in _AFTER]
    repaired.update(kinds)
    fields: dict[str, Any] = result["fields"]
    statuses.update(each["status"] for each in fields.values())
    given = [each for _, each in given_fields(result)]
    return {
        "valid_first": int(not kinds),
        "values": len(given),
        "proved": sum(each["status"] in _PROVED for each in given),
    }

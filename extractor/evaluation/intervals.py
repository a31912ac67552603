"""Intervals and tests over documents: what a difference is worth.

Documents are the clusters: fields of one contract are right and wrong together, so that counting
them by themselves makes intervals too narrow (Miller 2024, "Adding Error Bars to Evals").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from typing import Any

import numpy as np

from extractor.evaluation.counting import Row
from extractor.evaluation.scores import (
    GOLD,
    Floats,
    Table,
    kind_of,
    kinds_with_gold,
    macro,
    micro,
)

SAMPLES = 2_000
"""Resamples, if nobody says how many."""

Metric = Callable[[Table, Floats], Floats]
"""A figure of each sample, from its sums; such as `scores.macro`."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, and where it lies in 95 of 100 resamples (percentiles)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better the second of two runs is on the same documents.

    `p_value` is that of a sign-flip permutation: how often two runs whose answers were exchanged by
    lot, document by document, differ as much. `standard_error` is that of the resamples;
    `documents` are those that have a label of what is compared, and `differing` those that make
    the difference: exchanging the answers to any other changes nothing.
    """

    interval: Interval
    p_value: float
    standard_error: float
    documents: int
    differing: int

    @property
    def is_significant(self) -> bool:
        """Whether chance makes such a difference in less than 5 of 100 cases."""
        return self.p_value < 0.05

    @property
    def detectable(self) -> float | None:
        """The difference that so many documents show in 80 of 100 cases (Miller 2024).

        With few, Student's distribution and the spread of a sample count. None where those that
        differ are too few for any, and where the spread says less than the test: no difference
        that is smaller than one that may be chance is told to show.
        """
        if self.differing < FEWEST:
            return None
        documents = max(self.documents, self.differing)  # what is invented needs no label
        freedom = documents - 1
        quantiles = float(stdtrit(freedom, 0.975) + stdtrit(freedom, 0.8))
        found = quantiles * self.standard_error * (documents / freedom) ** 0.5
        least = 0.0 if self.is_significant else abs(self.interval.value)
        return found if least <= found <= 1 else None


_special: Any = import_module("scipy.special")  # has no types
bdtr, stdtrit = _special.bdtr, _special.stdtrit
FEWEST = 6
"""Documents below which exchanging their answers makes too few cases: two in 2^5 are 6 %."""


def interval(table: Table, metric: Metric, *, samples: int = SAMPLES, seed: int = 0) -> Interval:
    """Return a figure with its percentile bootstrap over documents."""
    value = float(metric(table, table.sums())[0])
    drawn = metric(table, table.sums(_weights(len(table.documents), samples, seed)))
    return _interval_of(value, drawn)


def _interval_of(value: float, drawn: Floats) -> Interval:
    """Return the percentiles of resamples; of those in which there is nothing to score none."""
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return Interval(value, float(low), float(high))


def wholes(table: Table) -> dict[str, Metric]:
    """Return the metrics of a whole run, by name: those of which anything is labelled."""
    kinds = kinds_with_gold(table)
    return {name: metric for name, (metric, kind) in _WHOLES.items() if kind in kinds}


_WHOLES: dict[str, tuple[Metric, str]] = {
    "macro_f1": (macro, "value"),
    "micro_f1": (micro, "value"),
    "clause_f1": (partial(macro, kind="clause"), "clause"),
    "choice_f1": (partial(macro, kind="choice"), "choice"),
}
"""Metrics, each with the kind of rows that it is of."""


def whole_intervals(table: Table, *, samples: int = SAMPLES, seed: int = 0) -> dict[str, Interval]:
    """Return each metric of a whole run that there is, with its interval."""
    return {
        name: interval(table, metric, samples=samples, seed=seed)
        for name, metric in wholes(table).items()
    }


def field_intervals(table: Table, *, samples: int = SAMPLES, seed: int = 0) -> dict[str, Interval]:
    """Return the F1 of each field with its interval; of a choice the mean of its labels'."""
    return {
        name: interval(own, metric, samples=samples, seed=seed)
        for name, own, metric in by_field(table)
    }


def by_field(table: Table) -> Iterator[tuple[str, Table, Metric]]:
    """Yield each field's name, its part of the table, and the metric that is its F1.

    Fields of which nothing is labelled have none: a field that all documents lack.
    """
    rows: dict[str, list[Row]] = {}
    for row in table.rows:
        if kind_of(row) != "no clause":
            rows.setdefault(row.field, []).append(row)
    for name, own in rows.items():
        part = table.with_rows(own)
        gold: Floats = part.counts[:, :, GOLD].sum(axis=0)
        kinds = [kind_of(row) for row, count in zip(part.rows, gold, strict=True) if count]
        if kinds:
            yield name, part, partial(macro, kind=kinds[0])


def difference(
    first: Table,
    second: Table,
    metric: Metric,
    *,
    samples: int = SAMPLES,
    permutations: int = SAMPLES,
    seed: int = 0,
) -> Difference:
    """Compare two runs on the same documents, whose rows are the same.

    Args:
        first: one run.
        second: the other, whose being better is positive.
        metric: what is compared.
        samples: resamples for the interval.
        permutations: for the p-value, which can't be smaller than one in so many, nor than what
            all exchanges of the answers that differ would make of it.
        seed: of both.

    Raises:
        ValueError: they are not of the same documents.
    """
    if first.documents != second.documents or first.rows != second.rows:
        raise ValueError("the two runs are not of the same documents and fields")
    count = len(first.documents)
    ones = np.ones((1, count))
    value = _apart(first, second, metric, ones, ones)[0]
    weights = _weights(count, samples, seed)
    drawn = _apart(first, second, metric, weights, weights)
    flipped = _exchanged(first, second, metric, _flips(count, permutations, seed + 1))
    extreme = np.abs(flipped) >= abs(value) - 1e-12
    alone = _exchanged(first, second, metric, np.eye(count))
    differing = int((np.abs(alone - value) > 1e-12).sum())
    least = min(1.0, 2.0 ** (1 - differing))
    p_value = max(least, (1 + int(extreme.sum())) / (1 + permutations))
    spread = float(np.nanstd(drawn, ddof=1)) if samples > 1 else 0.0
    labelled = int(first.counts[:, :, GOLD].any(axis=1).sum())
    at = _interval_of(float(value), drawn)
    return Difference(at, p_value, spread, documents=labelled, differing=differing)


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p-value of McNemar's test (1947).

    Args:
        only_first: documents that the first run alone has right.
        only_second: those that the second alone has right.

    >>> round(mcnemar(1, 9), 4)
    0.0215
    """
    total = only_first + only_second
    return min(1.0, 2 * float(bdtr(min(only_first, only_second), total, 0.5))) if total else 1.0


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for there being several (Holm 1979), in the order given.

    >>> holm([0.25, 0.75, 0.125])
    [0.5, 0.75, 0.375]
    """
    order = sorted(range(len(p_values)), key=lambda n: p_values[n])
    adjusted, most = [0.0] * len(p_values), 0.0
    for rank, number in enumerate(order):
        most = max(most, min(1.0, (len(p_values) - rank) * p_values[number]))
        adjusted[number] = most
    return adjusted


@lru_cache(maxsize=4)
def _weights(count: int, samples: int, seed: int) -> Floats:
    """Draw how often each document is in each resample."""
    chance = np.random.default_rng(seed)
    return chance.multinomial(count, np.full(count, 1 / count), samples).astype(float)


@lru_cache(maxsize=4)
def _flips(count: int, samples: int, seed: int) -> Floats:
    """Draw whose answers are exchanged in each permutation."""
    return np.random.default_rng(seed).integers(0, 2, (samples, count)).astype(float)


def _apart(first: Table, second: Table, metric: Metric, ours: Floats, theirs: Floats) -> Floats:
    return metric(second, second.sums(theirs)) - metric(first, first.sums(ours))


def _exchanged(first: Table, second: Table, metric: Metric, flips: Floats) -> Floats:
    """Return the difference where the runs' answers to some documents are exchanged."""
    stay = 1.0 - flips
    ours = first.sums(stay) + second.sums(flips)
    theirs = second.sums(stay) + first.sums(flips)
    return metric(second, theirs) - metric(first, ours)

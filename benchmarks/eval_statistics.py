"""Whether the comparison of two runs keeps its promises: no finds in chance, and the told power.

    python -m benchmarks.eval_statistics

Pairs of runs are drawn by lot: documents of different difficulty, whose fields are right or wrong
together. In 200 pairs neither run is better, and the p-values have to be uniform (Kolmogorov and
Smirnov's test, p > 0.01). In 200 more the second is better by five points, and has to be found so
about as often as `power` says: within ten points of a hundred. Exits with 1 otherwise.
How often intervals hold the true score is told for several numbers of documents.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from math import exp, sqrt
from statistics import NormalDist

import numpy as np

from extractor.evaluation.counting import Counts, Row
from extractor.evaluation.intervals import Difference, difference, interval
from extractor.evaluation.scores import Floats, Table, macro

_FIELDS = 8
_EFFECT = 0.05
_RIGHT = 0.8
_SAMPLES = 1_000
_SIZES = (6, 20, 100)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, compare, and return 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--documents", type=int, default=100)
    options = parser.parse_args(arguments)
    chance = np.random.default_rng(20_261_130)
    p_values = np.array([_drawn(chance, options.documents, 0.0)[0] for _ in range(options.pairs)])
    uniform = _kolmogorov(p_values)
    false = float((p_values < 0.05).mean())
    print(
        f"no difference: {options.pairs} pairs, {false:.1%} with p < 0.05; uniform: p {uniform:.3f}"
    )
    found = [_drawn(chance, options.documents, _EFFECT) for _ in range(options.pairs)]
    seen = float(np.mean([p_value < 0.05 for p_value, _ in found]))
    told = float(np.mean([power for _, power in found]))
    print(f"five points: found in {seen:.1%} of {options.pairs} pairs, told power {told:.1%}")
    for documents in _SIZES:
        held = float(np.mean([_holds(chance, documents) for _ in range(options.pairs)]))
        print(f"intervals of {documents} documents hold the true score in {held:.1%}")
    return int(uniform <= 0.01 or abs(seen - told) > 0.1)


def _drawn(chance: np.random.Generator, documents: int, effect: float) -> tuple[float, float]:
    """Compare two runs drawn by lot; return the p-value, and the told power for five points."""
    ease = chance.uniform(-0.15, 0.15, documents)  # five points more are no certainty yet
    first, second = (_table(chance, _RIGHT + better + ease) for better in (0.0, effect))
    seed = int(chance.integers(1 << 30))
    found = difference(first, second, macro, samples=_SAMPLES, seed=seed)
    return found.p_value, power(found, _EFFECT)


def power(found: Difference, effect: float) -> float:
    """Return how often a true difference is found significant, with so many documents."""
    if not found.standard_error:
        return float(effect != 0)
    normal = NormalDist()
    at, edge = abs(effect) / found.standard_error, normal.inv_cdf(0.975)
    return normal.cdf(at - edge) + normal.cdf(-at - edge)


def _holds(chance: np.random.Generator, documents: int) -> bool:
    """Say whether the interval of a run drawn by lot holds what it was drawn with."""
    seed = int(chance.integers(1 << 30))
    table = _table(chance, np.full(documents, _RIGHT))
    found = interval(table, macro, samples=_SAMPLES, seed=seed)
    return found.low <= _RIGHT <= found.high


def _table(chance: np.random.Generator, ease: Floats) -> Table:
    right = chance.random((len(ease), _FIELDS)) < ease[:, None]
    return Table.of(
        {
            str(number): {
                Row(f"field {field}"): Counts(right=int(hit), given=1, gold=1)
                for field, hit in enumerate(row)
            }
            for number, row in enumerate(right)
        }
    )


def _kolmogorov(p_values: Floats) -> float:
    """Return the p-value of Kolmogorov and Smirnov's test for uniform values (its series)."""
    count = len(p_values)
    ordered = np.sort(p_values)
    steps = np.arange(1, count + 1)
    distance = max(
        float((steps / count - ordered).max()), float((ordered - (steps - 1) / count).max())
    )
    scaled = (sqrt(count) + 0.12 + 0.11 / sqrt(count)) * distance
    return float(
        min(1.0, 2 * sum((-1) ** (n - 1) * exp(-2 * (n * scaled) ** 2) for n in range(1, 101)))
    )


if __name__ == "__main__":
    sys.exit(main())

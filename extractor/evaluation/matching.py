"""Matching items of two lists: as many pairs as possible, each item in one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

P = TypeVar("P")
G = TypeVar("G")


def matched(given: Sequence[P], gold: Sequence[G], same: Callable[[P, G], bool]) -> int:
    """Return the size of a maximum bipartite matching.

    >>> matched([1, 2], [2, 3, 1], lambda one, other: one == other)
    2
    """
    if not given or not gold:
        return 0
    pairs = np.array([[float(same(one, other)) for other in gold] for one in given])
    if len(given) == 1 or len(gold) == 1:
        return int(pairs.any())
    rows, columns = assignment(pairs)
    return int(pairs[rows, columns].sum())


def assignment(weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows and columns of the pairs that weigh the most together (Kuhn 1955)."""
    optimize: Any = import_module("scipy.optimize")  # has no types, and takes a second to load
    rows, columns = optimize.linear_sum_assignment(weights, maximize=True)
    return rows, columns

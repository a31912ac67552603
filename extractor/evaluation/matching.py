"""Matching items of two lists: as many pairs as possible, each item in one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

P = TypeVar("P")
G = TypeVar("G")


def matched(given: Sequence[P], gold: Sequence[G], same: Callable[[P, G], bool]) -> int:
    """Return the size of a maximum bipartite matching, by augmenting paths (Kuhn 1955).

    >>> matched([1, 2], [2, 3, 1], lambda one, other: one == other)
    2
    """
    edges = [[n for n, other in enumerate(gold) if same(one, other)] for one in given]
    mate: dict[int, int] = {}

    def grows(start: int) -> bool:
        """Find a path to a gold item that is free, and take it; without recursion."""
        came: dict[int, int] = {}
        waiting = [start]
        while waiting:
            one = waiting.pop()
            for other in edges[one]:
                if other in came:
                    continue
                came[other] = one
                if other not in mate:
                    _take(other, came, mate, start)
                    return True
                waiting.append(mate[other])
        return False

    return sum(map(grows, range(len(given))))


def _take(free: int, came: dict[int, int], mate: dict[int, int], start: int) -> None:
    """Pair along the path that leads back from a free gold item."""
    other = free
    while True:
        one = came[other]
        before = next((item for item, paired in mate.items() if paired == one), None)
        mate[other] = one
        if one == start or before is None:
            return
        other = before

"""Which of the numbers found count on: the longest chain of them."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence

from extractor.documents.structure.numbering import Label

_SKIPPED = 4  # numbers in a row that may be missing, because their lines could not be read


def chain(found: Sequence[Label], *, after: tuple[int, ...] = (0,)) -> list[Label]:
    """Return the longest run of labels whose values grow, those that follow each other preferred.

    A number that only happens to stand at a line's beginning breaks the order of those around it,
    so the longest run leaves it out; one that jumps far ahead of the last, the first one far ahead
    of `after`, is left out too. The time is n log n: best ends by value in a Fenwick tree.
    """
    ranks = {value: rank for rank, value in enumerate(sorted({label.value for label in found}), 1)}
    tree: list[tuple[int, int]] = [(0, -1)] * (len(ranks) + 1)
    best: dict[tuple[int, ...], tuple[int, int]] = {}
    scores: list[int] = []
    origins: list[int] = []
    for i, label in enumerate(found):
        score, origin = _prefix_best(tree, ranks[label.value] - 1)
        for near in _predecessors(label.value):
            if near in best and best[near][0] + 1 > score:
                score, origin = best[near][0] + 1, best[near][1]
        if origin < 0 and max(label.value[:1]) <= 1:
            score += 1
        scores.append(score + 1)
        origins.append(origin)
        if scores[i] > best.get(label.value, (0, -1))[0]:
            best[label.value] = (scores[i], i)
        at = ranks[label.value]
        while at < len(tree):
            if scores[i] > tree[at][0]:
                tree[at] = (scores[i], i)
            at += at & -at
    at = max(range(len(found)), key=lambda i: (scores[i], -i), default=-1)
    run: list[Label] = []
    while at >= 0:
        run.append(found[at])
        at = origins[at]
    return _without_leaps(run[::-1], after)


def _prefix_best(tree: Sequence[tuple[int, int]], rank: int) -> tuple[int, int]:
    best = (0, -1)
    while rank > 0:
        if tree[rank][0] > best[0]:
            best = tree[rank]
        rank -= rank & -rank
    return best


def _predecessors(value: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield what stands right before a number of the same depth, or above it."""
    *above, last = value
    if last > 1:
        yield (*above, last - 1)
    elif above:
        yield tuple(above)


def _without_leaps(run: Sequence[Label], last: tuple[int, ...]) -> list[Label]:
    kept: list[Label] = []
    for i, label in enumerate(run):
        after = run[i + 1] if i + 1 < len(run) else None
        goes_on = after is not None and label.value in _predecessors(after.value)
        if goes_on or not _leaps(last, label.value):
            kept.append(label)
            last = label.value
    return kept


def _leaps(last: tuple[int, ...], value: tuple[int, ...]) -> bool:
    for a, b in zip(last, value, strict=False):
        if a != b:
            return b - a > _SKIPPED
    return max(value[len(last) :], default=0) > _SKIPPED


def between(found: Sequence[Label], start: int, end: int) -> Sequence[Label]:
    """Return the labels of a range of the text, of those given in order."""
    first = bisect.bisect_left(found, start, key=lambda label: label.start)
    return found[first : bisect.bisect_left(found, end, key=lambda label: label.start)]

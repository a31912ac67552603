"""How far a confidence can be trusted: whether what is called nine in ten is right nine times.

A confidence is a figure from 0 to 1 that somebody gave with a value: a model, the agreement of
several, or the evidence that code has found for it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from extractor.evaluation.scores import Floats

_BINS = 10
_COVERAGES = (0.5, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Bin:
    """Values of about the same confidence: how many, how sure on the mean, and how many right."""

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What confidences are worth.

    Attributes:
        count: values that have one.
        ece: the expected calibration error over ten bins of about as many values each (Naeini et
            al. 2015).
        brier: the mean squared distance from what was right (Brier 1950).
        auroc: how often a right value has the higher confidence of a right and a wrong one; None
            where all are right, or all wrong.
        accuracy_at: of the share that is most certain (0.5, 0.8, 0.9), how much is right.
        bins: the ten, the least certain first.
    """

    count: int
    ece: float
    brier: float
    auroc: float | None
    accuracy_at: Mapping[float, float]
    bins: tuple[Bin, ...]


def calibration(confidences: Sequence[float], right: Sequence[bool]) -> Calibration | None:
    """Judge confidences by what was right; None without any.

    Values of the same confidence are never told apart: a bin ends where the confidence changes, and
    where a share ends among equals, their mean counts.
    """
    if not confidences:
        return None
    order = sorted(range(len(confidences)), key=lambda n: confidences[n])
    sure: Floats = np.array([confidences[n] for n in order], dtype=float)
    hits: Floats = np.array([right[n] for n in order], dtype=float)
    bins = tuple(
        Bin(end - start, float(sure[start:end].mean()), float(hits[start:end].mean()))
        for start, end in _edges(sorted(confidences))
    )
    return Calibration(
        count=len(order),
        ece=sum(each.count * abs(each.accuracy - each.confidence) for each in bins) / len(order),
        brier=float(((sure - hits) ** 2).mean()),
        auroc=_auroc(sure, hits),
        accuracy_at={share: _accuracy_at(share, sure, hits) for share in _COVERAGES},
        bins=bins,
    )


def _edges(sure: Sequence[float]) -> list[tuple[int, int]]:
    """Return the ends of bins of about equal mass, none of which parts equal confidences."""
    count = len(sure)
    cuts = sorted({bisect_left(sure, sure[count * n // _BINS]) for n in range(1, _BINS)})
    ends = [*(cut for cut in cuts if cut), count]
    return list(zip([0, *ends[:-1]], ends, strict=True))


def _auroc(sure: Floats, hits: Floats) -> float | None:
    """Return the area under the curve by ranks, equal ones sharing theirs (Mann and Whitney)."""
    positives = int(hits.sum())
    negatives = len(hits) - positives
    if not positives or not negatives:
        return None
    _, inverse, counts = np.unique(sure, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    above = float(ranks[hits == 1].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


def _accuracy_at(share: float, sure: Floats, hits: Floats) -> float:
    wanted = max(1, round(share * len(sure)))
    edge = sure[len(sure) - wanted]
    surer, equal = hits[sure > edge], hits[sure == edge]
    left = wanted - len(surer)
    return float((surer.sum() + left * equal.mean()) / wanted)

"""Two runs on the same documents: which one is better, by how much, and whether that is chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extractor.evaluation.intervals import (
    Difference,
    Metric,
    by_field,
    difference,
    holm,
    mcnemar,
    wholes,
)
from extractor.evaluation.scores import Table, field_scores, kind_of


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """How much better the second run is at one field.

    `f1` are both runs' own. `p_value` is that of the permutation, of a yes-or-no clause that of
    McNemar's exact test on its documents; it is adjusted for all fields (Holm).
    """

    field: str
    f1: tuple[float, float]
    difference: Difference
    p_value: float

    @property
    def is_significant(self) -> bool:
        """Whether chance makes such a difference in any field in less than 5 of 100 cases."""
        return self.p_value < 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs.

    Attributes:
        wholes: the second's over the first's, by the names of `intervals.wholes`.
        fields: the same of each field.
        only_first: documents of which the first alone has every field right.
        only_second: those of which the second alone has.
        strict_p_value: of their being as many by chance (McNemar).
    """

    documents: int
    wholes: Mapping[str, Difference]
    fields: tuple[FieldDifference, ...]
    only_first: int
    only_second: int
    strict_p_value: float


def compare(first: Table, second: Table, *, samples: int = 2_000, seed: int = 0) -> Comparison:
    """Compare two runs on the same documents.

    Raises:
        ValueError: they are not.
    """
    rows = [*first.rows, *second.rows]
    first, second = first.with_rows(rows), second.with_rows(rows)

    def told(one: Table, other: Table, metric: Metric) -> Difference:
        return difference(one, other, metric, samples=samples, seed=seed)

    scores = [{s.field: s.f1 for s in field_scores(table)} for table in (first, second)]
    apart = {
        name: told(own, second.with_rows(own.rows), metric) for name, own, metric in by_field(first)
    }
    p_values = [
        each.p_value if (exact := _exact(first, second, name)) is None else exact
        for name, each in apart.items()
    ]
    adjusted = holm(p_values)
    fields = tuple(
        FieldDifference(name, (scores[0][name], scores[1][name]), each, p_value)
        for (name, each), p_value in zip(apart.items(), adjusted, strict=True)
    )
    pairs = list(zip(first.right, second.right, strict=True))
    only_first, only_second = pairs.count((True, False)), pairs.count((False, True))
    return Comparison(
        documents=len(pairs),
        wholes={name: told(first, second, metric) for name, (metric, _) in wholes(first).items()},
        fields=fields,
        only_first=only_first,
        only_second=only_second,
        strict_p_value=mcnemar(only_first, only_second),
    )


def _exact(first: Table, second: Table, name: str) -> float | None:
    """Return McNemar's p-value of a yes-or-no clause; None of any other field."""
    rows = [row for row in first.rows if row.field == name]
    if not {"clause", "no clause"} & {kind_of(row) for row in rows}:
        return None
    right = [_right_at(table.with_rows(rows)) for table in (first, second)]
    pairs = list(zip(*right, strict=True))
    return mcnemar(pairs.count((True, False)), pairs.count((False, True)))


def _right_at(table: Table) -> list[bool]:
    """Say of each document whether its answer is the gold one, or rightly none."""
    right, _, gold, invented, _ = table.counts.sum(axis=1).T
    return [bool(each) for each in (right == gold) & (invented == 0)]

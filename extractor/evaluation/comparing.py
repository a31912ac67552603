"""Two runs on the same documents: which one is better, by how much, and whether that is chance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from extractor.evaluation.intervals import Difference, Metric, difference, holm, mcnemar
from extractor.evaluation.scores import Floats, Table, field_scores, kind_of, macro, micro


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """How much better the second run is at one field; `p_value` is adjusted for all fields (Holm).

    `f1` are both runs' own.
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
        macro_f1: the second's over the first's.
        micro_f1: the same of all values together.
        fields: the same of each field.
        only_first: documents of which the first alone has every field right.
        only_second: those of which the second alone has.
        strict_p_value: of their being as many by chance (McNemar).
    """

    documents: int
    macro_f1: Difference
    micro_f1: Difference
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

    def told(metric: Metric) -> Difference:
        return difference(first, second, metric, samples=samples, seed=seed)

    scores = [{s.field: s.f1 for s in field_scores(table)} for table in (first, second)]
    names = [name for name in scores[0] if name in scores[1]]
    by_field = {name: told(_of(name)) for name in names}
    adjusted = holm([each.p_value for each in by_field.values()])
    fields = tuple(
        FieldDifference(name, (scores[0][name], scores[1][name]), each, p_value)
        for (name, each), p_value in zip(by_field.items(), adjusted, strict=True)
    )
    pairs = list(zip(first.right, second.right, strict=True))
    only_first, only_second = pairs.count((True, False)), pairs.count((False, True))
    return Comparison(
        documents=len(pairs),
        macro_f1=told(macro),
        micro_f1=told(micro),
        fields=fields,
        only_first=only_first,
        only_second=only_second,
        strict_p_value=mcnemar(only_first, only_second),
    )


def _of(name: str) -> Metric:
    """Return the F1 of one field as a metric; of a choice the mean of its labels."""

    def metric(table: Table, sums: Floats) -> Floats:
        rows = [n for n, row in enumerate(table.rows) if row.field == name]
        kept = [n for n in rows if kind_of(table.rows[n]) != "no clause"]
        own = replace(table, rows=tuple(table.rows[n] for n in kept))
        return macro(own, sums[:, np.array(kept)], kind_of(table.rows[kept[0]]))

    return metric

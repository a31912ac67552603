"""Two runs on the same documents: which one is better, by how much, and whether that is chance."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractor.evaluation.intervals import (
    Difference,
    by_field,
    difference,
    holm,
    mcnemar,
    wholes,
)
from extractor.evaluation.scores import ABSENT, GOLD, Table, field_scores, kind_of


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """How much better the second run is at one field.

    Attributes:
        field: its name.
        f1: both runs' own.
        difference: of the F1; None of a clause that no document has, which has none.
        apart: of a yes-or-no clause, the documents in which the first alone is right, and those in
            which the second is; None of any other field.
        p_value: of a yes-or-no clause that of McNemar's exact test on these, which is of being
            right, of all others that of the permutation, which is of F1.
        adjusted: the same, for there being so many fields (Holm). Prose is not among them, and
            adjusted by itself.
    """

    field: str
    f1: tuple[float, float]
    difference: Difference | None
    apart: tuple[int, int] | None
    p_value: float
    adjusted: float

    @property
    def is_significant(self) -> bool:
        """Whether chance makes such a difference in any field in less than 5 of 100 cases."""
        return self.adjusted < 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs.

    Attributes:
        wholes: the second's over the first's, by the names of `intervals.wholes`.
        fields: the same of each field.
        missing: documents that each run has no prediction of.
        only_first: documents of which the first alone has every field right.
        only_second: those of which the second alone has.
        strict_p_value: of their being as many by chance (McNemar).
    """

    documents: int
    missing: tuple[int, int]
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
    if first.documents != second.documents:
        raise ValueError("the two runs are not of the same documents")
    rows = [*first.rows, *second.rows]
    first, second = first.with_rows(rows), second.with_rows(rows)

    only_first, only_second = _apart(first.right, second.right)
    return Comparison(
        documents=len(first.documents),
        missing=(first.answered.count(False), second.answered.count(False)),
        wholes={
            name: difference(first, second, metric, samples=samples, seed=seed)
            for name, metric in wholes(first).items()
        },
        fields=tuple(_fields(first, second, samples=samples, seed=seed)),
        only_first=only_first,
        only_second=only_second,
        strict_p_value=mcnemar(only_first, only_second),
    )


def _fields(first: Table, second: Table, *, samples: int, seed: int) -> Iterator[FieldDifference]:
    scores = [{s.field: s.f1 for s in field_scores(table)} for table in (first, second)]
    every = list(by_field(first))
    differences = {
        name: difference(
            *(own, second.with_rows(own.rows), metric),
            samples=samples,
            permutations=max(samples, _FOR_EACH * len(every)),
            seed=seed,
        )
        for name, own, metric in every
    }
    kinds = {row.field: kind_of(row) for row in first.rows}
    apart = {name: _clause_apart(first, second, name) for name in kinds}
    p_values = {
        name: differences[name].p_value if pair is None else mcnemar(*pair)
        for name, pair in apart.items()
        if pair is not None or name in differences
    }
    adjusted = _adjusted(p_values, {name for name, kind in kinds.items() if kind == "prose"})
    for name, p_value in p_values.items():
        yield FieldDifference(
            field=name,
            f1=(scores[0][name], scores[1][name]),
            difference=differences.get(name),
            apart=apart[name],
            p_value=p_value,
            adjusted=adjusted[name],
        )


_LABELLED = [GOLD, ABSENT]
_FOR_EACH = 40
"""Permutations for each field: so that the smallest p-value, adjusted for all, is below 0.05."""


def _adjusted(p_values: Mapping[str, float], prose: Collection[str]) -> dict[str, float]:
    """Adjust p-values, those of prose among themselves."""
    found: dict[str, float] = {}
    for is_prose in (False, True):
        names = [name for name in p_values if (name in prose) is is_prose]
        found |= zip(names, holm([p_values[name] for name in names]), strict=True)
    return found


def _clause_apart(first: Table, second: Table, name: str) -> tuple[int, int] | None:
    """Count the documents in which one run alone is right about a clause; None of other fields."""
    rows = [row for row in first.rows if row.field == name]
    if not {"clause", "no clause"} & {kind_of(row) for row in rows}:
        return None
    tables = [table.with_rows(rows) for table in (first, second)]
    # A document without a label says nothing; one that nobody answered has no absent label counted.
    has_label = np.any([table.counts[:, :, _LABELLED].any(axis=(1, 2)) for table in tables], axis=0)
    right = [[bool(each) for each in _right_at(table) & has_label] for table in tables]
    return _apart(*right)


def _apart(first: Sequence[bool], second: Sequence[bool]) -> tuple[int, int]:
    pairs = list(zip(first, second, strict=True))
    return pairs.count((True, False)), pairs.count((False, True))


def _right_at(table: Table) -> NDArray[np.bool_]:
    """Say of each document whether its answer is the gold one, or rightly none."""
    right, _, gold, invented, _ = table.counts.sum(axis=1).T
    is_right: NDArray[np.bool_] = (right == gold) & (invented == 0) & np.array(table.answered)
    return is_right

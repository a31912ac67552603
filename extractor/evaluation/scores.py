"""From counts to scores: precision, recall, F1 and what else is told of a field or a run.

Sums over documents are matrices, so that a resample of the documents is a product and a thousand of
them take a moment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extractor.evaluation.counting import PROSE, Counts, Row, is_right

Floats = NDArray[np.float64]

_RIGHT, _GIVEN, GOLD, _INVENTED, ABSENT = range(5)


@dataclass(frozen=True, slots=True)
class Table:
    """The counts of a run: documents by rows by (right, given, gold, invented, absent).

    `right` says of each document whether all of it is, `answered` whether there is a prediction.
    """

    documents: tuple[str, ...]
    rows: tuple[Row, ...]
    counts: Floats
    right: tuple[bool, ...]
    answered: tuple[bool, ...]

    @classmethod
    def of(
        cls,
        by_document: Mapping[str, Mapping[Row, Counts]],
        rows: Sequence[Row] = (),
        *,
        missing: Collection[str] = (),
    ) -> Table:
        """Put counts in a table.

        Args:
            by_document: what `count` returns of each.
            rows: the rows to have at least, so that two runs can be compared.
            missing: documents without a prediction, of which nothing is ever right.
        """
        names = {row for counts in by_document.values() for row in counts} | set(rows)
        ordered = tuple(sorted(names, key=lambda row: (row.field, row.label or "")))
        place = {row: number for number, row in enumerate(ordered)}
        table = np.zeros((len(by_document), len(ordered), 5))
        for number, counts in enumerate(by_document.values()):
            for row, each in counts.items():
                table[number, place[row]] = (
                    *(each.right, each.given, each.gold, each.invented, each.absent),
                )
        answered = tuple(name not in missing for name in by_document)
        right = tuple(
            has and is_right(counts)
            for has, counts in zip(answered, by_document.values(), strict=True)
        )
        return cls(tuple(by_document), ordered, table, right, answered)

    def with_rows(self, rows: Sequence[Row]) -> Table:
        """Return it with some rows and no others, in order; those that it lacks have no counts."""
        ordered = tuple(sorted(set(rows), key=lambda row: (row.field, row.label or "")))
        place = {row: number for number, row in enumerate(self.rows)}
        counts = np.zeros((len(self.documents), len(ordered), 5))
        for number, row in enumerate(ordered):
            if row in place:
                counts[:, number] = self.counts[:, place[row]]
        return replace(self, rows=ordered, counts=counts)

    def of_documents(self, names: Collection[str]) -> Table:
        """Return it with some documents and no others; rows without counts go."""
        kept = [n for n, name in enumerate(self.documents) if name in names]
        counts = self.counts[kept]
        rows = [n for n in range(len(self.rows)) if counts[:, n].any()]
        return Table(
            tuple(self.documents[n] for n in kept),
            tuple(self.rows[n] for n in rows),
            counts[:, rows],
            tuple(self.right[n] for n in kept),
            tuple(self.answered[n] for n in kept),
        )

    def sums(self, weights: Floats | None = None) -> Floats:
        """Return the sums over documents, weighted: samples by rows by counts."""
        if weights is None:
            weights = np.ones((1, len(self.documents)))
        flat = self.counts.reshape(len(self.documents), len(self.rows) * 5)
        return (weights @ flat).reshape(len(weights), len(self.rows), 5)


def f_scores(sums: Floats, *, beta: float = 1.0) -> Floats:
    """Return F-beta of each row (van Rijsbergen 1979); 0 where nothing is right."""
    right, given, gold = sums[..., _RIGHT], sums[..., _GIVEN], sums[..., GOLD]
    weight = beta * beta
    of: Floats = weight * gold + given
    scores: Floats = np.divide((1 + weight) * right, of, out=np.zeros_like(of), where=of > 0)
    return scores


def macro(table: Table, sums: Floats, kind: str = "value") -> Floats:
    """Return the mean F1 of a kind of rows in each sample: of those that have gold in it.

    A sample in which none has any is NaN.

    Args:
        table: whose rows these are.
        sums: of `Table.sums`.
        kind: "value" for fields with values, "clause" for the presence of clauses (the label true),
            "choice" for the labels of choices.
    """
    chosen = np.array([kind_of(row) == kind for row in table.rows], dtype=bool)
    scores, has_gold = f_scores(sums)[:, chosen], sums[:, chosen, GOLD] > 0
    counted = has_gold.sum(axis=1)
    total = (scores * has_gold).sum(axis=1)
    means: Floats = np.divide(total, counted, out=np.full_like(total, np.nan), where=counted > 0)
    return means


def micro(table: Table, sums: Floats) -> Floats:
    """Return F1 over all values of all fields together, in each sample; NaN as of `macro`."""
    chosen = np.array([kind_of(row) == "value" for row in table.rows], dtype=bool)
    together = sums[:, chosen].sum(axis=1)
    return np.where(together[:, GOLD] > 0, f_scores(together), np.nan)


def kinds_with_gold(table: Table) -> set[str]:
    """Return the kinds of rows of which anything is labelled: only of these is there a mean."""
    labelled: Floats = table.counts[:, :, GOLD].sum(axis=0)
    return {kind_of(row) for row, gold in zip(table.rows, labelled, strict=True) if gold}


def kind_of(row: Row) -> str:
    """Return what a row is of: "value", "prose", "clause" (its presence), "no clause", "choice"."""
    if row.label is None or row.label == PROSE:
        return "prose" if row.label else "value"
    if row.label in ("true", "false"):
        return "clause" if row.label == "true" else "no clause"
    return "choice"


@dataclass(frozen=True, slots=True)
class FieldScore:
    """One field's scores; a rate is None where nothing was there to be counted.

    Of a yes-or-no clause they are those of its presence; of a choice the means of its labels that
    have gold, whose own scores are in `labels`.
    """

    field: str
    kind: str
    precision: float
    recall: float
    f1: float
    f2: float
    right: int
    given: int
    gold: int
    absent: int = 0
    hallucination_rate: float | None = None
    labels: Mapping[str, FieldScore] | None = None


def field_scores(table: Table) -> list[FieldScore]:
    """Return the scores of each field that has something to be scored."""
    sums = table.sums()
    f1, f2 = f_scores(sums)[0], f_scores(sums, beta=2.0)[0]
    found: dict[str, dict[str | None, FieldScore]] = {}
    for number, row in enumerate(table.rows):
        right, given, gold, invented, absent = map(int, sums[0, number])
        found.setdefault(row.field, {})[row.label] = FieldScore(
            row.field,
            kind_of(row),
            precision=right / given if given else 0.0,
            recall=right / gold if gold else 0.0,
            f1=float(f1[number]),
            f2=float(f2[number]),
            right=right,
            given=given,
            gold=gold,
            absent=absent,
            hallucination_rate=invented / absent if absent else None,
        )
    return [_one_of(by_label) for by_label in found.values()]


def _one_of(by_label: Mapping[str | None, FieldScore]) -> FieldScore:
    """Return a field's own scores from those of its labels, and what is absent from its own row."""
    absent = by_label.get(None)
    if absent is not None and not absent.gold and len(by_label) > 1:
        rest = _one_of({label: each for label, each in by_label.items() if label is not None})
        return replace(rest, absent=absent.absent, hallucination_rate=absent.hallucination_rate)
    for whole in (None, PROSE):
        if whole in by_label:
            return by_label[whole]
    if "true" in by_label:
        return by_label["true"]
    known = {label: each for label, each in by_label.items() if label and each.gold}
    each = list(known.values())
    count = max(1, len(each))
    return FieldScore(
        next(iter(by_label.values())).field,
        "choice",
        precision=sum(one.precision for one in each) / count,
        recall=sum(one.recall for one in each) / count,
        f1=sum(one.f1 for one in each) / count,
        f2=sum(one.f2 for one in each) / count,
        right=sum(one.right for one in by_label.values()),
        given=sum(one.given for one in by_label.values()),
        gold=sum(one.gold for one in each),
        labels=known,
    )


def _strict_accuracy(table: Table) -> float | None:
    """Return how many documents are right, of those that have anything to be right about."""
    values = np.array([kind_of(row) != "prose" for row in table.rows], dtype=bool)
    is_scored = table.counts[:, values].any(axis=(1, 2)) | ~np.array(table.answered, dtype=bool)
    right = np.array(table.right, dtype=bool) & is_scored
    return float(right.sum() / is_scored.sum()) if is_scored.any() else None


@dataclass(frozen=True, slots=True)
class Summary:
    """The scores of a run as a whole.

    Attributes:
        documents: how many are scored.
        macro_f1: the mean F1 of the fields with values; None where none is labelled.
        micro_f1: F1 over all their values together; None as well.
        clause_f1: the mean F1 of clauses' presence; None where no clause is labelled.
        choice_f1: the mean F1 of the labels of choices; None where none is labelled.
        strict_accuracy: the share of documents of which every scored field is right, of those that
            have one; None where none has.
        hallucination_rate: the share of absent fields that were given a value.
        omission_rate: the share of gold values that were not given, right or wrong.
    """

    documents: int
    macro_f1: float | None
    micro_f1: float | None
    clause_f1: float | None
    choice_f1: float | None
    strict_accuracy: float | None
    hallucination_rate: float | None
    omission_rate: float | None


def summary(table: Table) -> Summary:
    """Return the scores of all documents together."""
    sums = table.sums()
    kinds = kinds_with_gold(table)
    values = np.array([row.label is None for row in table.rows], dtype=bool)
    totals = sums[0, values].sum(axis=0)
    gold, apart = totals[GOLD], table.counts[:, values, GOLD] - table.counts[:, values, _GIVEN]
    return Summary(
        documents=len(table.documents),
        macro_f1=float(macro(table, sums)[0]) if "value" in kinds else None,
        micro_f1=float(micro(table, sums)[0]) if "value" in kinds else None,
        clause_f1=float(macro(table, sums, "clause")[0]) if "clause" in kinds else None,
        choice_f1=float(macro(table, sums, "choice")[0]) if "choice" in kinds else None,
        strict_accuracy=_strict_accuracy(table),
        hallucination_rate=float(totals[_INVENTED] / totals[ABSENT]) if totals[ABSENT] else None,
        omission_rate=float(apart.clip(min=0).sum() / gold) if gold else None,
    )

"""One document's predictions against its labels, as counts that add up over documents.

A field is correct, wrong, omitted or hallucinated; lists count item by item. A document without a
prediction has omitted everything: failures are never left out. Yes-or-no clauses and choices are
counted for each label, so that their F1 is that of a class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from extractor.evaluation.gold import SCORED, GoldDocument
from extractor.evaluation.matching import matched
from extractor.evaluation.scorers import Same, same_value, scorer_of


class Row(NamedTuple):
    """What counts are kept for: a field, and of a yes-or-no clause or a choice one label of it."""

    field: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over values: right ones, those given, those of the gold; and of absent fields.

    `invented` counts the fields given a value that the document does not have, of `absent` ones.
    """

    right: int = 0
    given: int = 0
    gold: int = 0
    invented: int = 0
    absent: int = 0


def count(
    document: GoldDocument,
    fields: Mapping[str, Any],
    scorers: Mapping[str, Same] | None = None,
) -> dict[Row, Counts]:
    """Count one document, field by field.

    Args:
        document: the labels.
        fields: the predicted values by field; none at all where there is no prediction.
        scorers: how a field's values are compared; by default as `scorer_of` tells.
    """
    found: dict[Row, Counts] = {}
    for name, status in document.gold_status.items():
        if status not in SCORED:
            continue
        gold, given = document.gold[name], _given(fields.get(name))
        if status == "absent":
            is_invented = given is not None
            row = Counts(given=int(is_invented), invented=int(is_invented), absent=1)
            found[Row(name)] = row
        elif _is_class(gold):
            found |= dict(_classes(name, gold, given))
        else:
            same = (scorers or {}).get(name) or scorer_of(name, gold)
            found[Row(name)] = _values(gold, given, same, is_partial=status == "partial")
    return found


def is_right(counts: Mapping[Row, Counts]) -> bool:
    """Say whether every scored field of a document is right, with nothing beside it."""
    return all(each.right == each.gold == each.given for each in counts.values())


def _given(value: Any) -> Any:
    return None if value in ("", []) else value  # 0 and False are values


def _is_class(gold: Any) -> bool:
    return isinstance(gold, bool) or gold in _CHOICES


_CHOICES = ("entailment", "contradiction", "not_mentioned")


def _classes(name: str, gold: Any, given: Any) -> Iterator[tuple[Row, Counts]]:
    """Yield the counts of each label that is the gold one or was given."""
    labels = (True, False) if isinstance(gold, bool) else _CHOICES
    for label in labels:
        is_gold, is_given = same_value(gold, label), same_value(given, label)
        row = Counts(int(is_gold and is_given), int(is_given), int(is_gold))
        yield Row(name, str(label).lower()), row


def _values(gold: Any, given: Any, same: Same, *, is_partial: bool) -> Counts:
    wanted = _listed(gold)
    said: list[Any] = [] if given is None else [given]  # a list is no single value
    if isinstance(gold, list) and given is not None:
        said = _listed(given)
    right = matched(said, wanted, same)
    # a gold list that may lack items can't show that one is wrong
    most = len(wanted) if is_partial and isinstance(gold, list) else len(said)
    return Counts(right, min(len(said), most), len(wanted))


def _listed(value: Any) -> list[Any]:
    return list(cast("Sequence[Any]", value)) if isinstance(value, list) else [value]

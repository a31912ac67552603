"""One document's predictions against its labels, as counts that add up over documents.

A field is correct, wrong, omitted or hallucinated; lists count item by item. A document without a
prediction has omitted everything: failures are never left out. Yes-or-no clauses and choices are
counted for each label, so that their F1 is that of a class; prose is counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from extractor.evaluation.asked import EVERYTHING, Asked
from extractor.evaluation.datasets import SCORED, GoldDocument
from extractor.evaluation.matching import matched
from extractor.evaluation.scorers import Same, same_prose, same_value, scorer_of

Outcome: TypeAlias = Literal["correct", "partly", "wrong", "omitted", "hallucinated", "true_null"]
"""What a prediction is: `partly` where some items of a list are right; `hallucinated` where there
is a value for what the document does not have, `true_null` where there is none for it."""

PROSE = "text"
"""The label under which prose is counted."""


class Row(NamedTuple):
    """What counts are kept for: a field, and one label of it.

    A yes-or-no clause has the labels true and false, a choice its own, prose has `PROSE`.
    """

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
    fields: Mapping[str, Any] | None,
    asked: Asked = EVERYTHING,
) -> dict[Row, Counts]:
    """Count one document, field by field.

    Args:
        document: the labels.
        fields: the predicted values by field; None where there is no prediction: then everything
            is omitted, and nothing is rightly left out.
        asked: which fields are scored, and how.
    """
    found: dict[Row, Counts] = {}
    for name, status in document.gold_status.items():
        if status not in SCORED or not asked.asks(name):
            continue
        gold, given = document.gold[name], as_given((fields or {}).get(name))
        if status == "free_text" and gold is None:
            continue
        if status == "absent":
            is_invented = given is not None and given is not False
            if fields is not None:
                found[Row(name)] = Counts(0, int(is_invented), 0, int(is_invented), absent=1)
        elif _is_class(gold):
            found |= dict(_classes(name, gold, given))
        else:
            same = asked.scorers.get(name) or scorer_of(name, gold)
            is_prose = status == "free_text" or same is same_prose
            row = Row(name, PROSE) if is_prose else Row(name)
            same = same_prose if is_prose else same
            found[row] = _values(gold, given, same, is_partial=status == "partial")
    return found


def prose_fields(counts: Mapping[Row, Counts]) -> set[str]:
    """Return the fields of a document that are prose, which is told apart."""
    return {row.field for row in counts if row.label == PROSE}


def outcomes(counts: Mapping[Row, Counts]) -> dict[str, Outcome]:
    """Return what became of each field of a document that is scored."""
    by_field: dict[str, list[Counts]] = {}
    for row, each in counts.items():
        by_field.setdefault(row.field, []).append(each)
    return {name: _outcome(each) for name, each in by_field.items()}


def _outcome(of: Sequence[Counts]) -> Outcome:
    right, given, gold = (sum(getattr(each, n) for each in of) for n in ("right", "given", "gold"))
    if not gold:
        return "hallucinated" if given else "true_null"
    if not given:
        return "omitted"
    if right == gold == given:
        return "correct"
    return "partly" if right else "wrong"


def is_right(counts: Mapping[Row, Counts]) -> bool:
    """Say whether every scored field of a document is right, with nothing beside it; not prose."""
    values = (each for row, each in counts.items() if row.label != PROSE)
    return all(each.right == each.gold == each.given for each in values)


def as_given(value: Any) -> Any:
    """Return a predicted value; None for what is no value, an empty text or list."""
    return None if value in ("", [], {}) else value  # 0 and False are values


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
    is_single = not isinstance(gold, list)
    right = 0 if is_single and isinstance(given, list) else matched(said, wanted, same)
    # a gold list that may lack items can't show that one is wrong
    most = len(wanted) if is_partial and isinstance(gold, list) else len(said)
    return Counts(right, min(len(said), most), len(wanted))


def _listed(value: Any) -> list[Any]:
    return list(cast("Sequence[Any]", value)) if isinstance(value, list) else [value]

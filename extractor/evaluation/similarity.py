"""ANLS*, a second opinion: how alike the letters of an answer and its gold are, as one figure.

Peer et al. 2024 (arXiv 2402.03848). It gives a wrong date most of the marks of the right one, so
nothing is decided by it. Their package compares letter by letter in Python, and nested lists in
exponential time; this is the same figure for labels of one spelling (the tests compare).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

import numpy as np
from rapidfuzz.distance import Levenshtein

from extractor.evaluation.asked import EVERYTHING, Asked
from extractor.evaluation.datasets import GoldDocument
from extractor.evaluation.matching import assignment
from extractor.evaluation.scorers import scorer_of

_STATUSES = frozenset({"value", "absent"})
_LONGEST = 20_000
"""Characters of a text that are compared: the time grows with their square."""
_THRESHOLD = 0.5
"""Texts that are less alike than this have nothing in common."""


def anls(
    document: GoldDocument, fields: Mapping[str, Any], asked: Asked = EVERYTHING
) -> float | None:
    """Return the ANLS* of one document's fields; None where none can be scored whole.

    A value that is right in another spelling (a law by its name for its code) has all its marks.
    """
    names = [
        name
        for name, status in document.gold_status.items()
        if status in _STATUSES and asked.asks(name)
    ]
    if not names:
        return None
    gold, given = dict[str, Any](), dict[str, Any]()
    for name in names:
        label = document.gold[name]
        same = asked.scorers.get(name) or scorer_of(name, label)
        gold[name] = _words(label)
        given[name] = _words(_as_spelt(fields.get(name), label, same))
    return anls_star(gold, given)


def anls_star(gold: Any, given: Any) -> float:
    """Return the ANLS* of two trees of objects, lists, texts and null, from 0 to 1."""
    score, length = _compared(gold, given)
    return score / length if length else 1.0


def _compared(gold: Any, given: Any) -> tuple[float, int]:
    """Return the sum of the leaves' similarities, and how many leaves that is of."""
    if isinstance(gold, Mapping) and isinstance(given, Mapping):
        ours, theirs = cast("Mapping[str, Any]", gold), cast("Mapping[str, Any]", given)
        pairs = [_compared(ours.get(key), theirs.get(key)) for key in ours]
        more = [max(1, _size(theirs[key])) for key in theirs if key not in ours]
        score, length = _total(pairs)
        return score, length + sum(more)
    if isinstance(gold, list) and isinstance(given, list):
        return _lists(cast("Sequence[Any]", gold), cast("Sequence[Any]", given))
    if isinstance(gold, str) and isinstance(given, str):
        return _alike(gold, given), 1
    if gold is None and given in (None, "", [], {}):
        return 1.0, 1
    return 0.0, max(_size(gold), _size(given))


def _lists(gold: Sequence[Any], given: Sequence[Any]) -> tuple[float, int]:
    """Compare the items of two lists in the pairs that are most alike."""
    if not gold or not given:
        return 0.0, sum(map(_size, [*gold, *given]))
    pairs = [[_compared(one, other) for other in given] for one in gold]
    means = np.array(
        [[score / length if length else 1.0 for score, length in row] for row in pairs]
    )
    rows, columns = assignment(means)
    chosen = [pairs[int(row)][int(column)] for row, column in zip(rows, columns, strict=True)]
    alone = [item for n, item in enumerate(gold) if n not in rows]
    alone += [item for n, item in enumerate(given) if n not in columns]
    score, length = _total(chosen)
    return score, length + sum(map(_size, alone))


def _total(pairs: Sequence[tuple[float, int]]) -> tuple[float, int]:
    return sum(score for score, _ in pairs), sum(length for _, length in pairs)


def _alike(gold: str, given: str) -> float:
    ours, theirs = (" ".join(text[:_LONGEST].lower().split()) for text in (gold, given))
    found = float(Levenshtein.normalized_similarity(ours, theirs))
    return found if found >= _THRESHOLD else 0.0


def _size(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(map(_size, cast("Mapping[str, Any]", value).values()))
    return sum(map(_size, cast("Sequence[Any]", value))) if isinstance(value, list) else 1


def _as_spelt(given: Any, gold: Any, same: Callable[[Any, Any], bool]) -> Any:
    """Write what is right as the label does: a single value for a list of one, too."""
    if isinstance(gold, list) and given is not None:
        items = cast("Sequence[Any]", given if isinstance(given, list) else [given])
        labels = cast("Sequence[Any]", gold)
        return [next((each for each in labels if same(item, each)), item) for item in items]
    is_right = given is not None and gold is not None and same(given, gold)
    return cast("Any", gold if is_right else given)


_Words: TypeAlias = "str | list[_Words] | dict[str, _Words] | None"


def _words(value: Any) -> _Words:
    """Write a value in words: a party or law by its name alone, null where there is nothing."""
    if value in (None, []):
        return None
    if isinstance(value, list):
        return [_words(item) for item in cast("Sequence[Any]", value)]
    if isinstance(value, Mapping):
        parts = cast("Mapping[str, Any]", value)
        named = parts.get("name")
        return named if isinstance(named, str) else {key: _words(v) for key, v in parts.items()}
    return str(value).lower() if isinstance(value, bool) else str(value)

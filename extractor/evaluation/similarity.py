"""ANLS*, a second opinion: how alike the letters of an answer and its gold are, as one figure.

Peer et al. 2024 (arXiv 2402.03848), by its authors' package. It gives a wrong date most of the
marks of the right one, so nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, cast

from extractor.evaluation.datasets import GoldDocument

_anls_star: Any = import_module("anls_star")  # has types for some of its ways of being called

_STATUSES = frozenset({"value", "absent"})


def anls(document: GoldDocument, fields: Mapping[str, Any]) -> float | None:
    """Return the ANLS* of one document's fields; None where none can be scored whole."""
    names = [name for name, status in document.gold_status.items() if status in _STATUSES]
    if not names:
        return None
    gold = {name: _words(document.gold[name]) for name in names}
    given = {name: _words(fields.get(name)) for name in names}
    return float(_anls_star.anls_score(gold, given))


def _words(value: Any) -> Any:
    """Write a value in words: a party or law by its name alone, null where there is nothing."""
    if value is None or value == []:
        return None
    if isinstance(value, list):
        return [_words(item) for item in cast("Sequence[Any]", value)]
    if isinstance(value, Mapping):
        parts = cast("Mapping[str, Any]", value)
        named = parts.get("name")
        return named if isinstance(named, str) else {key: _words(v) for key, v in parts.items()}
    return str(value).lower() if isinstance(value, bool) else str(value)

"""The items of a tuple, which the wire has as an object, as models write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from extractor.types import Repair
from extractor.wire.coerce import letters
from extractor.wire.raw import OTHER_QUOTES, shown, split_leaf
from extractor.wire.shape import ITEM, ITEMS, QUOTE, VALUE, Array


def in_a_row(node: Array, given: Mapping[str, Any]) -> tuple[list[Any], tuple[Repair, ...]]:
    """Put the items of a tuple in a row, and tell what was done; one that is left out is null.

    They go by their numbers, or by the names that a NamedTuple has for them.
    """
    row: dict[int, Any] = {}
    rest: list[Any] = []
    repairs: list[Repair] = []
    named: list[str] = []
    for key, value in given.items():
        place = _place(node, key)
        if place is not None and place not in row:
            row[place] = value
            named += [key] if letters(key) != letters(f"{ITEM}_{place + 1}") else []
        elif key == ITEMS and isinstance(value, list):
            rest = [*cast("Sequence[Any]", value)]
        elif value is not None:
            repairs.append(Repair("unknown_key", (key,), lossy=True, detail=shown(value)))
    if named:
        repairs.append(Repair("named_items", detail=", ".join(named)))
    length = len(node.prefix) if row and rest else max(row, default=-1) + 1
    return [*map(row.get, range(length)), *rest], tuple(repairs)


def is_row(node: Array, raw: Any) -> bool:
    """Whether an object holds a tuple's items, one of which may be called "value", or a "quote"."""
    given = cast("Mapping[str, Any]", raw) if isinstance(raw, Mapping) else dict[str, Any]()
    own = [key for key in given if _place(node, key) is not None]
    return bool(own) and (len(own) > 1 or letters(own[0]) != VALUE)


def without_quotes(
    node: Array, given: Mapping[str, Any], quotes: tuple[str, ...]
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Take a tuple's quotes out from among its items."""
    around = {key: value for key, value in given.items() if _place(node, key) is None}
    beside = split_leaf({**around, VALUE: None})[1]
    said = {letters(key) for key in around} & {QUOTE, *OTHER_QUOTES} if beside else set[str]()
    kept = {k: v for k, v in given.items() if k not in around or letters(k) not in said}
    return kept, beside or quotes


def _place(node: Array, key: str) -> int | None:
    slots = [letters(f"{ITEM}_{number}") for number in range(1, len(node.prefix) + 1)]
    names = [*map(letters, node.names)]
    name = letters(key)
    if name in slots:
        return slots.index(name)
    return names.index(name) if names.count(name) == 1 else None

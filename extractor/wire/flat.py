"""An object whose parts stand beside each other: `{"term.months": 3, "parties[0].name": "A"}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from extractor.wire.coerce import letters
from extractor.wire.keys import match_keys
from extractor.wire.paths import bare
from extractor.wire.raw import OTHER_QUOTES
from extractor.wire.shape import (
    QUOTE,
    VALUE,
    Array,
    Field,
    Map,
    Node,
    Object,
    Scalar,
    Shape,
    Union,
)

_STEP = re.compile(r"(?P<head>[^.\[\]]+|\[\d+\])(?:\.|(?=\[))(?P<tail>.+)")
_NUMBER = re.compile(r"\[?\d+\]?(?:[.\[].*)?")
_PROOF = frozenset({QUOTE, *OTHER_QUOTES})


def nested(shape: Shape, node: Object, given: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """Put what is known by a path into the fields that the paths begin with.

    A key that is a field's own is no path, nor is one that can begin with several fields, or with
    one that stands there by itself. "law_value" is one only where a quote stands beside it.

    Returns:
        The object, and the keys that were paths.
    """
    keys = match_keys(node, given)
    free = () if node.open else [key for key in given if key not in keys.values()]
    moved: dict[str, dict[str, str]] = {}
    fields = [field for field in node.fields if field.name not in keys]
    for key in free:
        found = [(field.tag, tail) for field in fields if (tail := _tail(shape, field, key))]
        if len(found) == 1:
            ((tag, tail),) = found
            moved.setdefault(tag, {})[key] = tail
    around: dict[str, Any] = {}
    paths: list[str] = []
    for field in fields:
        tails = moved.get(field.tag, {})
        if tails and len({*tails.values()}) == len(tails) and _is_whole(shape, field, tails):
            around[field.tag] = _together(shape, field, {t: given[k] for k, t in tails.items()})
            paths += tails
    if not paths:
        return given, ""
    rest = {key: value for key, value in given.items() if key not in paths}
    return {**rest, **around}, ", ".join(paths)


def knows(shape: Shape, node: Object, key: str) -> bool:
    """Whether a key is a field's, or a path that begins with one."""
    return bool(match_keys(node, [key])) or any(_tail(shape, f, key) for f in node.fields)


def grouped(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put the items of a list together whose parts stand beside each other: `[0].name`."""
    steps = [_STEP.fullmatch(key) for key in given]
    items: dict[str, Any] = {}
    for step, value in zip(steps, given.values(), strict=True):
        if step is None or not _NUMBER.fullmatch(step["head"]):
            return given
        items.setdefault(step["head"], {})[step["tail"]] = value
    return items


def numbered(given: Mapping[str, Any]) -> list[Any] | None:
    """Return the items of an object whose keys do nothing but count, from 0 or 1 on.

    >>> numbered({"0": "a", "1": "b"}), numbered({"party_1": "a", "party_2": "b"})
    (['a', 'b'], ['a', 'b'])
    >>> numbered({"2019": "a", "2020": "b"}), numbered({"line_1": "a", "line": "b"})
    (None, None)
    """
    found = [re.fullmatch(r"\[?(\D*?)[\s_-]?(\d{1,3})\]?", key) for key in given]
    places = [int(match[2]) for match in found if match]
    names = {match[1] for match in found if match}
    is_counted = places and places == [*range(places[0], places[0] + len(given))]
    if not is_counted or places[0] > 1 or len(names) > 1:
        return None
    is_bare = names <= {"", "item"}
    return [*given.values()] if is_bare or len(given) > 1 else None


def _tail(shape: Shape, field: Field, key: str) -> str | None:
    """Return what stands behind a field's name in a key, if it is something within the field."""
    step = _STEP.fullmatch(key)
    names = {letters(name) for name in field.names}
    if step is not None:
        is_own = letters(step["head"]) in names and _holds(shape, field.node, step["tail"])
        return step["tail"] if is_own else None
    inner = bare(shape, field.node)
    if not isinstance(inner, Object | Scalar):
        return None
    tails = {letters(key).removeprefix(name) for name in names} - {letters(key), ""}
    tails = {tail for tail in tails if _holds(shape, inner, tail)}
    return tails.pop() if len(tails) == 1 else None


def _holds(shape: Shape, node: Node, key: str) -> bool:
    """Whether a place has something that goes by a key, or by a path."""
    match bare(shape, node):
        case Object() as inner:
            step = _STEP.fullmatch(key)
            return knows(shape, inner, step["head"] if step else key)
        case Map():
            return True
        case Array(prefix=()):
            return _NUMBER.fullmatch(key) is not None
        case Union(options):
            return any(_holds(shape, option, key) for option in options)
        case _:
            return letters(key) in {VALUE, *_PROOF}


def _together(shape: Shape, field: Field, parts: Mapping[str, Any]) -> Any:
    is_alone = len(parts) == 1 and isinstance(bare(shape, field.node), Scalar)
    return next(iter(parts.values())) if is_alone else parts


def _is_whole(shape: Shape, field: Field, tails: Mapping[str, str]) -> bool:
    """Whether the parts of a value are a value; without dots, only its quote says that they are."""
    if not isinstance(bare(shape, field.node), Scalar):
        return True
    parts = {letters(tail) for tail in tails.values()}
    is_plain = any(_STEP.fullmatch(key) is None for key in tails)
    return VALUE in parts and not (is_plain and parts.isdisjoint(_PROOF))

"""The keys and values of a dict, which the wire has as a list of both, as models write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, cast

from extractor.paths import Path
from extractor.types import Problem, Repair
from extractor.wire.coerce import coerce, letters
from extractor.wire.raw import has_value, shown, split_leaf, strays
from extractor.wire.shape import ITEM, ITEMS, KEY, QUOTE, VALUE, Scalar

_KEYS = (KEY, "name", "label")
"""What models call a key of a dict."""
_HOLDERS = frozenset({ITEM, ITEMS, "entries", "pairs"})
"""What models call the only key of an object around its pairs."""


@dataclass(slots=True)
class Pairs:
    """The values of a dict by their keys, each with its quotes, and what was done and found."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    repairs: list[Repair] = field(default_factory=list[Repair])
    problems: list[Problem] = field(default_factory=list[Problem])


def as_pairs(raw: Any) -> tuple[Any, Repair | None]:
    """Take what stands in place of a dict's pairs for them: one pair alone, an object around them.

    A dict may well have a key "items", but hardly a list of keys and values below it.
    """
    given: object = raw
    if not isinstance(given, Mapping):
        return raw, None
    said = cast("Mapping[str, Any]", given)
    if _is_wire_pair(said):
        return [said], Repair("wrapped_item")
    key, held = next(iter(said.items())) if len(said) == 1 else ("", None)
    items = cast("Sequence[Any]", held if isinstance(held, list) else ())
    if letters(key) in _HOLDERS and items and all(map(_is_wire_pair, items)):
        return items, Repair("outer_key", detail=key)
    return raw, None


def _is_wire_pair(item: Any) -> bool:
    if not isinstance(item, Mapping):
        return False
    given = cast("Mapping[str, Any]", item)
    names = {letters(key) for key in given}
    return {KEY, VALUE} <= names <= {KEY, VALUE, QUOTE} and isinstance(given.get(KEY), str)


def pairs(items: Sequence[Any], path: Path, *, of_objects: bool) -> Pairs:
    """Read the items at a path; `of_objects` says whether the values are objects."""
    read = Pairs()
    for item in items:
        pair = _pair(item, of_objects=of_objects)
        if pair is None:
            message = f"a key and a value were expected, not {shown(item)}"
            read.problems.append(Problem("wrong_type", path, message))
            continue
        place = (*path, pair.key)
        for key, extra in pair.rest:
            repair = Repair("unknown_key", (*place, key), lossy=True, detail=shown(extra))
            read.repairs.append(repair)
        if pair.key not in read.values:
            read.values[pair.key] = pair.value
        elif read.values[pair.key] == pair.value:
            read.repairs.append(Repair("repeated", place))
        else:
            message = f"the key {pair.key!r} was given twice"
            read.problems.append(Problem("conflict", place, message))
    return read


def respelt(keys: Scalar, given: Mapping[str, Any], path: Path) -> Pairs:
    """Spell the keys of a dict as the schema has them, unless two of them would be one then."""
    read = Pairs()
    for key, value in given.items():
        meant = coerce(keys, key)
        name = str(meant.value)
        if meant.repair is None or meant.problem or name in given or name in read.values:
            name = key
        else:
            read.repairs.append(replace(meant.repair, path=(*path, name)))
        read.values[name] = value
    return read


class _Pair(NamedTuple):
    """An item of a map; its value has the item's quotes, `rest` is what belongs to neither."""

    key: str
    value: Any
    rest: Sequence[tuple[str, Any]] = ()


def _pair(item: Any, *, of_objects: bool) -> _Pair | None:
    """Take a map's item apart, whatever it calls its key and its value; None if it has no key.

    Without a "value", one that stands there by another name is it, or an object's own fields are.
    """
    if isinstance(item, list):
        both = cast("Sequence[Any]", item)
        return _Pair(str(both[0]), both[1]) if len(both) == 2 and _is_key(both[0]) else None
    if not isinstance(item, Mapping):
        return None
    given = cast("Mapping[str, Any]", item)
    by_name = {letters(name): name for name in given}
    named = next((by_name[name] for name in _KEYS if name in by_name), None)
    rest = {name: value for name, value in strays(given) if name != named}
    if named is None:
        if len(rest) != 1 or has_value(given):
            return None
        key, value = rest.popitem()
    elif not _is_key(given[named]):
        return None
    else:
        key = given[named]
        value = dict(rest) or None
        if has_value(given):
            value = split_leaf(given)[0]
        elif len(rest) == 1 and not of_objects:
            (value,) = rest.values()
    quotes = split_leaf(given)[1]
    return _Pair(
        str(key),
        {QUOTE: list(quotes), VALUE: value} if quotes else value,
        tuple(rest.items()) if has_value(given) else (),
    )


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())

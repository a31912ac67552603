"""Which key of a reply belongs to which field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, cast

from extractor.wire.coerce import letters
from extractor.wire.shape import Object, Shape


def match_keys(node: Object, given: Iterable[str]) -> dict[str, str]:
    """Return by each field's name the key that a reply has for it, if it has one.

    Tags come before names, names before aliases, and what is spelt right before what only has the
    same letters: a key that is one field's own is never taken for another's. Letters count where
    they can mean one field alone.
    """
    free = dict.fromkeys(given)
    keys: dict[str, str] = {}
    own = (
        [(field.name, field.tag) for field in node.fields],
        [(field.name, field.name) for field in node.fields],
        [(field.name, field.alias) for field in node.fields if field.alias],
    )
    for name, key in (pair for pairs in own for pair in pairs):
        if name not in keys and key in free:
            keys[name] = key
            del free[key]
    if not free:
        return keys
    alike: defaultdict[str, set[str]] = defaultdict(set)
    for field in node.fields:
        for known in field.names:
            alike[letters(known)].add(field.name)
    for key in free:
        owners = alike.get(letters(key), set())
        if len(owners) == 1:
            keys.setdefault(next(iter(owners)), key)
    return keys


_ENVELOPES = frozenset(
    {"answer", "arguments", "data", "extraction", "input", "output", "response", "result"}
)
"""What models and their tools call what they answer; "example" and "properties" are none."""


def outer_key(shape: Shape, value: Any) -> str | None:
    """Return the one key that a reply has put around the whole answer: `{"NDA": {...}}`.

    Others may stand beside one that says what it is (`{"answer": {...}, "confidence": 0.9}`). None
    where there is no such key, or where one may be a field's own.
    """
    top = shape.resolve(shape.root)
    if not isinstance(top, Object) or top.open or not isinstance(value, Mapping):
        return None
    given = cast("Mapping[str, Any]", value)
    if any(member.tag in given for member in top.fields):  # the usual case, told quickly
        return None
    if match_keys(top, given):
        return None
    around = [
        key
        for key, inner in given.items()
        if isinstance(inner, Mapping) and match_keys(top, cast("Mapping[str, Any]", inner))
        if len(given) == 1 or letters(key) in {*_ENVELOPES, letters(shape.name)}
    ]
    return around[0] if len(around) == 1 else None

"""Which key of a reply belongs to which field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from extractor.types import Repair
from extractor.wire.coerce import letters
from extractor.wire.paths import bare
from extractor.wire.raw import as_mapping, has_value, strays
from extractor.wire.shape import VALUE, Array, Field, Object, Shape


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
    {"answer", "arguments", "content", "data", "extraction", "input", "message", "output"}
    | {"response", "result", "text"}
)
"""What models and their tools call what they answer; "example" and "properties" are none."""

_ARGUMENTS = ("arguments", "parameters", "input", "args")
_CALLED = frozenset({"function", "id", "name", "tool", "type"})
"""What a call of a tool has beside its arguments."""

_LAYERS = 3


def opened(shape: Shape, value: Any) -> tuple[Any, tuple[Repair, ...]]:
    """Take an answer out of what a reply has put around it: `{"NDA": {...}}`, a tool's call.

    Others may stand beside a key that says what it is (`{"answer": {...}, "confidence": 0.9}`).
    Nothing is taken out where a key may be a field's own. What is no object has a key on the wire,
    which models leave out or call otherwise; and a list, or a value with its quote, may stand for
    the object that holds it.
    """
    top = shape.resolve(shape.root)
    if not isinstance(top, Object):
        return _root(shape, value)
    repairs: list[Repair] = []
    for _ in range(_LAYERS):
        found = _envelope(top, shape.name, value)
        if found is None:
            break
        value, repair = found
        repairs.append(repair)
    if member := _only_list(shape, top, value) or _only_leaf(top, value):
        return {member.tag: value}, (*repairs, Repair("missing_key", detail=member.name))
    return value, tuple(repairs)


def _root(shape: Shape, value: Any) -> tuple[Any, tuple[Repair, ...]]:
    given: object = value
    if not isinstance(given, Mapping) or len(cast("Mapping[str, Any]", given)) != 1:
        return value, ()
    ((key, inner),) = cast("Mapping[str, Any]", given).items()
    if key == shape.root_key():
        return inner, ()
    is_list = isinstance(shape.resolve(shape.root), Array) and isinstance(inner, list)
    return (cast("Any", inner), (Repair("outer_key", detail=key),)) if is_list else (value, ())


def _only_list(shape: Shape, top: Object, value: Any) -> Field | None:
    """Return the one list that is asked for, where its items stand by themselves."""
    items = cast("Sequence[Any]", value if isinstance(value, list) else ())
    lists = [field for field in top.fields if isinstance(bare(shape, field.node), Array)]
    if len(lists) != 1 or not items or not all(isinstance(item, Mapping) for item in items):
        return None
    of = bare(shape, cast("Array", bare(shape, lists[0].node)).items)
    is_own = len(items) == 1 and match_keys(top, items[0])
    if not isinstance(of, Object) or not match_keys(of, items[0]) or is_own:
        return None
    is_row = has_value(items[0]) and not match_keys(of, [VALUE])
    return None if is_row else lists[0]


def _only_leaf(top: Object, value: Any) -> Field | None:
    """Return the one value that is asked for, where it and its quote stand by themselves."""
    if len(top.fields) != 1 or not isinstance(value, Mapping):
        return None
    given = cast("Mapping[str, Any]", value)
    is_leaf = has_value(given) and len(given) > 1 and not strays(given)
    return top.fields[0] if is_leaf and not match_keys(top, given) else None


class _Call(NamedTuple):
    """A call of a tool that stands where the answer should."""

    name: str
    key: str
    arguments: Mapping[str, Any]


def _call(given: Mapping[str, Any]) -> _Call | None:
    call: Mapping[str, Any] = given
    if not given.keys() - _CALLED:
        call = as_mapping(given.get("function")) or given
    keys = [key for key in _ARGUMENTS if key in call]
    others = call.keys() - set(keys)
    if len(keys) != 1 or not others or others - _CALLED:
        return None
    arguments = as_mapping(call[keys[0]])
    name = str(call.get("name", call.get("function", "")))
    return None if arguments is None else _Call(name, keys[0], arguments)


def _envelope(top: Object, name: str, value: Any) -> tuple[Mapping[str, Any], Repair] | None:
    given = as_mapping(value)
    if given is None:
        return None
    if (call := _call(given)) is not None:
        own, within = len(match_keys(top, given)), len(match_keys(top, call.arguments))
        if within > own or (within == own > 0 and letters(call.name) == letters(name)):
            return call.arguments, Repair("outer_key", detail=call.key)
    if top.open or any(member.tag in given for member in top.fields) or match_keys(top, given):
        return None
    around = [
        (key, inner)
        for key, raw in given.items()
        if (inner := as_mapping(raw)) is not None
        if match_keys(top, inner) or _envelope(top, name, inner) is not None
        if len(given) == 1 or letters(key) in {*_ENVELOPES, letters(name)}
    ]
    if len(around) != 1:
        return None
    key, inner = around[0]
    return inner, Repair("outer_key", lossy=len(given) > 1, detail=key)

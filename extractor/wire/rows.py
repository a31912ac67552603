"""An object written as a list of its fields: `[{"field": "law", "value": "Utah"}]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from extractor.wire.coerce import letters
from extractor.wire.flat import knows
from extractor.wire.keys import match_keys
from extractor.wire.raw import has_value
from extractor.wire.reading import Repeated
from extractor.wire.shape import VALUE, Object, Shape

_FIELD = frozenset({"field", "fieldname"})
_NAMES = _FIELD | {"attribute", "key", "label", "name", "property"}
"""What models call the name of a field."""


def from_rows(shape: Shape, node: Object, raw: Any) -> Mapping[str, Any] | None:
    """Return the object that a list of fields says; None if the list may be anything else.

    The rows have a name and a value, which are no fields of the object, and the names are. Several
    rows of one name are several values of it.
    """
    if not isinstance(raw, list) or not raw:
        return None
    rows = cast("Sequence[Any]", raw)
    if parts := _parts(shape, node, rows):
        return parts
    read: dict[str, list[Any]] = {}
    for row in rows:
        name = _name(node, row)
        if name is None:
            return None
        field = str(row[name])
        if letters(name) not in _FIELD and not knows(shape, node, field):
            return None
        read.setdefault(field, []).append(_leaf(row, name))
    if not any(knows(shape, node, field) for field in read):
        return None
    return {name: Repeated(said) if len(said) > 1 else said[0] for name, said in read.items()}


def _parts(shape: Shape, node: Object, rows: Sequence[Any]) -> Mapping[str, Any] | None:
    """Return the object whose fields stand in objects of their own: `[{"a": 1}, {"b": 2}]`."""
    objects = [cast("Mapping[str, Any]", row) for row in rows if isinstance(row, Mapping)]
    keys = [key for one in objects for key in one]
    is_one = len({*keys}) == len(keys) and all(knows(shape, node, key) for key in keys)
    if len(objects) < len(rows) or len(rows) < 2 or not all(objects) or not is_one:
        return None
    return {key: value for one in objects for key, value in one.items()}


def _name(node: Object, row: Any) -> str | None:
    """Return the one key of a row that says which field it is of."""
    if not isinstance(row, Mapping) or not has_value(cast("Mapping[str, Any]", row)):
        return None
    names = [key for key in cast("Mapping[str, Any]", row) if letters(key) in _NAMES]
    is_name = len(names) == 1 and isinstance(row[names[0]], str)
    return names[0] if is_name and not match_keys(node, [names[0], VALUE]) else None


def _leaf(row: Mapping[str, Any], name: str) -> Any:
    rest = {key: value for key, value in row.items() if key != name}
    return next(iter(rest.values())) if len(rest) == 1 else rest

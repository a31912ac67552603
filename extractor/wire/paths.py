"""From one way of saying where to another: raw trees, Pydantic's locations, and data paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from extractor.paths import Path
from extractor.wire.shape import (
    ITEMS,
    VALUE,
    Array,
    Cited,
    Map,
    Node,
    Nullable,
    Object,
    Shape,
    Union,
)

_UNKNOWN: Final = object()


def node_at(shape: Shape, path: Path) -> Node | None:
    """Return the node that stands at a data path, or None if the schema has no such place."""
    node: Node | None = shape.root
    for step in path:
        node = _step(shape, node, step)
        if node is None:
            return None
    return node


def bare(shape: Shape, node: Node | None) -> Node | None:
    """Return what a node is, apart from that it may be null and is quoted."""
    while node is not None and isinstance(node := shape.resolve(node), Nullable | Cited):
        node = node.item
    return node


def needs_key(shape: Shape, path: Path) -> bool:
    """Whether a place is a field without a default, of which null has to be said."""
    around = bare(shape, node_at(shape, path[:-1]))
    options = around.options if isinstance(around, Union) else (around,)
    known = [shape.resolve(option) for option in options if option is not None]
    fields = [field for node in known if isinstance(node, Object) for field in node.fields]
    return any(field.name == path[-1] and field.required for field in fields)


def data_path(shape: Shape, location: Sequence[str | int], data: Any = _UNKNOWN) -> Path:
    """Turn a location into a data path: steps that are no fields or indices are left out.

    Pydantic puts the names of union members and validators into its locations; a raw tree has the
    wire's own keys (`value`, `quote`, a wrapped root) and tags in place of names. The `data` that a
    location is about tells a key of a dict from the name of a union's member.
    """
    path: list[str | int] = []
    node: Node | None = shape.root
    if location and not isinstance(shape.resolve(shape.root), Object):
        location = location[1:] if location[0] in {ITEMS, VALUE} else location
    for step in location:
        inner = _step(shape, node, step)
        if inner is None or (data is not _UNKNOWN and _names_a_member(shape, node, step, data)):
            continue
        path.append(_name(shape, node, step))
        data = _inside(data, path[-1])
        node = inner
    return tuple(path)


def _names_a_member(shape: Shape, node: Node | None, step: str | int, data: Any) -> bool:
    """Whether a step at a union is no place, but tells which member was tried."""
    while isinstance(node := shape.resolve(node) if node else None, Nullable | Cited):
        node = node.item
    if not isinstance(node, Union) or isinstance(step, int):
        return False
    is_field = any(
        isinstance(option, Object) and any(step in field.names for field in option.fields)
        for option in map(shape.resolve, node.options)
    )
    return not is_field and not (isinstance(data, Mapping) and step in data)


def _inside(data: Any, step: str | int) -> Any:
    if isinstance(data, Mapping):
        return cast("Mapping[str | int, Any]", data).get(step)
    if isinstance(data, list) and isinstance(step, int):
        items = cast("Sequence[Any]", data)
        return items[step] if step < len(items) else None
    return _UNKNOWN if data is _UNKNOWN else None


def _step(shape: Shape, node: Node | None, step: str | int) -> Node | None:
    if node is None:
        return None
    match shape.resolve(node):
        case Nullable(item) | Cited(item):
            return _step(shape, item, step)
        case Object(fields=fields):
            return next((f.node for f in fields if step in f.names), None)
        case Array(items, prefix) if isinstance(step, int):
            return prefix[step] if step < len(prefix) else items
        case Map(values=values) if isinstance(step, str):
            return values
        case Union(options):
            found = (_step(shape, option, step) for option in options)
            return next((inner for inner in found if inner is not None), None)
        case _:
            return None


def _name(shape: Shape, node: Node | None, step: str | int) -> str | int:
    """The data has the field's name where the wire has its tag."""
    if node is None or isinstance(step, int):
        return step
    match shape.resolve(node):
        case Nullable(item) | Cited(item):
            return _name(shape, item, step)
        case Object(fields=fields):
            return next((f.name for f in fields if step in f.names), step)
        case Union(options):
            inside = (o for o in options if _step(shape, o, step) is not None)
            return next((_name(shape, option, step) for option in inside), step)
        case _:
            return step

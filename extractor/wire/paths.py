"""From one way of saying where to another: raw trees, Pydantic's locations, and data paths."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.types import Path
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


def node_at(shape: Shape, path: Path) -> Node | None:
    """Return the node that stands at a data path, or None if the schema has no such place."""
    node: Node | None = shape.root
    for step in path:
        node = _step(shape, node, step)
        if node is None:
            return None
    return node


def data_path(shape: Shape, location: Sequence[str | int]) -> Path:
    """Turn a location into a data path: steps that are no fields or indices are left out.

    Pydantic puts the names of union members and validators into its locations; a raw tree has the
    wire's own keys (`value`, `quote`, a wrapped root) and tags in place of names.
    """
    path: list[str | int] = []
    node: Node | None = shape.root
    if location and not isinstance(shape.resolve(shape.root), Object):
        location = location[1:] if location[0] in {ITEMS, VALUE} else location
    for step in location:
        inner = _step(shape, node, step)
        if inner is None:
            continue
        path.append(_name(shape, node, step))
        node = inner
    return tuple(path)


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

"""What a node is for, where that decides how something unusual in its place is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from extractor.wire.keys import match_keys
from extractor.wire.paths import bare
from extractor.wire.shape import (
    Array,
    Map,
    Node,
    Null,
    Nullable,
    Object,
    Scalar,
    Shape,
    Union,
)

_FLAGS = frozenset({"boolean", "any"})


def may_be_cited(shape: Shape, node: Node, raw: Mapping[str, Any]) -> bool:
    """Whether an object may be a value, or a list of them, with a quote that was not asked for.

    An object in place of a list of objects is an item, whatever it holds; in place of an object it
    is that, if it has any of its fields.
    """
    inner = shape.resolve(node)
    if isinstance(inner, Nullable):
        inner = shape.resolve(inner.item)
    if isinstance(inner, Array):
        holds_list = any(isinstance(value, list) for value in raw.values())
        of_objects = isinstance(bare(shape, inner.items), Object)
        return (holds_list and not of_objects) or not any(raw.values())
    if isinstance(inner, Object):
        return not inner.open and not match_keys(inner, raw)
    return isinstance(inner, Scalar | Null)


def is_text(shape: Shape, node: Node) -> bool:
    """Whether any text will do."""
    inner = bare(shape, node)
    return isinstance(inner, Scalar) and inner.type == "string" and not inner.values


def takes_lists(shape: Shape, node: Node) -> bool:
    """Whether a list may be an answer in itself."""
    inner = bare(shape, node)
    if isinstance(inner, Union):
        return any(takes_lists(shape, option) for option in inner.options)
    return isinstance(inner, Array | Map) or (isinstance(inner, Scalar) and inner.type == "any")


def takes_flags(shape: Shape, node: Array) -> bool:
    """Whether a list may hold true and false."""
    kinds = (bare(shape, kind) for kind in (*node.prefix, node.items or Scalar("any")))
    return any(
        isinstance(kind, Union) or (isinstance(kind, Scalar) and kind.type in _FLAGS)
        for kind in kinds
    )


def missing(shape: Shape, option: Node, raw: Any) -> int:
    """Count the fields that an object of a union can't do without, and that are not given."""
    inner = shape.resolve(option)
    if not isinstance(inner, Object) or not isinstance(raw, Mapping):
        return 0
    given = cast("Mapping[str, Any]", raw)
    return sum(f.required and given.keys().isdisjoint(f.names) for f in inner.fields)

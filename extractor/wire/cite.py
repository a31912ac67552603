"""Ask for proof: a verbatim quote with every leaf value and every item of a list.

A leaf becomes `Cited`; an object inside a list gets one quote for itself, and its own leaves stay
bare, since that quote is theirs too. A model that is used both ways gets two definitions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

from extractor.wire.shape import (
    QUOTE,
    Array,
    Cited,
    Map,
    Node,
    Null,
    Nullable,
    Object,
    Reference,
    Scalar,
    Shape,
    Union,
)

_Place: TypeAlias = Literal["leaf", "item", "bare"]
"""Where a node stands: quoted leaf by leaf, itself a quoted item, or inside a quoted item."""


def cite(shape: Shape) -> Shape:
    """Return the same schema with a quote asked for wherever a value is."""
    return _Citer(shape).cited()


class _Citer:
    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._definitions: dict[str, Node] = {}

    def cited(self) -> Shape:
        root = self._visit(self._shape.root, "leaf")
        return replace(self._shape, root=root, definitions=self._definitions)

    def _visit(self, node: Node, place: _Place) -> Node:
        match node:
            case Reference():
                return self._reference(node, place)
            case Nullable():
                return Nullable(self._present(node.item, place))
            case Object():
                inner: _Place = "leaf" if place == "leaf" else "bare"
                fields = tuple(replace(f, node=self._visit(f.node, inner)) for f in node.fields)
                tag = _free_tag(node) if place == "item" else None
                return replace(node, fields=fields, quote_tag=tag)
            case Array() if not node.prefix and node.items is not None:
                return replace(node, items=self._visit(node.items, self._inside(node.items, place)))
            case Map():
                return replace(
                    node, values=self._visit(node.values, self._inside(node.values, place))
                )
            case Union() if not self._is_leaf(node):
                return replace(node, options=tuple(self._visit(o, place) for o in node.options))
            case Scalar(values=(_,)) | Null():
                return node
            case _:
                return Cited(self._bare(node)) if place != "bare" else self._bare(node)

    def _present(self, item: Node, place: _Place) -> Node:
        """What may be missing is a fact when it is there, a constant too."""
        target = self._shape.resolve(item)
        if isinstance(target, Scalar) and target.is_constant and place != "bare":
            return Cited(self._bare(item))
        return self._visit(item, place)

    def _reference(self, node: Reference, place: _Place) -> Node:
        target = self._shape.resolve(node)
        if self._is_leaf(target):
            constant = isinstance(target, Scalar) and target.is_constant
            self._definitions[node.name] = self._bare(self._shape.definitions[node.name])
            return node if place == "bare" or constant else Cited(node)
        name = node.name if place == "leaf" else f"{node.name}_{place}"
        if name not in self._definitions:
            self._definitions[name] = node  # a recursive schema comes by here again
            self._definitions[name] = self._visit(self._shape.definitions[node.name], place)
        return Reference(name)

    def _inside(self, item: Node, place: _Place) -> _Place:
        """Objects in a list are quoted one by one at any depth, single values unless bare."""
        if self._is_leaf(item):
            return "bare" if place == "bare" else "leaf"
        return "item"

    def _is_leaf(self, node: Node) -> bool:
        """A value that one quote proves: a scalar, a tuple, or a choice of those."""
        match self._shape.resolve(node):
            case Nullable(item):
                return self._is_leaf(item)
            case Union(options):
                return all(self._is_leaf(option) for option in options)
            case Array(prefix=prefix):
                return bool(prefix)
            case Scalar() | Null():
                return True
            case _:
                return False

    def _bare(self, node: Node) -> Node:
        """Keep a leaf's own definitions."""
        match node:
            case Reference():
                return self._reference(node, "bare")
            case Nullable():
                return Nullable(self._bare(node.item))
            case Union():
                return replace(node, options=tuple(self._bare(option) for option in node.options))
            case Array():
                rest = None if node.items is None else self._visit(node.items, "bare")
                prefix = tuple(self._visit(p, "bare") for p in node.prefix)
                return replace(node, items=rest, prefix=prefix)
            case _:
                return node


def _free_tag(node: Object) -> str:
    """The user's own model may well have a field called quote."""
    taken = {field.tag for field in node.fields}
    tag = QUOTE
    while tag in taken:
        tag = f"source_{tag}"
    return tag

"""A schema for a part of a document, in which anything may stand elsewhere."""

from __future__ import annotations

from dataclasses import replace

from extractor.wire.shape import Array, Field, Node, Nullable, Object, Reference, Scalar, Shape


def partial(shape: Shape) -> Shape:
    """Return the same schema with null, or an empty list, allowed for all that a part may lack.

    What stands in a list, a dict or a union stays as it is: an item is in one place, and one that
    is not whole is none.
    """
    return _Loosener(shape).loosened()


class _Loosener:
    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._definitions = dict(shape.definitions)
        self._names: dict[str, str] = {}

    def loosened(self) -> Shape:
        root = self._visit(self._shape.root)
        return replace(self._shape, root=root, definitions=self._definitions)

    def _visit(self, node: Node) -> Node:
        match node:
            case Reference(name):
                return self._reference(name)
            case Nullable(item):
                return Nullable(self._visit(item))
            case Object():
                return replace(node, fields=tuple(map(self._field, node.fields)))
            case Array(prefix=()):
                kept = {k: v for k, v in node.constraints.items() if k != "minItems"}
                return replace(node, constraints=kept)
            case _:
                return node

    def _field(self, field: Field) -> Field:
        inner = self._shape.resolve(field.node)
        is_constant = isinstance(inner, Scalar) and inner.is_constant
        node = self._visit(field.node)
        if not field.required or is_constant or self._shape.has_empty(inner):
            return replace(field, node=node)
        return replace(field, node=Nullable(node))

    def _reference(self, name: str) -> Node:
        """Return a loosened definition beside the strict one, which lists may still use."""
        if not isinstance(self._shape.resolve(Reference(name)), Object | Nullable | Array):
            return Reference(name)
        if name not in self._names:
            loose = f"{name}_part"
            while loose in self._definitions:
                loose += "_"
            self._names[name] = loose  # a recursive schema comes by here again
            self._definitions[loose] = self._visit(self._shape.definitions[name])
        return Reference(self._names[name])

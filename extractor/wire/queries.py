"""What to look for in a contract to answer a schema: the words of its fields."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.wire.shape import Cited, Field, Node, Nullable, Object, Scalar, Shape, children

_NAME = 3
"""How often a field's name is repeated: its few words say more than the many of a description."""


def queries(shape: Shape) -> tuple[str, ...]:
    """Return a query for each field of the root, and for each of an object's within it.

    A list is one query, with the words of its items' fields.
    """
    return tuple(_of_fields(shape, shape.root, "", frozenset()))


def _of_fields(shape: Shape, node: Node, above: str, seen: frozenset[int]) -> Iterator[str]:
    inner = _plain(shape, node)
    if not isinstance(inner, Object) or id(inner) in seen:
        yield " ".join([above, *_words(shape, node, frozenset())])
        return
    for field in inner.fields:
        yield from _of_fields(shape, field.node, f"{above} {_about(field)}", seen | {id(inner)})


def _words(shape: Shape, node: Node, seen: frozenset[int]) -> Iterator[str]:
    node = shape.resolve(node)
    if id(node) in seen:
        return
    if isinstance(node, Scalar):
        yield from (value for value in node.values if isinstance(value, str))
    if isinstance(node, Object):
        yield from map(_about, node.fields)
    for child in children(node):
        yield from _words(shape, child, seen | {id(node)})


def _about(field: Field) -> str:
    return f"{f'{field.name} ' * _NAME}{field.description or ''}".replace("_", " ")


def _plain(shape: Shape, node: Node) -> Node:
    node = shape.resolve(node)
    while isinstance(node, Nullable | Cited):
        node = shape.resolve(node.item)
    return node

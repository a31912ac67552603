"""A schema that is too wide for one request, in groups of fields that each fit.

A group is the same schema with some of its fields: an answer to it has its values where they stand
in the whole, so that `merge` makes one answer of all. Fields stay in their order, and neighbours
together. An object within the root stays whole unless it is too wide by itself; an item of a list
always does, since nothing would tell which half belongs to which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import TypeAlias

from extractor.wire.shape import (
    Array,
    Map,
    Node,
    Nullable,
    Object,
    Reference,
    Scalar,
    Shape,
    children,
    references,
)

_Place: TypeAlias = tuple[str, ...]
"""The names of the fields that lead to one, from the root."""


def asked_values(shape: Shape) -> int:
    """Count the values that a schema asks for; a list counts as three of its items."""
    return _leaves(shape, shape.root, frozenset())


def groups(shape: Shape, fits: Callable[[Shape], bool], *, widest: int) -> tuple[Shape, ...]:
    """Split a schema into as few groups of neighbouring fields as fit, of about the same width.

    Args:
        shape: the whole schema.
        fits: whether a schema can be asked for in one request.
        widest: values that a group asks for at the most, where its fields allow that.

    Returns:
        The whole alone if it fits. A group that has a single field may not fit even so.
    """
    places = tuple(_parts(shape, (), fits))
    if len(places) < 2 or fits(shape):
        return (shape,)
    widths = [asked_values(only(shape, [place])) for place in places]
    fewest = max(2, ceil(sum(widths) / widest))
    for count in range(fewest, len(places)):
        found = [only(shape, run) for run in _runs(places, widths, count)]
        if all(map(fits, found)):
            return tuple(found)
    return tuple(only(shape, [place]) for place in places)


def only(shape: Shape, places: Iterable[Sequence[str]]) -> Shape:
    """Return the schema with the fields at these places alone, whole as they are there."""
    root = _pruned(shape, shape.root, [tuple(place) for place in places])
    return replace(shape, root=root, definitions=_used(shape, root))


def _parts(shape: Shape, at: _Place, fits: Callable[[Shape], bool]) -> Iterator[_Place]:
    """Yield the places of fields that are asked for as a whole."""
    fields = _fields(shape, at)
    for field in fields:
        place = (*at, field)
        inner = _fields(shape, place)
        if len(inner) > 1 and not fits(only(shape, [place])):
            yield from _parts(shape, place, fits)
        else:
            yield place


def _fields(shape: Shape, place: _Place) -> tuple[str, ...]:
    """Name the fields of the object at a place; none where there is none to be taken apart.

    That is a recursive one, which has no end, and one that is told from others by a constant.
    """
    node = _plain(shape, shape.root)
    for name in place:
        assert isinstance(node, Object)  # noqa: S101 - places lead through objects only
        node = _plain(shape, next(field.node for field in node.fields if field.name == name))
    if not isinstance(node, Object) or (place and _is_tagged(shape, node)):
        return ()
    return tuple(field.name for field in node.fields)


def _plain(shape: Shape, node: Node) -> Node:
    """Follow references and leave out that it may be null; a recursive reference stays one."""
    again = shape.recursive_names()
    while isinstance(node, Nullable | Reference):
        if isinstance(node, Nullable):
            node = node.item
        elif node.name in again:
            break
        else:
            node = shape.definitions[node.name]
    return node


def _is_tagged(shape: Shape, node: Object) -> bool:
    inner = (shape.resolve(field.node) for field in node.fields)
    return any(isinstance(field, Scalar) and field.is_constant for field in inner)


def _runs(
    places: Sequence[_Place], widths: Sequence[int], count: int
) -> Iterator[Sequence[_Place]]:
    """Cut a row of places into so many runs, where the sums of their widths come near to equal."""
    total, done, start = sum(widths), 0, 0
    for number in range(1, count + 1):
        end = start + 1
        done += widths[start]
        left = count - number
        while end < len(places) - left and (
            not left or done + widths[end] / 2 <= total * number / count
        ):
            done += widths[end]
            end += 1
        yield places[start:end]
        start = end


def _pruned(shape: Shape, node: Node, places: Sequence[_Place]) -> Node:
    if () in places:
        return node
    node = shape.resolve(node)
    if isinstance(node, Nullable):
        return Nullable(_pruned(shape, node.item, places))
    assert isinstance(node, Object)  # noqa: S101 - places lead through objects only
    inside: dict[str, list[_Place]] = {}
    for place in places:
        inside.setdefault(place[0], []).append(place[1:])
    kept = (
        replace(field, node=_pruned(shape, field.node, inside[field.name]))
        for field in node.fields
        if field.name in inside
    )
    return replace(node, fields=tuple(kept))


def _used(shape: Shape, root: Node) -> dict[str, Node]:
    """Return the definitions that a node needs: an outline counts the uses of all there are."""
    front, seen = [*references(root)], set[str]()
    while front:
        if (name := front.pop()) not in seen:
            seen.add(name)
            front += references(shape.definitions[name])
    return {name: node for name, node in shape.definitions.items() if name in seen}


def _leaves(shape: Shape, node: Node, above: frozenset[str]) -> int:
    if isinstance(node, Reference):
        if node.name in above:
            return 0
        return _leaves(shape, shape.definitions[node.name], above | {node.name})
    if isinstance(node, Scalar):
        return 0 if node.is_constant else 1
    inner = sum(_leaves(shape, child, above) for child in children(node))
    return inner * 3 if isinstance(node, Array | Map) else inner

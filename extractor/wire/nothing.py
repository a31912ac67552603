"""What a reply says where there is nothing: null, "N/A", a form that was not filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final, cast

from extractor.normalizers import null_alias
from extractor.types import Repair
from extractor.wire.coerce import spelling
from extractor.wire.paths import bare
from extractor.wire.raw import split_leaf, strays
from extractor.wire.shape import Array, Map, Node, Null, Nullable, Object, Scalar, Shape, Union

_TEXT: Final = Scalar("string")
_ELLIPSES: Final = ("...", "\u2026")


def is_empty_answer(node: Node, raw: Any) -> bool:
    """Whether a text stands for null: nothing, or a word such as "N/A" that is not allowed."""
    if not isinstance(raw, str):
        return False
    if not raw.strip():
        return True
    if isinstance(node, Scalar) and any(_is_meant(value, raw) for value in node.values):
        return False
    return isinstance(node, Scalar | Object | Array | Map | Null) and null_alias(raw) is not None


def _is_meant(value: Any, raw: str) -> bool:
    """Whether a word is one that the schema allows, such as its own "none"."""
    return isinstance(value, str) and (value == raw or "" != spelling(value) == spelling(raw))


def is_nothing(shape: Shape, node: Node | None, raw: Any) -> bool:
    """Whether a reply has nothing for a node: null, "N/A", or a form in which nothing is filled in.

    An object of which nothing is needed may be empty, and is an answer then.
    """
    inner = bare(shape, node)
    if isinstance(inner, Union):
        return all(is_nothing(shape, option, raw) for option in inner.options)
    if raw is None or isinstance(raw, str):
        return raw is None or is_empty_answer(inner or _TEXT, raw)
    if isinstance(raw, list):
        items = cast("Sequence[Any]", raw)
        prefix = inner.prefix if isinstance(inner, Array) else ()
        return all(is_nothing(shape, *pair) for pair in zip_longest(prefix, items))
    if not isinstance(raw, Mapping):
        return False
    given = cast("Mapping[str, Any]", raw)
    if isinstance(inner, Object):
        nodes = {name: field.node for field in inner.fields for name in field.names}
        return _needs_something(shape, inner) and all(
            _is_constant(bare(shape, nodes.get(key))) or is_nothing(shape, nodes.get(key), value)
            for key, value in given.items()
        )
    answer, quotes = split_leaf(given)
    return not quotes and not strays(given) and is_nothing(shape, inner, answer)


def is_null(shape: Shape, node: Node, raw: Any) -> bool:
    """Whether null is meant where it may be; a list that is empty says so itself."""
    if isinstance(raw, list) and not (isinstance(node, Array) and node.prefix):
        return False
    return is_nothing(shape, node, raw)


def filled(
    shape: Shape, node: Array, items: Sequence[Any]
) -> tuple[Sequence[Any], Sequence[Repair]]:
    """Leave out the items of a list that say nothing, where nothing can't be an item.

    "..." says that there are more.
    """
    inner = shape.resolve(node.items or Scalar("any"))
    is_any = isinstance(inner, Scalar) and inner.type == "any"
    if node.prefix or is_any or isinstance(inner, Nullable | Null):
        return items, ()
    kept = [one for one in items if not (_says_more(one) or is_null(shape, inner, one))]
    if len(kept) == len(items):
        return items, ()
    is_cut = any(map(_says_more, items))
    kind, detail = "ellipsis" if is_cut else "empty_items", str(len(items) - len(kept))
    return kept, (Repair(kind, lossy=is_cut, detail=detail),)


def _says_more(item: Any) -> bool:
    return isinstance(item, str) and item.strip() in _ELLIPSES


def _needs_something(shape: Shape, node: Object) -> bool:
    needed = (shape.resolve(field.node) for field in node.fields if field.required)
    return any(
        not isinstance(inner, Nullable | Null | Array | Map)
        and not _is_constant(bare(shape, inner))
        for inner in needed
    )


def _is_constant(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.is_constant

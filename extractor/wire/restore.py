"""Lay a schema over what was read from a reply: plain data for Pydantic, and what each leaf was.

One walk undoes every rewrite for the wire (wrapped roots, maps as pairs, nullables as lists, JSON
as text) and forgives, with a record, what loses nothing (a single item for a list, a key in other
case). It never invents: what does not fit stays as it is and becomes a problem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, cast

from extractor.paths import Path
from extractor.types import Problem, Repair
from extractor.wire.coerce import Coerced, coerce
from extractor.wire.keys import match_keys, opened
from extractor.wire.kinds import may_be_cited, missing, takes_flags, takes_lists
from extractor.wire.lists import as_list
from extractor.wire.maps import as_pairs, pairs, respelt
from extractor.wire.nothing import filled, is_empty_answer, is_null
from extractor.wire.objects import as_object, quotes_beside
from extractor.wire.paths import bare
from extractor.wire.raw import (
    agreed,
    has_value,
    json_text,
    leaf_text,
    plain,
    shown,
    split_if_leaf,
    split_leaf,
    strays,
    texts,
)
from extractor.wire.reading import Repeated
from extractor.wire.restored import Leaf, Restored, fit
from extractor.wire.shape import (
    QUOTE,
    Array,
    Cited,
    Field,
    Map,
    Node,
    Null,
    Nullable,
    Object,
    Scalar,
    Shape,
    Union,
)
from extractor.wire.tags import tagged
from extractor.wire.tuples import is_row, without_quotes

_LEFT_OUT: Final = object()
"""Stands for a value that Pydantic is not given, so that the field's default or absence counts."""


def restore(shape: Shape, value: Any) -> Restored:
    """Read a reply's tree by a shape; see `Restored`. Nothing is raised: misfits are problems."""
    result = Restored()
    walker = _Walker(shape, result, {})
    result.recognized = shape.root_key() is not None and value is not None
    value, around = opened(shape, value)
    result.repairs += around
    data = walker.visit(shape.root, value, (), ())
    result.data = None if data is _LEFT_OUT else data
    return result


@dataclass(frozen=True, slots=True)
class _Trial:
    """A value read as one member of a union; `raw` is kept so that its identity stays its own."""

    raw: Any
    restored: Restored
    value: Any
    fit: tuple[int, int, int]


_Wrapped: TypeAlias = frozenset[int]
"""The lists, by identity, that what is being read has just been wrapped for."""
_UNWRAPPED: _Wrapped = frozenset()
_Trials: TypeAlias = dict[tuple[int, int, Path, tuple[str, ...]], _Trial]


class _Walker:
    def __init__(
        self, shape: Shape, result: Restored, trials: _Trials, wrapped: _Wrapped = _UNWRAPPED
    ) -> None:
        self._shape = shape
        self._result = result
        self._trials = trials
        self._wrapped: _Wrapped = wrapped

    def visit(self, node: Node, raw: Any, path: Path, quotes: tuple[str, ...]) -> Any:
        node = self._shape.resolve(node)
        if isinstance(raw, Repeated) and not isinstance(node, Array):
            return self._conflict(node, raw, path, quotes)
        if isinstance(raw, Mapping):
            given = cast("Mapping[str, Any]", raw)
            if may_be_cited(self._shape, node, given):
                raw, quotes = split_if_leaf(given, quotes)
        match node:
            case Scalar() | Null():
                return self._scalar(node, raw, path, quotes)
            case Nullable():
                return self._nullable(node, raw, path, quotes)
            case Cited():
                return self._cited(node, raw, path, quotes)
            case Object():
                return self._object(node, raw, path, quotes)
            case Array():
                return self._array(node, raw, path, quotes)
            case Map():
                return self._map(node, raw, path, quotes)
            case Union():
                return self._union(node, raw, path, quotes)
            case _:  # references are resolved above
                raise AssertionError(node)

    # --- single values -----------------------------------------------------------------------

    def _scalar(self, node: Scalar | Null, raw: Any, path: Path, quotes: tuple[str, ...]) -> Any:
        if isinstance(raw, list) and len(cast("Sequence[Any]", raw)) == 1:
            self._repair("unwrapped_list", path)
            return self._scalar(node, raw[0], path, quotes)
        coerced = Coerced(None) if isinstance(node, Null) else coerce(node, raw)
        if coerced.repair:
            self._result.repairs.append(replace(coerced.repair, path=path))
        if coerced.problem:
            self._result.problems.append(replace(coerced.problem, path=path))
        value = plain(coerced.value)
        self._result.leaves[path] = Leaf(raw, value, quotes, node)
        return value

    def _nullable(self, node: Nullable, raw: Any, path: Path, quotes: tuple[str, ...]) -> Any:
        inner = self._shape.resolve(node.item)
        if isinstance(raw, list) and not takes_lists(self._shape, inner):
            listed = Repeated(cast("Sequence[Any]", raw))
            if len(listed) > 1:
                return self._conflict(node, listed, path, quotes)
            raw = listed[0] if listed else None
        target = self._shape.resolve(inner.item) if isinstance(inner, Cited) else inner
        is_leaf = isinstance(raw, Mapping) and isinstance(target, Scalar | Null)
        if raw in (None, {}) or (not is_leaf and is_null(self._shape, target, raw)):
            if raw:
                self._repair("null_alias", path, detail=shown(raw))
            self._result.leaves[path] = Leaf(raw, None, quotes, node)
            return None
        if isinstance(inner, Cited):
            raw = self._as_leaf(raw, path)
        if isinstance(inner, Cited) and isinstance(raw, Mapping):
            cited = cast("Mapping[str, Any]", raw)
            answer, given = split_leaf(cited)
            says_nothing = not any(cited.values())
            if has_value(cited):  # which may be false
                says_nothing = answer in (None, {}, []) or is_empty_answer(target, answer)
            if says_nothing:
                if answer:
                    self._repair("null_alias", path, detail=shown(answer))
                self._result.leaves[path] = Leaf(answer, None, given, node)
                return None
        value = self.visit(inner, raw, path, quotes)
        leaf = self._result.leaves.get(path)
        if leaf is not None and leaf.node is not None:
            # a constant that may be missing is no mere constant
            self._result.leaves[path] = replace(leaf, node=Nullable(leaf.node))
        return value

    def _as_leaf(self, raw: Any, path: Path) -> Any:
        """Take a value and its quote that were written as one text apart."""
        leaf = leaf_text(raw)
        if leaf is None:
            return raw
        self._repair("json_text", path)
        return leaf

    def _cited(self, node: Cited, raw: Any, path: Path, quotes: tuple[str, ...]) -> Any:
        raw = self._as_leaf(raw, path)
        inner = self._shape.resolve(node.item)
        if isinstance(inner, Array) and is_row(inner, raw):
            raw, quotes = without_quotes(inner, raw, quotes)
        elif isinstance(raw, Mapping) and has_value(cast("Mapping[str, Any]", raw)):
            for key, extra in strays(cast("Mapping[str, Any]", raw)):
                self._repair("unknown_key", (*path, key), lossy=True, detail=shown(extra))
            raw, quotes = split_leaf(cast("Mapping[str, Any]", raw))
        if isinstance(inner, Array):  # a tuple: one leaf, one quote
            before = dict(self._result.leaves)
            value = self.visit(inner, raw, path, quotes)
            self._result.leaves = before | {path: Leaf(raw, value, quotes, inner)}
            return value
        return self.visit(inner, raw, path, quotes)

    def _conflict(self, node: Node, raw: Repeated, path: Path, quotes: tuple[str, ...]) -> Any:
        """Several answers where one was asked: equal ones are one, different ones are a problem."""
        kept = agreed(raw)
        if len(kept) == 1:
            self._repair("repeated", path)
            return self.visit(node, kept[0], path, quotes)
        given = " | ".join(shown(one) for one in raw)
        self._problem("conflict", path, f"several different values were given: {given}")
        value = self.visit(node, raw[0], path, quotes)
        self._result.leaves[path] = Leaf(list(raw), value, quotes, node)
        return value

    # --- containers --------------------------------------------------------------------------

    def _object(self, node: Object, raw: Any, path: Path, quotes: tuple[str, ...]) -> Any:
        said, done = as_object(self._shape, node, raw, is_root=not path)
        self._result.repairs += [replace(repair, path=path) for repair in done]
        if said is None:
            self._misfit(node, raw, path, "an object was expected")
            return None
        given: dict[str, Any] = dict(said)
        quotes = _quotes_of(node, given) or quotes
        keys = match_keys(node, given)
        unknown = () if node.open else given.keys() - keys.values()
        data: dict[str, Any] = {}
        for member in node.fields:
            key, inner = keys.get(member.name), (*path, member.name)
            if key is not None and key not in member.names:
                self._repair("renamed_key", inner, detail=key)
            self._result.recognized |= key is not None
            cites = quotes_beside(key, given, unknown) if key is not None and unknown else ()
            if key is None or given[key] is None:
                value = self._unanswered(member, inner, quotes, given=key is not None)
                if key is not None:
                    del given[key]
            else:
                value = self.visit(self._asked(member), given.pop(key), inner, cites or quotes)
                if value is None and not member.required:
                    value = self._unanswered(member, inner, quotes)
            if value is not _LEFT_OUT:
                data[member.name] = value
        for key, extra in given.items():
            if node.open:
                answer, cites = split_if_leaf(extra, quotes)
                data[key] = plain(answer)
                self._result.leaves[(*path, key)] = Leaf(answer, data[key], cites)
            else:
                self._repair("unknown_key", (*path, key), lossy=True, detail=shown(extra))
        return data

    def _asked(self, member: Field) -> Node:
        """What the wire asks for: a field with a default may be answered with nothing."""
        inner = self._shape.resolve(member.node)
        says_so = self._shape.has_empty(inner) or (isinstance(inner, Scalar) and inner.is_constant)
        return member.node if member.required or says_so else Nullable(member.node)

    def _unanswered(
        self, member: Field, path: Path, quotes: tuple[str, ...], *, given: bool = True
    ) -> Any:
        """Null where a value was asked for: absent, and never the default in a fact's clothes.

        What is asked for again has the quotes of the item that it is in.
        """
        inner = self._shape.resolve(member.node)
        known = self._result.leaves.get(path)
        self._result.leaves[path] = known or Leaf(None, None, quotes, inner, given=given)
        if not member.required:
            return _LEFT_OUT
        if isinstance(inner, Nullable | Null):
            return None
        if isinstance(inner, Map):
            self._repair("null_as_empty", path)
            return {}
        if isinstance(inner, Array) and not inner.prefix:
            self._repair("null_as_empty", path)
            return []
        return _LEFT_OUT

    def _misfit(self, node: Node, raw: Any, path: Path, message: str) -> None:
        self._result.leaves[path] = Leaf(raw, plain(raw), (), node)
        self._problem("wrong_type", path, f"{message}, not {shown(raw)}")

    def _array(self, node: Array, raw: Any, path: Path, quotes: tuple[str, ...]) -> Any:
        raw, done = as_list(self._shape, node, raw)
        self._result.repairs += [replace(repair, path=(*path, *repair.path)) for repair in done]
        if isinstance(raw, bool) and not takes_flags(self._shape, node):
            self._misfit(node, raw, path, "a list was expected")
            return None
        outer, self._wrapped = self._wrapped, _UNWRAPPED
        if not isinstance(raw, list):
            if id(node) in outer:  # a list of itself would wrap for ever
                self._wrapped = outer
                self._misfit(node, raw, path, "a list was expected")
                return None
            self._wrapped = outer | {id(node)}
            items = self._wrapped_item(node, raw, path, quotes)
        else:
            kept, left_out = filled(self._shape, node, cast("Sequence[Any]", raw))
            self._result.repairs += [replace(repair, path=path) for repair in left_out]
            items = self._items(node, kept, path, quotes)
        self._wrapped = outer
        return items

    def _wrapped_item(
        self, node: Array, raw: Any, path: Path, quotes: tuple[str, ...]
    ) -> list[Any] | None:
        """Take a single value for the one item of a list; what is no item is no list either."""
        tried = Restored(recognized=self._result.recognized)
        result, self._result = self._result, tried
        items = self._items(node, [raw], path, quotes)
        self._result = result
        if any(problem.path == (*path, 0) for problem in tried.problems):
            self._misfit(node, raw, path, "a list was expected")
            return None
        self._repair("wrapped_item", path)
        result.leaves |= tried.leaves
        result.repairs += tried.repairs
        result.problems += tried.problems
        result.recognized |= tried.recognized
        return items

    def _items(
        self, node: Array, items: Sequence[Any], path: Path, quotes: tuple[str, ...]
    ) -> list[Any]:
        if not items:
            self._result.leaves[path] = Leaf(items, [], quotes, node)
        kinds = [*node.prefix, *[node.items or Scalar("any")] * len(items)]
        return [
            None if value is _LEFT_OUT else value
            for value in (
                self.visit(kind, item, (*path, i), quotes)
                for i, (kind, item) in enumerate(zip(kinds, items, strict=False))
            )
        ]

    def _map(self, node: Map, raw: Any, path: Path, quotes: tuple[str, ...]) -> Any:
        if is_empty_answer(node, raw):
            if raw:
                self._repair("null_alias", path, detail=shown(raw))
            raw = None
        if isinstance(raw, str):
            raw = json_text(raw) or raw.strip()
        if not raw:
            self._result.leaves[path] = Leaf(raw, {}, quotes, node)
            return {}
        raw, done = as_pairs(raw)
        self._result.repairs += [replace(done, path=path)] if done else []
        if isinstance(raw, list):
            of_objects = isinstance(bare(self._shape, node.values), Object)
            read = pairs(cast("Sequence[Any]", raw), path, of_objects=of_objects)
            self._result.repairs += read.repairs
            self._result.problems += read.problems
            raw = read.values
        if not isinstance(raw, Mapping):
            self._misfit(node, raw, path, "keys with values were expected")
            return {}
        spelt = respelt(node.keys, cast("Mapping[str, Any]", raw), path)
        self._result.repairs += spelt.repairs
        return {k: self.visit(node.values, v, (*path, k), quotes) for k, v in spelt.values.items()}

    def _union(self, node: Union, raw: Any, path: Path, quotes: tuple[str, ...]) -> Any:
        """Take the member that fits best: the fewest problems, then the fewest changes."""
        raw, tag = tagged(self._shape, node, raw)
        if tag is not None:
            self._repair("union_tag", path, detail=tag)
        trials = [self._trial(option, raw, path, quotes) for option in node.options]
        best = min(trials, key=lambda trial: trial.fit)  # the first of equals
        self._result.leaves |= best.restored.leaves
        self._result.repairs += best.restored.repairs
        self._result.problems += best.restored.problems
        return best.value

    def _trial(self, option: Node, raw: Any, path: Path, quotes: tuple[str, ...]) -> _Trial:
        """Read a value as one member of a union, once: members that nest share what is in them."""
        key = (id(option), id(raw), path, quotes)
        if key not in self._trials:
            restored = Restored()
            value = _Walker(self._shape, restored, self._trials, self._wrapped).visit(
                option, raw, path, quotes
            )
            lacking = missing(self._shape, option, raw)
            self._trials[key] = _Trial(raw, restored, value, fit(restored, lacking))
        return self._trials[key]

    def _problem(self, kind: str, path: Path, message: str) -> None:
        self._result.problems.append(Problem(kind, path, message))

    def _repair(self, kind: str, path: Path, *, lossy: bool = False, detail: str = "") -> None:
        self._result.repairs.append(Repair(kind, path, lossy, detail))


def _quotes_of(node: Object, given: dict[str, Any]) -> tuple[str, ...]:
    """Take out of an object the quotes for all its fields, which only items are asked for."""
    if node.quote_tag and node.quote_tag in given:
        return texts(given.pop(node.quote_tag))
    is_field = node.open or bool(match_keys(node, [QUOTE]))
    quotes = () if is_field else texts(given.get(QUOTE))
    if quotes:
        del given[QUOTE]
    return quotes

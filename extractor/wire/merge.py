"""The answers to a document's parts, made into one answer to the whole of it.

Without a model and in a fixed order: what one part says and the others don't is taken, equal values
are one with all of their quotes, items of lists are put in a row; one that is told again, or in
part, or with a party's name spelt otherwise, is one, and that is noted. Different values for one
place are a conflict, which keeps them all; before that those go that the schema refuses, and those
without proof where another has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, cast

from extractor.normalizers import fold_text, read_party
from extractor.paths import Path
from extractor.types import Problem, Repair
from extractor.wire.raw import shown
from extractor.wire.restored import Leaf, Restored
from extractor.wire.shape import (
    Array,
    Cited,
    Map,
    Node,
    Nullable,
    Object,
    Scalar,
    Shape,
    Union,
)

_LEFT_OUT: Final = object()
_EMPTY: Final[tuple[Any, ...]] = (None, [], {}, "")
_LONGEST_NAME: Final = 300


def merge(
    shape: Shape, parts: Sequence[Restored], *, is_proved: Callable[[Leaf], bool]
) -> Restored:
    """Merge what was read of a document's parts.

    Args:
        shape: the schema of the whole.
        parts: in the order of the document.
        is_proved: whether the document has a quote that bears a value.
    """
    merged = _Merged(shape, Restored(recognized=True), is_proved)
    data = merged.visit(shape.root, [_Piece(part, (), part.data) for part in parts], ())
    result = merged.result
    result.data = None if data is _LEFT_OUT else data
    result.problems = [*dict.fromkeys(result.problems)]
    result.repairs = [*dict.fromkeys(result.repairs)]  # what was done to many parts is told once
    return result


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one part has at a place of its own."""

    part: Restored
    path: Path
    data: Any

    def at(self, step: str | int, data: Any) -> _Piece:
        return _Piece(self.part, (*self.path, step), data)

    @property
    def leaves(self) -> dict[Path, Leaf]:
        """Its leaves, by their paths from this place on."""
        length = len(self.path)
        return {p[length:]: leaf for p, leaf in self.part.leaves.items() if self._has(p)}

    @property
    def problems(self) -> list[Problem]:
        return [problem for problem in self.part.problems if self._has(problem.path)]

    @property
    def repairs(self) -> list[Repair]:
        return [repair for repair in self.part.repairs if self._has(repair.path)]

    @property
    def members(self) -> Mapping[str, Any]:
        """Its keys and values, if it is an object or a dict."""
        data = self.data
        return cast("Mapping[str, Any]", data) if isinstance(data, dict) else {}

    @property
    def items(self) -> Sequence[Any]:
        """What is in it, if it is a list."""
        data = self.data
        return cast("Sequence[Any]", data) if isinstance(data, list) else ()

    @property
    def said(self) -> dict[Path, str]:
        """The values that are there, by their paths from this place on."""
        return {
            p: _party(leaf, (*self.path, *p)) or _folded(leaf)
            for p, leaf in self.leaves.items()
            if _says(leaf)
        }

    def moved(self, path: Path, to: Path) -> Path:
        return (*to, *path[len(self.path) :])

    def _has(self, path: Path) -> bool:
        return path[: len(self.path)] == self.path


class _Group:
    """Pieces that say the same, some of them less of it than others."""

    def __init__(self, piece: _Piece) -> None:
        self.pieces = [piece]
        self.fullest = piece
        self.said = piece.said

    def add(self, piece: _Piece) -> None:
        self.pieces.append(piece)
        if len(said := piece.said) > len(self.said):
            self.fullest, self.said = piece, said


@dataclass(frozen=True, slots=True)
class _Merged:
    """The walk over the schema, and what it has made so far."""

    shape: Shape
    result: Restored
    is_proved: Callable[[Leaf], bool]

    def visit(self, node: Node, pieces: Sequence[_Piece], path: Path) -> Any:
        while isinstance(node := self.shape.resolve(node), Nullable):
            node = node.item
        match node:
            case Object():
                return self._object(node, pieces, path)
            case Array(items=items, prefix=()) if items is not None:
                return self._array(items, pieces, path)
            case Map():
                return self._map(node, pieces, path)
            case Union() if (chosen := self._chosen(node, pieces)) is not None:
                return self._object(chosen, pieces, path)
            case _:
                return self._value(pieces, path)

    def _chosen(self, node: Union, pieces: Sequence[_Piece]) -> Object | None:
        """Return the member that all pieces with a value are of, by the constants in it."""
        given = [piece.members for piece in pieces if piece.members]
        for option in map(self.shape.resolve, node.options):
            tags = self._tags(option) if isinstance(option, Object) else {}
            if tags and all(one.get(name) == tag for one in given for name, tag in tags.items()):
                return cast("Object", option)
        return None

    def _tags(self, option: Object) -> dict[str, Any]:
        nodes = {field.name: self.shape.resolve(field.node) for field in option.fields}
        return {
            name: node.values[0]
            for name, node in nodes.items()
            if isinstance(node, Scalar) and node.is_constant
        }

    # --- containers --------------------------------------------------------------------------

    def _object(self, node: Object, pieces: Sequence[_Piece], path: Path) -> Any:
        inside = [piece for piece in pieces if isinstance(piece.data, dict)]
        if not inside:
            return self._value(pieces, path)
        self._carry(pieces, inside, path)
        data: dict[str, Any] = {}
        for field in node.fields:
            of_field = [p.at(field.name, p.members.get(field.name, _LEFT_OUT)) for p in inside]
            value = self.visit(field.node, of_field, (*path, field.name))
            is_missing = value is None and not self.shape.has_empty(field.node)
            if value is not _LEFT_OUT and not is_missing:
                data[field.name] = value
        names = {field.name for field in node.fields}
        for key in dict.fromkeys(key for p in inside for key in p.members if key not in names):
            extra = [p.at(key, p.members.get(key, _LEFT_OUT)) for p in inside]
            data[key] = self._value(extra, (*path, key))
        return data

    def _map(self, node: Map, pieces: Sequence[_Piece], path: Path) -> Any:
        inside = [piece for piece in pieces if piece.members]
        if not inside:
            return self._nothing(pieces, path)
        self._carry(pieces, inside, path)
        keys = dict.fromkeys(key for piece in inside for key in piece.members)
        return {
            key: self.visit(
                node.values,
                [p.at(key, p.members[key]) for p in inside if key in p.members],
                (*path, key),
            )
            for key in keys
        }

    def _array(self, items: Node, pieces: Sequence[_Piece], path: Path) -> Any:
        inside = [piece for piece in pieces if piece.items]
        if not inside:
            return self._nothing(pieces, path)
        self._carry(pieces, inside, path)
        rows: list[_Group] = []
        for piece in inside:
            for i, item in enumerate(piece.items):
                found = piece.at(i, item)
                # two items of one part are two, even if they are equal
                others = [row for row in rows if row.pieces[-1].part is not piece.part]
                if not _join(others, found):
                    rows.append(_Group(found))
        for i, row in enumerate(rows):
            if len(row.pieces) > 1:
                told = f"told in {len(row.pieces)} parts of the document"
                self.result.repairs.append(Repair("same_item", (*path, i), detail=told))
        return [self.visit(items, row.pieces, (*path, i)) for i, row in enumerate(rows)]

    # --- single values -----------------------------------------------------------------------

    def _value(self, pieces: Sequence[_Piece], path: Path) -> Any:
        groups: list[_Group] = []
        for piece in pieces:
            if piece.data is None or piece.data is _LEFT_OUT:
                continue
            if not _join(groups, piece):
                groups.append(_Group(piece))
        if not groups:
            return self._nothing(pieces, path)
        kept = self._narrowed(groups, path)
        first = kept[0].fullest
        self._take(first, path)
        for piece in (piece for group in kept for piece in group.pieces if piece is not first):
            self._add_quotes(piece, path)
        self._tell_spellings(kept[0], path)
        if len(kept) > 1:
            self._conflict([group.fullest for group in kept], path)
        return first.data

    def _narrowed(self, groups: list[_Group], path: Path) -> list[_Group]:
        """Keep the values that the schema takes, of those the proved ones, if there are any."""

        def fits(group: _Group) -> bool:
            return any(not piece.problems for piece in group.pieces)

        def is_proved(group: _Group) -> bool:
            leaves = [leaf for piece in group.pieces for leaf in piece.leaves.values()]
            return any(leaf.value not in _EMPTY and self.is_proved(leaf) for leaf in leaves)

        for is_better in (fits, is_proved):
            if len(groups) == 1:
                break
            better = [group for group in groups if is_better(group)]
            for worse in (group for group in groups if better and group not in better):
                dropped = Repair("other_part", path, lossy=True, detail=shown(worse.fullest.data))
                self.result.repairs.append(dropped)
            groups = better or groups
        return groups

    def _tell_spellings(self, group: _Group, path: Path) -> None:
        """Note what else a party was called by those who mean the same one."""
        taken = {rest: _folded(leaf) for rest, leaf in group.fullest.leaves.items()}
        for piece in group.pieces:
            for rest, leaf in piece.leaves.items():
                is_party = _party(leaf, (*piece.path, *rest)) is not None
                if is_party and taken.get(rest, _folded(leaf)) != _folded(leaf):
                    other = Repair("same_item", (*path, *rest), lossy=True, detail=shown(leaf.raw))
                    self.result.repairs.append(other)

    def _conflict(self, pieces: Sequence[_Piece], path: Path) -> None:
        values = [piece.data for piece in pieces]
        told = " | ".join(map(shown, values))
        self.result.problems.append(
            Problem("conflict", path, f"parts of the document give different values: {told}")
        )
        if path in self.result.leaves:
            self.result.leaves[path] = replace(self.result.leaves[path], raw=values)

    def _nothing(self, pieces: Sequence[_Piece], path: Path) -> Any:
        """Take what the parts say that have nothing; one that says nothing at all comes first."""
        self._carry(pieces, pieces, path)
        leaves = [leaf for p in pieces if (leaf := p.part.leaves.get(p.path)) is not None]
        if leaves:
            self.result.leaves[path] = min(leaves, key=lambda leaf: leaf.given)
        return next((p.data for p in pieces if p.data is not _LEFT_OUT), _LEFT_OUT)

    def _take(self, piece: _Piece, path: Path) -> None:
        """Take over everything that is known of a place."""
        for rest, leaf in piece.leaves.items():
            self.result.leaves[(*path, *rest)] = leaf
        self.result.problems += [
            replace(problem, path=piece.moved(problem.path, path)) for problem in piece.problems
        ]
        self.result.repairs += [
            replace(repair, path=piece.moved(repair.path, path)) for repair in piece.repairs
        ]

    def _carry(self, pieces: Iterable[_Piece], used: Iterable[_Piece], path: Path) -> None:
        """Take over what is wrong with a place itself, and what was done to what is used of it."""
        self.result.problems += [
            replace(problem, path=path)
            for piece in pieces
            for problem in piece.part.problems
            if problem.path == piece.path
        ]
        self.result.repairs += [
            replace(repair, path=path)
            for piece in used
            for repair in piece.part.repairs
            if repair.path == piece.path
        ]

    def _add_quotes(self, piece: _Piece, path: Path) -> None:
        for rest, leaf in piece.leaves.items():
            known = self.result.leaves.get((*path, *rest))
            if known is not None:
                quotes = tuple(dict.fromkeys((*known.quotes, *leaf.quotes)))
                self.result.leaves[(*path, *rest)] = replace(known, quotes=quotes)


def _says(leaf: Leaf) -> bool:
    """Whether a leaf says something of the document: a constant of the schema does not."""
    node = leaf.node
    is_constant = isinstance(node, Scalar) and node.is_constant
    return leaf.value not in _EMPTY and not is_constant


def _join(groups: Iterable[_Group], piece: _Piece) -> bool:
    """Put a piece to those that it says again, more fully or less."""
    said = piece.said
    for group in groups:
        fewer, more = sorted((said.items(), group.said.items()), key=len)
        is_same = fewer <= more if fewer else not more and piece.data == group.fullest.data
        if is_same:
            group.add(piece)
            return True
    return False


def _party(leaf: Leaf, path: Path) -> str | None:
    """Return what all spellings of one party's name have in common; None for any other value.

    What is merely called a name may be one of anything: a legal form shows that it is a company's.
    """
    node = _inner(leaf)
    is_name = isinstance(node, Scalar) and node.format == "party-name"
    if not isinstance(leaf.value, str) or len(leaf.value) > _LONGEST_NAME:
        return None
    return _party_key(leaf.value, is_name) if is_name or path[-1:] == ("name",) else None


@lru_cache(maxsize=4096)
def _party_key(name: str, is_party: bool) -> str | None:
    """Reduce a party's name to its stem, its legal form and what stands beside it.

    This is what `same_party` compares and more: two that become one are worse than one that stays
    two. So "Acme" is not "Acme Corp." here, nor "Acme (UK) Ltd" "Acme (USA) Ltd".
    """
    reading = read_party(" ".join(name.split()).casefold())
    if reading is None or not (is_party or reading.legal_form):
        return None
    known = fold_text(" ".join((reading.name, *reading.aliases))).split()
    beside = sorted({*fold_text(reading.raw).split()} - {*known, "a", "an", "the"})
    return f"party {reading.stem} {reading.legal_form} {beside}"


def _inner(leaf: Leaf) -> Node | None:
    node = leaf.node
    while isinstance(node, Nullable | Cited):
        node = node.item
    return node


def _folded(leaf: Leaf) -> str:
    """Return what values have in common that say the same: case and white space don't count."""
    value, node = leaf.value, _inner(leaf)
    if isinstance(node, Scalar) and node.format == "decimal" and isinstance(value, str):
        with suppress(InvalidOperation):
            return f"{Decimal(value).normalize()}"
    text = value if isinstance(value, str) else repr(value)
    return f"{type(value).__name__} {' '.join(text.split()).casefold()}"

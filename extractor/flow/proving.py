"""What an answer's quotes prove, and what is left out of the value because they don't."""

from __future__ import annotations

import copy
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, cast

from extractor.backends.parse import Parsed, judge
from extractor.documents.document import Document
from extractor.grounding import Locator
from extractor.grounding.fields import field_results, scalar_of
from extractor.grounding.mending import as_named, with_wider_quotes
from extractor.paths import Path, format_path
from extractor.planning.plan import Plan
from extractor.types import (
    FieldResult,
    Repair,
    T,
    Unverified,
)
from extractor.wire.paths import bare, needs_key, node_at
from extractor.wire.restored import Leaf, Restored
from extractor.wire.shape import Array, Map, Node, Nullable, Object, Shape, Union

BORNE = frozenset({"found", "derived", "ambiguous", "conflict"})
"""What a value is called for which the document has words."""

LEFT_OUT = "left out of the value"
"""How the note of a field ends that is not in the object because nothing proves it."""

_TOLD = 5
"""Places that a warning names."""


@dataclass(frozen=True, slots=True)
class Proved(Generic[T]):
    """A valid answer, and what is known of each of its leaves."""

    parsed: Parsed[T]
    value: T
    fields: Mapping[str, FieldResult]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filtered(Generic[T]):
    """An answer without what nothing proves; `told` are the leaves that were left out.

    `moved` says where a place of the answer before is now: those of items that went are numbered
    behind the items that are left.
    """

    parsed: Parsed[T]
    told: dict[Path, FieldResult]
    warnings: tuple[str, ...]
    moved: Callable[[Path], Path]


def proved(
    plan: Plan[T],
    parsed: Parsed[T],
    value: T,
    document: Document,
    locator: Locator,
    *,
    unverified: Unverified,
) -> Proved[T]:
    """Compare each leaf of a valid answer with the document, and leave out what nothing proves.

    With `unverified="drop"`, a value whose quote is missing or does not bear it becomes null, and
    an item of a list or dict, or an object that may be null, goes if nothing in it is proved. What
    the schema can't do without stays, and a warning says so. Either way the fields tell of it:
    those of items that went are numbered behind the items that are left.
    """
    parsed = as_named(plan.schema, plan.shape, parsed, document)
    value = parsed.value or value
    fields = _results(plan, parsed, document, locator)
    if plan.evidence == "quotes":
        wider = with_wider_quotes(parsed, _unproved(parsed, fields), document, locator)
        fields = fields if wider is parsed else _results(plan, wider, document, locator)
        parsed = wider
    if unverified == "keep" or plan.evidence == "none":
        return Proved(parsed, value, _named(fields))
    rest = without_unproved(plan.schema, plan.shape, parsed, fields)
    left = _results(plan, rest.parsed, document, locator) if rest.told else fields
    return Proved(rest.parsed, rest.parsed.value or value, _named(left | rest.told), rest.warnings)


def without_unproved(
    schema: type[T], shape: Shape, parsed: Parsed[T], fields: Mapping[Path, FieldResult]
) -> Filtered[T]:
    """Leave what is unverified out of a valid answer, wherever the schema can do without it.

    Args:
        schema: the schema of the answer.
        shape: the same, as it was asked for.
        parsed: the answer.
        fields: what is known of its leaves.
    """
    unproved = [path for path, result in fields.items() if result.status == "unverified"]
    held = {path[:n] for path, r in fields.items() if r.status in BORNE for n in range(len(path))}
    places = {path: _place(shape, path, held) for path in unproved}
    wanted = {place: None for place in places.values() if place}
    rest, out = _without(schema, shape, parsed, wanted) if wanted else (parsed, ())
    gone = _Gone(parsed.restored.data, out)
    told = {
        gone.moved(path): replace(fields[path], note=f"{fields[path].note}; {LEFT_OUT}")
        for path in unproved
        if places[path] in out
    }
    for path, result in fields.items():
        if result.status in BORNE and gone.holds(path):
            note = "left out of the value with the party's name, which nothing proves"
            told[gone.moved(path)] = replace(result, status="unverified", note=note)
    stays = [format_path(gone.moved(path)) for path in unproved if places[path] not in out]
    return Filtered(rest, told, _warnings(stays), gone.moved)


def _results(
    plan: Plan[T], parsed: Parsed[T], document: Document, locator: Locator
) -> dict[Path, FieldResult]:
    leaves = parsed.restored.leaves
    return field_results(leaves, parsed.changed, document, locator, evidence=plan.evidence)


def _unproved(parsed: Parsed[T], fields: Mapping[Path, FieldResult]) -> list[Path]:
    """List the leaves of the reply that nothing proves so far."""
    return [
        path
        for path, result in fields.items()
        if result.status in ("unverified", "invalid") and path in parsed.restored.leaves
    ]


def _named(fields: Mapping[Path, FieldResult]) -> dict[str, FieldResult]:
    return {format_path(path): result for path, result in fields.items()}


def _warnings(places: Sequence[str]) -> tuple[str, ...]:
    if not places:
        return ()
    more = f" and {len(places) - _TOLD} more" if len(places) > _TOLD else ""
    named = ", ".join(places[:_TOLD])
    return (f"No quote proves {named}{more}, but the schema can't do without: the value has it.",)


def _place(shape: Shape, path: Path, held: set[Path]) -> Path | None:
    """Return the outermost place around an unproved leaf that may go: nothing proved is in it.

    A party without a proved name is none, whatever else is known of it.
    """
    is_name = scalar_of(bare(shape, node_at(shape, path))).format == "party-name"
    named = path[:-1] if is_name and path[-1:] == ("name",) else None
    for length in range(1, len(path) + 1):
        place = path[:length]
        if (place not in held or place == named) and _may_go(shape, place):
            return place
    return None


def _may_go(shape: Shape, place: Path) -> bool:
    """Whether the schema can do without what is at a place; a list loses items, not itself."""
    around, node = bare(shape, node_at(shape, place[:-1])), node_at(shape, place)
    if isinstance(around, Map) or (isinstance(around, Array) and not around.prefix):
        return True
    if isinstance(inner := bare(shape, node), Map) or (
        isinstance(inner, Array) and not inner.prefix
    ):
        return False
    is_field = isinstance(around, Object | Union)
    return _is_nullable(shape, node) or (is_field and not needs_key(shape, place))


def _is_nullable(shape: Shape, node: Node | None) -> bool:
    return node is not None and isinstance(shape.resolve(node), Nullable)


def _without(
    schema: type[T], shape: Shape, parsed: Parsed[T], places: Iterable[Path]
) -> tuple[Parsed[T], Sequence[Path]]:
    """Leave out all places, or where the schema won't have that, as many as it allows."""

    def judged(out: Sequence[Path]) -> Parsed[T]:
        return judge(schema, shape, _removed(shape, parsed.restored, out))

    everything = list(places)
    if (rest := judged(everything)).value is not None:
        return rest, everything
    out: list[Path] = []
    best = parsed
    for place in everything:
        if (rest := judged([*out, place])).value is not None:
            out.append(place)
            best = rest
    return best, out


def _removed(shape: Shape, before: Restored, out: Sequence[Path]) -> Restored:
    """Return what was read without what stands at some places."""
    data, gone = copy.deepcopy(before.data), _Gone(before.data, out)
    for place in sorted(out, reverse=True):  # the last item of a list first
        _remove(shape, data, place)
    leaves: dict[Path, Leaf] = {}
    for path, leaf in before.leaves.items():
        if not gone.is_item(path):
            nothing = replace(leaf, value=None) if gone.holds(path) else leaf
            leaves[gone.moved(path)] = nothing
    repairs = [
        *(replace(repair, path=gone.moved(repair.path)) for repair in before.repairs),
        *(Repair("unproved", gone.moved(place), lossy=True) for place in out),
    ]
    return Restored(data, leaves, repairs, [], recognized=True)


def _remove(shape: Shape, data: Any, place: Path) -> None:
    for step in place[:-1]:
        data = data[step]
    around = bare(shape, node_at(shape, place[:-1]))
    is_null = isinstance(around, Array) and bool(around.prefix)
    if isinstance(around, Object | Union):
        is_null = needs_key(shape, place)
    if is_null:
        data[place[-1]] = None
    elif isinstance(data, list):
        del data[cast("int", place[-1])]
    else:
        cast("dict[str | int, Any]", data).pop(place[-1], None)


class _Gone:
    """What was left out, and where the rest stands now."""

    def __init__(self, data: Any, out: Iterable[Path]) -> None:
        self._out = set(out)
        self._indices: dict[Path, list[int]] = {}
        self._left: dict[Path, int] = {}
        for place in sorted(self._out):
            items = data
            for step in place[:-1]:
                items = items[step]
            if isinstance(items, list):
                self._indices.setdefault(place[:-1], []).append(cast("int", place[-1]))
                self._left[place[:-1]] = len(cast("Sequence[Any]", items))
        for list_path, indices in self._indices.items():
            self._left[list_path] -= len(indices)

    def holds(self, path: Path) -> bool:
        return any(path[:n] in self._out for n in range(1, len(path) + 1))

    def is_item(self, path: Path) -> bool:
        """Whether a place was in an item that went."""
        return any(
            path[n] in self._indices.get(path[:n], ()) and path[: n + 1] in self._out
            for n in range(len(path))
        )

    def moved(self, path: Path) -> Path:
        """Return where a place is now: items that went are numbered behind the others."""
        steps: list[str | int] = []
        for n, step in enumerate(path):
            indices = self._indices.get(path[:n], ())
            before = bisect_left(indices, step) if isinstance(step, int) else 0
            is_gone = step in indices
            steps.append(self._left[path[:n]] + before if is_gone else _less(step, before))
        return tuple(steps)


def _less(step: str | int, before: int) -> str | int:
    return step - before if isinstance(step, int) else step

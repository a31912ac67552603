"""The documents' answers into one: what holds, and what does not any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, cast

from extractor.backends.parse import Parsed, judge
from extractor.errors import ExtractionError
from extractor.flow.proving import LEFT_OUT, without_unproved
from extractor.paths import Path, format_path, parse_path
from extractor.sets.model import DocumentSet, Member, Superseded
from extractor.sets.settling import Settler, Word, folded, is_said, noted, nothing
from extractor.types import FieldResult, Repair, T, Unverified
from extractor.wire.compile import compile_schema
from extractor.wire.paths import node_at
from extractor.wire.restored import Leaf, Restored
from extractor.wire.shape import Object, Shape


@dataclass(frozen=True, slots=True)
class Operative(Generic[T]):
    """What holds of all documents, and what does not."""

    value: T
    fields: Mapping[str, FieldResult]
    superseded: Mapping[str, tuple[Superseded, ...]]
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[str, ...] = ()


def operative(
    schema: type[T],
    documents: DocumentSet,
    answers: Sequence[Mapping[str, FieldResult]],
    *,
    unverified: Unverified = "drop",
) -> Operative[T]:
    """Decide place by place what holds, and make it a valid object.

    Items of lists are put in a row, those of the same name as one: an item goes only with a
    document that is restated. What is in conflict is left out, unless the schema can't do without.

    Args:
        schema: the schema of the whole.
        documents: the set.
        answers: the fields of each of its members, in order.
        unverified: as for `Extractor`; it is the whole that may have to do without a value.

    Raises:
        ExtractionError: what holds is no valid value.
    """
    walk = _Walk(Settler(documents))
    by_member = [
        (member, {parse_path(path): _tagged(member, result) for path, result in fields.items()})
        for member, fields in zip(documents.members, answers, strict=True)
    ]
    walk.visit((), by_member, ())
    shape = compile_schema(schema, quotes=True)
    held = {path: r.value for path, r in walk.fields.items() if r.status != "conflict"}
    parsed = _judged(schema, shape, walk.fields, held)
    forced: list[Path] = []
    if parsed.value is None:
        failing = {problem.path for problem in parsed.problems}
        forced = [p for p, r in walk.fields.items() if r.status == "conflict" and p in failing]
        held |= {path: cast("list[Any]", walk.fields[path].raw)[0] for path in forced}
        parsed = _judged(schema, shape, walk.fields, held)
    if parsed.value is None:
        error = ExtractionError("The documents together make no valid value.")
        error.problems = parsed.problems
        error.partial = {format_path(path): value for path, value in held.items()}
        raise error
    fields = dict(walk.fields) | {p: replace(walk.fields[p], value=held[p]) for p in forced}
    told = tuple(
        f"The documents give different values for {format_path(path)}, which the schema can't do "
        "without: the value has the first"
        for path in forced
    )
    superseded = {path: tuple(each) for path, each in walk.superseded.items() if each}
    value = parsed.value
    if unverified == "drop":
        rest = without_unproved(schema, shape, parsed, fields)
        fields = {rest.moved(path): result for path, result in fields.items()} | rest.told
        superseded = {rest.moved(path): each for path, each in superseded.items()}
        parsed, value = rest.parsed, rest.parsed.value or value
        told += rest.warnings
    return Operative(
        value,
        {format_path(path): result for path, result in _validated(fields, parsed).items()},
        {format_path(path): each for path, each in superseded.items()},
        parsed.repairs,
        told,
    )


def _validated(fields: Mapping[Path, FieldResult], parsed: Parsed[T]) -> dict[Path, FieldResult]:
    """Return the fields with what validators made of them."""
    note = "a validator of the schema made this of what was read"
    return dict(fields) | {
        path: replace(fields[path], status="derived", value=value, note=note)
        for path, value in parsed.changed.items()
        if path in fields and is_said(fields[path])
    }


_Answers = Sequence[tuple[Member, Mapping[Path, FieldResult]]]


@dataclass(slots=True)
class _Walk:
    """The walk over all places that any document has, and what it has settled so far."""

    settler: Settler
    fields: dict[Path, FieldResult] = field(default_factory=dict[Path, FieldResult])
    superseded: dict[Path, list[Superseded]] = field(default_factory=dict[Path, list[Superseded]])

    def visit(self, path: Path, answers: _Answers, to: Path) -> None:
        """Settle what stands at and below a place; `to` is where that is in the result."""
        here = [(m, fields[path]) for m, fields in answers if path in fields]
        steps = dict.fromkeys(
            known[len(path)]
            for _, fields in answers
            for known in fields
            if len(known) > len(path) and known[: len(path)] == path
        )
        inside = any(
            is_said(result)
            for _, fields in answers
            for known, result in fields.items()
            if len(known) > len(path) and known[: len(path)] == path
        )
        if here and not inside:
            self._leaf([Word(m, result) for m, result in here], to)
        elif any(isinstance(step, int) for step in steps):
            self._list(path, answers, to)
        else:
            for step in steps:
                self.visit((*path, step), answers, (*to, step))

    def _leaf(self, words: Sequence[Word], to: Path) -> None:
        settled = self.settler.settle(words)
        self.fields[to] = settled.result
        if settled.superseded:
            self.superseded[to] = [*settled.superseded]

    def _list(self, path: Path, answers: _Answers, to: Path) -> None:
        rows: list[list[tuple[Member, Mapping[Path, FieldResult]]]] = []
        for member, fields in answers:
            for item in _items(path, fields):
                same = next((r for r in rows if _is_same(r, member, item)), None)
                if same is None:
                    rows.append([(member, item)])
                else:
                    same.append((member, item))
        first = rows[0][0][0]
        at = 0
        for row in rows:
            here = (*to, at)
            self.visit((), row, here)
            below = [p for p in self.fields if p[: len(here)] == here]
            if not any(is_said(self.fields[p]) for p in below):
                for place in below:  # what is superseded stays told; the item is gone
                    del self.fields[place]
                    self.superseded.setdefault(to, []).extend(self.superseded.pop(place, []))
                continue
            if row[0][0] is not first:
                note = f"named by {row[0][0].name}, not by {first.name}"
                self.fields[below[0]] = noted(self.fields[below[0]], note)
            at += 1
        if not at:
            self.fields[to] = nothing([Word(m, f[path]) for m, f in answers if path in f])


def _items(path: Path, fields: Mapping[Path, FieldResult]) -> Iterator[dict[Path, FieldResult]]:
    """Yield the items of a list, each by the paths from itself on, if it says anything."""
    length = len(path)
    items: dict[str | int, dict[Path, FieldResult]] = {}
    for known, result in fields.items():
        if len(known) > length and known[:length] == path:
            items.setdefault(known[length], {})[known[length + 1 :]] = result
    for item in items.values():
        if any(map(is_said, item.values())):
            yield item


def _is_same(
    row: Sequence[tuple[Member, Mapping[Path, FieldResult]]],
    member: Member,
    item: Mapping[Path, FieldResult],
) -> bool:
    """Whether an item is another document's one again: what it says first is the same."""
    if any(other is member for other, _ in row):
        return False
    return _name(row[0][1]) == _name(item)


def _name(item: Mapping[Path, FieldResult]) -> str:
    return next(folded(result.value) for result in item.values() if is_said(result))


def _tagged(member: Member, result: FieldResult) -> FieldResult:
    """Return a document's result with its name, and without what its own filter said of it.

    What is left out of the whole is decided anew, when all documents are known.
    """
    evidence = tuple(replace(each, document=member.name) for each in result.evidence)
    note = result.note.removesuffix(f"; {LEFT_OUT}") if result.note else None
    return replace(result, evidence=evidence, note=note)


def _judged(
    schema: type[T], shape: Shape, fields: Mapping[Path, FieldResult], held: Mapping[Path, Any]
) -> Parsed[T]:
    data: dict[str, Any] = {}
    for path, value in held.items():
        _put(shape, data, path, value)
    leaves = {
        path: Leaf(fields[path].raw, value, node=node_at(shape, path))
        for path, value in held.items()
    }
    return judge(schema, shape, Restored(data, leaves, recognized=True))


def _put(shape: Shape, data: Any, path: Path, value: Any) -> None:
    """Put a value into a tree of objects and lists; an absent one only where a key must stand."""
    for n, step in enumerate(path):
        around = shape.resolve(node) if (node := node_at(shape, path[:n])) else None
        is_last = n == len(path) - 1
        if isinstance(around, Object) and is_last and value is None:
            member = next((each for each in around.fields if each.name == step), None)
            if member is None or not member.required or shape.has_empty(member.node) is False:
                return
        inner: Any = value if is_last else ([] if isinstance(path[n + 1], int) else {})
        if isinstance(data, list):
            items = cast("list[Any]", data)  # type: ignore[redundant-cast]
            if len(items) <= cast("int", step):
                items.append(inner)
        elif is_last or step not in data:
            data[step] = inner
        data = cast("Any", data)[step]

"""A reply to a validated value: read, choose, restore, validate. Nothing here asks again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, cast

from extractor.backends.base import Backend
from extractor.errors import ParseError
from extractor.types import Path, Problem, Repair, T
from extractor.wire.paths import data_path
from extractor.wire.reading import Reading
from extractor.wire.restore import Restored, restore
from extractor.wire.shape import Object, Shape
from extractor.wire.validate import validate


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """The best reading of a reply.

    `value` is None exactly when there are `problems`. `restored` keeps what was read either way, so
    that failing places can be asked again without the others.
    """

    value: T | None
    restored: Restored
    problems: tuple[Problem, ...]

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was changed between the reply and the value."""
        return tuple(self.restored.repairs)


def parse(backend: Backend, schema: type[T], shape: Shape, text: str) -> Parsed[T]:
    """Read a reply by a schema, from the candidate that satisfies it best.

    Validity decides, not position: models quote before they answer, and a contract may hold JSON of
    its own. Between equals the reader's own order does.

    Raises:
        ParseError: nothing in the reply belongs to the schema.
    """
    try:
        readings = backend.read(shape, text)
        candidates = [judge(schema, shape, restored_from(shape, r)) for r in readings]
    except RecursionError as error:
        raise ParseError("The reply is nested too deeply to be read.") from error
    known = [parsed for parsed in candidates if parsed.restored.recognized]
    if not known:
        raise ParseError(
            f"Nothing in the reply ({len(text)} characters) belongs to {schema.__name__}.",
            hint="The model may have refused or answered in prose.",
        )
    return best_of(known)


def restored_from(shape: Shape, reading: Reading) -> Restored:
    """Lay a shape over one reading; what the reply's end has cut off is a problem."""
    restored = restore(shape, reading.value)
    restored.problems[:0] = _cut(shape, reading)
    restored.repairs[:0] = [
        Repair(r.kind, data_path(shape, r.path), r.lossy, r.detail) for r in reading.repairs
    ]
    return restored


def _cut(shape: Shape, reading: Reading) -> Iterator[Problem]:
    """Name what the reply's end has cut off, and the fields that it never came to."""
    top, value = shape.resolve(shape.root), reading.value
    given = cast("Mapping[str, Any]", value).keys() if isinstance(value, Mapping) else None
    for place in reading.cut:
        path = data_path(shape, place)
        if path or given is None or not isinstance(top, Object):
            yield Problem("truncated", path, "the reply ends in the middle of this value")
            continue
        for member in top.fields:
            if given.isdisjoint(member.names):
                yield Problem("truncated", (member.name,), "the reply ends before this value")


def judge(schema: type[T], shape: Shape, restored: Restored) -> Parsed[T]:
    """Let Pydantic decide; our own words for a place come before Pydantic's."""
    verdict = validate(schema, shape, restored.data)
    found: dict[Path, Problem] = {}
    for problem in (*restored.problems, *verdict.problems):
        found.setdefault(problem.path, problem)
    return Parsed(None if found else verdict.value, restored, tuple(found.values()))


def best_of(candidates: Iterable[Parsed[T]]) -> Parsed[T]:
    """Choose by validity, then by how much was answered, then the first one."""
    return max(candidates, key=_rank)


def _rank(parsed: Parsed[T]) -> tuple[bool, int, int]:
    answered = sum(leaf.value is not None for leaf in parsed.restored.leaves.values())
    return not parsed.problems, answered, -len(parsed.problems)

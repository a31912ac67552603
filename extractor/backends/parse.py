"""A reply to a validated value: read, choose, restore, validate. Nothing here asks again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, cast

from extractor.backends.base import Backend
from extractor.errors import ParseError
from extractor.paths import Path
from extractor.types import Problem, Repair, T
from extractor.wire.differences import differences, resized
from extractor.wire.keys import opened
from extractor.wire.paths import data_path
from extractor.wire.raw import shown
from extractor.wire.reading import Reading
from extractor.wire.restore import restore
from extractor.wire.restored import Leaf, Restored
from extractor.wire.shape import Object, Shape
from extractor.wire.validate import validate

_KEY = re.compile(r"""["'\u201c,;]\s*(\w+)["'\u201d]?\s*[:=]|"(\w+)\Z""")
"""What looks like a key within a text, or as its end."""
_SEAM = re.compile(r"""[^"'\u201d]*[^\s("'\u201d](["'\u201d])(?:\s*[,;]\s*|\s+)["'\u201c]\S""")
"""The beginning of two texts in one: its first quote ends something, and another one begins."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """The best reading of a reply.

    `value` is None exactly when there are `problems`. `restored` keeps what was read either way, so
    that failing places can be asked again without the others. `changed` has the places at which the
    value is not what was read, because of a default or a validator, and what it is there.
    """

    value: T | None
    restored: Restored
    problems: tuple[Problem, ...]
    changed: Mapping[Path, Any] = field(default_factory=dict[Path, Any])

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was changed between the reply and the value."""
        leaves = self.restored.leaves
        return (
            *self.restored.repairs,
            *(_change(p, v, leaves.get(p)) for p, v in self.changed.items()),
        )


def parse(backend: Backend, schema: type[T], shape: Shape, text: str) -> Parsed[T]:
    """Read a reply by a schema, from the candidate that satisfies it best.

    Validity decides, not position: models quote before they answer, and a contract may hold JSON of
    its own. Between equals the reader's own order does.

    Raises:
        ParseError: nothing in the reply belongs to the schema.
    """

    def judged(restored: Restored) -> Parsed[T]:
        return judge(schema, shape, restored)

    return _best_reading(backend, shape, text, judged)


def parse_part(backend: Backend, shape: Shape, text: str) -> Parsed[Any]:
    """Read a reply about a part of a document, of which Pydantic can't judge by itself.

    An empty object is an answer too: the part says nothing of what was asked.

    Raises:
        ParseError: nothing in the reply belongs to the schema.
    """

    def unjudged(restored: Restored) -> Parsed[Any]:
        return Parsed(None, restored, tuple(restored.problems))

    return _best_reading(backend, shape, text, unjudged, or_empty=True)


def _best_reading(
    backend: Backend,
    shape: Shape,
    text: str,
    judged: Callable[[Restored], Parsed[T]],
    *,
    or_empty: bool = False,
) -> Parsed[T]:
    try:
        readings = backend.read(shape, text)
        candidates = [judged(restored_from(shape, reading)) for reading in readings]
    except RecursionError as error:
        raise ParseError("The reply is nested too deeply to be read.") from error
    known = [
        (parsed, reading)
        for parsed, reading in zip(candidates, readings, strict=True)
        if parsed.restored.recognized or (or_empty and reading.value == {})
    ]
    if not known:
        raise ParseError(
            f"Nothing in the reply ({len(text)} characters) belongs to {shape.name}.",
            hint="The model may have refused or answered in prose.",
        )
    best = _likeliest(known)
    return _unfinished([parsed for parsed, _ in known], best) or best


def _likeliest(known: Sequence[tuple[Parsed[T], Reading]]) -> Parsed[T]:
    """Choose among the valid, where there are such, what stands alone and names most fields.

    Models quote within sentences, and take a value back by a later null: what was named counts, not
    how much was filled in.
    """
    valid = [(reading.is_alone, _named(parsed), parsed) for parsed, reading in known]
    valid = [one for one in valid if not one[2].problems]
    if valid:
        return max(valid, key=lambda one: one[:2])[2]
    return best_of(parsed for parsed, _ in known)


def _named(parsed: Parsed[T]) -> int:
    return len({path[:1] for path, leaf in parsed.restored.leaves.items() if leaf.given})


def restored_from(shape: Shape, reading: Reading) -> Restored:
    """Lay a shape over one reading; what the reply's end has cut off is a problem."""
    restored = restore(shape, reading.value)
    restored.problems[:0] = _cut(shape, reading)
    restored.problems[:0] = _swallowed(shape, restored, reading)
    around = [Repair(r.kind, data_path(shape, r.path), r.lossy, r.detail) for r in reading.repairs]
    restored.repairs[:0] = around
    return restored


def _swallowed(shape: Shape, restored: Restored, reading: Reading) -> Iterator[Problem]:
    """Name the texts that ended too late: another one is within, or a key that the reply lacks."""
    lost = {str(p[-1]): p for p, leaf in restored.leaves.items() if p and not leaf.given}
    for repair in reading.repairs:
        text = _text_at(reading.value, repair.path)
        if repair.kind not in ("unescaped_quote", "unquoted_scalar") or text is None:
            continue
        place = data_path(shape, repair.path)
        if repair.kind == "unescaped_quote" and _SEAM.match(text):
            yield Problem("swallowed", place, "two texts may have been read as one")
        for key in _KEY.finditer(text):
            name = key[1] or key[2]
            if name in lost:
                yield Problem("swallowed", place, f"the key {name!r} stands within the text")
                yield Problem("swallowed", lost[name], f"it stands within {shown(text)}")


def _text_at(value: Any, path: Path) -> str | None:
    """Return the text at a place of a raw tree, if one stands there."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value if isinstance(value, str) else None


def _cut(shape: Shape, reading: Reading) -> Iterator[Problem]:
    """Name what the reply's end has cut off, and the fields that it never came to."""
    top, (value, _) = shape.resolve(shape.root), opened(shape, reading.value)
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
    if found or verdict.value is None:
        return Parsed(None, restored, tuple(found.values()))
    read = {path: leaf.value for path, leaf in restored.leaves.items()}
    changed = {
        **dict(differences(verdict.value, read)),
        **dict(resized(verdict.value, restored.data)),
    }
    return Parsed(verdict.value, restored, (), changed)


def _change(path: Path, value: Any, leaf: Leaf | None) -> Repair:
    """Say why a value is not what was read."""
    if leaf is not None and leaf.value is None:
        return Repair("default", path, detail=f"nothing was read here; it is {shown(value)}")
    return Repair("validator", path, lossy=True, detail=f"made {shown(value)} of what was read")


def best_of(candidates: Iterable[Parsed[T]]) -> Parsed[T]:
    """Choose by validity, then by how much was answered, then the first one."""
    return max(candidates, key=_rank)


def _unfinished(known: Sequence[Parsed[T]], best: Parsed[T]) -> Parsed[T] | None:
    """Return the answer that the reply ends in, if it is cut off and corrects the best one.

    What stands before it was a draft then, and taking that would hide the correction.
    """
    for parsed in known:
        lost = {p.path for p in parsed.restored.problems if p.kind == "truncated"}
        if lost and any(
            leaf.value is not None and path not in lost and _value_at(best, path) != leaf.value
            for path, leaf in parsed.restored.leaves.items()
        ):
            return parsed
    return None


def _value_at(parsed: Parsed[T], path: Path) -> Any:
    leaf = parsed.restored.leaves.get(path)
    return None if leaf is None else leaf.value


def _rank(parsed: Parsed[T]) -> tuple[bool, int, int]:
    answered = sum(leaf.value is not None for leaf in parsed.restored.leaves.values())
    return not parsed.problems, answered, -len(parsed.problems)

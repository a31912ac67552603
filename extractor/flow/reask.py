"""Ask again for what is wrong, and for nothing else.

A re-ask is a small schema of its own: one field for each failing place, with the passages that the
failing answers were quoted from. Its answers are put into the first answer's data, and the whole is
judged again.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from extractor.backends.parse import Parsed, best_of, judge
from extractor.documents.document import Document
from extractor.grounding import Locator
from extractor.paths import Path, format_path
from extractor.types import (
    Problem,
    Repair,
    Span,
    T,
)
from extractor.wire.compile import safe_name
from extractor.wire.paths import bare, needs_key, node_at
from extractor.wire.raw import shown
from extractor.wire.restored import Leaf, Restored
from extractor.wire.shape import Array, Field, Map, Node, Object, Shape

_CONTEXT = 600
"""Characters on each side of a quote that make its passage."""


@dataclass(frozen=True, slots=True)
class Reask:
    """What to ask again: a schema of the failing places and the text they come from.

    `passages` is empty where a failing answer was quoted from nowhere, or is a list that was cut
    off: then the whole document has to be read again. `kind` is that of the repairs on record. An
    answer to a re-ask stands for the one before and takes over its quotes and doubts; what a second
    look gives is an answer of its own.
    """

    shape: Shape
    targets: dict[str, Path]
    passages: tuple[str, ...]
    told: tuple[dict[str, str], ...]
    kind: Literal["field_reask", "second_look"] = "field_reask"


def reask_for(
    shape: Shape,
    parsed: Parsed[T],
    document: Document,
    locator: Locator,
    *,
    fits: Callable[[Shape], bool] = lambda _: True,
) -> Reask | None:
    """Plan a re-ask of the failing places, or return None where the whole answer is at fault.

    Of more than one request `fits`, the first ones are asked for; the others are left to the next.
    """
    places = [_askable(shape, problem.path) for problem in parsed.problems]
    if () in places:
        return None
    fields: list[Field] = []
    targets: dict[str, Path] = {}
    for place in _outermost(places):
        tag = safe_name(format_path(place), targets.__contains__)
        node = node_at(shape, place)
        if node is None:
            return None
        field = Field(tag, tag, node, required=False)
        if not fits(patch(shape, [*fields, field])):
            continue
        fields.append(field)
        targets[tag] = place
    if not fields:
        return None
    asked = patch(shape, fields)
    leaves = parsed.restored.leaves
    cut = {problem.path for problem in parsed.problems if problem.kind == "truncated"}
    found = [
        [] if _may_lack_items(shape, place, cut) else _passages(place, leaves, locator, document)
        for place in targets.values()
    ]
    spans = _joined([span for of_place in found for span in of_place]) if all(found) else []
    passages = [document.text[span.start : span.end] for span in spans]
    told = tuple(told_of(parsed, [*targets.values()]))
    return Reask(asked, targets, tuple(passages), told)


def patch(shape: Shape, fields: Sequence[Field]) -> Shape:
    """Return a schema of some fields alone."""
    root = Object("corrected", tuple(fields))
    return replace(shape, name=f"{shape.name[:52]}_corrected", root=root)


def told_of(parsed: Parsed[T], places: Sequence[Path] = ((),)) -> Iterator[dict[str, str]]:
    """Describe each problem of some places for a prompt: where, what, and what the answer was."""
    for problem in parsed.problems:
        if not _under(problem.path, tuple(places)):
            continue
        leaf = parsed.restored.leaves.get(problem.path)
        raw = "" if leaf is None or leaf.raw is None else " ".join(str(leaf.raw).split())[:200]
        yield {"path": format_path(problem.path), "message": problem.message, "raw": raw}


def apply(
    schema: type[T],
    shape: Shape,
    parsed: Parsed[T],
    reask: Reask,
    answers: Sequence[Restored],
) -> Parsed[T]:
    """Put the answers to a re-ask in place and judge the whole again.

    `parsed` stays as it is, and is returned where none of the answers is one to what was asked.
    """
    known = [answer for answer in answers if answer.recognized]
    merged = [_answered(shape, parsed, reask, answer) for answer in known]
    return best_of(judge(schema, shape, restored) for restored in merged) if merged else parsed


def given_up(schema: type[T], shape: Shape, parsed: Parsed[T], reask: Reask) -> Parsed[T]:
    """Leave out the failing places, where the schema can do without, and judge the whole again.

    What was answered there, and what is wrong with it, stays with the leaves.
    """
    nothing: dict[Path, Leaf] = {(tag,): Leaf(None, None) for tag in reask.targets}
    rest, places = _merge(shape, parsed, reask, Restored(leaves=nothing, recognized=True))
    rest.repairs += [Repair("given_up", place, lossy=True) for place in places]
    return judge(schema, shape, rest)


def _answered(shape: Shape, before: Parsed[T], reask: Reask, answer: Restored) -> Restored:
    after, places = _merge(shape, before, reask, answer)
    after.repairs += [Repair(reask.kind, place) for place in places]
    new = {path: leaf for path, leaf in after.leaves.items() if _under(path, places)}
    after.repairs += _taken_back(new)
    return after


def _merge(
    shape: Shape, parsed: Parsed[T], reask: Reask, answer: Restored
) -> tuple[Restored, tuple[Path, ...]]:
    """Put answers in place of what they answer; what they leave out stays as it was.

    Returns the new whole, and the places that were answered.
    """
    before = parsed.restored
    after = Restored(copy.deepcopy(before.data), {}, [*before.repairs], [], recognized=True)
    given: dict[str, Any] = answer.data or {}
    answered: dict[Path, dict[Path, Leaf]] = {}
    for tag, place in reask.targets.items():
        leaves = {path[1:]: leaf for path, leaf in answer.leaves.items() if path[0] == tag}
        is_given = any(leaf.given for leaf in leaves.values())
        says_null = needs_key(shape, place)
        if is_given and _put(after.data, place, given.get(tag), says_null=says_null):
            answered[place] = {
                (*place, *rest): leaf
                if reask.kind == "second_look"
                else _carried(parsed, (*place, *rest), leaf)
                for rest, leaf in leaves.items()
            }
    places = tuple(answered)
    after.leaves = _leaves(before.leaves, answered)
    after.problems = [p for p in before.problems if not _under(p.path, places)]
    for problem in answer.problems:
        target = reask.targets.get(str(problem.path[0])) if problem.path else None
        if target in answered:
            path = (*target, *problem.path[1:])
            after.problems.append(Problem(problem.kind, path, problem.message))
    return after, places


def _carried(before: Parsed[T], path: Path, leaf: Leaf) -> Leaf:
    """Give an answer without a quote the one that stood there before, and what was wrong there."""
    earlier = before.restored.leaves.get(path)
    quotes = leaf.quotes or (earlier.quotes if earlier else ())
    return _after(before, path, replace(leaf, quotes=quotes))


def carried(before: Parsed[T], after: Parsed[T]) -> Parsed[T]:
    """Note in a new answer to everything what it takes back of the one before."""
    leaves = {path: _after(before, path, leaf) for path, leaf in after.restored.leaves.items()}
    taken = [*_taken_back(leaves)]
    if not taken:
        return after
    repairs = [*after.restored.repairs, *taken]
    return replace(after, restored=replace(after.restored, leaves=leaves, repairs=repairs))


def _after(before: Parsed[T], path: Path, leaf: Leaf) -> Leaf:
    """A new answer at an old one's place: null after something takes the earlier answer back.

    What that was, and what was wrong with it, stays with the leaf.
    """
    old = [known for at, known in before.restored.leaves.items() if _under(at, (path,))]
    earlier = next(filter(_says, old), None)
    if leaf.value is not None or earlier is None:
        return leaf
    wrong = earlier.doubt or next(
        (problem for problem in before.problems if _under(problem.path, (path,))), None
    )
    doubt = wrong or Problem("taken_back", path, f"the model first wrote {shown(earlier.raw)}")
    return replace(leaf, raw=earlier.raw, quotes=earlier.quotes, doubt=doubt)


def _says(leaf: Leaf) -> bool:
    """Whether a leaf holds an answer, now or before; of several the first may be null."""
    return leaf.value is not None or leaf.doubt is not None or isinstance(leaf.raw, list)


def _taken_back(leaves: Mapping[Path, Leaf]) -> Iterator[Repair]:
    for path, leaf in leaves.items():
        if leaf.doubt is not None:
            yield Repair("taken_back", path, lossy=True, detail=shown(leaf.raw))


def _leaves(
    before: Mapping[Path, Leaf], answered: Mapping[Path, Mapping[Path, Leaf]]
) -> dict[Path, Leaf]:
    """Set the new leaves where the old ones stood, and those of new places at the end."""
    leaves: dict[Path, Leaf] = {}
    for path, leaf in before.items():
        place = next((place for place in answered if _under(path, (place,))), None)
        leaves |= {path: leaf} if place is None else answered[place]
    for new in answered.values():
        leaves |= {path: leaf for path, leaf in new.items() if path not in leaves}
    return leaves


def _put(data: Any, path: Path, value: Any, *, says_null: bool) -> bool:
    """Set a place in plain data, if it is there; nothing is no key at all, where that will do."""
    for step in path[:-1]:
        if not _has(data, step):
            return False
        data = data[step]
    last = path[-1]
    if isinstance(data, dict) and value is None and not says_null:
        cast("dict[str | int, Any]", data).pop(last, None)
    elif isinstance(data, dict) or _has(data, last):
        data[last] = value
    else:
        return False
    return True


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    items = cast("Sequence[Any]", data) if isinstance(data, list) else ()
    return isinstance(step, int) and step < len(items)


def _askable(shape: Shape, path: Path) -> Path:
    """The innermost place around a problem that the schema knows and that is a value of its own.

    A tuple is one value, and its parts can't be asked for alone.
    """
    for length in range(len(path) + 1):
        node = node_at(shape, path[:length])
        if node is None:
            return path[: length - 1]
        if _is_tuple(shape, node):
            return path[:length]
    return path


def _is_tuple(shape: Shape, node: Node) -> bool:
    inner = bare(shape, node)
    return isinstance(inner, Array) and bool(inner.prefix)


def _outermost(places: Sequence[Path]) -> list[Path]:
    kept: list[Path] = []
    for place in sorted(set(places), key=lambda p: (len(p), str(p))):
        if not _under(place, tuple(kept)):
            kept.append(place)
    return kept


def _under(path: Path, places: tuple[Path, ...]) -> bool:
    return any(path[: len(place)] == place for place in places)


def _may_lack_items(shape: Shape, place: Path, cut: Collection[Path]) -> bool:
    """Whether a list may go on where no quote of it leads: it was cut off."""
    node = bare(shape, node_at(shape, place))
    is_listed = isinstance(node, Object | Map) or (isinstance(node, Array) and not node.prefix)
    return is_listed and any(_under(path, (place,)) for path in cut)


def _passages(
    place: Path, leaves: dict[Path, Leaf], locator: Locator, document: Document
) -> list[Span]:
    """The surroundings of the quotes that the document has, at the place or else beside it."""
    around = [place, place[:-1]] if len(place) > 1 else [place]
    for near in around:
        quotes = [q for path, leaf in leaves.items() if _under(path, (near,)) for q in leaf.quotes]
        found = [matches[0] for q in quotes if (matches := locator.locate(q).matches)]
        if found:
            end = len(document.text)
            return [Span(max(0, m.start - _CONTEXT), min(end, m.end + _CONTEXT)) for m in found]
    return []


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined

"""Lettered and numbered lists within a clause, one within the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.documents.structure.numbering import Label

_LETTER, _ROMAN, _FIGURE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Nested:
    """A label of a list, and in how many other lists that list stands."""

    label: Label
    depth: int


@dataclass(slots=True)
class _Open:
    """A list that may go on: its style, how its labels count, the last of them."""

    style: str
    counting: int
    last: int


def nested(labels: Sequence[Label]) -> list[Nested]:
    """Sort the labels of lists into lists within lists.

    A label goes on the innermost list whose next one it is, else it begins a list at one. "(i)"
    after "(h)" is the letter, unless "(ii)" comes next. What does neither is no label of a list.
    """
    found: list[Nested] = []
    open_lists: list[_Open] = []
    for label, following in zip(labels, _following(labels), strict=True):
        depth = _place(open_lists, label, following)
        if depth is not None:
            found.append(Nested(label, depth))
    return found


def is_in_list(run: Sequence[Label], labels: Iterable[Label]) -> bool:
    """Say whether figures count within an item of a list that goes on: (a) 1. 2. (b)."""
    depths = {each.label.start: each.depth for each in nested([*labels])}
    goes_on = any(depth == 0 for start, depth in depths.items() if start > run[-1].start)
    return goes_on and all(depths.get(label.start) for label in run)


def _following(labels: Sequence[Label]) -> list[Label | None]:
    """Return for each label the next one of its style."""
    next_of: dict[str, Label] = {}
    following: list[Label | None] = []
    for label in reversed(labels):
        following.append(next_of.get(label.style))
        next_of[label.style] = label
    return following[::-1]


def _place(open_lists: list[_Open], label: Label, following: Label | None) -> int | None:
    readings = _readings(label)
    begins = next((counting for counting, value in readings if value == 1), None)
    if len(readings) > 1 and begins == _ROMAN and _reads_as(following, _ROMAN, 2):
        readings = [(_ROMAN, 1)]
    for depth in range(len(open_lists) - 1, -1, -1):
        one = open_lists[depth]
        if any((one.counting, one.last + 1) == r and one.style == label.style for r in readings):
            del open_lists[depth + 1 :]
            one.last += 1
            return depth
    if begins is None:
        return _skipping(open_lists, label, readings, following)
    for depth, one in enumerate(open_lists):
        if one.style == label.style and one.counting == begins:
            del open_lists[depth:]  # the list of another paragraph
            break
    open_lists.append(_Open(label.style, begins, 1))
    return len(open_lists) - 1


def _skipping(
    open_lists: list[_Open],
    label: Label,
    readings: Sequence[tuple[int, int]],
    following: Label | None,
) -> int | None:
    """Go on with a list of which one label could not be read, if the list then goes on."""
    for depth in range(len(open_lists) - 1, -1, -1):
        one = open_lists[depth]
        skips = (one.counting, one.last + 2) in readings and one.style == label.style
        if skips and _reads_as(following, one.counting, one.last + 3):
            del open_lists[depth + 1 :]
            one.last += 2
            return depth
    return None


def _reads_as(label: Label | None, counting: int, value: int) -> bool:
    return label is not None and (counting, value) in _readings(label)


def _readings(label: Label) -> list[tuple[int, int]]:
    if label.kind == "decimal" or len(label.value) == 1:
        return [(_FIGURE, label.value[0])]
    return [(counting, value) for counting, value in enumerate(label.value) if value]

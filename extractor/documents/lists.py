"""Lettered and numbered lists within a clause, one within the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.documents.numbering import Mark

_LETTER, _ROMAN, _FIGURE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Nested:
    """A mark of a list, and in how many other lists that list stands."""

    mark: Mark
    depth: int


@dataclass(slots=True)
class _Open:
    """A list that may go on: its style, how its marks count, the last of them."""

    style: str
    counting: int
    last: int


def nested(marks: Sequence[Mark]) -> list[Nested]:
    """Sort the marks of lists into lists within lists.

    A mark goes on the innermost list whose next one it is, else it begins a list at one. "(i)"
    after "(h)" is the letter, unless "(ii)" comes next. What does neither is no mark of a list.
    """
    found: list[Nested] = []
    open_lists: list[_Open] = []
    for mark, following in zip(marks, _following(marks), strict=True):
        depth = _place(open_lists, mark, following)
        if depth is not None:
            found.append(Nested(mark, depth))
    return found


def _following(marks: Sequence[Mark]) -> list[Mark | None]:
    """Return for each mark the next one of its style."""
    next_of: dict[str, Mark] = {}
    following: list[Mark | None] = []
    for mark in reversed(marks):
        following.append(next_of.get(mark.style))
        next_of[mark.style] = mark
    return following[::-1]


def _place(open_lists: list[_Open], mark: Mark, following: Mark | None) -> int | None:
    readings = _readings(mark)
    begins = next((counting for counting, value in readings if value == 1), None)
    if len(readings) > 1 and begins == _ROMAN and _reads_as(following, _ROMAN, 2):
        readings = [(_ROMAN, 1)]
    for depth in range(len(open_lists) - 1, -1, -1):
        one = open_lists[depth]
        if any((one.counting, one.last + 1) == r and one.style == mark.style for r in readings):
            del open_lists[depth + 1 :]
            one.last += 1
            return depth
    if begins is None:
        return _skipping(open_lists, mark, readings, following)
    for depth, one in enumerate(open_lists):
        if one.style == mark.style and one.counting == begins:
            del open_lists[depth:]  # the list of another paragraph
            break
    open_lists.append(_Open(mark.style, begins, 1))
    return len(open_lists) - 1


def _skipping(
    open_lists: list[_Open],
    mark: Mark,
    readings: Sequence[tuple[int, int]],
    following: Mark | None,
) -> int | None:
    """Go on with a list of which one mark could not be read, if the list then goes on."""
    for depth in range(len(open_lists) - 1, -1, -1):
        one = open_lists[depth]
        skips = (one.counting, one.last + 2) in readings and one.style == mark.style
        if skips and _reads_as(following, one.counting, one.last + 3):
            del open_lists[depth + 1 :]
            one.last += 2
            return depth
    return None


def _reads_as(mark: Mark | None, counting: int, value: int) -> bool:
    return mark is not None and (counting, value) in _readings(mark)


def _readings(mark: Mark) -> list[tuple[int, int]]:
    if mark.kind == "decimal" or len(mark.value) == 1:
        return [(_FIGURE, mark.value[0])]
    return [(counting, value) for counting, value in enumerate(mark.value) if value]

"""The columns of wide tables: all field paths of a run, the items of a list beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractor.paths import Path, parse_path
from extractor.runs.exports.fields import failure_of, fields_of, to_check
from extractor.runs.reader import RunRow

FILE_COLUMNS = ("file path", "file state", "duplicate of", "file error", "to check")
"""What stands before the fields. No field has such a name: its path would have brackets."""


def file_cells(row: RunRow) -> tuple[str | None, ...]:
    """Return what `FILE_COLUMNS` say of a file."""
    return row.path, row.state, row.duplicate_of, failure_of(row), to_check(row)


class Columns:
    """The field paths of many results, each once.

    They are in the order in which they first appear, which is the schema's; only, what belongs to
    one list or object stays together, and a list's items are in the order of their numbers: the
    second party of the tenth contract stands behind the first, not behind the last field.
    """

    def __init__(self) -> None:
        self._root = _Node()
        self._known: set[str] = set()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, row: RunRow) -> None:
        """Take in the fields of a file."""
        for field in fields_of(row):
            if field.path not in self._known:
                self._known.add(field.path)
                self._root.at(_steps(field.path)).names.append(field.path)

    def names(self) -> list[str]:
        """Return the paths in their order."""
        return [*self._root.walk()]


class _Node:
    """A place in values, and what is below it."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._below: dict[str | int, _Node] = {}

    def at(self, path: Iterable[str | int]) -> _Node:
        node = self
        for step in path:
            node = node._below.setdefault(step, _Node())
        return node

    def walk(self) -> Iterator[str]:
        yield from self.names
        items = sorted(step for step in self._below if isinstance(step, int))
        for item in items:
            yield from self._below[item].walk()
        for step, node in self._below.items():
            if isinstance(step, str):
                yield from node.walk()


def _steps(path: str) -> Path:
    try:
        return parse_path(path)
    except ValueError:  # a key of a contract's own words; it has a column like any other
        return (path,)

"""Numbers that are no clauses: entries of tables of contents, and those apart from their words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise, starmap
from typing import TypeAlias

from extractor.documents.structure.numbering import Label

_CONTENTS = re.compile(r"^[ \t]*(?:TABLE OF )?CONTENTS:?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_TITLE_END = re.compile(r"\n|[.:]\s")
_NO_WORDS = re.compile(r"[\s.:)]*")
_ENTRY = 250  # characters that one line of a table of contents may take

Entry: TypeAlias = tuple[str, tuple[int, ...], str]
"""How a clause is counted, its number and the first letters behind it."""


def without_contents(text: str, found: Sequence[Label]) -> list[Label]:
    """Drop the lines of tables of contents: numbers and titles that all come again further on."""
    starts = [label.start for label in found]
    again = _again(found)
    reach = _reach([entry_of(text, label) for label in found])
    dropped = set[int]()
    done = 0  # before it, every label was looked at
    for heading in _CONTENTS.finditer(text):
        first = bisect_left(starts, heading.end())
        stop = again[first] if first < len(found) else None
        if stop is None or starts[stop] - heading.end() > _ENTRY * (stop - first + 1):
            continue
        if reach[stop] < first:
            continue
        for i in range(max(first, done), stop):
            if i <= reach[stop] or found[i].kind == "exhibit":
                dropped.add(i)
        done = max(done, stop)
    return [label for i, label in enumerate(found) if not label.listed and i not in dropped]


def without_detached(text: str, found: Sequence[Label]) -> list[Label]:
    """Drop numbers that stand in a row without words, as some printers draw those of a page first.

    "2." above "2.1" and "(h)" above an "(i)" that begins a list are none: their words follow. Of
    "(a)" above "(b)" nobody knows.
    """
    kept: list[Label] = []
    row: list[Label] = []
    for label, after in zip(found, [*found[1:], None], strict=False):
        row.append(label)
        if after is None or not _NO_WORDS.fullmatch(text, label.rest, after.start):
            kept += [] if any(starmap(_is_next, pairwise(row))) else row
            row = []
    return kept


def _is_next(one: Label, other: Label) -> bool:
    """Say whether a number counts on from another one, and can't be the first of its own kind."""
    alike = (one.kind, one.style) == (other.kind, other.style) and one.kind != "exhibit"
    counts_on = any(a and b == a + 1 for a, b in zip(one.value, other.value, strict=False))
    return alike and counts_on and other.value[-1] != 1


def entry_of(text: str, label: Label) -> Entry:
    """Return what a clause and its line in a table of contents have in common."""
    if label.kind == "exhibit":
        return label.kind, label.value, ""  # it often has its title in the table only
    title = _TITLE_END.split(text[label.rest : label.rest + 40].lstrip(" \t.:)-\n"), maxsplit=1)[0]
    letters = "".join(filter(str.isalpha, title))
    return f"{label.kind} {label.style}", label.value, letters[:10].casefold()


def _again(found: Sequence[Label]) -> list[int | None]:
    """Return for each label the place of the next one that says the same."""
    next_of: dict[tuple[str, tuple[int, ...]], int] = {}
    places: list[int | None] = []
    for i in range(len(found) - 1, -1, -1):
        key = (found[i].kind, found[i].value)
        places.append(next_of.get(key))
        next_of[key] = i
    return places[::-1]


def _reach(entries: Sequence[Entry]) -> list[int]:
    """Return for each place the nearest entry before it that comes there again or later, else -1.

    Entries that may still come again lie on a stack, each with an earlier last place than those
    below it, so each is put there once and taken away once.
    """
    last = {entry: i for i, entry in enumerate(entries)}
    stack: list[int] = []
    reach: list[int] = []
    for i, entry in enumerate(entries):
        while stack and last[entries[stack[-1]]] < i:
            stack.pop()
        reach.append(stack[-1] if stack else -1)
        while stack and last[entries[stack[-1]]] <= last[entry]:
            stack.pop()
        stack.append(i)
    return reach

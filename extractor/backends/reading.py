"""What the tolerant readers of JSON and XML share: their rules, their limits, their records.

Nothing is invented: every string of a tree is text of the reply, unescaped. Nothing vanishes
silently: every deviation from clean JSON or XML is a `Repair`, and a repair is lossy when a value,
a key or part of one is no longer in the tree. Prose, fences and comments around the values are not
values, so leaving them out is not lossy.

Keys and paths are those of the wire (a field's `tag`). A `Reading`'s `cut` holds the paths at which
the reply broke off, the innermost first: an unfinished string or number, a member whose value never
came (it is not in the tree), and every container left open around it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from extractor.documents.plain import clean
from extractor.paths import Path
from extractor.types import Repair
from extractor.wire.reading import Repeated

MAX_DEPTH = 100
"""How deep a tree may be nested, so that code which walks it can be recursive."""

MAX_READINGS = 16
"""How many candidates of one reply are handed on."""

MAX_REPAIRS = 200
"""How many repairs of one reading are listed singly; the rest is counted by kind."""

REASONING_TAGS = frozenset({"think", "thinking", "scratchpad", "reasoning", "analysis"})
"""Elements in which models think aloud before they answer."""

FENCE_BEFORE = re.compile(r"(?:\A|\n)[ \t]*(?:`{2,}|~{3,})[\w .+-]*\s*\Z")
"""A code fence that a text ends with."""

FENCE_LINES = re.compile(r"^[ \t]*(?:`{2,}|~{3,})[\w .+-]*$", re.MULTILINE)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class TooDeepError(ValueError):
    """A reply is nested beyond `MAX_DEPTH`."""

    def __init__(self) -> None:
        super().__init__(f"nested deeper than {MAX_DEPTH} levels")


class RepairLog:
    """Collects repairs, each kind once a path, with a bound on their number."""

    def __init__(self) -> None:
        self._listed: dict[tuple[str, Path, str], Repair] = {}
        self._unlisted: defaultdict[tuple[str, bool], int] = defaultdict(int)

    @property
    def is_full(self) -> bool:
        """Whether further repairs are only counted, so that their path does not matter."""
        return len(self._listed) >= MAX_REPAIRS

    def add(self, kind: str, path: Path = (), *, lossy: bool = False, detail: str = "") -> None:
        place = kind, path, detail
        if place in self._listed:
            return
        if self.is_full:
            self._unlisted[kind, lossy] += 1
        else:
            self._listed[place] = Repair(kind, path, lossy, detail)

    def repairs(self) -> tuple[Repair, ...]:
        rest = (
            Repair(kind, (), lossy, f"{count} more")
            for (kind, lossy), count in self._unlisted.items()
        )
        return (*self._listed.values(), *rest)


def make_storable(text: str, log: RepairLog) -> str:
    """Take out of a reply what no file, database or UTF-8 stream can hold.

    A byte order mark goes, NUL goes, surrogate halves are joined or become U+FFFD.
    """
    if text.startswith("\ufeff"):
        log.add("byte_order_mark")
        text = text.lstrip("\ufeff")
    if not _UNSTORABLE.search(text):
        return text
    if "\x00" in text:
        log.add("nul_character", lossy=True)
    stored = clean(text)
    if stored.count("\ufffd") > text.count("\ufffd"):
        log.add("lone_surrogate", lossy=True)
    return stored


def gather(pairs: list[tuple[str, Any]], path: Path, log: RepairLog) -> dict[str, Any]:
    """Make a dict of key and value pairs without losing a repeated key's values."""
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    occurrences: dict[str, list[Any]] = {}
    for key, value in pairs:
        occurrences.setdefault(key, []).append(value)
    for key, values in occurrences.items():
        members[key] = values[0]
        if len(values) == 1:
            continue
        if all(value == values[0] for value in values):
            log.add("repeated_key", (*path, key), detail="the same value each time")
        else:
            members[key] = Repeated(values)
            log.add("repeated_key", (*path, key), detail=f"{len(values)} differing values")
    return members

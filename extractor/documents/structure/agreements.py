"""Titles of agreements that follow the first one in the same file: amendments, addenda, notes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from extractor.documents.structure.contents import Entry, entry_of
from extractor.documents.structure.numbering import Label

_LINES = 4  # of a title
_LONGEST = 250  # characters of a title
_HEADS = 2  # times that the same title may come
_HEADING = 600  # characters behind an exhibit's heading, in which a title is that of the exhibit
_LISTED = 3  # first clauses, of which a table of contents has named one at least
_COUNTING = frozenset({"article", "section", "ordinal", "decimal"})

_CAPITALS = r"[ \t]*+(?=[^\n]*[A-Z]{3})[^a-z\n]{3,120}"
_BLOCK = re.compile(rf"^{_CAPITALS}$(?:\n{_CAPITALS}$)*", re.MULTILINE)
_NAMED = re.compile(
    r"\A(?!SIGNATURE|EXHIBIT|SCHEDULE|ANNEX|APPENDIX|ATTACHMENT|TABLE)(?!.*\b(?:PAGE|THIS|IS|ARE|SHALL|WILL)\b)(?=[A-Z])(?:.*\b(?:AMENDMENT|ADDENDUM)\b"
    r"|.+\b(?:AGREEMENT|SUPPLEMENT|CONTRACT|LEASE|LICEN[CS]E|GUARANT(?:Y|EE)|JOINDER|DEED|NOTE)\b)"
)
_IN_TITLE_CASE = re.compile(
    r"^[ \t]*+(?:(?:First|Second|Third|Fourth|Fifth|Sixth)[ ](?:Amendment|Addendum|Supplement)"
    r"|(?:Amendment|Addendum|Supplement)[ ](?:(?:No\.?|Number)[ ]?|#)\d{1,2})"
    r"(?:[ ](?:to|of)\b[^.;\n]{0,80})?[ \t]*$",
    re.MULTILINE,
)
_AMENDS = re.compile(r"\b(?:amendment|addendum|supplement)\b", re.IGNORECASE)
_SIGNED = re.compile(
    r"^[ \t]*+(?:IN WITNESS|EXECUTED\b|SIGNED\b|Signed\b|Signature|By:|Name:|/s/)", re.MULTILINE
)


def agreements_of(text: str, found: Sequence[Label]) -> list[Label]:
    """Return the titles behind which numbers that had begun begin again at 1.

    Where several titles stand between two numbers the last one is taken. A title right behind an
    exhibit's heading is the exhibit's. If no signature stands before it and its first clauses were
    named before, that was a table of contents, and the title is the contract's own.
    """
    numbers = [label for label in found if label.kind in _COUNTING]
    starts = [label.start for label in numbers]
    every = [label.start for label in found]
    ones = [label.start for label in numbers if set(label.value) == {1}]
    exhibits = [0, *(label.start for label in found if label.kind == "exhibit")]
    signed = [match.start() for match in _SIGNED.finditer(text)]
    titles = _titles(text)
    places = [bisect_left(starts, title.start) for title in titles]
    said: dict[Entry, int] = {}
    read = begins = 0
    kept: list[Label] = []
    for title, place, next_place in zip(titles, places, (*places, -1)[1:], strict=True):
        said.update((entry_of(text, label), label.start) for label in numbers[read:place])
        read = place
        after = numbers[place] if place < len(numbers) else None
        if after is None or set(after.value) != {1} or place == next_place:
            continue
        if _any(every, title.start, title.rest) or _any(exhibits, title.rest, after.start):
            continue  # the title of a clause, or an exhibit comes first
        exhibit = max(begins, exhibits[bisect_left(exhibits, title.start, 1) - 1])
        is_apart = _AMENDS.search(title.number) and title.start - exhibit > _HEADING
        since = begins if is_apart else exhibit
        entries = [entry_of(text, label) for label in numbers[place : place + _LISTED]]
        is_listed = any(said.get(entry, -1) >= since for entry in entries)
        ends_one = _any(ones, since, title.start)
        if ends_one and (not is_listed or _any(signed, since, title.start)):
            kept.append(title)
            begins = title.start
    return kept


def _any(offsets: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(offsets, start)
    return at < len(offsets) and offsets[at] < end


def _titles(text: str) -> list[Label]:
    """Return what reads like the title of an agreement and is no running head, in order."""
    titles: list[Label] = []
    for match in [*_BLOCK.finditer(text), *_IN_TITLE_CASE.finditer(text)]:
        lines = match.group().strip()
        if len(lines) > _LONGEST or lines.count("\n") >= _LINES or lines.endswith("."):
            continue
        title = " ".join(lines.split())
        if match.re is _IN_TITLE_CASE or _NAMED.search(title):
            start = match.end() - len(match.group().lstrip())
            titles.append(Label("agreement", start, title, (), match.end(), "agreement"))
    times = Counter(title.number for title in titles)
    kept = [title for title in titles if times[title.number] <= _HEADS]
    return sorted(kept, key=lambda title: title.start)

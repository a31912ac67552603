"""The parts of a file that number anew: exhibits and schedules, amendments, further agreements."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from extractor.documents.numbering import Label

_FILED = 600  # characters into which a filing's own "Exhibit 10.3" is stamped
_CLOSE = 125  # characters from one entry of a list of exhibits to the next
_LINES = 4  # of a title
_LONGEST = 250  # characters of a title
_HEADS = 2  # times that the same title may come

_CAPITALS = r"[ \t]*+(?=[^\n]*[A-Z]{3})[^a-z\n]{3,120}"
_BLOCK = re.compile(rf"^{_CAPITALS}$(?:\n{_CAPITALS}$)*", re.MULTILINE)
_AGREEMENT = re.compile(
    r"\A(?!SIGNATURE|EXHIBIT|SCHEDULE|ANNEX|APPENDIX|TABLE)(?=[A-Z]).*\b(?:AGREEMENT|AMENDMENT"
    r"|ADDENDUM|SUPPLEMENT|CONTRACT|LEASE|LICEN[CS]E|GUARANT(?:Y|EE)|JOINDER|DEED|NOTE)\b"
)
_AMENDMENT = re.compile(
    r"^[ \t]*(?:(?:First|Second|Third|Fourth|Fifth|Sixth)[ ](?:Amendment|Addendum|Supplement)"
    r"|(?:Amendment|Addendum|Supplement)[ ](?:(?:No\.?|Number)[ ]?|#)\d{1,2})"
    r"(?:[ ](?:to|of)\b[^.;\n]{0,80})?[ \t]*$",
    re.MULTILINE,
)


def parts_of(text: str, found: Sequence[Label]) -> list[Label]:
    """Return where a part begins that is numbered by itself, in order."""
    agreements = _agreements(text, found)
    starts = [label.start for label in agreements]
    return sorted([*_exhibits(found, starts), *agreements], key=lambda label: label.start)


def _agreements(text: str, found: Sequence[Label]) -> list[Label]:
    """Return titles of further agreements: the numbers of one end, and behind it begin again at 1.

    Where several titles stand between two numbers the last one is taken. What comes again and
    again is a running head.
    """
    starts = [label.start for label in found]
    titles = list(_titles(text))
    times = Counter(title.number for title in titles)
    places = [bisect_left(starts, title.start) for title in titles]
    kept: list[Label] = []
    first: Label | None = None  # the first number of the part that a title would end
    at = 0
    for i, (title, place) in enumerate(zip(titles, places, strict=True)):
        for label in found[at:place]:
            if label.kind == "exhibit":
                first = None
            elif first is None and _is_one(label):
                first = label
        at = place
        after = found[place] if place < len(found) else None
        is_last = place not in places[i + 1 : i + 2]
        if first is None or after is None or not is_last or times[title.number] > _HEADS:
            continue
        goes_on = after.kind == "listed" and after.style != first.style
        if _is_one(after) and not goes_on and title.rest < after.start:
            kept.append(title)
            first = None
    return kept


def _titles(text: str) -> Iterator[Label]:
    blocks = [
        match
        for match in _BLOCK.finditer(text)
        if match.group().count("\n") < _LINES and not match.group().rstrip().endswith(".")
    ]
    for match in sorted([*blocks, *_AMENDMENT.finditer(text)], key=lambda found: found.start()):
        title = " ".join(match.group().split())
        is_block = match.re is _BLOCK
        if len(title) <= _LONGEST and (not is_block or _AGREEMENT.search(title)):
            start = match.end() - len(match.group().lstrip())
            yield Label("agreement", start, title, (), match.end(), "agreement")


def _is_one(label: Label) -> bool:
    if label.kind == "listed":
        return 1 in label.value and label.style != "(a)"
    return label.kind != "exhibit" and set(label.value) == {1}


def _exhibits(found: Sequence[Label], agreements: Sequence[int]) -> Iterator[Label]:
    """Yield the exhibits that are there: neither a list of them nor a head on each page."""
    every = [label for label in found if label.kind == "exhibit"]
    numbered = next((label.start for label in found if label.kind != "exhibit"), _FILED)
    last = {label.value: i for i, label in enumerate(every)}
    seen = set[tuple[int, tuple[int, ...]]]()
    listed = -2  # the place of the last one that was an entry of a list
    for i, label in enumerate(every):
        after = every[i + 1] if i + 1 < len(every) else None
        in_list = after is not None and after.start - label.start < _CLOSE
        repeated = in_list and after is not None and after.value == label.value
        ends_list = i == listed + 1 and label.start - every[listed].start < _CLOSE
        if (in_list or ends_list) and not repeated and last[label.value] > i:
            listed = i
            continue
        key = (bisect_right(agreements, label.start), label.value)
        if label.start >= min(numbered, _FILED) and key not in seen:
            seen.add(key)
            yield label

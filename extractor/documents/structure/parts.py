"""The parts of a file that number anew: exhibits and schedules, amendments, further agreements."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from extractor.documents.structure.agreements import agreements_of
from extractor.documents.structure.numbering import Label

_FILED = 600  # characters into which a filing's own "Exhibit 10.3" is stamped
_CLOSE = 125  # characters from one entry of a list of exhibits to the next

_TITLED = re.compile(r"[ \t]*\S")


def parts_of(text: str, found: Sequence[Label]) -> list[Label]:
    """Return where a part begins that is numbered by itself, in order."""
    agreements = agreements_of(text, found)
    starts = [label.start for label in agreements]
    return sorted([*_exhibits(text, found, starts), *agreements], key=lambda label: label.start)


def _exhibits(text: str, found: Sequence[Label], agreements: Sequence[int]) -> Iterator[Label]:
    """Yield the exhibits that are there: neither a list of them nor a head on each page."""
    every = [label for label in found if label.kind == "exhibit"]
    numbered = next((label.start for label in found if label.kind != "exhibit"), _FILED)
    last = {label.value: i for i, label in enumerate(every)}
    one = next((label.start for label in found if _is_first(label)), 0)
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
        near = every[max(0, i - 1) : i + 2]
        if label.start < one and _is_near(label, near) and _TITLED.match(text, label.rest):
            continue  # of a list in front of the first clause, whatever comes again behind it
        key = (bisect_right(agreements, label.start), label.value)
        if label.start >= min(numbered, _FILED) and key not in seen:
            seen.add(key)
            yield label


def _is_first(label: Label) -> bool:
    return label.kind not in {"exhibit", "listed"} and set(label.value) == {1}


def _is_near(label: Label, others: Iterable[Label]) -> bool:
    """Whether an exhibit of another number is named a line or two away."""
    return any(
        abs(other.start - label.start) < _CLOSE and other.value != label.value for other in others
    )

"""Times of day as contracts write them: "5:00 p.m.", "17:00", "noon"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

# A point before the minutes is one only beside "a.m.": most such figures are numbers of sections.
_SAID = re.compile(
    r"(?<!\d)(?<!\d[:.,])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
    r"\s{0,3}(?P<half>[ap])\.?\s?m\b"
    r"|(?<!\d)(?<!\d[:.,])(?P<hour24>\d{1,2}):(?P<minute24>\d{2})"
    r"(?::(?P<second24>\d{2})(?:\.\d+)?)?(?![\d:%]|\s{0,3}midnight)"
    r"|\b(?P<military>[0-2]\d[0-5]\d)\s(?:hours|hrs)\b"
    r"|\b(?P<word>noon|midday|midnight)\b",
    re.IGNORECASE,
)
_WORDS = {"noon": time(12), "midday": time(12), "midnight": time(0)}


def read_time(text: str) -> time | None:
    """Read a text that is one time of day; None if it is not, or says more.

    >>> read_time("5:00 p.m."), read_time("from 9 to 5")
    (datetime.time(17, 0), None)
    """
    said = _SAID.fullmatch(text.strip().rstrip("."))
    try:
        return None if said is None else _time_of(said)
    except ValueError:  # 25:70
        return None


def times_in(text: str) -> Iterator[time]:
    """Yield the times of day that a text names."""
    for said in _SAID.finditer(text):
        try:
            yield _time_of(said)
        except ValueError:  # 25:70
            continue


def _time_of(said: re.Match[str]) -> time:
    if said["word"]:
        return _WORDS[said["word"].lower()]
    if said["military"]:
        return time(int(said["military"][:2]), int(said["military"][2:]))
    if said["half"]:
        hour, is_later = int(said["hour"]), said["half"].lower() == "p"
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        return time(hour % 12 + 12 * is_later, int(said["minute"] or 0), int(said["second"] or 0))
    return time(int(said["hour24"]), int(said["minute24"]), int(said["second24"] or 0))

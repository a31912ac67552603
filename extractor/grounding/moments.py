"""Times of day, alone or on a day, against those of a quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time

from extractor.grounding.quantities import date_support
from extractor.grounding.verdict import YES, Support, no, unjudged

_MOMENT = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})[T ])?(?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
"""ISO 8601 and RFC 3339, as Pydantic reads and writes it; without the day it is a time."""
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
_UTC = re.compile(r"\b(?:UTC|GMT|Zulu)\b(?!\s?[+-]\s?\d)|\dZ\b", re.IGNORECASE)
_WORDS = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_GREENWICH = ("Z", "+00:00")


def moment_support(value: str, quote: str) -> Support | None:
    """Compare a time of day, with its day and zone where it has them; None if it is none.

    Midnight may be what is written where a quote has a day alone. A zone is compared where it is
    Greenwich's; whether "New York time" is four hours or five is not for code to say.
    """
    moment = _MOMENT.fullmatch(value)
    if moment is None:
        return None
    try:
        wanted = time.fromisoformat(moment["time"])
        day = date.fromisoformat(moment["day"]) if moment["day"] else None
    except ValueError:
        return None
    if day is not None and not (verdict := date_support(day, quote)).ok:
        return verdict
    said = set(_times_in(quote))
    if day is not None and not said and wanted == time(0):
        return YES
    if wanted not in said:
        return no("the quote has another time" if said else "the quote has no time of day")
    if moment["zone"] is None or (moment["zone"] in _GREENWICH and _UTC.search(quote)):
        return YES
    return unjudged("its quote is in the document; the time zone is not for code to say")


def _times_in(quote: str) -> Iterator[time]:
    for said in _SAID.finditer(quote):
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

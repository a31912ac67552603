"""Times of day, alone or on a day, against those of a quote."""

from __future__ import annotations

import re
from datetime import date, time

from extractor.grounding.quantities import date_support
from extractor.grounding.verdict import YES, Support, no, unjudged
from extractor.normalizers import times_in

_MOMENT = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})[T ])?(?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
"""ISO 8601 and RFC 3339, as Pydantic reads and writes it; without the day it is a time."""
_UTC = re.compile(r"\b(?:UTC|GMT|Zulu)\b(?!\s?[+-]\s?\d)|\dZ\b", re.IGNORECASE)
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
    said = set(times_in(quote))
    if day is not None and not said and wanted == time(0):
        return YES
    if wanted not in said:
        return no("the quote has another time" if said else "the quote has no time of day")
    if moment["zone"] is None or (moment["zone"] in _GREENWICH and _UTC.search(quote)):
        return YES
    return unjudged("its quote is in the document; the time zone is not for code to say")

"""Days counted on from another: "two years after the Effective Date", with the rule kept."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from extractor.normalizers.durations import Duration, read_iso_duration
from extractor.normalizers.mentions import in_plain
from extractor.normalizers.periods import read_duration
from extractor.normalizers.words import ORDINALS

Direction: TypeAlias = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class RelativeDateReading:
    """A day given by a rule: so long (`offset`, ISO 8601) `before` or `after` an `event`."""

    raw: str
    offset: str
    direction: Direction
    event: str


_RULE = re.compile(
    r"(?:on\s+|by\s+|until\s+|the\s+date\s+(?:that\s+is\s+|which\s+is\s+)?)*(?P<offset>.+?)\s+"
    r"(?P<word>after|following|from|before|prior\s+to|preceding)\s+(?P<event>.+?)\.?",
    re.IGNORECASE,
)
_ANNIVERSARY = re.compile(
    r"(?:on\s+|until\s+)?the\s+(?P<count>[a-z-]+|\d+(?:st|nd|rd|th))(?:\s+\(.*?\))?\s+"
    r"anniversary\s+of\s+(?P<event>.+?)\.?",
    re.IGNORECASE,
)


def read_relative_date(text: str) -> RelativeDateReading | None:
    """Read a text that gives a day by a rule and nothing else; None where it does not.

    >>> read_relative_date("thirty (30) days after the Closing Date").offset
    'P30D'
    >>> read_relative_date("the second anniversary of the Effective Date").event
    'the Effective Date'
    """
    plain = " ".join(in_plain(text).split())
    anniversary = _ANNIVERSARY.fullmatch(plain)
    if anniversary:
        count = anniversary["count"].lower()
        years = ORDINALS.get(count) or int(re.sub(r"\D", "", count) or 0)
        return (
            RelativeDateReading(text, f"P{years}Y", "after", anniversary["event"])
            if years
            else None
        )
    rule = _RULE.fullmatch(plain)
    length = read_duration(rule["offset"]) if rule else None
    if rule is None or length is None or length.value is None:
        return None
    word = rule["word"].lower().split()[0]
    direction: Direction = "before" if word in ("before", "prior", "preceding") else "after"
    return RelativeDateReading(text, length.value, direction, rule["event"])


def shifted(day: date, offset: str, direction: Direction = "after") -> date | None:
    """Return the day so long before or after another.

    A month's end stays one: a month after 31 January is the last day of February. None for
    business days, whose calendar is not known, for hours, and beyond the calendar's years.

    >>> shifted(date(2024, 1, 31), "P1M"), shifted(date(2024, 3, 1), "P5BD")
    (datetime.date(2024, 2, 29), None)
    """
    length = read_iso_duration(offset)
    if length is None or length.business or length.hours:
        return None
    sign = 1 if direction == "after" else -1
    try:
        return _months_on(day, sign * int(length.months)) + timedelta(sign * int(length.days))
    except (OverflowError, ValueError):
        return None


def shortest(length: Duration) -> int | None:
    """Return the fewest days that a length can be; None for business days."""
    if length.business:
        return None
    months = int(length.months)
    return months // 12 * 365 + months % 12 * 28 + int(length.days) + int(length.hours) // 24


def longest(length: Duration) -> int | None:
    """Return the most days that a length can be; None for business days."""
    if length.business:
        return None
    months = int(length.months)
    return months // 12 * 366 + months % 12 * 31 + int(length.days) + -(-int(length.hours) // 24)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

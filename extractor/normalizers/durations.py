"""Lengths of time: ISO 8601 ("P2Y") and as contracts write them ("thirty (30) days")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from extractor.normalizers.mentions import in_plain, number_mentions
from extractor.normalizers.words import NUMBER_WORDS


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in the units that convert exactly.

    Years and quarters are `months`, weeks are `days`, minutes and seconds are `hours`; months and
    days never convert into each other. `business` days are kept apart from calendar days.
    """

    months: Decimal = Decimal(0)
    days: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)
    business: bool = False


_UNITS = {
    "year": Duration(months=Decimal(12)),
    "quarter": Duration(months=Decimal(3)),
    "month": Duration(months=Decimal(1)),
    "week": Duration(days=Decimal(7)),
    "day": Duration(days=Decimal(1)),
    "hour": Duration(hours=Decimal(1)),
    "minute": Duration(hours=Decimal(1) / 60),
}
_ISO = re.compile(
    r"P(?=\d|T\d)(?:(?P<year>\d{1,9})Y)?(?:(?P<month>\d{1,9})M)?(?:(?P<week>\d{1,9})W)?"
    r"(?:(?P<day>\d{1,9})D)?(?:(?P<business>\d{1,9})BD)?"
    r"(?:T(?:(?P<hour>\d{1,9})H)?(?:(?P<minute>\d{1,9})M)?)?"
)
AFTER_NUMBER = re.compile(
    r"\s*+(?:\([^()]{1,24}\))?+\)?+[\s-]*+(?:(?P<business>business|working|banking|trading)|calendar"
    rf"|consecutive)?\s*+(?P<unit>{'|'.join(_UNITS)})s?\b",
    re.IGNORECASE,
)
_ADVERBS = {
    "annual": "year",
    "annually": "year",
    "yearly": "year",
    "quarterly": "quarter",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
}
_WITHOUT_NUMBER = re.compile(
    rf"\b(?:(?P<each>{'|'.join(_UNITS)})[\s-]to[\s-](?P=each)|(?P<adverb>{'|'.join(_ADVERBS)})"
    rf"|(?:an?|each|every|another|additional|successive|per)\s++(?P<one>{'|'.join(_UNITS)}))\b",
    re.IGNORECASE,
)
_STEMS = (*_UNITS, "annual", "daily")
LENGTH_WORDS = frozenset(
    (
        *(unit + ending for unit in _UNITS for ending in ("", "s")),
        *_ADVERBS,
        *("business", "working", "banking", "trading", "calendar", "consecutive"),
        *NUMBER_WORDS,
    )
)
"""The words in which lengths of time are said."""
LINK = re.compile(r"\s*+(?:,\s*+)?+(?:and\s++)?+", re.IGNORECASE)


def read_iso_duration(text: str) -> Duration | None:
    """Read an ISO 8601 duration, with BD for business days; None for any other text.

    >>> read_iso_duration("P2Y") == read_iso_duration("P24M"), read_iso_duration("two years")
    (True, None)
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        return None
    total = Duration()
    for unit, count in match.groupdict().items():
        if count and unit == "business":
            total = _plus(total, _times(_UNITS["day"], Decimal(count), business=True))
        elif count:
            total = _plus(total, _times(_UNITS[unit], Decimal(count)))
    return total


def durations_in(text: str) -> list[Duration]:
    """List every length of time of a passage, and the sums of "one year and six months".

    A unit without a number counts once: "month to month", "each year", "annually".
    """
    alone, sums, _ = _lengths(text)
    return alone + sums + _once(text)


def parts_of_sums(text: str) -> list[Duration]:
    """List the lengths of time of a passage that are only parts of longer ones.

    >>> parts_of_sums("one year and six months") == durations_in("one year, then six months")
    True
    """
    return _lengths(text)[2]


def _lengths(text: str) -> tuple[list[Duration], list[Duration], list[Duration]]:
    """Return the lengths with a number, the sums of neighbours, and what only such a sum is of."""
    text = in_plain(text)
    if not _names_unit(text):
        return [], [], []
    found: list[tuple[int, int, str, Duration]] = []
    for mention in number_mentions(text):
        match = AFTER_NUMBER.match(text, mention.end)
        if match is None or mention.form == "ordinal":
            continue
        unit = match["unit"].lower()
        for number in mention.candidates:
            length = _times(_UNITS[unit], number, business=bool(match["business"]))
            found.append((mention.start, match.end(), unit, length))
    sizes = list(_UNITS)
    summed = [
        (first, second)
        for (_, end, unit, first), (start, _, smaller, second) in pairwise(found)
        if start >= end
        and LINK.fullmatch(text, end, start)
        and sizes.index(unit) < sizes.index(smaller)
    ]
    alone = [length for _, _, _, length in found]
    parts = [part for pair in summed for part in pair if alone.count(part) == 1]
    return alone, [_plus(*pair) for pair in summed], parts


def _names_unit(text: str) -> bool:
    """Whether a length of time may stand in a text: told quickly, for most texts."""
    return any(map(text.lower().__contains__, _STEMS))


def _once(text: str) -> list[Duration]:
    text = in_plain(text)
    if not _names_unit(text):
        return []
    written = [
        match["each"] or match["one"] or match["adverb"] for match in _WITHOUT_NUMBER.finditer(text)
    ]
    return [_UNITS[_ADVERBS.get(unit, unit)] for unit in map(str.lower, written)]


def _times(unit: Duration, count: Decimal, *, business: bool = False) -> Duration:
    return Duration(unit.months * count, unit.days * count, unit.hours * count, business)


def _plus(one: Duration, other: Duration) -> Duration:
    return Duration(
        one.months + other.months,
        one.days + other.days,
        one.hours + other.hours,
        one.business or other.business,
    )

"""Lengths of time: ISO 8601 ("P2Y") and as contracts write them ("thirty (30) days")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from extractor.normalizers.currency import CURRENCY_BEFORE
from extractor.normalizers.mentions import NumberMention, in_plain, number_mentions
from extractor.normalizers.words import NUMBER_WORDS, PARTS, UNITS


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in the units that convert exactly.

    Years and quarters are `months`, weeks are `days`, hours are `minutes`; months and days never
    convert into each other. `business` days are kept apart from calendar days.
    """

    months: Decimal = Decimal(0)
    days: Decimal = Decimal(0)
    minutes: Decimal = Decimal(0)
    business: bool = False

    @property
    def hours(self) -> Decimal:
        """The minutes in hours, which may be rounded."""
        return self.minutes / 60


_UNITS = {
    "year": Duration(months=Decimal(12)),
    "quarter": Duration(months=Decimal(3)),
    "month": Duration(months=Decimal(1)),
    "fortnight": Duration(days=Decimal(14)),
    "week": Duration(days=Decimal(7)),
    "day": Duration(days=Decimal(1)),
    "hour": Duration(minutes=Decimal(60)),
    "minute": Duration(minutes=Decimal(1)),
}
_ABBREVIATED = {"yr": "year", "mos": "month", "mth": "month", "wk": "week"}
_ISO = re.compile(
    r"P(?=\d|T\d)(?:(?P<year>\d{1,9})Y)?(?:(?P<month>\d{1,9})M)?(?:(?P<week>\d{1,9})W)?"
    r"(?:(?P<day>\d{1,9})D)?(?:(?P<business>\d{1,9})BD)?"
    r"(?:T(?:(?P<hour>\d{1,9})H)?(?:(?P<minute>\d{1,9})M)?)?"
)
_WHICH = (
    "additional|successive|consecutive|full|further|calendar|fiscal|contract|lease|more|prior"
    "|complete|clear|entire|continuous|uninterrupted|rolling"
)
_BUSINESS = "business|working|banking|trading"
AFTER_NUMBER = re.compile(
    r"\s*+(?:\([^()]{1,24}\))?+\)?+[\s-]*+"
    rf"(?:(?:(?!(?:{_BUSINESS})\b)(?-i:[A-Z])[\w.]*+\s++){{1,3}}+(?=(?:{_BUSINESS})\b))?+"
    rf"(?P<which>(?:(?:(?P<business>{_BUSINESS})|{_WHICH})[\s-]*+){{0,3}}+)"
    rf"(?P<unit>{'|'.join((*_UNITS, *_ABBREVIATED))})s?\b",
    re.IGNORECASE,
)
"""A unit behind its number, with up to three words that say which ones of it are meant.

Business days may be those of a place: "U.S.", "New York", "Local".
"""
# "three additional year terms" are three of a year each, or one of three years.
_OF_EACH = re.compile(
    r"(?<![sS])[\s-]++(?:renewal\s++)?+(?:terms|periods|renewals|extensions|options)\b",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"\s*+(?:\([^()]{1,24}\))?+\)?+\s*+(?:,\s*+)?+"
    r"(?:(?P<dash>-)|(?P<or>or\b)|(?:to|nor|through)\b|(?P<and>and\b)|(?:and|but)(?=\s++(?:not|no)\b))\s*+"
    r"(?P<bound>(?:(?:not|no)\s++)?+(?:more|less|fewer|longer|greater)\s++than\s++)?+",
    re.IGNORECASE,
)
"""What stands between the two numbers of a range, of which only the second has a unit."""
_LOOK_BACK = 80
_BETWEEN = re.compile(r"\bbetween\s\Z", re.IGNORECASE)
_HALF = Duration(months=Decimal(6))
_ADVERBS = {
    "annual": _UNITS["year"],
    "annually": _UNITS["year"],
    "annum": _UNITS["year"],
    "yearly": _UNITS["year"],
    "semi-annual": _HALF,
    "semi-annually": _HALF,
    "semiannual": _HALF,
    "semiannually": _HALF,
    "half-yearly": _HALF,
    "quarterly": _UNITS["quarter"],
    "monthly": _UNITS["month"],
    "fortnightly": _UNITS["fortnight"],
    "weekly": _UNITS["week"],
    "daily": _UNITS["day"],
}
_ALONE = _UNITS | _ADVERBS
# "Bi-monthly" is twice a month or every two months: it is not read.
_ADVERB = rf"(?<!\w-)(?<!\bsemi\s)(?:{'|'.join(_ADVERBS)})"
_WITHOUT_NUMBER = re.compile(
    rf"\b(?:(?P<each>{'|'.join(_UNITS)})[\s-]to[\s-](?P=each)|(?P<adverb>{_ADVERB})"
    rf"|(?:(?P<once>an?)|each|every|another|(?P<more>additional|successive)|per)\s++"
    r"(?:(?:(?<=each\s)|(?<=every\s)|(?<=per\s))(?:calendar|fiscal|contract|lease|full)[\s-]++)?+"
    rf"(?P<one>{'|'.join(_UNITS)}))\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    rf"\b(?:(?P<each>{'|'.join(_UNITS)})[\s-]to[\s-](?P=each)|{_ADVERB}"
    rf"|(?:each|every|per|successive)\s++(?:\w++\s++)?(?:{'|'.join(_UNITS)}))\b",
    re.IGNORECASE,
)
_EACH_TIME = re.compile(
    r"\b(?:each|every|per|successive|consecutive)\s+(?:(?:\w+\s+){1,2}of\s+)?\Z", re.IGNORECASE
)
_EACH = re.compile(r"\s+each\b", re.IGNORECASE)
_FOR_ONCE = re.compile(
    r"\b(?:within|for|of|after|than|in|during|over|until|about|from|least|most|to|by)\s+\Z",
    re.IGNORECASE,
)
"""What stands before "a year" that is a length, and not how often something is."""
_PART_OF = re.compile(
    r"\b(?:(?P<count>an?|one|two|three|four)[\s-])?(?P<part>half|(?:quarter|third|fourth|fifth|sixth"
    r"|eighth|tenth)(?=s?\sof\b))s?\s(?:of\s)?(?:an?\s)?\Z",
    re.IGNORECASE,
)
"""What makes a length out of a part of another one: "half | a year", "one-half of | one year"."""
_AND_A_HALF = re.compile(r"\s+and\s+(?:a|one)[\s-]half\b(?!\s+of\b)", re.IGNORECASE)
_OF_OTHER = re.compile(
    rf"(?:{CURRENCY_BEFORE.pattern})|\b(?:section|article|clause|exhibit|schedule|paragraph|page|no)s?"
    r"\.?\s\Z",
    re.IGNORECASE,
)
"""What stands before a number that counts no time."""
_STEMS = (*_UNITS, *_ABBREVIATED, "annu", "daily")
LENGTH_WORDS = frozenset(
    (
        *(unit + ending for unit in (*_UNITS, *_ABBREVIATED) for ending in ("", "s")),
        *_ADVERBS,
        *("business", "working", "banking", "trading", "calendar", "consecutive"),
        *NUMBER_WORDS,
    )
)
"""The words in which lengths of time are said."""
_ANNIVERSARY = re.compile(r"\s*(?:\([^()]{1,24}\))?\)?\s*anniversar(?:y|ies)\b", re.IGNORECASE)
_NET = re.compile(
    r"\bnet[\s-]+(?P<days>\d{1,3})(?=[.,;:)\s]*(?:\Z|\n)|[,;:)]|\.(?!\d)|\s+(?:from|after|terms?|basis)\b)",
    re.IGNORECASE,
)
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


def recurrences_in(text: str) -> list[Duration]:
    """List the lengths of time of a passage after which something comes again.

    >>> recurrences_in("each month") == recurrences_in("$5 a month") == durations_in("one month")
    True
    >>> recurrences_in("within a month, or for one year")
    []
    """
    text = in_plain(text)
    if not _names_unit(text):
        return []
    found = [
        _ALONE[unit]
        for match in _WITHOUT_NUMBER.finditer(text)
        if _AGAIN.match(text, match.start())
        or (match["once"] and not _FOR_ONCE.search(_before(text, match.start())))
        for unit in [str(match["each"] or match["one"] or match["adverb"]).lower()]
    ]
    for mention, unit in _with_units(text):
        if _EACH_TIME.search(_before(text, mention.start)) or _EACH.match(text, unit.end()):
            found += _of(text, mention, unit)
    return found


def comes_again(text: str) -> bool:
    """Whether a text says how often something is: "annually", "each month"."""
    return _names_unit(text) and _AGAIN.search(text) is not None


def _before(text: str, at: int) -> str:
    return text[max(0, at - _LOOK_BACK) : at]


def anniversaries_in(text: str) -> list[Duration]:
    """List the lengths of time from a day to its anniversaries in a passage.

    >>> anniversaries_in("the third (3rd) anniversary") == 2 * durations_in("three years")
    True
    """
    if "anniversar" not in text.lower():
        return []
    return [
        _times(_UNITS["year"], number)
        for mention in number_mentions(text)
        if mention.form == "ordinal" and _ANNIVERSARY.match(text, mention.end)
        for number in mention.candidates
    ]


def net_days_in(text: str) -> list[Duration]:
    """List the times of payment of a passage that have no unit: "Net 30" are days.

    >>> net_days_in("2/10, Net 30") == durations_in("30 days"), net_days_in("net 30 percent")
    (True, [])
    """
    return [_times(_UNITS["day"], Decimal(match["days"])) for match in _NET.finditer(text)]


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
    units = _with_units(text)
    found = [
        (mention.start, unit.end(), unit_of(unit), length)
        for mention, unit in units
        for length in _of(text, mention, unit)
    ]
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
    return alone + _begun(text, units), [_plus(*pair) for pair in summed], parts


def _with_units(text: str) -> list[tuple[NumberMention, re.Match[str]]]:
    """Return the numbers that count a unit of time, each with its unit."""
    units = [
        (mention, match)
        for mention in number_mentions(text)
        if mention.form != "ordinal" and (match := AFTER_NUMBER.match(text, mention.end))
    ]
    return [
        (mention, match)
        for mention, match in units
        if not match["which"] or not _OF_EACH.match(text, match.end())
    ]


def _of(text: str, mention: NumberMention, unit: re.Match[str]) -> list[Duration]:
    one = _UNITS[unit_of(unit)]
    return [
        _times(one, share * n + more, business=bool(unit["business"]))
        for n in mention.candidates
        for share, more in _around(text, mention.start, unit.end())
    ]


def _around(text: str, start: int, end: int) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield which part of a length is meant, and what is added to it: "a year | and a half".

    Nothing where no decimal is the part ("a third of a year").
    """
    part = _PART_OF.search(_before(text, start))
    more = Decimal("0.5") if _AND_A_HALF.match(text, end) else Decimal(0)
    if part is None or part["part"].lower() in PARTS:
        count = UNITS.get((part["count"] or "one").lower(), 1) if part else 1
        yield count * PARTS[part["part"].lower()] if part else Decimal(1), more


def unit_of(match: re.Match[str]) -> str:
    """Return the unit that stands behind a number, in full."""
    name = match["unit"].lower()
    return _ABBREVIATED.get(name, name)


def _begun(text: str, units: Sequence[tuple[NumberMention, re.Match[str]]]) -> list[Duration]:
    """Return the first lengths of ranges: "thirty (30) to sixty (60) days"."""
    if not units:
        return []
    ends = {mention.start: unit for mention, unit in units}
    forms = {mention.start: mention.form for mention, _ in units}
    found: list[Duration] = []
    for mention in number_mentions(text):
        joint = _UP_TO.match(text, mention.end) if mention.form != "ordinal" else None
        unit = ends.get(joint.end()) if joint else None
        if joint is None or unit is None:
            continue
        if joint["dash"] and forms[joint.end()] != mention.form:
            continue  # "forty-45 days" is no range
        before = _before(text, mention.start)
        if joint["or"] and (mention.percent or _OF_OTHER.search(before)):
            continue  # "$500 or 30 days"
        if not joint["and"] or joint["bound"] or _BETWEEN.search(before):
            found += _of(text, mention, unit)
    return found


def _names_unit(text: str) -> bool:
    """Whether a length of time may stand in a text: told quickly, for most texts."""
    return any(map(text.lower().__contains__, _STEMS))


def _once(text: str) -> list[Duration]:
    text = in_plain(text)
    if not _names_unit(text):
        return []
    return [
        _times(_ALONE[(match["each"] or match["one"] or match["adverb"]).lower()], share + more)
        for match in _WITHOUT_NUMBER.finditer(text)
        if not (match["more"] and _is_counted(text, match))
        for share, more in (
            _around(text, match.start(), match.end())
            if match["once"]
            else [(Decimal(1), Decimal(0))]
        )
    ]


def _is_counted(text: str, unit: re.Match[str]) -> bool:
    """Whether a number counts what looks like a unit without one: "three additional years"."""
    said = text[max(0, unit.start() - _LOOK_BACK) : unit.end()]
    counts = (AFTER_NUMBER.match(said, mention.end) for mention in number_mentions(said))
    return any(count and count.end() == len(said) for count in counts)


def _times(unit: Duration, count: Decimal, *, business: bool = False) -> Duration:
    return Duration(unit.months * count, unit.days * count, unit.minutes * count, business)


def _plus(one: Duration, other: Duration) -> Duration:
    return Duration(
        one.months + other.months,
        one.days + other.days,
        one.minutes + other.minutes,
        one.business or other.business,
    )

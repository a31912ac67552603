"""Dates as contracts write them, never guessing the order of day and month or the century.

Own code, because the general parsers complete what is missing ("July 2018" becomes today's day of
it) and settle "01/02/2024" by a locale. English month names; numeric forms in any order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from extractor.normalizers.mentions import in_plain, says_numbers
from extractor.normalizers.words import (
    ORDINALS,
    TEENS,
    TENS,
    UNITS,
    cardinals_in,
    has_other_letters,
    matches_at,
)


@dataclass(frozen=True, slots=True)
class DateReading:
    """One date.

    `candidates` are the days it can mean: one when `certain`, several when `ambiguous` (day and
    month may be swapped, or the century is not written). A `partial` date has none, only the parts
    it names ("July 2018": year and month). An `invalid` one is written like a date but no calendar
    has it ("2024-02-30").
    """

    raw: str
    kind: Literal["certain", "ambiguous", "partial", "invalid"]
    candidates: tuple[date, ...] = ()
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def value(self) -> date | None:
        """The day, or None unless it is certain."""
        return self.candidates[0] if self.kind == "certain" else None


_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
MONTHS = {
    form: n
    for n, name in enumerate(_MONTH_NAMES.split(), start=1)
    for form in (name, name[:3], "sept" if n == 9 else name)
}


# "may" and "march" are also verbs: a month begins with a capital, or is written in capitals.
_MONTH = (
    "(?P<month>"
    + "|".join(
        f"{form.capitalize()}|{form.upper()}|{form}(?<!may)(?<!march)"
        for form in sorted(MONTHS, key=len, reverse=True)
    )
    + r")(?![A-Za-z])\.?"
)
_DAY_WORDS = "|".join(
    word.replace("-", r"\s?[-\s]\s?")
    for word in sorted((word for word, n in ORDINALS.items() if n <= 31), key=len, reverse=True)
)
# PDF text often breaks a raised ending off: "27t h day".
_DAY = (
    rf"(?<![\d.,/-])(?P<day>\d{{1,2}}\s?(?i:s\s?t|n\s?d|r\s?d|t\s?h)|\d{{1,2}}|(?i:{_DAY_WORDS}))"
    r"(?![\w/]|\.\d|,\d(?!\d{3}(?!\d)))"
    rf"(?:\s?\((?P<again>\d{{1,2}}(?i:st|nd|rd|th)?|(?i:{_DAY_WORDS}))\))?+"
)
_YEAR_WORD = "|".join(sorted(UNITS | TEENS | TENS, key=len, reverse=True))
_YEAR = (
    r"(?P<year>\d{4}(?!\d)|(?i:(?:two\s+thousand|nineteen(?:\s+hundred)?|twenty)"
    rf"(?:(?:\s*+-\s*+|\s++)(?:and\s++)?(?:{_YEAR_WORD})\b)*+))"
)
_SHORT_YEAR = r"(?P<year>\d{4}|'?\d{2})(?![\d/])"
# Possessive throughout: a long run of spaces must not be divided up in every possible way.
_OF = r"\s++(?:day\s++)?+(?:of\s++)?+(?:the\s++month\s++of\s++)?+"
_BEFORE_YEAR = r"\s*+(?:,\s*+)?+(?:(?:in|of)\s++the\s++year\s++)?+(?:of\s++)?+"

_IN_FIGURES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d.-])(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)",
        r"(?<![\d.-])(?P<a>\d{1,2})(?P<sep>[-/])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})(?![\d/-])",
        r"(?<![\d.-])(?P<a>\d{1,2})(?P<sep>\.)(?P<b>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        "(?<!\\d)(?P<year>\\d{4})\\s?\u5e74\\s?(?P<month>\\d{1,2})\\s?\u6708\\s?(?P<day>\\d{1,2})\\s?\u65e5",
    )
)
_WITH_MONTH: tuple[tuple[re.Pattern[str], Literal["day", "month"]], ...] = tuple(
    (re.compile(pattern), "month" if pattern.startswith(_MONTH) else "day")
    for pattern in (
        rf"(?<![\d.,/-])(?P<day>\d{{1,2}})(?P<sep>[-/]){_MONTH}(?P=sep){_SHORT_YEAR}",
        rf"{_DAY}{_OF}{_MONTH}{_BEFORE_YEAR}{_YEAR}",
        rf"{_MONTH}\s++(?:the\s++)?+{_DAY}{_BEFORE_YEAR}{_YEAR}",
        rf"{_MONTH}(?:\s++of)?+\s*+(?:,\s*+)?+{_YEAR}",
        rf"{_MONTH}\s++(?:the\s++)?+{_DAY}(?!\s\d{{1,2}}\b(?![:.]))",  # "May 1 1" may be the 11th
        rf"{_DAY}{_OF}{_MONTH}",
    )
)
"""Each with what it begins with, fuller forms first."""
# Forms that mean something else inside a sentence (a year's number, "FY 2011-12", section 1.2.13).
_ON_THEIR_OWN = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d{2})",
        r"(?P<year>\d{4})-(?P<month>\d{2}|XX)-XX",
        r"(?P<a>\d{1,2})(?P<sep>\.)(?P<b>\d{1,2})\.(?P<year>\d{2})",
    )
)
_JOINED = re.compile(
    r"(?:\s*+,)?+\s*+(?:(?P<range>(?:up\s++)?+to|through|thru|until|till|-)|and|or)?+"
    r"(?:\s*+(?:and|but)\s++(?:including|excluding))?+(?:\s*+,)?+\s*+",
    re.IGNORECASE,
)
"""What may stand between two dates of one year."""
_YEAR_AFTER = re.compile(
    r"(?:\s?(?:-|to|and|&)\s?\d{1,2}(?i:st|nd|rd|th)?|\s?_++)\s*+,?+\s*+(?P<year>(?:19|20)\d\d)\b"
)
"""How a day goes on that has its year behind another day of the month, or behind a blank."""
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_DAY_WORD = re.compile(_DAY_WORDS)
_MONTH_AT = re.compile("|".join(sorted({form[:3] for form in MONTHS})))
_VERB = re.compile(r"\b(?:may|march)\b")
_WEEKDAYS = "mon tue tues wed wednes thu thurs fri sat satur sun"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_LEAD = re.compile(
    rf"(?:(?:as of|dated|effective|on|the|this)\s++)*{_WEEKDAY}(?:the\s++)?", re.IGNORECASE
)
_LEADS = "as of dated effective on the this day in year and thousand hundred"
_PARTS = "s t n d r h st nd rd th z utc xx"
_OF_DATES = frozenset(
    {
        *_LEADS.split(),
        *_PARTS.split(),
        *(day + rest for day in _WEEKDAYS.split() for rest in ("", "day")),
        *(part for word in ORDINALS for part in word.split("-")),
        *MONTHS,
        *UNITS,
        *TEENS,
        *TENS,
    }
)
"""What a row of letters in a date can be."""
_TAIL = re.compile(r"(?:[T\s]\s*+\d{1,2}:\d{2}[\d:.]*+\s*+(?:Z|UTC|[+-]\d{2}:?\d{2})?+)?+[\s.,]*+")


def read_date(text: str) -> DateReading | None:
    """Read a text that is one date and nothing else; None where it is not.

    >>> read_date("14th day of March, 2024").value, read_date("01/02/2024").candidates
    (datetime.date(2024, 3, 14), (datetime.date(2024, 1, 2), datetime.date(2024, 2, 1)))
    >>> read_date("July 2018").kind, read_date("2024-02-30").kind, read_date("thirty days")
    ('partial', 'invalid', None)
    """
    plain = in_plain(text).strip()
    if not says_numbers(plain) or not _may_begin_date(plain):
        return None
    for pattern in _ON_THEIR_OWN:
        match = pattern.fullmatch(plain)
        reading = match and _interpret(match, text)
        if reading:
            return reading
    found = list(_scan(_VERB.sub(lambda month: month.group().capitalize(), plain)))
    if len(found) != 1:
        return None
    start, end, reading = found[0]
    alone = _LEAD.fullmatch(plain[:start]) and _TAIL.fullmatch(plain[end:])
    return DateReading(text, reading.kind, reading.candidates, *_parts(reading)) if alone else None


def dates_in(text: str) -> list[DateReading]:
    """List every date of a passage in order, partial ones ("March 14", "July 2018") too."""
    return [reading for _, _, reading in _scan(in_plain(text))]


def dates_with_years(text: str) -> list[DateReading]:
    """List the dates of a passage; a day and month have the year of the date that they lead to.

    "May 1 to June 30, 2020" begins in 2020: the two are joined by nothing but such a word, and the
    first is not after the second. Any other year or number says nothing of a day without one.

    >>> [str(day.value) for day in dates_with_years("from May 1 to June 30, 2020")]
    ['2020-05-01', '2020-06-30']
    """
    plain = in_plain(text)
    dated: list[DateReading] = []
    following: tuple[int, DateReading] | None = None
    for start, end, found in reversed([*_scan(plain)]):
        reading = found
        is_open = found.kind == "partial" and found.year is None
        if is_open and (after := _YEAR_AFTER.match(plain, end)):
            reading = _in_year(found, int(after["year"]))
        elif is_open and following is not None:
            at, later = following
            link = _JOINED.fullmatch(plain, end, at)
            if link is not None and link.group().strip():
                reading = _in_year(found, _year_before(found, later, is_range=bool(link["range"])))
        dated.append(reading)
        following = start, reading
    return dated[::-1]


def _year_before(first: DateReading, later: DateReading, *, is_range: bool) -> int | None:
    """Return the year of a date that the first one leads to; None if it may be another one's."""
    day = later.value
    year, month_day = (day.year, (day.month, day.day)) if day else (later.year, (later.month, 31))
    if month_day[0] is None or (is_range and (first.month or 0, first.day or 0) > month_day):
        return None
    return year


def _in_year(reading: DateReading, year: int | None) -> DateReading:
    if year is None or reading.month is None or reading.day is None:
        return reading
    return _reading(reading.raw, _dates((year,), reading.month, reading.day))


def _may_begin_date(text: str) -> bool:
    """Whether the first word of a text is one that a date can have: told quickly."""
    word = _LETTERS.search(text)
    return word is None or not word.group().isascii() or word.group().lower() in _OF_DATES


def _parts(reading: DateReading) -> tuple[int | None, int | None, int | None]:
    return reading.year, reading.month, reading.day


def _scan(text: str) -> Iterator[tuple[int, int, DateReading]]:
    """Yield (start, end, reading), fuller forms winning over the parts they contain."""
    if not says_numbers(text):
        return
    found: list[tuple[int, int, DateReading]] = []
    for match in _written(text):
        start, end = match.span()
        at = bisect_left(found, start, key=lambda item: item[0])
        if (at and found[at - 1][1] > start) or (at < len(found) and found[at][0] < end):
            continue
        reading = _interpret(match, match.group())
        if reading:
            found.insert(at, (start, end, reading))
    yield from found


def _written(text: str) -> Iterator[re.Match[str]]:
    """Yield what each form of a date matches, form by form.

    The patterns take their time, so that each is tried only where its first word or figure stands,
    and most passages name no month.
    """
    if has_other_letters(text):
        for pattern in (*_IN_FIGURES, *(pattern for pattern, _ in _WITH_MONTH)):
            yield from pattern.finditer(text)
        return
    small = text.lower()
    figures = [match.start() for match in _DIGITS.finditer(text)]
    for pattern in _IN_FIGURES:
        yield from matches_at(figures, pattern, text)
    months = [*_starts(_MONTH_AT, small)]
    if months:
        days = sorted([*figures, *_starts(_DAY_WORD, small)])
        for pattern, begins in _WITH_MONTH:
            yield from matches_at(days if begins == "day" else months, pattern, text)


def _starts(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    """Yield where a pattern matches, also within another match: spaces may have got lost."""
    at = 0
    while match := pattern.search(text, at):
        yield match.start()
        at = match.start() + 1


def _interpret(match: re.Match[str], raw: str) -> DateReading | None:
    """Turn the named parts of a match into a reading; None if its year is none after all."""
    parts = match.groupdict()
    written = parts.get("year")
    years = _years(written) if written else (None,)
    if not years:
        return None
    if "a" in parts:
        return _numeric(raw, int(parts["a"]), int(parts["b"]), years, parts["sep"])
    month, day = _month(parts.get("month")), _day(parts.get("day"))
    if parts.get("again") and _day(parts["again"]) != day:
        return None  # said twice, and differently: "first (2nd)"
    if None in years or month is None or day is None:
        known = years[0]
        # Any leap year will do to see whether a month has such a day at all.
        possible = _dates((known or 2000,), month or 1, day or 1)
        return DateReading(raw, "partial" if possible else "invalid", (), known, month, day)
    return _reading(raw, _dates(years, month, day))


def _numeric(
    raw: str, a: int, b: int, years: tuple[int | None, ...], separator: str
) -> DateReading:
    candidates = [*_dates(years, a, b), *_dates(years, b, a)]
    if separator == "-" and len(years) > 1:  # "24-03-14" may begin with the year
        candidates += _dates((1900 + a, 2000 + a), b, (years[0] or 0) % 100)
    return _reading(raw, candidates)


def _reading(raw: str, candidates: list[date]) -> DateReading:
    distinct = tuple(sorted(set(candidates)))
    if not distinct:
        return DateReading(raw, "invalid")
    return DateReading(raw, "certain" if len(distinct) == 1 else "ambiguous", distinct)


def _dates(years: tuple[int | None, ...], month: int, day: int) -> list[date]:
    found: list[date] = []
    for year in years:
        try:
            found.append(date(year or 0, month, day))
        except ValueError:
            continue
    return found


def _years(written: str) -> tuple[int, ...]:
    """Return the years meant: two centuries for "24", none for words that are no year."""
    digits = written.lstrip("'")
    if digits.isdecimal():
        year = int(digits)
        return (year,) if len(digits) == 4 else (1900 + year, 2000 + year)
    numbers = [int(value) for _, _, value in cardinals_in(written)]
    if len(numbers) == 2 and numbers[0] in (19, 20) and numbers[1] < 100:
        numbers = [100 * numbers[0] + numbers[1]]
    return (numbers[0],) if len(numbers) == 1 and numbers[0] >= 1000 else ()


def _month(written: str | None) -> int | None:
    if written is None or written == "XX":
        return None
    return int(written) if written.isdecimal() else MONTHS[written.lower()]


def _day(written: str | None) -> int | None:
    if written is None:
        return None
    digits = re.sub(r"\D", "", written)
    return int(digits) if digits else ORDINALS["-".join(_LETTERS.findall(written.lower()))]

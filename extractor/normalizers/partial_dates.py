"""Dates of which a part is blacked out or left blank: `2015-XX-XX`.

The notation is that of the Extended Date/Time Format (ISO 8601-2): an X for each digit that is not
given.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from extractor.normalizers.dates import dates_in, read_date


@dataclass(frozen=True, slots=True)
class PartialDateReading:
    """One date; several `candidates` where day and month may be swapped, or the century is open."""

    raw: str
    candidates: tuple[str, ...]

    @property
    def value(self) -> str | None:
        """The date with its unknown digits as X, or None where it can mean several."""
        return self.candidates[0] if len(self.candidates) == 1 else None


_WRITTEN = re.compile(r"([\dX]{4})-(\d{2}|XX)-(\d{2}|XX)")
_BLANK = re.compile(r"\[[\s_.\u25cf\u2022*X-]*\]|[\u25cf\u2022]+|_+|\*{2,}|\bX{2,4}\b")
_LEAD = re.compile(r"^(?:(?:as of|dated|on|the|this)\s)+", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=[\d?])\s?(?:st|nd|rd|th)\b", re.IGNORECASE)
_YEAR = r"(?P<year>\d{4}|\d{1,3}\?|\?)"
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\?\s?[/.-]\s?\?\s?[/.-]\s?{_YEAR}",
        rf"\?,?\s\?,?\s{_YEAR}",
        rf"\?,?\s{_YEAR}",
        rf"\?\s(?:day\s)?(?:of\s)?\?,?\s{_YEAR}",
        rf"{_MONTH}\s\?,?\s{_YEAR}",
        rf"\?\s(?:day\s)?(?:of\s)?{_MONTH},?\s{_YEAR}",
        rf"{_MONTH}\s(?P<day>\d{{1,2}}),?\s{_YEAR}",
        rf"(?P<day>\d{{1,2}})\s(?:day\s)?(?:of\s)?{_MONTH},?\s{_YEAR}",
    )
)


def read_partial_date(text: str) -> PartialDateReading | None:
    """Read a text that is one date, whole or in part; None where it is none, or no calendar's.

    >>> read_partial_date("March __, 2015").value, read_partial_date("[]/[]/19[]").value
    ('2015-03-XX', '19XX-XX-XX')
    >>> read_partial_date("01/02/2024").candidates, read_partial_date("2024-02-30")
    (('2024-01-02', '2024-02-01'), None)
    """
    plain = " ".join(text.split())
    written = _WRITTEN.fullmatch(plain)
    if written:
        return PartialDateReading(text, (plain,)) if _exists(*written.groups()) else None
    reading = read_date(plain)
    if reading is not None and reading.kind != "invalid":
        if reading.kind == "partial":
            return PartialDateReading(text, (_edtf(reading.year, reading.month, reading.day),))
        return PartialDateReading(text, tuple(day.isoformat() for day in reading.candidates))
    blanked = _LEAD.sub("", _ORDINAL.sub("", _BLANK.sub("?", plain)))
    if "?" not in blanked:
        return None
    return next((r for form in _FORMS if (r := _blanked(form.fullmatch(blanked), text))), None)


def partial_dates_in(text: str) -> list[str]:
    """List the dates of a passage of which a part is missing, each once, in our notation.

    >>> partial_dates_in("made this ___ day of March, 2015, or in June 2016")
    ['2015-03-XX', '2016-06-XX']
    """
    blanked = _ORDINAL.sub("", _BLANK.sub("?", " ".join(text.split())))
    found: list[str] = []
    taken: set[int] = set()
    for form in reversed(_FORMS):  # those with a month first: the others are parts of them
        for match in form.finditer(blanked):
            reading = None if taken & {*range(*match.span())} else _blanked(match, "")
            if reading and reading.value:
                found.append(reading.value)
                taken |= {*range(*match.span())}
    partial = (reading for reading in dates_in(text) if reading.kind == "partial")
    found += [_edtf(reading.year, reading.month, reading.day) for reading in partial]
    return list(dict.fromkeys(value for value in found if "X" in value))


def date_bounds(text: str) -> tuple[date, date] | None:
    """Return the first and the last day that a date in our notation can mean.

    None where its year is not known at all, or where it is no such date.

    >>> date_bounds("2015-02-XX")
    (datetime.date(2015, 2, 1), datetime.date(2015, 2, 28))
    """
    written = _WRITTEN.fullmatch(text)
    if written is None or written[1] == "XXXX" or not _exists(*written.groups()):
        return None
    years = int(written[1].replace("X", "0")) or 1, int(written[1].replace("X", "9"))
    months = (1, 12) if written[2] == "XX" else (int(written[2]), int(written[2]))
    longest = calendar.monthrange(years[1], months[1])[1]
    days = (1, longest) if written[3] == "XX" else (int(written[3]), int(written[3]))
    try:
        return date(years[0], months[0], days[0]), date(years[1], months[1], days[1])
    except ValueError:  # the 29th of February of a year of which not all digits are known
        return None


def _blanked(match: re.Match[str] | None, raw: str) -> PartialDateReading | None:
    if match is None:
        return None
    parts = match.groupdict()
    month = None
    if parts.get("month"):
        named = read_date(f"{parts['month'].capitalize()} 2000")
        if named is None or named.month is None:
            return None
        month = named.month
    day = int(parts["day"]) if parts.get("day") else None
    year = parts["year"].replace("?", "").ljust(4, "X")
    value = _edtf(year, month, day)
    return PartialDateReading(raw, (value,)) if _exists(*value.split("-")) else None


def _edtf(year: int | str | None, month: int | None, day: int | None) -> str:
    parts = (f"{part:02d}" if part else "XX" for part in (month, day))
    return "-".join((f"{year:0>4}" if year else "XXXX", *parts))


def _exists(year: str, month: str, day: str) -> bool:
    """Whether some calendar has such a day; an unknown year may be a leap year."""
    in_year = int(year) if year.isdecimal() else 2000
    in_month = 1 if month == "XX" else int(month)
    try:
        date(in_year, in_month, 1 if day == "XX" else int(day))
    except ValueError:
        return False
    return True

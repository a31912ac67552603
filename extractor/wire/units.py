"""The unit of time that a field's number counts, as its name or description says it."""

from __future__ import annotations

import re
from decimal import Decimal

from extractor.normalizers import read_number

_UNITS = "minute|hour|day|week|month|quarter|year"
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_UNIT = re.compile(rf"({_UNITS})s?")
_COUNTED = re.compile(
    rf"(?P<number>\S.*?)[\s-]++(?:calendar[\s-]++)?+(?P<unit>{_UNITS})s?['\u2019]?\.?",
    re.IGNORECASE,
)


def unit_of(name: str, description: str | None) -> str | None:
    """Return the one unit that a field's name and description speak of; None for none or several.

    >>> unit_of("notice_days", None), unit_of("term", "In months."), unit_of("days", "in months")
    ('day', 'month', None)
    """
    words = _WORDS.findall(f"{name} {description or ''}")
    units = {unit[1] for word in words if (unit := _UNIT.fullmatch(word.lower()))}
    return units.pop() if len(units) == 1 else None


def counted(text: str, unit: str) -> Decimal | None:
    """Read "ninety (90) days" as 90 where days are counted; None for any other unit, and for more.

    >>> counted("90 days", "day"), counted("12 months", "day"), counted("90 business days", "day")
    (Decimal('90'), None, None)
    """
    found = _COUNTED.fullmatch(text.strip())
    if found is None or found["unit"].lower() != unit:
        return None
    reading = read_number(found["number"])
    if reading is None or reading.currencies or reading.percent:
        return None
    return reading.value

"""A text that is one percentage."""

from __future__ import annotations

import re
from dataclasses import replace

from extractor.normalizers.mentions import EXACT
from extractor.normalizers.numbers import NumberReading, read_number

_BASIS_POINTS = re.compile(r"(?P<number>.+?)\s*(?:basis\s+points?|bps)\.?", re.IGNORECASE)


def read_percent(text: str) -> NumberReading | None:
    """Read a text that is one percentage: the number before the sign, 12 for "12%".

    Basis points are hundredths of a percent. A number with neither a sign nor a word for it is
    None: it may be a share of one.

    >>> read_percent("five percent (5%)").value, read_percent("250 basis points").value
    (Decimal('5'), Decimal('2.50'))
    >>> read_percent("0.05")
    """
    points = _BASIS_POINTS.fullmatch(text.strip())
    if points:
        number = read_number(points["number"])
        if number is None or number.percent or number.currencies:
            return None
        hundredths = tuple(EXACT.scaleb(n, -2) for n in number.candidates)
        return replace(number, raw=text, candidates=hundredths, percent=True)
    number = read_number(text)
    return number if number is not None and number.percent else None

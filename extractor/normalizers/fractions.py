"""Whole numbers with a fraction, and parts of something: "1 1/2", "2\u00bd", "1/2 of"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from unicodedata import normalize

VULGAR = "\u00bc-\u00be\u2150-\u215e"
"""The signs of fractions, for a class of characters in a pattern."""

_VULGAR = re.compile(f"[{VULGAR}]")
_MIXED = re.compile(
    rf"(?<![\w.,/-])(?P<whole>\d{{1,6}})(?:[ \u00a0]?(?P<sign>[{VULGAR}])"
    r"|(?:[ \u00a0-]|\sand\s)(?P<over>\d{1,2})/(?P<under>\d{1,2}))(?![\d/])"
    rf"|(?<![\w.,/-])(?P<alone>[{VULGAR}])"
    r"|(?<![\w.,/-])(?P<part>\d{1,2})/(?P<parts>\d{1,2})(?=\s+of\b)"
)


def mixed_numbers(text: str) -> Iterator[tuple[int, int, Decimal | None]]:
    """Yield (start, end, value) of every number with a fraction; None where no decimal is exact."""
    if "/" not in text and (text.isascii() or not _VULGAR.search(text)):
        return
    for match in _MIXED.finditer(text):
        sign = match["sign"] or match["alone"]
        if sign:
            over, under = map(int, normalize("NFKC", sign).split("\u2044"))
        else:
            over = int(match["over"] or match["part"])
            under = int(match["under"] or match["parts"])
        if 0 < over < under:
            yield *match.span(), _decimal(int(match["whole"] or 0) + Fraction(over, under))


def _decimal(number: Fraction) -> Decimal | None:
    value = Decimal(number.numerator) / Decimal(number.denominator)
    return value if Fraction(value) == number else None

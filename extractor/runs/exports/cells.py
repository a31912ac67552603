"""Values as Excel's cells: what it may keep as a date, number or boolean, and text that fits."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from extractor.outputs.texts import as_text, visible

Cell: TypeAlias = str | int | float | bool | date | None

ENDING = "[...] see jsonl export"
"""How a text ends that is longer than a cell takes."""

_LONGEST = 32_767
"""UTF-16 code units that a cell takes; of a longer text Excel and its writers keep nothing."""

_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel's calendar has a day that there never was, 29 February 1900."""

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_DIGITS = 15
"""Significant digits that Excel keeps of a number."""

_MAGNITUDES = range(-307, 308)
"""Powers of ten that Excel's numbers have."""


def typed(value: Any) -> Cell:
    """Return a value of JSON as a cell of the type that loses nothing of it.

    Only days are read from text, and only whole ISO dates: `007` and `1500.00` stay text.

    >>> typed("2024-02-29"), typed("2023-02-29"), typed("007"), typed(12.5), typed(2**60)
    (datetime.date(2024, 2, 29), '2023-02-29', '007', 12.5, '1152921504606846976')
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and _is_exact(value):
        return value
    if isinstance(value, str):
        return _day(value) or fitting(value)
    text = as_text(value)
    return None if text is None else fitting(text)


def fitting(text: str, longest: int = _LONGEST, ending: str = ENDING) -> str:
    """Return a text as a cell or a comment takes it; a longer one is cut and ends by saying so.

    Args:
        text: any text.
        longest: UTF-16 code units that there is room for.
        ending: how a cut text ends.
    """
    shown = visible(text).replace("\r\n", "\n").replace("\r", "\n")
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return shown
    kept = units[: 2 * (longest - len(ending))]
    return kept.decode("utf-16-le", "ignore") + ending  # half of a pair at the cut is dropped


def _is_exact(value: float) -> bool:
    number = Decimal(repr(value))
    if not number.is_finite():
        return False
    digits = "".join(map(str, number.as_tuple().digits)).rstrip("0")
    return len(digits) <= _DIGITS and number.adjusted() in _MAGNITUDES


def _day(text: str) -> date | None:
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= _FIRST_DAY else None

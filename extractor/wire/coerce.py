"""One scalar of a reply as the schema's type, where that loses nothing.

The text stays text for a string field (`12.10` is "12.10"), digits stay exact for a decimal, a date
is turned into ISO 8601 only if it can mean one day. Whatever can mean two things is a problem, with
both of them named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from extractor.documents.plain import clean
from extractor.normalizers import (
    currency_code,
    read_bool,
    read_date,
    read_duration,
    read_iso_duration,
    read_number,
    read_partial_date,
    read_time,
)
from extractor.types import Problem, Repair
from extractor.wire.dressing import undressed, without_term
from extractor.wire.reading import Lexeme
from extractor.wire.shape import Scalar
from extractor.wire.units import counted

_INTEGER = re.compile(r"[+-]?\d{1,300}")
_JSON_NUMBER = re.compile(r"-?(0|[1-9]\d{0,299})(\.\d{1,300})?([eE][+-]?\d{1,3})?")
_NUMBER = re.compile(r"[+-]?(\d{1,300}(\.\d{1,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
"""What may be thousands, if it is text: "1.000". As a JSON number it is plainly 1."""

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<time>\d{1,2}:\d{2}[:\d.]*)\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_MOST_DIGITS = 400
_NUMBERS = frozenset({"integer", "number"})
_UNDERSCORED = re.compile(r"[+-]?\d{1,3}(?:_\d{3})+(?:\.\d+)?")
_ELEMENT = re.compile(r"<([A-Za-z_][\w-]*)>.*</\1>", re.DOTALL)
"""A tag that no schema asked for, around the whole of a text: the answer is inside, perhaps."""
_BETWEEN = r"[\s_.,;:'\u2019\"()\[\]/-]+"
_LETTER, _LETTER_OR_DIGIT = r"[^\W\d_]", r"[^\W_]"
_SEPARATOR = re.compile(
    rf"(?<={_LETTER}){_BETWEEN}(?={_LETTER_OR_DIGIT})|(?<=\d){_BETWEEN}(?={_LETTER})"
)
"""What stands between the words of an allowed value; between figures and at its ends all counts."""


@dataclass(frozen=True, slots=True)
class Coerced:
    """The value for Pydantic, what was done to get it, and what speaks against it."""

    value: Any
    repair: Repair | None = None
    problem: Problem | None = None


def coerce(node: Scalar, raw: Any) -> Coerced:
    """Turn what a reply says into what the schema wants; `raw` is None, bool, str or `Lexeme`."""
    if isinstance(raw, dict | list):
        return _misfit(raw, "a single value was expected")
    if raw is None:
        return Coerced(None)
    if isinstance(raw, str) and raw not in node.values:
        text, repair = undressed(raw)
        if repair is None and (node.type in _NUMBERS or node.format in ("decimal", "date")):
            text, repair = without_term(raw)
        if repair is not None:
            read = _coerced(node, text)
            return replace(read, repair=read.repair or repair)
    return _coerced(node, raw)


def _coerced(node: Scalar, raw: bool | str) -> Coerced:
    if node.values:
        return _one_of(node, raw)
    if node.type == "any":
        return _any(raw)
    if node.type == "boolean":
        return _boolean(raw)
    if node.type in _NUMBERS or node.format == "decimal":
        return _number(node, raw)
    if isinstance(raw, bool):
        return Coerced(str(raw).lower(), Repair("bool_as_text"))
    if read := _BY_FORMAT.get(node.format or ""):
        return read(str(raw))
    if "<" in raw and _ELEMENT.fullmatch(str(raw).strip()):
        return _misfit(str(raw), "markup stands where a text was expected", "markup")
    return Coerced(clean(str(raw)))  # an escape in a reply may hold what no database takes


def _misfit(raw: Any, message: str, kind: str = "wrong_type") -> Coerced:
    return Coerced(raw, None, Problem(kind, (), message))


def _one_of(node: Scalar, raw: Any) -> Coerced:
    """Take one of the values that are allowed: as it is, as the same number, or spelt otherwise."""
    text = str(raw).strip()
    for value in node.values:
        if type(value) is type(raw) and value == raw:
            return Coerced(value)
    numbers = [value for value in node.values if _same(value, text)]
    texts = [value for value in node.values if isinstance(value, str) and value == text]
    is_plain = isinstance(raw, Lexeme)
    same = [*numbers, *texts] if is_plain else [*texts, *numbers]
    if same and not isinstance(raw, bool):
        is_kept = is_plain or isinstance(same[0], str)
        return Coerced(same[0], None if is_kept else Repair("allowed_value", detail=text))
    spelt = [value for value in node.values if spelling(str(value)) == spelling(text)]
    if isinstance(raw, bool):
        spelt = [v for v in node.values if isinstance(v, str) and read_bool(v) is raw]
    if not spelt:
        spelt = _named(node, spelling(text))
    if len(spelt) == 1 and text:
        return Coerced(spelt[0], Repair("allowed_value", detail=text))
    allowed = ", ".join(str(value) for value in node.values[:20])
    return _misfit(_scalar(raw), f"must be one of: {allowed}", "not_allowed")


def _named(node: Scalar, name: str) -> list[Any]:
    """Return the values that code calls by a name: an Enum's member, with its class or without."""
    named = (value for called, value in node.names.items() if spelling(called) == name)
    return list(dict.fromkeys(named))


def _same(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return text.lower() == str(value).lower()
    if isinstance(value, str):
        return False
    return bool(_NUMBER.fullmatch(text)) and Decimal(text) == Decimal(str(value))


@lru_cache(maxsize=1024)
def spelling(text: str) -> str:
    """Reduce an allowed value to what tells it from others: signs and figures stay as they are.

    >>> spelling("No Renewal") == spelling("no_renewal"), spelling("BBB+") == spelling("BBB")
    (True, False)
    """
    bare = text.casefold().strip().rstrip(".,;:").strip("()[]\"'").rstrip(".,;:")
    return _SEPARATOR.sub("", bare)


@lru_cache(maxsize=1024)
def letters(text: str) -> str:
    """Reduce a name to what survives another case or another separator."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _any(raw: Any) -> Coerced:
    value = _scalar(raw)
    if isinstance(raw, Lexeme) and raw.lower().strip("+-") in {"nan", "inf", "infinity"}:
        return _misfit(str(raw), f"{raw} is not a number", "not_a_number")
    return Coerced(value)


def _scalar(raw: Any) -> Any:
    """A lexeme as the JSON value that it is, if it is one."""
    if not isinstance(raw, Lexeme) or not _JSON_NUMBER.fullmatch(raw):
        return str(raw) if isinstance(raw, Lexeme) else raw
    if _INTEGER.fullmatch(raw):
        return int(raw)
    number = float(raw)
    return number if math.isfinite(number) else str(raw)


def _boolean(raw: Any) -> Coerced:
    if isinstance(raw, bool):
        return Coerced(raw)
    text = str(raw)
    value = {"1": True, "0": False}.get(text.strip(), read_bool(text))
    if value is None:
        return _misfit(
            str(raw), "must be true or false, and this is not clearly one", "not_boolean"
        )
    return Coerced(value, Repair("text_as_bool", detail=str(raw)))


def _number(node: Scalar, raw: Any) -> Coerced:
    if isinstance(raw, bool):
        return _misfit(raw, "a number was expected, not true or false")
    text = str(raw).strip()
    # A decimal or float is asked for with a point, so there it is one; the quote is compared later.
    is_grouped = node.type == "integer" and not isinstance(raw, Lexeme) and _GROUPED.fullmatch(text)
    if _NUMBER.fullmatch(text) and not is_grouped:
        return _typed(node, Decimal(text), None)
    if _UNDERSCORED.fullmatch(text):
        return _typed(node, Decimal(text.replace("_", "")), Repair("number_from_text", detail=text))
    reading = read_number(text)
    if reading is None and node.unit and (number := counted(text, node.unit)) is not None:
        return _typed(node, number, Repair("number_from_text", detail=text))
    if reading is None:
        return _misfit(text, f"{_shown(text)} is not one number", "not_a_number")
    if reading.value is None:
        options = " or ".join(str(candidate) for candidate in reading.candidates)
        message = f"{_shown(text)} can mean {options}: {reading.certainty}"
        return _misfit(text, message, f"{reading.certainty}_number")
    if len({currency_code(written) for written in reading.currencies} - {None}) > 1:
        message = f"{_shown(text)} names more than one currency"
        return _misfit(text, message, "conflict_number")
    lossy = bool(reading.currencies) or reading.percent
    return _typed(node, reading.value, Repair("number_from_text", lossy=lossy, detail=text))


def _typed(node: Scalar, value: Decimal, repair: Repair | None) -> Coerced:
    if not -_MOST_DIGITS < value.adjusted() < _MOST_DIGITS or len(str(value)) > _MOST_DIGITS:
        return _misfit(str(value)[:40], "the number is too large or too long", "not_a_number")
    if node.format == "decimal":
        return Coerced(f"{value:f}", repair)
    if node.type == "integer":
        whole = value == value.to_integral_value()
        return (
            Coerced(int(value), repair)
            if whole
            else _misfit(str(value), f"a whole number was expected, not {value}", "not_an_integer")
        )
    number = float(value)
    if not math.isfinite(number):
        return _misfit(str(value), "the number is too large", "not_a_number")
    return Coerced(number, repair)


def _date(text: str) -> Coerced:
    stripped = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", stripped):
            return Coerced(date.fromisoformat(stripped).isoformat())
    except ValueError:
        return _misfit(stripped, f"{stripped} is no day of any calendar", "invalid_date")
    if _MOMENT.fullmatch(stripped) and (moment := _datetime(stripped)).problem:
        return moment
    reading = read_date(stripped)
    if reading is None:
        return _misfit(stripped, f"{_shown(stripped)} is not a date", "invalid_date")
    if reading.value is not None:
        return Coerced(reading.value.isoformat(), Repair("date_from_text", detail=text))
    if reading.kind == "ambiguous":
        options = " or ".join(day.isoformat() for day in reading.candidates)
        return _misfit(stripped, f"{_shown(stripped)} can mean {options}", "ambiguous_date")
    if reading.kind == "partial":
        known = f"{reading.year or 'XXXX'}-{reading.month or 0:02d}".replace("-00", "")
        message = f"{_shown(stripped)} is not a whole date, only {known}"
        return _misfit(stripped, message, "partial_date")
    return _misfit(stripped, f"{_shown(stripped)} is no day of any calendar", "invalid_date")


def _partial_date(text: str) -> Coerced:
    """Take a date of which parts may be unknown, each digit of them an X."""
    text = text.strip()
    reading = read_partial_date(text)
    if reading is None:
        return _misfit(text, f"{_shown(text)} is no date, whole or in part", "invalid_date")
    if reading.value is None:
        options = " or ".join(reading.candidates)
        return _misfit(text, f"{_shown(text)} can mean {options}", "ambiguous_date")
    changed = reading.value != text
    return Coerced(reading.value, Repair("date_from_text", detail=text) if changed else None)


def _length(text: str) -> Coerced:
    """Take a length of time in words: "two years" is P2Y. What is none, the schema refuses."""
    text = text.strip()
    reading = read_duration(text)
    if reading is None:
        return Coerced(clean(text))
    if reading.value is None:
        options = " or ".join(reading.candidates)
        message = f"{_shown(text)} can mean {options}: {reading.certainty}"
        return _misfit(text, message, f"{reading.certainty}_length")
    changed = reading.value != text
    return Coerced(reading.value, Repair("length_from_text", detail=text) if changed else None)


def _datetime(text: str) -> Coerced:
    """Take a moment, or a day alone; the end of a day (24:00, ISO 8601) is the next one's begin."""
    stripped = text.strip()
    moment = _MOMENT.fullmatch(stripped)
    if moment is None:
        return _date(text)
    try:
        if moment["time"][:5] == "24:00" and not moment["time"][5:].strip(":0"):
            following = date.fromisoformat(moment["day"]) + timedelta(days=1)
            stripped = f"{following.isoformat()}T00:00:00{moment['zone'] or ''}"
        datetime.fromisoformat(stripped)
    except (ValueError, OverflowError):
        return _misfit(stripped, f"{_shown(stripped)} is no moment of any day", "invalid_date")
    return Coerced(stripped, None if stripped == text.strip() else Repair("date_from_text"))


def _timedelta(text: str) -> Coerced:
    """Take a length of time in days, hours or less, in words too."""
    text = text.strip()
    length = read_iso_duration(text)
    reading = None if length else read_duration(text)
    if reading is not None and reading.value is None:
        return _length(text)
    value = reading.value if reading is not None and reading.value else text
    length = length or read_iso_duration(value)
    if length and length.months:
        return _misfit(text, "months and years have no fixed number of days", "calendar_months")
    return Coerced(clean(value), Repair("length_from_text", detail=text) if reading else None)


def _time(text: str) -> Coerced:
    """Take a time of day as a contract writes it: "5:00 p.m." What is none, the schema refuses."""
    stripped = text.strip()
    try:
        time.fromisoformat(stripped)
    except ValueError:
        said = read_time(stripped)
        if said is not None:
            return Coerced(said.isoformat(), Repair("time_from_text", detail=stripped))
    return Coerced(clean(stripped))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


_BY_FORMAT: Mapping[str, Callable[[str], Coerced]] = {
    "date": _date,
    "partial-date": _partial_date,
    "date-time": _datetime,
    "time": _time,
    "duration": _timedelta,
    "length-of-time": _length,
}

"""Numbers, dates, lengths of time and currencies of a value against those of its quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from extractor.grounding.signs import bound_figures
from extractor.grounding.verdict import YES, Support, ambiguous, conflict, derived, no
from extractor.normalizers import (
    CURRENCY,
    DateReading,
    Duration,
    NumberMention,
    anniversaries_in,
    contradictions,
    currency_meanings,
    dates_in,
    dates_with_years,
    durations_in,
    net_days_in,
    number_mentions,
    numbers_in,
    parts_of_sums,
)

_LOOK_BACK = 40  # characters before a number that may say what it is

_MINUS = re.compile(  # a dash between figures is that of a range
    rf"(?:(?<![\d%)])(?:[-\u2212](?!\s)|(?<![\d%]\s)[-\u2212])|\b(?:minus|negative))"
    rf"\s?(?:{CURRENCY.pattern})?\s?\Z",
    re.IGNORECASE,
)
_MINUS_SIGN = re.compile(rf"(?:^|[\s(])[-\u2212](?:{CURRENCY.pattern})?\Z")
_MINUS_WORD = re.compile(rf"\b(?:minus|negative)\s(?:{CURRENCY.pattern})?\s?\Z", re.IGNORECASE)
_RATE = re.compile(r"\bper\s+\w+|(?<=%)\s+an?\s+\w+", re.IGNORECASE)
_BASIS_POINTS = re.compile(
    r"(?:\s?\([^()]{1,24}\))?\)?[\s-](?:basis[\s-]points?|bps)\b", re.IGNORECASE
)
_IN_CENTS = re.compile(r"(?:\s?\([^()]{1,24}\))?\)?(?:\scents?\b|\s?\u00a2)", re.IGNORECASE)
_UNCLEAR_SIGN = "the sign of the quote's number is not clear"
_NO_ONE = re.compile(r"\b(?:no|on the)\s\Z", re.IGNORECASE)
_ONE_ANOTHER = re.compile(r"\s(?:another|hand)\b", re.IGNORECASE)
_PART_OF = re.compile(
    r"(?:\d\s?[/\u2044]\s?\d{1,2}|[\u00bc-\u00be\u2150-\u215e]"
    r"|\b(?:hal(?:f|ves)|thirds?|fourths?|quarters?|fifths?|sixths?|eighths?|tenths?))"
    r"\s(?:of\s)?(?:an?\s)?\Z",
    re.IGNORECASE,
)
_PART_NAMES = ("third", "fourth", "fifth", "sixth", "eighth", "tenth")
_PARTS = re.compile(
    r"-(?:half|halves|thirds?|fourths?|quarters?|fifths?|sixths?|eighths?|tenths?)\b"
    r"|\sand\s(?!\d\d/100)(?:an?|one|two|three|\d{1,2})[-\s/](?:hal(?:f|ves)|thirds?|quarters?|fourths?|\d)"
    r"|\s(?:halves|thirds|fourths|fifths|sixths|eighths|tenths)\b"
    r"|\s(?:half|third|fourth|quarter|fifth|sixth|eighth|tenth)\sof\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(?:one|two|three|four|five|a)[-\s]\Z", re.IGNORECASE)
_SCALED_LATER = re.compile(
    r"(?:\s?\([^()]{1,20}\)|\s?\))\s(?:hundred|thousand|million|billion)\b", re.IGNORECASE
)
_PARENTHESIS = re.compile(rf"\(\s?(?:{CURRENCY.pattern})?\s?\Z")
_CLAUSE = re.compile(
    r"(?:\b(?:section|article|clause|exhibit|schedule|appendix|annex|paragraph|page)s?|\u00a7+)\s*\Z",
    re.IGNORECASE,
)
_BARE = re.compile(r"\d+(?:\.\d+)?")
_LABELLED = re.compile(
    r"\b(?:release|version|v|section|article|clause|exhibit|schedule|appendix|annex|paragraph|no|number)"
    r"[.:]?\s?\Z|[\u00a7#]\s?\Z",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(?:\.\d*|\))\s+[A-Z\"\u201c]")


def number_support(value: Decimal, quote: str) -> Support:
    """Compare a number; a share may be written as a percentage (0.12, 12%)."""
    mentions = number_mentions(quote)
    if any(value in pair for pair in contradictions(quote, mentions)):
        return conflict("words and figures of the quote disagree")
    bearing = [mention for mention in mentions if value in _readings(mention)]
    bearing = [mention for mention in bearing if not _is_no_number(quote, mention)]
    signed = [mention for mention in bearing if value > 0 and _is_minus(quote, mention)]
    marks = {bound.figure: bound.mark for bound in bound_figures(quote)}
    unclear = [
        mention
        for mention in bearing
        if value > 0 and mention not in signed
        if marks.get(mention.start) in ("-", "()") or _MINUS_WORD.search(_before(quote, mention))
    ]
    bearing = [mention for mention in bearing if mention not in signed + unclear]
    certain = [mention for mention in bearing if len(mention.candidates) == 1]
    if any(not _numbers_a_clause(quote, mention) for mention in certain):
        return YES
    if certain:
        return ambiguous(f"the quote's {value:f} seems to be the number of a clause")
    if bearing:
        return ambiguous("the quote's number can be read in more than one way")
    if unclear:
        return ambiguous(_UNCLEAR_SIGN)
    if signed:
        return no(f"the quote's {value:f} is negative")
    turned = [_before(quote, mention) for mention in mentions if -value in mention.candidates]
    if any(_MINUS.search(before) for before in turned):
        return YES
    if any(_PARENTHESIS.search(before) for before in turned):
        return ambiguous(_UNCLEAR_SIGN)
    if any(value in _in_other_units(length) for length in durations_in(_RATE.sub(" ", quote))):
        return derived("the quote gives this length of time in another unit")
    if any(100 * value in m.candidates and _BASIS_POINTS.match(quote, m.end) for m in mentions):
        return derived("the quote gives this percentage in basis points")
    if any(100 * value in m.candidates and _IN_CENTS.match(quote, m.end) for m in mentions):
        return derived("the quote gives this amount in cents")
    return no(f"the quote does not say {value:f}" if mentions else "the quote has no number")


@lru_cache(maxsize=4)
def _dates_of(quote: str) -> tuple[DateReading, ...]:
    """Read a quote's dates once, however many dates of a long text are compared with it."""
    return tuple(dates_with_years(quote))


def date_support(value: date, quote: str) -> Support:
    """Compare a day; what the quote leaves open, the value can't have from it."""
    readings = _dates_of(quote)
    if any(reading.value == value for reading in readings):
        return YES
    if any(value in reading.candidates for reading in readings):
        return ambiguous("the quote's date can be read in more than one way")
    partial = [reading for reading in readings if _fits(reading, value)]
    if partial:
        part = "year" if partial[0].year is None else "day"
        return no(f"the quote's date has no {part}")
    return no("the quote has another date" if readings else "the quote has no date")


def partial_date_support(value: DateReading, quote: str) -> Support:
    """Compare a month or a year."""
    if value.month is None and value.year is not None:
        found = Decimal(value.year) in numbers_in(quote)
    else:
        parts = [(r.year, r.month, r.day) for r in dates_in(quote)]
        days = [day for reading in _dates_of(quote) for day in reading.candidates]
        parts += [(day.year, day.month, day.day) for day in days]
        found = any(
            month == value.month and value.year in (year, None) and value.day in (day, None)
            for year, month, day in parts
        )
    return YES if found else no("the quote does not have this date")


def duration_support(values: Sequence[Duration], quote: str) -> Support:
    """Compare lengths of time: twelve months are a year, thirty days are no month."""
    lengths = durations_in(quote)
    missing = [value for value in values if value not in lengths]
    if not missing and contradictions(quote):
        return conflict("words and figures of the quote disagree")
    if not missing and set(values) & set(parts_of_sums(quote)):
        return ambiguous("the quote's length of time may have more parts")
    if not missing:
        return YES
    if any(
        length.business != value.business
        and (length.days, length.minutes) == (value.days, value.minutes)
        for length in lengths
        for value in missing
    ):
        return derived("the quote counts business days")
    if all(
        any(_as_minutes(value) == _as_minutes(length) for length in lengths) for value in missing
    ):
        return derived("a day is taken for 24 hours")
    if set(missing) <= {*anniversaries_in(quote)}:
        return derived("the quote's anniversary is so many years after")
    if set(missing) <= {*net_days_in(quote)}:
        return derived("the quote's time to pay is counted in days")
    return no(
        "the quote has another length of time" if lengths else "the quote has no length of time"
    )


def _as_minutes(length: Duration) -> tuple[Decimal, Decimal, bool]:
    return length.months, 24 * 60 * length.days + length.minutes, length.business


def currency_support(code: str, quote: str) -> Support:
    """Compare an ISO 4217 code with the signs and names of the quote."""
    meanings = [currency_meanings(written) for written in CURRENCY.findall(quote)]
    if (code,) in meanings:
        return YES
    if any(code in codes for codes in meanings):
        return ambiguous("the quote does not say which currency its sign stands for")
    return no("the quote has another currency" if meanings else "the quote has no currency")


def other_label(text: str, quote: str) -> str | None:
    """Return the label that a quote has where a text has the same number, but not the same label.

    "Release 4.1" is no "4.10", and "02134" no "2134". None where the quote's number is an amount.
    """
    if not _BARE.fullmatch(text):
        return None
    alike = [
        (quote[mention.start : mention.end], _before(quote, mention))
        for mention in number_mentions(quote)
        if Decimal(text) in mention.candidates
    ]
    others = [
        said
        for said, before in alike
        if _BARE.fullmatch(said)
        if _leads_with_zero(said) != _leads_with_zero(text)
        or (_LABELLED.search(before) and said != text)
    ]
    return others[0] if len(others) == len(alike) > 0 else None


def _leads_with_zero(digits: str) -> bool:
    return digits[:1] == "0" and digits[1:2].isdecimal()


def _numbers_a_clause(quote: str, mention: NumberMention) -> bool:
    """Whether a number stands where clauses have theirs: "Section 5", or "12. Notices"."""
    if mention.form != "figures" or mention.percent:
        return False
    before = _before(quote, mention)
    line = before.rpartition("\n")[2].rstrip(" \t(")
    opens = not line or line[-1] in ".;"
    heads = opens and _HEADING.match(quote, mention.end) is not None
    return heads or _CLAUSE.search(before) is not None


def _is_no_number(quote: str, mention: NumberMention) -> bool:
    """Whether what is counted is more or less than it: "no one", "1/4 of 1%", "one (1) million"."""
    before = _before(quote, mention)
    if mention.percent and _PART_OF.search(before):
        return True
    if _SCALED_LATER.match(quote, mention.end):
        return True
    if mention.form == "ordinal":
        return quote[mention.start :].lower().startswith(_PART_NAMES) and bool(
            _SHARE.search(before)
        )
    if mention.form != "words":
        return False
    if _PARTS.match(quote, mention.end):
        return True
    is_one = mention.candidates == (Decimal(1),)
    return is_one and bool(_NO_ONE.search(before) or _ONE_ANOTHER.match(quote, mention.end))


def _is_minus(quote: str, mention: NumberMention) -> bool:
    return mention.form == "figures" and _MINUS_SIGN.search(_before(quote, mention)) is not None


def _before(quote: str, mention: NumberMention) -> str:
    return quote[max(0, mention.start - _LOOK_BACK) : mention.start]


def _readings(mention: NumberMention) -> tuple[Decimal, ...]:
    shares = tuple(number / 100 for number in mention.candidates) if mention.percent else ()
    return mention.candidates + shares


def _in_other_units(length: Duration) -> set[Decimal]:
    months, days = {length.months, length.months / 12}, {length.days, length.days / 7}
    return (months | days | {length.hours, length.minutes}) - {Decimal(0)}


def _fits(reading: DateReading, value: date) -> bool:
    known = ((reading.year, value.year), (reading.month, value.month), (reading.day, value.day))
    return reading.kind == "partial" and all(part in (None, own) for part, own in known)

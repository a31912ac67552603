"""Whether a quote bears a value: its number, its date, its words.

Deterministic and one-sided: what no pattern can judge (a summary, a flag, a code) is left open,
never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from extractor.grounding.addresses import address_support, is_address
from extractor.grounding.amounts import amount_support
from extractor.grounding.folding import visible
from extractor.grounding.locate import Locator
from extractor.grounding.moments import moment_support
from extractor.grounding.names import is_name, longer_name, name_support
from extractor.grounding.phrases import OTHER_WORDS, lengths_of_phrase, phrase_support
from extractor.grounding.places import names_place, place_in_full
from extractor.grounding.quantities import (
    currency_support,
    date_support,
    duration_support,
    number_support,
    other_label,
    partial_date_support,
)
from extractor.grounding.sense import after_not, denial, turned
from extractor.grounding.swaps import swapped
from extractor.grounding.verdict import YES, Support, ambiguous, derived, no, unjudged
from extractor.normalizers import (
    ISO_CODES,
    LENGTH_WORDS,
    Duration,
    dates_in,
    durations_in,
    number_mentions,
    numbers_in,
    partial_dates_in,
    read_date,
    read_iso_duration,
    read_number,
    read_partial_date,
    says_numbers,
    without_entities,
)

_WORD = re.compile(r"[^\W_]+")
_STEM = 5
_MOST_DIGITS = 200
_GENERAL = frozenset({"all", "any", "both", "either", "none", "other", "yes", "no"})
"""Allowed values that a sentence may use without answering by them."""


def supports(value: Any, quote: str, allowed: Sequence[Any] = ()) -> Support:
    """Judge whether a quote bears a value.

    Numbers must be in the quote in figures or words, dates must be derivable from one of its dates,
    lengths of time equal one of its own, the words of a name stand together in it, and a sentence
    keep its negations, modal verbs and figures. What is no matter of words (a flag, one of a few
    allowed words, a summary) is `found` with the reason why code can't say more; see `Support`.

    Args:
        value: what was extracted, as Python or JSON has it.
        quote: words of the document.
        allowed: the only values that the schema allows, if it has such: a quote that names another
            one of them speaks against this one.

    >>> supports(30, "upon thirty (30) days' notice").ok, supports(60, "thirty (30) days").reason
    (True, 'the quote does not say 60')
    >>> supports("P24M", "a term of two years").ok, supports(True, "may terminate").ok
    (True, None)
    """
    quote = without_entities(visible(quote))
    if isinstance(value, bool):
        return unjudged("yes or no is not a matter of words")
    if isinstance(value, int | float | Decimal):
        number = Decimal(value) if isinstance(value, int) else Decimal(str(value))
        if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
            return no("the value is no number that a quote could say")
        return number_support(number, quote)
    if isinstance(value, datetime | time):
        return moment_support(value.isoformat(), quote) or unjudged("the value is no moment")
    if isinstance(value, date):
        return date_support(value, quote)
    if isinstance(value, timedelta):
        return _timedelta_support(value, quote)
    if isinstance(value, list | tuple):
        return _all_support(cast("Sequence[Any]", value), quote)
    if not isinstance(value, str) or not value.strip():
        return unjudged("the value is no number, date or text")
    if allowed:
        return _choice_support(value, quote, allowed)
    return _text_support(without_entities(visible(value)).strip(), quote)


def _all_support(values: Sequence[Any], quote: str) -> Support:
    """Judge values that have one quote together: what speaks against one of them counts.

    Of its texts, which are codes and units as often, only names and quantities speak at all.
    """
    verdicts = [
        supports(value, quote) if _speaks(value) else unjudged("a code is no matter of words")
        for value in values
        if value not in (None, "")
    ]
    doubts = [verdict for verdict in verdicts if not verdict.ok]
    if doubts:
        return next((doubt for doubt in doubts if doubt.ok is False), doubts[0])
    return YES if verdicts else unjudged("the value is no number, date or text")


def _speaks(value: Any) -> bool:
    if not isinstance(value, str) or says_numbers(value):
        return True
    return is_name(value) and value.casefold() not in LENGTH_WORDS


def _timedelta_support(value: timedelta, quote: str) -> Support:
    days, minutes = Decimal(value.days), Decimal(value.seconds) / 60
    whole = Duration(days=days, minutes=minutes)
    lengths = durations_in(quote)
    if Duration(minutes=24 * 60 * days + minutes) in lengths:
        return YES
    if any(length.months for length in lengths):
        return derived("the quote counts months, which have no fixed length")
    return duration_support([whole], quote)


def _choice_support(value: str, quote: str, allowed: Sequence[Any]) -> Support:
    """Judge one of a few allowed words by which of them the quote uses."""
    ours, said = _spaced(value), _spaced(quote)
    others = [other for other in allowed if isinstance(other, str) and other != value]
    named = [other for other in others if _spaced(other) in said and _spaced(other) not in ours]
    longer = next((other for other in named if ours in _spaced(other)), None)
    if longer is not None:
        return no(f"the quote says {longer!r}")
    named = [other for other in named if _denied(other, quote) is None]
    if len(named) == 1 and named[0] not in _GENERAL and not _shares_words(ours, said):
        return no(f"the quote names {named[0]!r}")
    if named:
        return ambiguous(f"the quote names {named[0]!r}, which is allowed too")
    if ours in said:
        return _denied(value, quote) or after_not(value, quote) or YES
    if value in ISO_CODES:
        return currency_support(value, quote)
    verdict = _text_support(value, quote)
    return (
        unjudged("its quote is in the document; whether it means this is not for code to say")
        if verdict.ok is False
        else verdict
    )


def _denied(value: str, quote: str) -> Support | None:
    """Look for what denies one of a few allowed words, and for a place that has a longer name."""
    if (denied := denial(value, quote)) is not None or not is_name(value):
        return denied
    if (denied := denial(value, quote, name=True)) is not None:
        return denied
    longer = longer_name(value, quote)
    return no(f"the quote names {longer}") if longer else None


def _shares_words(ours: str, said: str) -> bool:
    return not set(ours.split()).isdisjoint(said.split())


def _text_support(value: str, quote: str) -> Support:
    if is_address(value):
        return address_support(value, quote)
    has_name = is_name(value)
    if value == quote.strip() and any(map(str.isalnum, value)):  # nothing stands around it
        return _literal_support(value, quote, has_name=has_name)
    denied = denial(value, quote, name=has_name)
    if denied is not None:
        return denied
    if Locator(quote).has(value):
        return _literal_support(value, quote, has_name=has_name)
    quantity = _quantity_support(value, quote)
    if quantity is not None:
        return quantity
    if value in ISO_CODES:
        return currency_support(value, quote)
    contradiction = None if has_name else swapped(value, quote)
    contradiction = contradiction or _contradiction(value, quote)
    if contradiction is not None:
        return contradiction
    if place := place_in_full(value, [quote]):
        return derived(f"it is short for {place}")
    if has_name and (longer := longer_name(value, quote)):
        return no(f"the quote names {longer}")
    if has_name:
        return YES if "," in value and names_place(value, quote) else name_support(value, quote)
    if not _stems(value) & _stems(quote):
        return no("the quote has none of its words")
    return turned(value, quote) or unjudged(OTHER_WORDS)


def _literal_support(value: str, quote: str, *, has_name: bool) -> Support:
    """Judge a text that the quote has word for word: as a part of it, it may mean another thing."""
    longer = longer_name(value, quote) if has_name else None
    if longer:
        return no(f"the quote names {longer}")
    quantity = _quantity_support(value, quote)
    if quantity is not None and quantity.status == "unverified":
        return quantity
    lengths = lengths_of_phrase(value)
    if lengths:
        whole = duration_support(lengths, quote)
        if whole.status == "ambiguous" and lengths != durations_in(quote):
            return whole
    return amount_support(value, quote)


def _stems(text: str) -> set[str]:
    """Reduce a text to the beginnings of its words; small words say too little."""
    words = _WORD.findall(text.casefold())
    return {word[:_STEM] for word in words if len(word) >= _STEM - 1}


def _quantity_support(value: str, quote: str) -> Support | None:
    """Judge a text that is one quantity; None if it is not."""
    if not says_numbers(value) and "X" not in value:  # a digit that is blacked out
        return None
    if (moment := moment_support(value, quote)) is not None:
        return moment
    length = read_iso_duration(value)
    if length is not None:
        return duration_support([length], quote)
    if "X" in value and read_partial_date(value) and value in partial_dates_in(quote):
        return YES
    if label := other_label(value, quote):
        return ambiguous(f"the quote writes {label}")
    day = read_date(value)
    if day is not None:
        if day.kind == "partial":
            return partial_date_support(day, quote)
        if day.value is None:
            return ambiguous(f"the value is an {day.kind} date")
        return date_support(day.value, quote)
    number = read_number(value)
    if number is None:
        return None
    if number.value is None:
        return ambiguous("the value's number can be read in more than one way")
    verdict = number_support(number.value, quote)
    return amount_support(value, quote) if verdict.ok else verdict


def _contradiction(value: str, quote: str) -> Support | None:
    """Look in a longer text for figures, dates and lengths of time that the quote does not have."""
    for day in dict.fromkeys(reading.value for reading in dates_in(value)):
        verdict = YES if day is None else date_support(day, quote)
        if not verdict.ok:
            return verdict
    amounts = amount_support(value, quote)
    if not amounts.ok:
        return amounts
    lengths = lengths_of_phrase(value)
    if lengths:
        return phrase_support(value, lengths, quote)
    figures = [mention for mention in number_mentions(value) if mention.form == "figures"]
    said = set(numbers_in(quote)) if figures else set[Decimal]()
    for mention in figures:
        if not said & set(mention.candidates):
            return no(f"the quote does not say {mention.candidates[0]:f}")
    return None


def _spaced(text: str) -> str:
    """Reduce a text to its words with single spaces around each."""
    return " ".join(("", *_WORD.findall(text.casefold()), ""))

"""A text that is one number, in figures, English words or both.

Own code, because the published readers guess: they take "1.000" for one or the other by a locale,
and none of them compares the words of "One Million Dollars ($1,500,000)" with its figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from extractor.normalizers.currency import CURRENCY, may_name_currency
from extractor.normalizers.mentions import (
    EXACT,
    HUNDREDTHS,
    NumberMention,
    in_plain,
    number_mentions,
    says_numbers,
)
from extractor.normalizers.words import has_number_words

Certainty: TypeAlias = Literal["certain", "ambiguous", "conflict"]
NumberRule: TypeAlias = Literal["figures", "words", "words and figures", "accounting"]


@dataclass(frozen=True, slots=True)
class NumberReading:
    """One quantity, read from a text that holds nothing else.

    `candidates` has more than one number when the text is `ambiguous` ("1.000" is 1 or 1000,
    "(1,000)" is 1000 or an accountant's -1000) or its words and figures are in `conflict` (words
    first). `currencies` are the signs, codes or names that stood beside the number, as written.
    The number of a `percent` is the one before the sign: 12 for "12%".
    """

    raw: str
    candidates: tuple[Decimal, ...]
    rule: NumberRule
    certainty: Certainty = "certain"
    currencies: tuple[str, ...] = ()
    percent: bool = False

    @property
    def value(self) -> Decimal | None:
        """The number, or None unless it is certain."""
        return self.candidates[0] if self.certainty == "certain" else None


# A whole text as a row of signs: N figures, W words, C a currency, F hundredths ("and 50/100").
_LAYOUT = re.compile(r"-?C{0,2}-?[NW]F?C{0,2}F?(?P<twice>\(C{0,2}[NW]F?C{0,2}\)C{0,2})?")
_PARENTHESISED = re.compile(r"C{0,2}\(C{0,2}N\)C{0,2}")
_GAP = re.compile(rf"(?P<F>(?i:{HUNDREDTHS}))|(?P<C>{CURRENCY.pattern})|(?P<text>\S)")
_LETTERS = re.compile(r"[^\W\d_]+")
_MARKS = (None, "-", "(", ")")
_SPACED_GROUPS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def read_number(text: str) -> NumberReading | None:
    """Read a text that is one number and nothing else; None where it is not.

    A currency beside the number, a percent sign, and the number said twice ("thirty (30)") are
    understood. Dates, fractions, ranges, identifiers ("007", "AB-12") and numbers with a unit
    ("30 days") are None: what they would lose matters.

    >>> read_number("USD 1.5 million").value, read_number("1.000").certainty, read_number("3/4")
    (Decimal('1500000'), 'ambiguous', None)
    """
    if not says_numbers(text):
        return None
    plain = in_plain(text).strip().removesuffix(".")
    if not _may_begin(plain):
        return None
    plain = _SPACED_GROUPS.sub("\u00a0", plain)
    mentions = number_mentions(plain)
    if not mentions:
        return None
    if any(plain[m.start] == "0" and plain[m.start + 1 : m.start + 2].isdigit() for m in mentions):
        return None
    read = _layout(plain, mentions)
    if read is None:
        return None
    layout, currencies = read
    percent = any(mention.percent for mention in mentions)
    negated = _PARENTHESISED.fullmatch(layout)
    match = _LAYOUT.fullmatch(layout)
    if negated:
        number = mentions[0].candidates[0]
        return NumberReading(
            text, (number, number.copy_negate()), "accounting", "ambiguous", currencies, percent
        )
    if match is None:
        return None
    sign = Decimal(-1 if "-" in layout else 1)
    first, *others = (
        tuple(EXACT.multiply(sign, number) for number in mention.candidates) for mention in mentions
    )
    rule: NumberRule = "words" if mentions[0].form == "words" else "figures"
    certainty: Certainty = "certain"
    candidates = first
    if others:
        rule = "words and figures"
        candidates = tuple(number for number in first if number in others[0])
        if not candidates:
            candidates, certainty = first + others[0], "conflict"
    if certainty == "certain" and len(candidates) > 1:
        certainty = "ambiguous"
    return NumberReading(text, candidates, rule, certainty, currencies, percent)


def _may_begin(text: str) -> bool:
    """Whether a text begins as a number can: a sentence does not, and is told quickly."""
    word = _LETTERS.match(text)
    if word is None or not word.group().isascii():
        return True
    said = word.group()
    # One letter may be an "a" (hundred), or the beginning of "U.S. dollars" or "C$".
    return len(said) == 1 or has_number_words(said) or may_name_currency(said) or "$" in text


def _layout(text: str, mentions: list[NumberMention]) -> tuple[str, tuple[str, ...]] | None:
    """Reduce a text to its row of signs, with the currencies.

    None where it holds anything else.
    """
    signs: list[str] = []
    currencies: list[str] = []
    for i in range(len(mentions) + 1):
        start = mentions[i - 1].end if i else 0
        end = mentions[i].start if i < len(mentions) else len(text)
        gap = text[start:end]
        parts: list[re.Match[str]] = []
        for part in _GAP.finditer(gap):
            if part["text"] not in _MARKS:
                return None
            parts.append(part)
        currencies += [part.group() for part in parts if part["C"]]
        signs += [part["text"] or str(part.lastgroup) for part in parts]
        if i < len(mentions):
            signs.append({"figures": "N", "words": "W", "ordinal": "O"}[mentions[i].form])
    return "".join(signs), tuple(currencies)

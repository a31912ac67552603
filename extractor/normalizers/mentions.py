"""The numbers of a passage, wherever they stand and however they are written."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from functools import lru_cache
from itertools import pairwise
from math import prod
from typing import Literal

from extractor.normalizers.currency import (
    CURRENCY,
    CURRENCY_BEFORE,
    DOLLARS_AT_END,
    ISO_CODES,
)
from extractor.normalizers.fractions import VULGAR, mixed_numbers
from extractor.normalizers.words import (
    ORDINALS,
    PARTS,
    SAID,
    SCALES,
    cardinals_in,
    has_number_words,
    number_words,
)


@dataclass(frozen=True, slots=True)
class NumberMention:
    """One number somewhere in a passage; several `candidates` where it can be read differently."""

    start: int
    end: int
    candidates: tuple[Decimal, ...]
    form: Literal["figures", "words", "ordinal"]
    percent: bool = False


# One character for one, so that offsets stay: full-width forms, typographic apostrophes and dashes,
# and the fixed-width spaces that group digits.
_PLAIN = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | str.maketrans(
    "\u2018\u2019\u2010\u2011\u2012\u2013\u2212\u2044\u202f\u2007\u2009",
    "''-----/\u00a0\u00a0\u00a0",
)
_CLUSTER = re.compile(
    # What stands before is looked at last: a search for the first character alone is quick.
    r"[\d.](?:(?<=\d)(?<!\d\d)(?<!\d[.,':]\d)(?<!\w/\d)(?<!(?<![\w.,':)\]])\.\d)"
    r"|(?<=\.)(?<![\w.,':)\]]\.)\d)\d*+"
    r"(?:[.,'/:\u00a0-]\d++)*+(?![½¼¾⅓⅔⅛十百千万萬億亿兆])"
)
_NUMERIC_DATE = re.compile(
    r"(?P<first>\d{4})(?P<a>[-/])\d{1,2}(?P=a)\d{1,2}"
    r"|\d{1,2}(?P<b>[-/])\d{1,2}(?P=b)(?:(?P<last>\d{4})|\d{2})"
)
_LONGEST = 100
"""Characters of a row of digits; a longer one is no quantity."""
_SHORT = 1_000
"""Characters of a text that is kept for the next one who asks."""
_MOST_SCALES = 4
EXACT = Context(prec=2 * _LONGEST)
"""Arithmetic that loses no digit of a number, as the default one does from the 29th on."""
_PIECE = re.compile(r"[^/:-]+")
_GROUPED = re.compile(
    r"(?P<first>\d{1,3})(?P<sep>[,.'\u00a0])(?P<rest>\d{3}(?:(?P=sep)\d{3})*)"
    r"(?:(?!(?P=sep))[.,](?P<decimals>\d+))?"
)
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?")
_SCALE_WORDS = SCALES | {"hundred": 100, "lakh": 10**5, "lac": 10**5, "crore": 10**7}
_SCALE_SIGNS = {"k": 10**3, "mn": 10**6, "mln": 10**6, "mio": 10**6, "bn": 10**9, "tn": 10**12}
_MONEY_SIGNS = {"m": 10**6, "mm": 10**6, "mil": 10**6, "b": 10**9, "bil": 10**9}
GOES_ON = frozenset(
    {
        *SAID,
        *(scale + ending for scale in _SCALE_WORDS for ending in ("", "s")),
        *_SCALE_SIGNS,
        *_MONEY_SIGNS,
        *(part + ending for part in PARTS for ending in ("", "s")),
        *["a", "and", "point", "st", "nd", "rd", "th"],
    }
)
"""Words with which a number that has begun can go on."""
_SCALE = re.compile(rf"(?:(?:\s{{0,3}}|-)(?:{'|'.join(_SCALE_WORDS)})s?\b)++", re.IGNORECASE)
_SCALE_SIGN = re.compile(
    r"(?P<space>\s?)(?P<sign>k|mn|mln|mio|bn|tn|mm|mil|bil|m|b)\b", re.IGNORECASE
)
_ORDINAL_WORD = re.compile(
    rf"\b(?:{'|'.join(sorted(ORDINALS, key=len, reverse=True))})\b", re.IGNORECASE
)
_ORDINAL_SUFFIX = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_CURRENCY_AFTER = re.compile(rf"\s?(?:{CURRENCY.pattern})")
_CODES = ISO_CODES | {"RMB"}
_PERCENT = re.compile(r"\s?(?:%|per\s?cent\b)", re.IGNORECASE)
# The scale of a range's end may be its beginning's too: "$5-6 million", "between $5 and 6 million".
_RANGE = re.compile(
    rf"\s?(?:-|to\b|(?P<and>and\b))\s?(?:(?:{CURRENCY.pattern})\s?)?", re.IGNORECASE
)
_BETWEEN = re.compile(rf"\bbetween\s(?:(?:{CURRENCY.pattern})\s?)?\Z", re.IGNORECASE)
# After a number said twice: "five (5) percent".
_PERCENT_OF_BOTH = re.compile(r"(?:\s?\(\d[\d.]*)?\)\s?(?:%|per\s?cent\b)", re.IGNORECASE)
_SPACED = re.compile(r"\d(?<![\d.,]\d)\d{0,2}(?: \d{3})+(?![\d]|[.,]\d)")
_FIGURE = re.compile(rf"[\d{VULGAR}]")
_LETTERS_BEFORE = re.compile(r"[A-Za-z_]+\Z")
_FRACTION = re.compile(r"(?!(?:30|36[0456])/36[0456]\Z)\d+/\d+")
"""Days by which interest is counted ("365/360") are two numbers."""
HUNDREDTHS = r"(?:and\s|&\s)?(?:(?P<cents>\d\d)|no|xx)/100(?:ths)?\b"
"""A pattern of the cents of an amount in words: "and 50/100", "and No/100"."""
_CENTS = re.compile(rf"\s(?:(?:{CURRENCY.pattern})\s)?{HUNDREDTHS}", re.IGNORECASE)
_AND_CENTS = re.compile(rf"\s?(?:{CURRENCY.pattern}),?\s(?:and\s)?", re.IGNORECASE)
_IN_CENTS = re.compile(r"\scents?\b", re.IGNORECASE)


def says_numbers(text: str) -> bool:
    """Whether any number may stand in a text, in figures or words: told quickly.

    >>> says_numbers("two years"), says_numbers("no years")
    (True, False)
    """
    plain = in_plain(text)
    return _FIGURE.search(plain) is not None or has_number_words(plain)


def in_plain(text: str) -> str:
    """Write the signs of numbers and dates in one way each, without moving any."""
    return text if text.isascii() else text.translate(_PLAIN)


def number_mentions(text: str) -> list[NumberMention]:
    """Find every number of a passage, in order: figures, number words and ordinals.

    Digits that belong to an identifier ("AB12", "2.1.3"), fractions ("3/4"), and the day and month
    of a date in figures are no numbers; "1 1/2" and the "1/2 of" something are.
    Digits in threes between plain spaces ("1 000 000") are found as one, and each group as what may
    be a number of its own.
    """
    return [*(_again(text) if len(text) <= _SHORT else _mentions(text))]


def numbers_in(text: str) -> list[Decimal]:
    """List every number of a passage, in figures or words; an ambiguous one with all its readings.

    >>> [str(number) for number in numbers_in("within thirty (30) days, up to $1.5 million")]
    ['30', '30', '1500000']
    """
    return [number for mention in number_mentions(text) for number in mention.candidates]


def _mentions(text: str) -> tuple[NumberMention, ...]:
    text = in_plain(text)
    found = _in_figures(text) if _FIGURE.search(text) else []
    if has_number_words(text):  # most texts say none, and the patterns take their time
        found += _in_words(text)
    found.sort(key=lambda mention: mention.start)
    return tuple(_with_cents(text, found) if "/100" in text or "cent" in text.lower() else found)


_again = lru_cache(maxsize=64)(_mentions)
"""A value and its quote are looked at by several judges in turn; few texts are kept for them."""


def _with_cents(text: str, mentions: list[NumberMention]) -> Iterator[NumberMention]:
    """Add to amounts the cents that are told apart: "and 50/100", "dollars and fifty cents"."""
    left = deque(mentions)
    while left:
        mention = left.popleft()
        written, cents = _CENTS.match(text, mention.end), Decimal(0)
        if written and written["cents"]:
            cents = Decimal(written["cents"]) / 100
        elif (
            left
            and _AND_CENTS.fullmatch(text, mention.end, left[0].start)
            and _IN_CENTS.match(text, left[0].end)
        ):
            cents = left.popleft().candidates[0] / 100
        whole = mention.candidates
        yield replace(mention, candidates=tuple(EXACT.add(n, cents) for n in whole))


def _in_figures(text: str) -> list[NumberMention]:
    spaced = [
        NumberMention(*match.span(), (Decimal(match.group().replace(" ", "")),), "figures")
        for match in _SPACED.finditer(text)
        if len(match.group()) <= _LONGEST
    ]
    figures = [_in_group(mention, spaced) for mention in _figures(text)]
    return [*_with_shared_scales(text, figures), *spaced]


def _in_words(text: str) -> list[NumberMention]:
    ordinals = [
        NumberMention(*match.span(), (Decimal(ORDINALS[match.group().lower()]),), "ordinal")
        for match in number_words(_ORDINAL_WORD, text)
    ]
    within_ordinals = {at for ordinal in ordinals for at in range(ordinal.start, ordinal.end)}
    cardinals = [
        NumberMention(start, _after_percent(text, end), (value,), "words", _is_percent(text, end))
        for start, end, value in cardinals_in(text)
        if start not in within_ordinals
    ]
    return [*cardinals, *ordinals]


def _is_percent(text: str, end: int) -> bool:
    return (_PERCENT.match(text, end) or _PERCENT_OF_BOTH.match(text, end)) is not None


def _after_percent(text: str, end: int) -> int:
    match = _PERCENT.match(text, end)
    return match.end() if match else end


def _in_group(mention: NumberMention, spaced: Sequence[NumberMention]) -> NumberMention:
    """Add to a group of digits the whole that it may be a part of."""
    at = bisect_right(spaced, mention.start, key=lambda whole: whole.start) - 1
    if at < 0 or mention.start >= spaced[at].end:
        return mention
    return replace(mention, candidates=mention.candidates + spaced[at].candidates)


def _with_shared_scales(text: str, mentions: list[NumberMention]) -> list[NumberMention]:
    """Add to the beginning of a range what it is with the scale of the end."""
    for i, (one, other) in enumerate(pairwise(mentions)):
        joint = _RANGE.fullmatch(text, one.end, other.start)
        scale = _SCALE.search(text, other.start, other.end)
        if joint is None or scale is None or _SCALE.search(text, one.start, one.end):
            continue
        if not joint["and"] or _BETWEEN.search(text[max(0, one.start - 24) : one.start]):
            factor = prod(map(_scale_of, re.findall(r"[a-z]+", scale.group().lower())))
            scaled = _times(one.candidates, factor)
            mentions[i] = replace(one, candidates=one.candidates + scaled)
    return mentions


def _scale_of(word: str) -> int:
    return _SCALE_WORDS[word.removesuffix("s")]


def _figures(text: str) -> Iterator[NumberMention]:
    mixed = list(mixed_numbers(text))
    for start, end, value in mixed:
        if value is not None and (mention := _with_suffixes(text, start, end, (value,))):
            yield mention
    within_mixed = {at for start, end, _ in mixed for at in range(start, end)}
    for cluster in _CLUSTER.finditer(text):
        if cluster.start() in within_mixed:
            continue
        before = text[max(0, cluster.start() - 4) : cluster.start()]
        letters = _LETTERS_BEFORE.search(before)
        if letters and letters.group().upper() not in _CODES and not DOLLARS_AT_END.search(before):
            continue
        if _FRACTION.fullmatch(cluster.group()):
            continue
        for start, end, candidates in _pieces(cluster):
            if end != cluster.end():
                yield NumberMention(start, end, candidates, "figures")
            elif mention := _with_suffixes(text, start, end, candidates):
                yield mention


def _pieces(cluster: re.Match[str]) -> Iterator[tuple[int, int, tuple[Decimal, ...]]]:
    """Take digits joined by separators apart where they are not one number."""
    day = _NUMERIC_DATE.fullmatch(cluster.group())
    if day:
        year = "first" if day["first"] else "last"
        if day[year]:
            at = cluster.start()
            yield at + day.start(year), at + day.end(year), (Decimal(day[year]),)
        return
    for piece in _PIECE.finditer(cluster.group()):
        at = cluster.start() + piece.start()
        candidates = _read_figures(piece.group())
        if candidates:
            yield at, at + len(piece.group()), candidates
            continue
        for part in re.finditer(r"[^,'\u00a0]+", piece.group()):
            candidates = _read_figures(part.group())
            if candidates:
                yield at + part.start(), at + part.end(), candidates


def _read_figures(digits: str) -> tuple[Decimal, ...]:
    """Return what a row of digits and separators can stand for; nothing if it is no number."""
    if len(digits) > _LONGEST:
        return ()
    if digits.startswith("."):
        digits = f"0{digits}"
    if _LAKHS.fullmatch(digits):
        return (Decimal(digits.replace(",", "")),)
    grouped = _GROUPED.fullmatch(digits)
    if grouped is None:
        whole = _DECIMAL.fullmatch(digits)
        return (Decimal(digits.replace(",", ".")),) if whole else ()
    first, rest, decimals = grouped["first"], grouped["rest"], grouped["decimals"]
    is_group = Decimal(re.sub(r"\D", "", first + rest) + (f".{decimals}" if decimals else ""))
    single = decimals is None and len(rest) == 3
    if single and grouped["sep"] in ".,":
        as_decimal = Decimal(f"{first}.{rest}")
        if first.startswith("0"):
            return (as_decimal,)
        if grouped["sep"] == ".":
            return (as_decimal, is_group)
    return (is_group,) if not first.startswith("0") else ()


def _with_suffixes(
    text: str, start: int, end: int, candidates: tuple[Decimal, ...]
) -> NumberMention | None:
    """Take in what follows the digits: a scale ("million", "k"), a percent sign, "th".

    None for a row of scales that is no number ("1 million million million ...").
    """
    ordinal = _ORDINAL_SUFFIX.match(text, end)
    if ordinal:
        return NumberMention(start, ordinal.end(), candidates, "ordinal")
    words, sign = _SCALE.match(text, end), _SCALE_SIGN.match(text, end)
    is_scaled = words or (
        sign and (sign["sign"].lower() in _SCALE_SIGNS or _is_paid(text, start, sign.end()))
    )
    if (is_scaled or _is_percent(text, end)) and "." in text[start:end]:
        candidates = candidates[:1]  # nobody groups the digits of a percentage, or of millions
    if words:
        scales = re.findall(r"[a-z]+", words.group().lower())
        if len(scales) > _MOST_SCALES:
            return None
        factor = prod(map(_scale_of, scales))
        candidates, end = _times(candidates, factor), words.end()
    elif sign:
        letters = sign["sign"].lower()
        if is_scaled:
            factor = (_SCALE_SIGNS | _MONEY_SIGNS)[letters]
            candidates, end = _times(candidates, factor), sign.end()
        elif not sign["space"]:
            candidates += _times(candidates, _MONEY_SIGNS[letters])
            end = sign.end()
    return NumberMention(
        start, _after_percent(text, end), candidates, "figures", _is_percent(text, end)
    )


def _is_paid(text: str, start: int, end: int) -> bool:
    """Whether a currency stands beside what is between `start` and `end`."""
    before = CURRENCY_BEFORE.search(text[max(0, start - 24) : start])
    return before is not None or _CURRENCY_AFTER.match(text, end) is not None


def _times(numbers: tuple[Decimal, ...], factor: int) -> tuple[Decimal, ...]:
    products = (EXACT.multiply(number, factor) for number in numbers)
    return tuple(
        EXACT.quantize(p, Decimal(1)) if p == p.to_integral_value() else p for p in products
    )

"""What binds a figure: its sign, an accountant's brackets, the mark between two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from extractor.grounding.folding import DASHES
from extractor.normalizers import ISO_CODES, number_mentions
from extractor.normalizers.mentions import HUNDREDTHS
from extractor.types import Span

_SIGNS = "$\u20ac\u00a3\u00a5\u20b9"
_PAID = rf"(?:[{_SIGNS}]|\b(?:{'|'.join(sorted(ISO_CODES))})\b)"
_NO_AMOUNT = r"(?<!\d)(?<!\d\s)(?<!thousand\s)(?<!million\s)(?<!billion\s)"
# A dash after a word is no sign, but one between a currency and its figure is.
_BINDING = re.compile(
    rf"(?:(?<=[\d%])(?:(?P<range>\s*+[{DASHES}]\s*+|\s++to\s++)|(?P<slash>\s*+[/\u2044]\s*+))"
    rf"|(?P<plus>[+\u00b1])\s*+"
    rf"|\b(?P<word>(?i:minus|negative))\s++"
    rf"|{_NO_AMOUNT}{_PAID}\s?(?P<paid>[{DASHES}])\s*+"
    rf"|(?<![\w%){DASHES}])(?P<dash>[{DASHES}])(?P<space>\s*+))"
    rf"(?=(?P<unit>[{_SIGNS}]?|[A-Z]{{3}}\s?)\d)"
)
_SIGN = re.compile(rf"[{DASHES}/\u2044+\u00b1]\s*(?:[{_SIGNS}]|[A-Z]{{3}}\s?)?\d")
_RANGE = re.compile(r"[\d%]\s+to\s")
_LONG_DASHES = "\u2014\u2015"
_BETWEEN_DASHES = re.compile(rf"\d+[{DASHES}](?!\d)")  # a page's number: "-12-"
_PHONE = re.compile(r"\+\d{1,3}(?:[\s().-]{1,3}\d{2,4}){2,}")
_BRACKETS = re.compile(
    rf"(?P<paid>{_PAID}\s?)?(?P<open>\(\s?)(?P<within>{_PAID}\s?)?(?P<figure>\d[\d.,]*+(?:\s\d{{3}})*+)"
    r"(?P<scale>\s(?i:thousand|million|billion))?\s?\)"
)
_OPENED = re.compile(rf"\(\s?(?:{_PAID}\s?)?\d")
_LABEL = re.compile(r"\d{1,2}|(?:19|20)\d\d")
# After a figure of a table's row: a unit, notes' marks, and another figure, cell or the end.
_NOTES = r"(?:[*\u2020\u2021,;\u00b9\u00b2\u00b3]|\s?\[\w{1,3}\]|\s\([a-z]\))"
_UNIT = rf"(?:[^\S\n]*(?:%|bps?\b|{_PAID}))?"
_ROW = re.compile(
    rf"{_UNIT}{_NOTES}{{0,3}}[^\S\n]*"
    rf"(?:\Z|\||\n\s*(?![a-z])|\(?[{DASHES}]?{_PAID}?\s?\d)"
)
_AREA_CODE = re.compile(rf"\s*\d{{3}}[\s.{DASHES}]\d{{4}}")
_TWICE = 15
"""Characters between a number in words and the same in figures: a currency, as a rule."""
_CENTS = re.compile(rf"\s{HUNDREDTHS}", re.IGNORECASE)
# A clause has an article before what it speaks of; a row of a table, as a rule, has none.
_AMOUNT_OF = re.compile(
    r"\b(?:the|such|said|an?|its|their|this|that)\s(?:(?!of\b)[\w-]{1,30}\s){0,4}"
    r"(?:advance|amount|basket|bonus|cap|commitment|compensation|consideration|cost|deductible"
    r"|deposit|escrow|fee|holdback|instalment|installment|limit|loan|minimum|maximum|payment"
    r"|penalty|premium|price|rent|retainer|royalty|salary|sum|threshold|value)s?\s?\Z",
    re.IGNORECASE,
)
_LOSS = re.compile(
    r"\b(?:loss(?:es)?|deficit|negative|change|decrease|decline|reduction|credit|outflow|less|minus|net)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\s*+\Z|[^\S\n]*\n")
_REACH = 100
_NEAR = 24
"""Characters between the end of a range and its first or last figure: a sign, a currency."""
_DIGIT = re.compile(r"\d")
_NEGATIVE = frozenset({"-", "()", "minus"})


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure and what binds it.

    Attributes:
        mark: what it is: `-`, `()` and `minus` make a figure negative, `?` is a dash that may be
            punctuation.
        span: where it stands; of brackets, with what is between them.
        unit: the offset of the currency between a sign and the figure; else the figure's.
        figure: the offset of the first digit.
    """

    mark: str
    span: Span
    unit: int
    figure: int


def bound_figures(text: str) -> Iterator[Bound]:
    """Yield every figure that has a sign, stands in an accountant's brackets or ends a range."""
    for match in _BINDING.finditer(text) if _may_bind(text) else ():
        if match["plus"] is None or not _PHONE.match(text, match.start()):
            yield Bound(_mark(match), Span(*match.span()), match.end(), match.end("unit"))
    for match in _BRACKETS.finditer(text) if _OPENED.search(text) else ():
        if _is_accounted(match):
            figure = match.start("figure")
            yield Bound("()", Span(match.start("open"), match.end()), figure, figure)


def sign_difference(quote: str, passage: str) -> str | None:
    """Say that a sign differs between a quote and a passage with the same letters and digits.

    Both as `guards.plain` gives them.
    """
    ours, theirs = _by_digits(quote), _by_digits(passage)
    differs = any(unlike(ours.get(at, ""), theirs.get(at, "")) for at in ours | theirs)
    return "number: a sign or the mark between two figures differs" if differs else None


def unlike(one: str, other: str) -> bool:
    """Whether two marks differ; a dash that may be punctuation goes with a minus or none."""
    both = {one, other}
    return len(both) > 1 and not ("?" in both and both <= {"", "-", "?"})


def dropped_sign(text: str, span: Span) -> str | None:
    """Say that a range has a figure without the minus or the brackets that make it negative."""
    if not _may_drop(text, span):
        return None
    start = max(0, span.start - _REACH)
    around = text[start : span.end + _REACH]
    if not start:  # the first line begins as all others do
        start, around = -1, f"\n{around}"
    for bound in bound_figures(around):
        held = span.start <= bound.figure + start < span.end
        cut = bound.span.start + start < span.start or bound.span.end + start > span.end
        if held and cut and bound.mark in _NEGATIVE:
            return "number: the quote leaves out what makes its figure negative"
    return None


def _may_bind(text: str) -> bool:
    """Whether anything that binds figures is there at all: told quickly, for most texts."""
    small = text.lower()
    return bool(
        _SIGN.search(text) or _RANGE.search(text) or "minus" in small or "negative" in small
    )


def _may_drop(text: str, span: Span) -> bool:
    """Whether a sign can be cut off a figure: that has to stand at an end of the range."""
    head = text[span.start : span.end].lstrip()[:_NEAR]
    tail = text[max(span.start, span.end - 2 * _NEAR) : span.end]
    closes = ")" in text[span.end : span.end + _NEAR]
    return bool(_DIGIT.search(head) or (closes and _DIGIT.search(tail)))


def _by_digits(text: str) -> dict[int, str]:
    """Map the number of digits before each bound figure to what binds it."""
    before = [0, *accumulate(map(str.isdecimal, text))]
    return {before[bound.figure]: bound.mark for bound in bound_figures(text)}


def _mark(match: re.Match[str]) -> str:
    if match["range"]:
        return "to"
    if match["slash"]:
        return "/"
    if match["plus"]:
        return match["plus"]
    if match["word"]:
        return "minus"
    line = match.string.rfind("\n", 0, match.start())
    is_bullet = line >= 0 and not match.string[line : match.start()].strip()
    is_closed = _BETWEEN_DASHES.match(match.string, match.end())
    may_be_punctuation = match["dash"] and (match["space"] or is_bullet or is_closed)
    is_long = (match["paid"] or match["dash"]) in _LONG_DASHES
    return "?" if may_be_punctuation or is_long else "-"


def _is_accounted(match: re.Match[str]) -> bool:
    """Whether brackets make an amount negative, as in "$ (500)" or in a table's row.

    They don't around a label, a year, an area code, a number that was just said in words, or, but
    after a currency, in the middle of a sentence.
    """
    text, at = match.string, match.start()
    is_paid = match["paid"] or match["within"]
    if not is_paid and (_LABEL.fullmatch(match["figure"]) or text[at - 1 : at].isalnum()):
        return False
    in_row = _ROW.match(text, match.end()) and not _AREA_CODE.match(text, match.end())
    if not (match["paid"] or in_row) or _was_said(match):
        return False
    return not (match["within"] and _ENDS.match(text, match.end()) and _explains(match))


def _explains(match: re.Match[str]) -> bool:
    """Whether brackets tell how much what they stand behind is: "the Purchase Price ($5,000)"."""
    before = match.string[max(0, match.start() - _REACH) : match.start()]
    return bool(_AMOUNT_OF.search(before)) and not _LOSS.search(before.rpartition("\n")[2])


def _was_said(match: re.Match[str]) -> bool:
    """Whether the same number stands before its brackets, or any one in words close to them."""
    before = match.string[max(0, match.start() - _REACH) : match.start()]
    said = number_mentions(before)
    same = {number for mention in number_mentions(match["figure"]) for number in mention.candidates}
    return any(
        same.intersection(mention.candidates)
        or (mention.form == "words" and len(_CENTS.sub("", before[mention.end :])) <= _TWICE)
        for mention in said
    )

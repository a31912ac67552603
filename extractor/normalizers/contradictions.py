"""Numbers that a text says twice and differently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from extractor.normalizers.currency import CURRENCY
from extractor.normalizers.fractions import VULGAR
from extractor.normalizers.mentions import HUNDREDTHS, NumberMention, number_mentions
from extractor.normalizers.words import has_number_words

_SAID_TWICE = re.compile(
    rf"(?:\s*(?:{CURRENCY.pattern}|(?i:{HUNDREDTHS})))*+\s*"
    rf"\(\s*(?:{CURRENCY.pattern})?\s*"
)

_LOOK_BACK = 40
_OVERS = ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PARTS = {
    "hal": Decimal("0.5"),
    "third": None,
    "quarter": Decimal("0.25"),
    "fourth": Decimal("0.25"),
    "fifth": Decimal("0.2"),
    "sixth": None,
    "eighth": Decimal("0.125"),
    "tenth": Decimal("0.1"),
    "hundredth": Decimal("0.01"),
}
_FRACTION_OF = re.compile(
    rf"\b(?P<more>and\s+)?(?P<over>{'|'.join(_OVERS)})[\s-]+"
    r"(?P<part>half|halves|(?:third|quarter|fourth|fifth|sixth|eighth|tenth|hundredth)s?)"
    r"\s+of\s+(?:an?\s+)?\Z",
    re.IGNORECASE,
)
"""A fraction of the number that comes next: "one-half of one percent"."""
_TO = re.compile(rf"\s*(?:-|to\b|and\b|through\b)\s*(?:{CURRENCY.pattern})?\s*", re.IGNORECASE)
_FIGURE = re.compile(rf"\([^()\d]*+[\d{VULGAR}]")


def contradictions(
    text: str, mentions: Sequence[NumberMention] | None = None
) -> list[tuple[Decimal, ...]]:
    """Find the numbers whose words and figures disagree, with what each can be, words first.

    Args:
        text: a passage.
        mentions: its numbers, where they are known already.

    >>> contradictions("upon sixty (90) days' notice"), contradictions("thirty (30) days")
    ([(Decimal('60'), Decimal('90'))], [])
    """
    if not _FIGURE.search(text) or not has_number_words(text):
        return []  # nothing is said twice: the usual case, and numbers take their time
    found: list[tuple[Decimal, ...]] = []
    mentions = number_mentions(text) if mentions is None else mentions
    for at, (one, other) in enumerate(pairwise(mentions)):
        if (
            one.form == "words"
            and other.form == "figures"
            and _SAID_TWICE.fullmatch(text, one.end, other.start)
            and not set(one.candidates) & set(other.candidates)
        ):
            found += _disagreement(text, mentions[max(0, at - 1) : at + 3], one, other)
    return found


def _disagreement(
    text: str, around: Sequence[NumberMention], one: NumberMention, other: NumberMention
) -> list[tuple[Decimal, ...]]:
    """Compare words and figures that are not the same number: nothing, if they say the same."""
    words, figures = one.candidates, other.candidates
    if fraction := _FRACTION_OF.search(text[max(0, one.start - _LOOK_BACK) : one.start]):
        share = _share(fraction)
        if share is None:
            return []
        words = tuple(share * number for number in words)
    elif other.percent and not one.percent and max(words) <= 1:
        words += tuple(100 * number for number in words)
    elif last := _last_of_range(text, around, one, other):
        figures = last.candidates
    return [] if set(words) & set(figures) else [words + figures]


def _share(fraction: re.Match[str]) -> Decimal | None:
    """Return what a fraction in words is; None where no decimal is, or where it is only a part."""
    part = next(part for part in _PARTS if fraction["part"].lower().startswith(part))
    share = None if fraction["more"] else _PARTS[part]
    return None if share is None else share * (_OVERS.index(fraction["over"].lower()) or 1)


def _last_of_range(
    text: str, around: Sequence[NumberMention], one: NumberMention, other: NumberMention
) -> NumberMention | None:
    """Return the end of a range that is said twice: the 10 of "three to ten (3-10)"."""
    first, last = around[0], around[-1]
    if one in (first, last) or other in (first, last):
        return None
    is_twice = _TO.fullmatch(text, first.end, one.start) and _TO.fullmatch(
        text, other.end, last.start
    )
    return last if is_twice else None

"""Short texts around a length of time: "30 days after delivery", "annually"."""

from __future__ import annotations

import re

from extractor.grounding.quantities import duration_support
from extractor.grounding.sense import turned_phrase, without_bounds
from extractor.grounding.verdict import Support, no, unjudged
from extractor.normalizers import (
    LENGTH_WORDS,
    Duration,
    comes_again,
    durations_in,
    recurrences_in,
    says_numbers,
)

OTHER_WORDS = "the value is in other words than the quote"
_WORDS = 8
_STEM = 5
"""Letters in which forms of one word agree."""
_WORD = re.compile(r"[^\W\d_]+")
_UNSAID = (
    "a an the of on at for to in by with upon and or from than that this be is are it its any such "
    "as within during half s"
)
_SMALL = frozenset(_UNSAID.split())
_AGAIN = frozenset(["each", "every", "per", "basis", "once"])


def lengths_of_phrase(value: str) -> list[Duration]:
    """Return the lengths of time of a short text; a longer one says more than these."""
    return durations_in(value) if len(value.split()) <= _WORDS else []


def phrase_support(value: str, lengths: list[Duration], quote: str) -> Support | None:
    """Judge a short text that has lengths of time; None where these alone say nothing of it.

    The same length proves a text that says no more than it. "30 days after delivery" is left open
    by a quote on 30 days' notice, and what comes again ("annually") is no matter of how long
    something lasts.
    """
    verdict = turned_phrase(value, quote) or duration_support(lengths, quote)
    if not verdict.ok:
        return verdict
    has_numbers = says_numbers(value)
    is_often = not has_numbers and comes_again(value)
    if is_often and not set(lengths) <= set(recurrences_in(quote)):
        return no("the quote does not say that it comes again after this time")
    if not _adds(value, quote, _SMALL | _AGAIN if is_often else _SMALL):
        return verdict
    return unjudged(OTHER_WORDS) if has_numbers else None


def _adds(value: str, quote: str, small: frozenset[str]) -> bool:
    """Whether a text has a word of its own, besides bounds, lengths and small words."""
    words = set(_WORD.findall(without_bounds(value))) - LENGTH_WORDS - small
    said = {word[:_STEM] for word in _WORD.findall(quote.casefold())} if words else set[str]()
    return any(word[:_STEM] not in said for word in words)

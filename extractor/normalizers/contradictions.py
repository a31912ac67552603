"""Numbers that a text says twice and differently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from extractor.normalizers.currency import CURRENCY
from extractor.normalizers.fractions import VULGAR
from extractor.normalizers.mentions import NumberMention, number_mentions
from extractor.normalizers.words import has_number_words

_SAID_TWICE = re.compile(rf"\s*(?:{CURRENCY.pattern})?\s*\(\s*(?:{CURRENCY.pattern})?\s*")

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
    return [
        one.candidates + other.candidates
        for one, other in pairwise(number_mentions(text) if mentions is None else mentions)
        if one.form == "words"
        and other.form == "figures"
        and _SAID_TWICE.fullmatch(text, one.end, other.start)
        and not set(one.candidates) & set(other.candidates)
    ]

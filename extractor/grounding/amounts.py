"""What a number is of: the currency or percent sign beside it, in the value and in its quote."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from extractor.grounding.verdict import YES, Support, ambiguous, no
from extractor.normalizers import (
    CURRENCY,
    CURRENCY_BEFORE,
    NumberMention,
    currency_meanings,
    may_name_currency,
    number_mentions,
)
from extractor.normalizers.mentions import HUNDREDTHS

_LOOK_BACK = 24
_OPENED = re.compile(r"\(\s?\Z")
_AFTER = re.compile(
    rf"\s?(?:{HUNDREDTHS})?\s?\)?\s?"
    rf"(?:(?P<written>{CURRENCY.pattern})|\((?P<bracketed>{CURRENCY.pattern})\)"
    r"|(?P<nation>Canadian|Australian|American)\b)",
    re.IGNORECASE,
)
_PERCENT_AFTER = re.compile(r"\s?\)?\s?(?:%|per\s?cent\b)", re.IGNORECASE)
_PERCENT = re.compile(r"%|\bper\s?cent", re.IGNORECASE)
_RANK = ("found", "ambiguous", "unverified")


def amount_support(value: str, quote: str) -> Support:
    """Compare what stands beside the value's numbers with what the quote has beside the same ones.

    A plain number says nothing of its unit; "$5,000" and "5%" do. A sign of several currencies
    agrees with itself and with the currency that is usually meant.
    """
    if not (may_name_currency(value) or "%" in value or "cent" in value.lower()):
        return YES  # nothing has a unit
    ours = number_mentions(value)
    if not ours:
        return YES
    theirs: defaultdict[object, list[NumberMention]] = defaultdict(list)
    for mention in number_mentions(quote):
        for size in _sizes(mention):
            theirs[size].append(mention)
    judged: set[object] = set()
    for mention in ours:
        meant = _meanings(value, mention)
        amount = (mention.candidates, mention.percent, meant)
        if amount in judged:
            continue
        judged.add(amount)
        same = [m for size in _sizes(mention) for m in theirs[size]]
        if not same and (mention.percent or meant is not None):
            return no(f"the quote does not say {mention.candidates[0]:f}")
        verdict = YES
        if mention.percent:
            verdict = _percent_support(mention, same, quote)
        elif meant is not None:
            verdict = _currency_support(meant, same, quote)
        if verdict != YES:
            return verdict
    return YES


def _sizes(mention: NumberMention) -> set[object]:
    return {abs(number) for number in mention.candidates}


def _percent_support(mention: NumberMention, same: list[NumberMention], quote: str) -> Support:
    if any(m.percent or _PERCENT_AFTER.match(quote, m.end) for m in same):
        return YES
    number = f"{mention.candidates[0]:f}"
    if _PERCENT.search(quote):
        return ambiguous(f"the quote does not say that its {number} is a percentage")
    return no(f"the quote's {number} is no percentage")


def _currency_support(ours: tuple[str, ...], same: list[NumberMention], quote: str) -> Support:
    """Compare the currencies that the value's sign can mean with those beside the same numbers."""
    beside = [_meanings(quote, mention) for mention in same]
    verdicts = [_agreement(ours, theirs) for theirs in beside if theirs is not None]
    if verdicts:
        return min(verdicts, key=lambda verdict: _RANK.index(verdict.status))
    elsewhere = [currency_meanings(written) for written in CURRENCY.findall(quote)]
    if any(set(ours) & set(theirs) for theirs in elsewhere):
        return ambiguous("the quote has its currency not beside the number")
    return no("the quote has another currency" if elsewhere else "the quote has no currency")


def _agreement(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Support:
    if not set(ours) & set(theirs):
        return no("the quote has another currency")
    if ours == theirs or theirs == ours[:1]:
        return YES
    side = "quote" if len(theirs) > 1 else "value"
    return ambiguous(f"the {side} does not say which currency its sign stands for")


def _meanings(text: str, mention: NumberMention) -> tuple[str, ...] | None:
    """Return the currencies that what stands beside a number can mean; None if nothing does."""
    before = _OPENED.sub("", text[max(0, mention.start - _LOOK_BACK) : mention.start])
    before_it, after_it = CURRENCY_BEFORE.search(before), _AFTER.match(text, mention.end)
    written: list[str] = []
    if before_it:
        written += CURRENCY.findall(before_it.group())
    if after_it:
        nation = after_it["nation"]
        written.append(
            f"{nation} dollars" if nation else after_it["written"] or after_it["bracketed"]
        )
    return _common(map(currency_meanings, written)) if written else None


def _common(meanings: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Keep what all can mean: "$5,000 CAD" is Canadian."""
    first, *others = meanings
    if not others:
        return first
    return tuple(code for code in first if all(code in other for other in others))

"""Quotes that stop short of what they are to prove, with the rest of their part of the sentence.

A small model quotes "April 6th" of "as of April 6th, 2005", or "I," of "I, Hap Hewes". Code knows
where that stands, and can read on.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from extractor.documents.document import Document
from extractor.grounding.fields import PROOF, scalar_of
from extractor.grounding.locate import Locator, Match
from extractor.grounding.names import is_name
from extractor.grounding.support import supports
from extractor.grounding.wording import around
from extractor.normalizers import dates_in, durations_in, numbers_in, read_date, read_iso_duration
from extractor.types import Span
from extractor.wire.restored import Leaf

_WORD = re.compile(r"[^\W_]+")
_REACH = 300
"""Characters behind a name within which it is said what it is called."""

_BRACKET = re.compile(r"(?:[^()]|\((?![^()]*[\"\u201c])[^()]*\))*\((?P<inside>[^()]*)\)")
_QUOTED = re.compile('["\u201c](?:the )?([^"\u201c\u201d]{1,60})["\u201d]')
_PRONOUNS = frozenset(["i", "he", "she", "it", "we", "you", "they"])
_PLACES = 20
"""Places of a quote that are tried."""


def wider_quote(leaf: Leaf, document: Document, locator: Locator) -> str | None:
    """Return words around a quote that bear a value which the quotes by themselves don't.

    They are the quote's own part of a sentence. None where a quote bears the value already, where
    its surroundings don't, and where it says another thing of the same kind: "thirty days" is no
    quote for ten, whatever stands beside it. A party's name of two words or more is its own quote
    wherever the document has it.
    """
    scalar = scalar_of(leaf.node)
    if leaf.value in (None, "", [], {}) or not leaf.quotes:
        return None
    value = Decimal(leaf.value) if scalar.format == "decimal" else leaf.value
    known = [(quote, locator.locate(quote)) for quote in leaf.quotes]
    proof = [(quote, found) for quote, found in known if found.status in PROOF]
    if any(supports(value, quote, scalar.values).status != "unverified" for quote, _ in proof):
        return None
    for quote, found in proof:
        if _says_another(value, quote):
            called = (_called(value, match, document.text) for match in found.matches[:_PLACES])
            if words := next(filter(None, called), None):
                return words
            continue
        for match in found.matches[:_PLACES]:
            span = around(document.text, Span(match.start, match.end))
            words = document.text[span.start : span.end].strip()
            verdict = supports(value, words, scalar.values)
            if verdict.ok or verdict.status == "derived":
                return words
    if scalar.format == "party-name":
        return _own_quote(str(value), locator)
    return None


def _called(value: Any, match: Match, text: str) -> str | None:
    """Return a name with the bracket that defines what it is called, if that is the value.

    Of `Acme Ltd (the "Supplier") and Bolt Inc (the "Customer")` only the first bracket is Acme's.
    """
    if not isinstance(value, str):
        return None
    bracket = _BRACKET.match(text, match.end, match.end + _REACH)
    terms = _QUOTED.findall(bracket["inside"]) if bracket else []
    is_meant = any(_words(value) == _words(term) for term in terms)
    return text[match.start : bracket.end()] if bracket and is_meant else None


def _own_quote(name: str, locator: Locator) -> str | None:
    is_enough = len(_words(name)) > 1
    return name if is_enough and locator.locate(name).status in {"exact", "normalized"} else None


def _says_another(value: Any, quote: str) -> bool:
    """Whether a quote has a thing of its own of the value's kind."""
    if isinstance(value, int | float | Decimal):
        return bool(numbers_in(quote))
    if isinstance(value, date) or (isinstance(value, str) and read_date(value)):
        return any(day.value for day in dates_in(quote))
    if isinstance(value, str) and (read_iso_duration(value) or durations_in(value)):
        return bool(durations_in(quote))
    known = {*_words(str(value)), *_PRONOUNS}
    return is_name(" ".join(word for word in _WORD.findall(quote) if word.casefold() not in known))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]

"""Quotes that stop short of what they are to prove, read on from where they stand.

A small model quotes "April 6th" of "as of April 6th, 2005", or "Inspire" of "Inspire
Pharmaceuticals, Inc.". Code knows where that stands, and can read on. Only what a quote has begun
to say is finished: what merely stands near it is not what was quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from extractor.documents.document import Document
from extractor.documents.structure.sentences import around
from extractor.grounding.fields import PROOF, scalar_of
from extractor.grounding.locate import Locator, Match
from extractor.grounding.names import is_name
from extractor.grounding.parties import Roles
from extractor.grounding.support import supports
from extractor.normalizers import numbers_in, read_date, read_iso_duration
from extractor.normalizers.dates import MONTHS
from extractor.normalizers.legal_forms import LEGAL_FORMS
from extractor.types import Span
from extractor.wire.restored import Leaf

_WORD = re.compile(r"[^\W_]+")
_FURTHER = 60
"""Characters that a quote is read on."""

_REACH = 300
"""Characters behind a name within which it is said what it is called."""

_DESCRIBED = r"(?:,?\s+(?:an?|located|with|having|whose|organi[sz]ed|incorporated|of)\s[^()]*)?"
_ASIDE = r"\s*\((?![^()]*[\"\u201c])[^()]*\)"
_BRACKET = re.compile(
    rf"(?P<between>{_DESCRIBED}(?:{_ASIDE}{_DESCRIBED})*)\s*\((?P<inside>[^()]*)\)"
)
_QUOTED = re.compile('["\u201c](?:the )?([^"\u201c\u201d]{1,60})["\u201d]')
_ANOTHER = re.compile(r"\b(?:subsidiary|affiliate|division|branch|parent) of\b|\band\s+[A-Z]")
_KINDS = frozenset(["company", "corporation", "partnership", "limited"])
"""What a description calls a party as well as a name does: "a Delaware corporation"."""

_PLACES = 20
"""Places of a quote that are tried."""


def wider_quote(leaf: Leaf, document: Document, locator: Locator, roles: Roles) -> str | None:
    """Return words that bear a value which the quotes by themselves only begin to say.

    They are a quote with what follows it: the rest of a date, of a length of time or of a name;
    behind a name, the bracket that says what it is called; and for what the contract calls a
    party, the party's name, where that stands elsewhere. None where a quote bears the value
    already, and where none has begun to.
    """
    scalar = scalar_of(leaf.node)
    value = leaf.value
    if not isinstance(value, str) or not value or not leaf.quotes or scalar.format == "decimal":
        return None
    known = [(quote, locator.locate(quote)) for quote in leaf.quotes]
    proof = [(quote, found) for quote, found in known if found.status in PROOF]
    if any(supports(value, quote, scalar.values).status != "unverified" for quote, _ in proof):
        return None
    for quote, found in proof:
        for match in found.matches[:_PLACES]:
            words = _called(value, match, document.text) if is_name(quote) else None
            words = words or _read_on(value, quote, match, document.text)
            if words:
                return words
    if scalar.format == "party-name" and any(roles.denial(quote) for quote, _ in proof):
        return _own_quote(value, document, locator)
    return None


def _read_on(value: str, quote: str, match: Match, text: str) -> str | None:
    """Return the shortest continuation of a quote that bears a value that it has begun."""
    if not _has_begun(value, quote):
        return None
    last = min(around(text, Span(match.start, match.end)).end, match.end + _FURTHER)
    for end in _ends(text, match.end, last):
        words = text[match.start : end]
        if supports(value, words).ok:
            return words
    return None


def _ends(text: str, start: int, last: int) -> Iterator[int]:
    """Yield the ends of the words from one place to another, the stop of "Inc." with it."""
    for word in _WORD.finditer(text, start, last):
        is_short = word.group().casefold() in LEGAL_FORMS and text[word.end() :][:1] == "."
        yield word.end() + is_short


def _has_begun(value: str, quote: str) -> bool:
    """Whether a quote says a part of a date, a length of time or a name, and nothing else."""
    said = _words(quote)
    day = read_date(value)
    if day is not None:
        return day.value is not None and _has_begun_date(day.value, said)
    length = read_iso_duration(value)
    if length is not None:
        numbers = {int(number) for number in numbers_in(quote) if number == int(number)}
        return bool(numbers & {int(digits) for digits in re.findall(r"\d+", value)})
    return is_name(value) and bool(said) and set(said) < set(_words(value))


def _has_begun_date(day: date, said: list[str]) -> bool:
    has_day = any(re.fullmatch(rf"{day.day}(?:st|nd|rd|th)?", word) for word in said)
    return has_day or any(MONTHS.get(word) == day.month for word in said)


def _called(value: str, match: Match, text: str) -> str | None:
    """Return a name with the bracket that defines what it is called, if that is the value.

    Of `Acme Ltd (the "Supplier") and Bolt Inc (the "Customer")` only the first bracket is Acme's;
    so it is behind a description of Acme, and no other name.
    """
    bracket = _BRACKET.match(text, match.end, match.end + _REACH)
    if bracket is None or _ANOTHER.search(bracket["between"]):
        return None
    if LEGAL_FORMS.keys() & set(_words(bracket["between"])) - _KINDS:
        return None
    is_meant = any(_words(value) == _words(term) for term in _QUOTED.findall(bracket["inside"]))
    return text[match.start : bracket.end()] if is_meant else None


def _own_quote(name: str, document: Document, locator: Locator) -> str | None:
    """Return a name of two words or more that the document has, in capitals as names are."""
    found = locator.locate(name) if len(_words(name)) > 1 else None
    if found is None or found.status not in {"exact", "normalized"}:
        return None
    for match in found.matches:
        words = document.text[match.start : match.end]
        if is_name(words):
            return words
    return None


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]

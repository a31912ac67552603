"""Names of parties as their quotes have them, and what a contract only calls a party."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from extractor.documents.document import Document
from extractor.documents.structure.definitions import definitions_of
from extractor.grounding.verdict import Support, no
from extractor.normalizers import read_party
from extractor.normalizers.legal_forms import LEGAL_FORMS

_CALLED = (
    "acquirer agent borrower buyer client company consultant contractor counterparty customer "
    "director discloser disclosing distributor employee employer executive franchisee franchisor "
    "guarantor landlord lender lessee lessor licensee licensor manufacturer member owner party "
    "parties purchaser recipient receiving receiver reseller seller shareholder supplier tenant "
    "undersigned vendor"
)
_ROLES = frozenset(_CALLED.split())
_SMALL = frozenset(["the", "a", "an", "such", "and", "other", "each", "either", "every", "both"])
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 200
"""Characters of a name, or of a quote that may be one; more is a sentence."""

_INVERTED = re.compile(
    r"(?P<last>[A-Z][\w'\u2019-]+), (?P<first>[A-Z][\w'\u2019-]*\.?(?: [A-Z][\w'\u2019-]*\.?){0,2})"
)
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "esq", "phd", "md", "trustee"])
_QUOTED = re.compile('["\u201c\u201d][^"\u201c\u201d]*["\u201c\u201d]')


def party_in_full(name: str, quotes: Sequence[str], text: str = "") -> str | None:
    """Return a party's name as a contract writes it, where an answer has it in another way.

    What stands beside a name (", a Delaware corporation", ", located at ...") is left off, a name
    that begins with the surname is turned round where the contract has it so, and a legal form that
    follows it in the quote is put to it. None where nothing changes.

    Args:
        name: the answer.
        quotes: what was quoted for it.
        text: the contract's.

    >>> party_in_full("Hewes, Hap", [], "/s/ Hap Hewes")
    'Hap Hewes'
    >>> party_in_full("Acme Inc., a Utah company", []), party_in_full("Acme", ["Acme Inc. and"])
    ('Acme Inc.', 'Acme Inc.')
    """
    if len(name) > _LONGEST:
        return None
    turned = _turned(name, (*quotes, text))
    if turned:
        return turned
    reading = read_party(name)
    if reading is None:
        return None
    if not reading.legal_form:
        formed = (_with_form(name, quote) for quote in quotes if len(quote) <= _LONGEST)
        if full := next(filter(None, formed), None):
            return full
    is_cut = reading.name != name and name.startswith(reading.name)
    return reading.name if reading.name and is_cut else None


def _turned(name: str, texts: Sequence[str]) -> str | None:
    """Return a person's name with the surname last, if it stands so in one of the texts."""
    inverted = _INVERTED.fullmatch(name)
    if inverted is None:
        return None
    words = [*inverted["first"].split(), inverted["last"]]
    if any(_plain(word) in LEGAL_FORMS or _plain(word) in _SUFFIXES for word in words):
        return None
    name = r"[ \t]+".join(map(re.escape, words))
    on_a_line = re.compile(rf"(?<!\w){name}(?!\w)", re.IGNORECASE)
    return " ".join(words) if any(map(on_a_line.search, texts)) else None


def _with_form(name: str, quote: str) -> str | None:
    """Return a name with the legal form that follows it in a quote."""
    quote = " ".join(quote.split())
    at = quote.find(name)
    if at < 0 or (at and quote[at - 1].isalnum()):
        return None
    end = at + len(name)
    form = re.match(r",? (?P<form>[A-Z][\w.]*)(?!\w)", quote[end:])
    if form is None or _plain(form["form"]) not in LEGAL_FORMS:
        return None
    return quote[at : end + form.end()]


class Roles:
    """What one document calls its parties by, in place of their names."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def _terms(self) -> dict[tuple[str, ...], list[str]]:
        """Each defined term with the passages that define it, without what these quote."""
        terms: dict[tuple[str, ...], list[str]] = {}
        for definition in definitions_of(self._document):
            span = definition.span
            passage = self._document.text[span.start : span.end]
            terms.setdefault(_words(definition.term), []).append(_QUOTED.sub(" ", passage))
        return terms

    def denial(self, name: str) -> Support | None:
        """Say that a party's name is only what the contract calls somebody: the "Recipient".

        A short name that is a part of the full one ("Acme" of "Acme Inc."), or made of its
        initials, is a name.
        """
        words = _words(name)
        if words and _ROLES.issuperset(words):
            return no(f"{name!r} is a role, not a name")
        passages = self._terms.get(words, ())
        if passages and not any(_has_name(passage, name) for passage in passages):
            return no(f"{name!r} is what the contract calls a party, not its name")
        return None


def _has_name(passage: str, name: str) -> bool:
    """Whether a definition has a word of the name, or the words that its letters stand for."""
    said, wanted = set(_WORD.findall(passage)), set(_WORD.findall(name))
    if any(word in said for word in wanted if word[0].isupper() or word[0].isdigit()):
        return True
    initials = "".join(word[0] for word in _WORD.findall(passage) if word[0].isupper())
    return len(name) > 1 and name.isupper() and name.replace(".", "") in initials


def _words(text: str) -> tuple[str, ...]:
    words = (word.casefold() for word in _WORD.findall(text))
    return tuple(word for word in words if word not in _SMALL)


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()

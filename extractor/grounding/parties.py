"""Names of parties as their quotes have them, and what a contract only calls a party."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from extractor.documents.definitions import definitions_of
from extractor.documents.document import Document
from extractor.grounding.verdict import Support, no
from extractor.normalizers import read_party

_CALLED = (
    "acquirer agent borrower buyer client company consultant contractor counterparty customer "
    "director discloser disclosing distributor employee employer executive franchisee franchisor "
    "guarantor landlord lender lessee lessor licensee licensor manufacturer member owner party "
    "parties purchaser recipient receiving receiver reseller seller shareholder supplier tenant "
    "undersigned vendor"
)
_ROLES = frozenset(_CALLED.split())
_SMALL = frozenset(["the", "a", "an", "such", "and", "other"])
_WORD = re.compile(r"[^\W\d_]+")
_INVERTED = re.compile(r"(?P<last>[^\W\d_][\w'\u2019-]+),\s+(?P<first>[^\W\d_][\w.'\u2019 -]*)")
_QUOTED = re.compile('["\u201c\u201d][^"\u201c\u201d]*["\u201c\u201d]')


def party_in_full(name: str, quotes: Sequence[str], text: str = "") -> str | None:
    """Return a party's name as a contract writes it, where an answer has it in another way.

    What stands beside a name (", a Delaware corporation", ", located at ...") is left off, a name
    that begins with the surname is turned round where the contract has it so, and a legal form that
    the quote has is put to it. None where nothing changes.

    Args:
        name: the answer.
        quotes: what was quoted for it.
        text: the contract's.

    >>> party_in_full("Hewes, Hap", [], "/s/ Hap Hewes"), party_in_full("A Inc., a Utah firm", [])
    ('Hap Hewes', 'A Inc.')
    """
    inverted = _INVERTED.fullmatch(name)
    if inverted:
        turned = f"{inverted['first'].strip()} {inverted['last']}"
        words = re.escape(turned).replace(r"\ ", r"\s+")
        if any(re.search(rf"\b{words}\b", said, re.IGNORECASE) for said in (*quotes, text)):
            return turned
    reading = read_party(name)
    if reading is None:
        return None
    for quoted in map(read_party, quotes):
        if quoted and quoted.stem == reading.stem and quoted.legal_form and not reading.legal_form:
            return quoted.name
    is_cut = reading.name != name and name.startswith(reading.name)
    return reading.name if reading.name and is_cut else None


class Roles:
    """What one document calls its parties by, in place of their names."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def _terms(self) -> dict[tuple[str, ...], list[str]]:
        """Each defined term with what stands before it, where it is defined."""
        terms: dict[tuple[str, ...], list[str]] = {}
        for definition in definitions_of(self._document):
            span = definition.span
            passage = self._document.text[span.start : span.end]
            before = passage.rpartition(definition.term)[0].rpartition(")")[2]
            terms.setdefault(_words(definition.term), []).append(_QUOTED.sub(" ", before))
        return terms

    def denial(self, name: str) -> Support | None:
        """Say that a party's name is only what the contract calls somebody: the "Recipient".

        A short name that is a part of the full one ("Acme" of "Acme Inc.") is a name.
        """
        words = _words(name)
        if words and _ROLES.issuperset(words):
            return no(f"{name!r} is a role, not a name")
        named = self._terms.get(words, ())
        if named and not any(set(words) & set(_words(before)) for before in named):
            return no(f"{name!r} is what the contract calls a party, not its name")
        return None


def _words(text: str) -> tuple[str, ...]:
    words = (word.casefold() for word in _WORD.findall(text))
    return tuple(word for word in words if word not in _SMALL)

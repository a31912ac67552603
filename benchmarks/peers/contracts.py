"""Contracts whose right answer is known from their number alone.

The mock answers from `truth`, and each result is checked against it, so that a lost, a swapped or
an invented document is seen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypedDict

_NUMBER = re.compile(r"DOC-(\d{6,9})")
_CHARACTERS = 4
"""Of a token, roughly."""

_NAMES = (
    "Aldgate",
    "Brightwater",
    "Castellan",
    "Dunmore",
    "Eastfield",
    "Fairhaven",
    "Greycourt",
    "Hartwell",
    "Inverness",
    "Juniper",
    "Kestrel",
    "Lakemont",
    "Meridian",
    "Northgate",
    "Oakridge",
    "Pemberton",
    "Quillon",
    "Ravenswood",
    "Silverline",
    "Thornbury",
)
_FORMS = (
    "Holdings Ltd",
    "Partners LLP",
    "Inc.",
    "GmbH",
    "& Sons Ltd",
    "Capital, L.P.",
    "S.A.",
    "LLC",
)
_LAWS = (
    "State of New York",
    "State of Delaware",
    "England and Wales",
    "State of California",
    "Federal Republic of Germany",
    "Republic of Singapore",
    "Province of Ontario",
    "Ireland",
)
_DUTIES = (
    "deliver the Services in accordance with Schedule A",
    "pay each undisputed invoice within thirty (30) days of receipt",
    "keep all Confidential Information in strict confidence",
    "maintain insurance of not less than $2,000,000 per occurrence",
    "provide quarterly compliance reports to the other party",
    "permit an annual audit of its books & records",
    "indemnify the other party against third-party claims",
    "comply with applicable anti-corruption law",
)
_NOTICE = ("thirty (30)", "sixty (60)", "ninety (90)", "one hundred and eighty (180)")
_FILLER = (
    (
        "The parties acknowledge that each has had the opportunity to obtain independent legal "
        "advice and that no rule of construction applies to the disadvantage of a party on the "
        "basis that it put this Agreement forward."
    ),
    (
        "No failure or delay by a party to exercise any right or remedy provided under this "
        "Agreement or by law shall constitute a waiver of that or any other right or remedy, "
        "nor shall it prevent or restrict the further exercise of that or any other right or "
        "remedy."
    ),
    (
        "Neither party shall be in breach of this Agreement nor liable for delay in performing, "
        "or failure to perform, any of its obligations if such delay or failure results from "
        "events, circumstances or causes beyond its reasonable control."
    ),
    (
        "Any notice given to a party under or in connection with this Agreement shall be in "
        "writing and shall be delivered by hand or by pre-paid first-class post or other next "
        "working day delivery service at its registered office."
    ),
    (
        "If any provision or part-provision of this Agreement is or becomes invalid, illegal or "
        "unenforceable, it shall be deemed deleted, but that shall not affect the validity and "
        "enforceability of the rest of this Agreement."
    ),
    (
        "This Agreement constitutes the entire agreement between the parties and supersedes and "
        "extinguishes all previous agreements, promises, assurances, warranties, "
        "representations and understandings between them, whether written or oral, relating to "
        "its subject matter."
    ),
)


class Facts(TypedDict):
    """What a contract says, as JSON holds it."""

    parties: list[str]
    effective_date: str
    termination_clause: str
    key_obligations: list[str]
    governing_law: str


def truth(number: int) -> Facts:
    """Return the right extraction of a contract."""
    bits = int.from_bytes(hashlib.blake2b(b"doc%d" % number, digest_size=16).digest(), "big")

    def one_of(values: Sequence[str], shift: int) -> str:
        return values[(bits >> shift) % len(values)]

    first, second = one_of(_NAMES, 0), one_of(_NAMES, 7)
    if first == second:
        second = _NAMES[(_NAMES.index(first) + 1) % len(_NAMES)]
    day = date(2012, 1, 1) + timedelta(days=(bits >> 20) % 4_700)
    start = (bits >> 40) % len(_DUTIES)
    return {
        "parties": [f"{first} {one_of(_FORMS, 14)}", f"{second} {one_of(_FORMS, 17)}"],
        "effective_date": day.isoformat(),
        "termination_clause": (
            f"Either party may terminate this Agreement on {one_of(_NOTICE, 60)} days' written "
            f"notice to the other (ref. {number})."
        ),
        "key_obligations": [
            _DUTIES[(start + i) % len(_DUTIES)] for i in range(3 + (bits >> 50) % 3)
        ],
        "governing_law": one_of(_LAWS, 70),
    }


def contract(number: int, tokens: int = 2_000) -> str:
    """Write a contract of about so many tokens."""
    facts = truth(number)
    duties = " ".join(f"{quote('key_obligations', duty)}." for duty in facts["key_obligations"])
    made = quote("effective_date", facts["effective_date"])
    parties = " and ".join(facts["parties"])
    paragraphs = [
        f"SERVICES AGREEMENT No. DOC-{number:06d}",
        f"{made} between {parties} (each a party).",
        f"1. Obligations. {duties}",
        f"2. Termination. {facts['termination_clause']}",
        f"3. Governing law. {quote('governing_law', facts['governing_law'])}",
    ]
    size, clause = sum(map(len, paragraphs)), 4
    while size < tokens * _CHARACTERS:
        paragraph = f"{clause}. {_FILLER[(number + clause) % len(_FILLER)]}"
        if clause % 8 == 0:
            paragraph += f"\n[DOC-{number:06d} page {clause // 8}]"
        paragraphs.append(paragraph)
        size += len(paragraph) + 2
        clause += 1
    return "\n\n".join(paragraphs)


def quote(fact: str, value: str) -> str:
    """Return the words of a contract that prove one value of a fact.

    >>> quote("governing_law", "Ireland")
    'This Agreement is governed by the law of Ireland.'
    """
    match fact:
        case "effective_date":
            day = date.fromisoformat(value)
            return f"This Agreement is made on {day:%d %B %Y} (the Effective Date)"
        case "governing_law":
            return f"This Agreement is governed by the law of {value}."
        case "key_obligations":
            return f"The Supplier shall {value}"
        case _:
            return value


def number_in(text: str) -> int:
    """Return the number that a text shows (a contract, or a prompt that holds one); 0 for none."""
    found = _NUMBER.search(text)
    return int(found[1]) if found else 0


def matches(number: int, found: Mapping[str, object]) -> bool:
    """Say whether an extraction, as JSON, has all that the contract says."""
    return all(found.get(name) == value for name, value in truth(number).items())

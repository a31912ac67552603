"""Small contracts whose right answer follows from the number that is printed in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, timedelta

from pydantic import BaseModel, Field

from extractor.types import JsonObject

_NUMBER = re.compile(r"\bK-(\d{6})\b")
_HOUSES = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Larch", "Maple", "Rowan", "Walnut", "Yew")
_FORMS = ("Ltd", "LLC", "GmbH", "S.A.", "Inc.")
_LAWS = ("Ireland", "Scotland", "Germany", "Ontario", "Singapore", "Delaware")


class Terms(BaseModel):
    """What is asked of each contract."""

    supplier: str = Field(description="Full name of the party that supplies the services.")
    customer: str = Field(description="Full name of the party that receives them.")
    signed: date = Field(description="Day on which the agreement was made.")
    notice_days: int = Field(description="Days of notice for termination.")
    monthly_fee: int = Field(description="Monthly fee in whole US dollars.")
    law: str | None = Field(default=None, description="Whose law governs, without 'the laws of'.")


def draw(*key: object) -> float:
    """Return a number from 0 up to 1 that depends on nothing but the key."""
    raw = hashlib.blake2b("|".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(raw, "big") / 2**64


def drawn(shares: Mapping[str, float], *key: object) -> str:
    """Return the name that falls to a key, each to its share of all keys; an empty one for none."""
    left = draw(*key)
    for name, share in shares.items():
        if left < share:
            return name
        left -= share
    return ""


def right_answer(number: int) -> Terms:
    """Return what a contract says."""

    def one_of(values: tuple[str, ...], what: str) -> str:
        return values[int(draw(number, what) * len(values))]

    house = int(draw(number, "supplier") * len(_HOUSES))
    return Terms(
        supplier=f"{_HOUSES[house]} Services {one_of(_FORMS, 'form')}",
        customer=f"{_HOUSES[house - 1]} Holdings {one_of(_FORMS, 'other form')}",
        signed=date(2015, 1, 1) + timedelta(days=int(draw(number, "day") * 3_600)),
        notice_days=10 + int(draw(number, "notice") * 80),
        monthly_fee=500 + 5 * int(draw(number, "fee") * 1_500),
        law=one_of(_LAWS, "law"),
    )


def contract(number: int) -> str:
    """Write a contract; its number stands in each paragraph, so that every passage shows it."""
    said = {name: f"{sentence}." for name, sentence in quotes(number).items()}
    return "\n\n".join(
        (
            f"SERVICES AGREEMENT No. K-{number:06d}",
            f"K-{number:06d}, 1. Parties. {said['signed']} {said['supplier']} {said['customer']}",
            f"K-{number:06d}, 2. Fees. {said['monthly_fee']} Invoices fall due on receipt.",
            f"K-{number:06d}, 3. Term. {said['notice_days']} Notices are given in writing.",
            f"K-{number:06d}, 4. Law. {said['law']} The courts of that place are competent.",
        )
    )


def quotes(number: int) -> dict[str, str]:
    """Return the words of a contract that bear each of its values."""
    facts = right_answer(number)
    return {
        "supplier": f"The supplier is {facts.supplier}",
        "customer": f"The customer is {facts.customer}",
        "signed": f"This Agreement is made on {facts.signed:%d %B %Y}",
        "notice_days": f"Either party may terminate it on {facts.notice_days} days' notice",
        "monthly_fee": f"The monthly fee is USD {facts.monthly_fee:,}",
        "law": f"This Agreement is governed by the laws of {facts.law}",
    }


def answer(number: int) -> JsonObject:
    """Return the right answer as JSON holds it."""
    return right_answer(number).model_dump(mode="json")


def number_in(text: str) -> int:
    """Return the number of the contract that a text shows; 0 where it shows none."""
    found = _NUMBER.search(text)
    return int(found[1]) if found else 0

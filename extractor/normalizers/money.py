"""Amounts of money with the currency, where the text says which."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from extractor.normalizers.currency import currency_code
from extractor.normalizers.numbers import Certainty, read_number


@dataclass(frozen=True, slots=True)
class MoneyReading:
    """One amount of money.

    `candidates` and `certainty` are those of the number; two different currencies beside one
    amount are a `conflict` too. `currency` is the ISO 4217 code, None where the text leaves it
    open: "$" alone may be any dollar.
    """

    raw: str
    candidates: tuple[Decimal, ...]
    currency: str | None
    certainty: Certainty = "certain"

    @property
    def amount(self) -> Decimal | None:
        """The amount, or None unless it is certain."""
        return self.candidates[0] if self.certainty == "certain" else None


def read_money(text: str) -> MoneyReading | None:
    """Read a text that is one amount and nothing else; None where it is not.

    >>> read_money("C$500").currency, read_money("$500").currency
    ('CAD', None)
    >>> read_money("One Million Dollars ($1,500,000)").certainty
    'conflict'
    """
    number = read_number(text)
    if number is None or number.percent:
        return None
    codes = {currency_code(written) for written in number.currencies} - {None}
    if len(codes) > 1:
        return MoneyReading(text, number.candidates, None, "conflict")
    return MoneyReading(text, number.candidates, next(iter(codes), None), number.certainty)

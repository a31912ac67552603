"""What may be spent, as a caller says it: in dollars, for a call, a document, a run and a day."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from extractor.calls.base import Budget
from extractor.calls.records import MICRO
from extractor.errors import ConfigurationError

Dollars: TypeAlias = Decimal | int | float | str
"""An amount in US dollars; a text or a Decimal is exact."""


@dataclass(frozen=True, slots=True)
class SpendingLimits:
    """The most that may be spent. What a request could cost is reserved before it is sent.

    A limit needs the model's price: without one nothing is sent (`UnknownPriceError`).

    Args:
        per_call: for one request, in US dollars; None for no limit.
        per_document: for all requests of one extraction.
        per_run: for everything that is done under one `run`.
        per_day: for one user on one day; the user is `metadata["user"]`, the day the ledger's.
            Calls that name no user share a day.
        run: what `per_run` counts together, by a name that the ledger remembers; by default each
            `SpendingLimits` is a run of its own.

    Raises:
        ConfigurationError: a limit is no amount above 0.
    """

    per_call: Dollars | None = None
    per_document: Dollars | None = None
    per_run: Dollars | None = None
    per_day: Dollars | None = None
    run: str = field(default_factory=lambda: secrets.token_hex(8))

    def __post_init__(self) -> None:
        for name in _limits():
            _micro(name, getattr(self, name))

    @property
    def call_limit(self) -> int | None:
        """`per_call` in micro-dollars."""
        return _micro("per_call", self.per_call)

    def budgets(self, extraction: str, metadata: Mapping[str, str]) -> tuple[Budget, ...]:
        """Return the budgets that one extraction's requests are booked on."""
        document = _micro("per_document", self.per_document)
        run = _micro("per_run", self.per_run)
        day = _micro("per_day", self.per_day)
        found: list[Budget] = []
        if document is not None:
            found.append(Budget("document", extraction, document))
        if run is not None:
            found.append(Budget("run", self.run, run))
        if day is not None:
            found.append(Budget("day", metadata.get("user", ""), day))
        return tuple(found)


def _limits() -> list[str]:
    return [one.name for one in fields(SpendingLimits) if one.name != "run"]


def _micro(name: str, amount: Dollars | None) -> int | None:
    """Return an amount in whole micro-dollars, rounded down: a limit is never stretched."""
    if amount is None:
        return None
    try:
        value = None if isinstance(amount, bool) else Decimal(str(amount))
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or value <= 0:
        shown = amount if isinstance(amount, Decimal) else repr(amount)
        raise ConfigurationError(f"{name} is {shown}; it is an amount of dollars above 0.")
    return int(value * MICRO)

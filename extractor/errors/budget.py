"""What is refused before it is sent, because it could cost more than was allowed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from extractor.errors.base import ExtractorError

_MORE_THAN_ALL = (
    "One request alone can cost more than all that is allowed, so that nothing is ever sent: raise "
    "the limit above it, choose a cheaper model, or show less of the document."
)


class BudgetError(ExtractorError):
    """A request was not sent, because it would have cost more than was allowed."""


class TokenLimitError(BudgetError):
    """The next request could take a document past the tokens it may cost."""

    default_hint = "Raise `max_tokens`; `extractor estimate` says what a document may take."

    def __init__(self, *, estimate: int, spent: int, limit: int) -> None:
        super().__init__(
            f"The next request may take {estimate:,} tokens; {spent:,} of the {limit:,} allowed "
            "for this document are spent."
        )
        self.estimate, self.spent, self.limit = estimate, spent, limit


class SpendingLimitError(BudgetError):
    """The next request could cost more than is left of a limit in dollars.

    All amounts are US dollars. `reserved` is set aside for requests under way, and for those of
    which nobody told the cost; it may come back.
    """

    default_hint = (
        "Raise the limit or choose a cheaper model; what calls of unknown cost hold can be settled "
        "with `extractor reconcile`."
    )

    def __init__(
        self, whose: str, *, estimate: Decimal, spent: Decimal, reserved: Decimal, limit: Decimal
    ) -> None:
        super().__init__(
            f"The next request may cost ${estimate:.4f}; of the ${limit:.4f} allowed {whose}, "
            f"${spent:.4f} are spent and ${reserved:.4f} set aside.",
            hint=_MORE_THAN_ALL if estimate > limit else None,
        )
        self.estimate, self.spent, self.reserved = estimate, spent, reserved
        self.limit = limit

    @property
    def fits_later(self) -> bool:
        """Whether the request would fit if everything that is set aside came back."""
        return self.spent + self.estimate <= self.limit

    def facts(self) -> dict[str, Any]:
        amounts = ("estimate", "spent", "reserved", "limit")
        return super().facts() | {name: float(getattr(self, name)) for name in amounts}


class CostLimitError(SpendingLimitError):
    """The next request could cost more than a call, a document or a run may; see `scope`."""

    def __init__(
        self, *, scope: str, estimate: Decimal, spent: Decimal, reserved: Decimal, limit: Decimal
    ) -> None:
        whose = f"for this {scope}"
        super().__init__(whose, estimate=estimate, spent=spent, reserved=reserved, limit=limit)
        self.scope = scope

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"scope": self.scope}


class DailyLimitError(SpendingLimitError):
    """The next request could take a user past what may be spent in a day.

    `day` is the ledger's, as `2026-03-29 Europe/Dublin`.
    """

    default_hint = "Go on tomorrow, or raise the user's daily limit."

    def __init__(
        self,
        *,
        user: str,
        day: str,
        estimate: Decimal,
        spent: Decimal,
        reserved: Decimal,
        limit: Decimal,
    ) -> None:
        whose = f"to {user or 'callers without a name'} on {day}"
        super().__init__(whose, estimate=estimate, spent=spent, reserved=reserved, limit=limit)
        self.user, self.day = user, day

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"user": self.user, "day": self.day}


class UnknownPriceError(BudgetError):
    """There is a limit in dollars, and no price for the model: nothing is sent on a guess."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"No price is known for {model}, so no limit in dollars can be kept.",
            hint="State its price (`Pricing`, or [prices] in extractor.toml), or drop the limit.",
        )
        self.model = model


class RequestTooLargeError(BudgetError):
    """The request exceeds all that a rate limit ever admits at once; no wait would help."""

    default_hint = "Use a model or an account with a higher limit, or send less at once."

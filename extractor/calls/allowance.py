"""What one document may spend: reserved before a request, settled after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.errors import TokenLimitError
from extractor.types import ModelRequest, Usage


@dataclass(slots=True)
class Allowance:
    """The tokens of one document, and the tally of what went over the wire for it.

    `attempts` counts every POST, failed ones too. `reserved` is what requests under way may still
    cost; it is 0 whenever none is, whatever became of them. `cost_usd` is None once a price was not
    known. `price` says what some usage costs, in US dollars.
    """

    max_tokens: int
    price: Callable[[Usage], Decimal | None]
    attempts: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: Decimal | None = Decimal(0)
    reserved: int = 0

    def reserve(self, request: ModelRequest) -> int:
        """Set the largest cost of a request aside; hand the amount back to `settle`.

        Raises:
            TokenLimitError: it does not fit into what is left; nothing is reserved.
        """
        amount = largest(request)
        spent = self.usage.total_tokens + self.reserved
        if spent + amount > self.max_tokens:
            raise TokenLimitError(estimate=amount, spent=spent, limit=self.max_tokens)
        self.reserved += amount
        self.attempts += 1
        return amount

    def settle(self, amount: int, usage: Usage, *, sent: bool = True) -> None:
        """Give a reservation back and count what was used; no attempt if nothing was sent."""
        self.reserved -= amount
        self.attempts -= not sent
        self.usage += usage
        if not usage.total_tokens:
            return
        cost = self.price(usage)
        self.cost_usd = None if cost is None or self.cost_usd is None else self.cost_usd + cost


def estimate_tokens(text: str) -> int:
    """Estimate a text's tokens on the high side, without knowing the tokenizer.

    English contracts take 4 to 4.5 bytes a token with current vocabularies; 3 leaves room for
    tables, figures and newer, finer tokenizers.
    """
    return len(text.encode("utf-8", "replace")) // 3 + 1


def largest(request: ModelRequest) -> int:
    """Estimate the most tokens that a request can cost."""
    return sum(estimate_tokens(m.content) for m in request.messages) + request.max_tokens

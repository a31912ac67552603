"""What one document may spend: reserved before a request, settled after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from extractor.calls.base import Recorded
from extractor.calls.metering.tokens import TokenCount, TokenCounter
from extractor.calls.steps import Target
from extractor.errors import TokenLimitError
from extractor.types import ModelRequest, ModelResponse, Usage

_SOMEBODY = Target("", "")


@dataclass(frozen=True, slots=True)
class Share:
    """What of an allowance is set aside for a request under way: the most tokens it can take."""

    request: ModelRequest
    tokens: int


class _Counted(NamedTuple):
    request: ModelRequest
    tokens: TokenCount
    was_told: bool = False


@dataclass(slots=True)
class Allowance:
    """The tokens of one document, and the tally of what went over the wire for it.

    A request's tokens are counted in bytes, which is quick and several times too much, and with a
    tokenizer only where it would not fit otherwise. `exact_limit` gives a limit that is not the
    caller's: it replaces `max_tokens`, which is then a lower bound, at the same time; the first
    request always fits into it.

    `attempts` counts every POST, failed ones too; `counts` of these only counted tokens. `reserved`
    is what requests under way may still cost; it is 0 whenever none is, whatever became of them.
    `price` says what some usage costs, in US dollars, and what an unknown one (None) does;
    `cost_usd` is None once it could not.

    `unreported` counts the POSTs that may have cost something that the provider did not tell, and
    `assumed` holds the most tokens that those with a reply can have taken: they count against the
    limit, never as `usage`.
    """

    max_tokens: int
    price: Callable[[Usage | None], Decimal | None]
    tokens: TokenCounter = field(default_factory=TokenCounter)
    target: Target = _SOMEBODY
    exact_limit: Callable[[], int] | None = None
    attempts: int = 0
    unreported: int = 0
    assumed: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: Decimal | None = Decimal(0)
    reserved: int = 0
    counts: int = 0
    _last: _Counted | None = None
    _rough: _Counted | None = None

    def rough(self, request: ModelRequest) -> TokenCount:
        """Count a request by its bytes, once."""
        if self._rough is None or self._rough.request is not request:
            self._rough = _Counted(request, self.tokens.roughly(request, self.target))
        return self._rough.tokens

    def count(self, request: ModelRequest) -> TokenCount:
        """Count a request, once: with a tokenizer, until the provider has told its own count."""
        if self._last is None or self._last.request is not request:
            self._last = _Counted(request, self.tokens.count(request, self.target))
        return self._last.tokens

    def was_told(self, request: ModelRequest) -> bool:
        """Say whether the provider was asked to count this very request."""
        return self._last is not None and self._last.request is request and self._last.was_told

    def told(self, request: ModelRequest, input_tokens: int | None) -> bool:
        """Take over the provider's own count of a request; False if there is none to be trusted."""
        ours = self.count(request)
        told = None
        if input_tokens is not None:
            told = self.tokens.told(self.target, ours, input_tokens)
        self._last = _Counted(request, told or ours, was_told=True)
        return told is not None

    def reserve(self, request: ModelRequest) -> Share:
        """Set the largest cost of a request aside; hand what is returned back to `settle`.

        Raises:
            TokenLimitError: it does not fit into what is left; nothing is reserved.
        """
        spent = self.usage.total_tokens + self.assumed + self.reserved
        amount = self.rough(request).upper + request.max_tokens
        # A limit that nobody set has room for several requests like the first.
        is_first_of_own = self.exact_limit is not None and not spent
        if not is_first_of_own and spent + amount > self.max_tokens:
            amount = self._counted(request)
            if self.exact_limit is not None:
                self.max_tokens, self.exact_limit = self.exact_limit(), None
            if spent + amount > self.max_tokens:
                raise TokenLimitError(estimate=amount, spent=spent, limit=self.max_tokens)
        self.reserved += amount
        self.attempts += 1
        return Share(request, amount)

    def settle(self, share: Share, usage: Usage | None, *, sent: bool = True) -> None:
        """Give a reservation back and count what was used; no attempt if nothing was sent.

        Without `usage`, all that the request can have taken is assumed to have been.
        """
        self.reserved -= share.tokens
        self.attempts -= not sent
        if usage is None:
            self.assumed += min(share.tokens, self._counted(share.request))
            self.doubt()
        elif usage.total_tokens:
            self.usage += usage
            self._pay(usage)

    def doubt(self) -> None:
        """Note that a POST may have cost something that nobody told."""
        self.unreported += 1
        self._pay(None)

    def replayed(self, recorded: Recorded) -> None:
        """Take over what a recorded reply took when it was asked for."""
        self.attempts += recorded.attempts
        self.unreported += recorded.unreported
        self.usage += recorded.usage
        before, cost = self.cost_usd, recorded.cost_usd
        self.cost_usd = None if cost is None or before is None else before + cost

    def recorded(self, response: ModelResponse, before: Allowance) -> Recorded:
        """Return a reply with what was added to the bill since `before`, a copy of this."""
        now, then = self.cost_usd, before.cost_usd
        return Recorded(
            response=response,
            attempts=self.attempts - before.attempts,
            usage=self.usage - before.usage,
            cost_usd=None if now is None or then is None else now - then,
            unreported=self.unreported - before.unreported,
        )

    def warnings(self) -> tuple[str, ...]:
        """Say what the bill does not know."""
        if not self.unreported:
            return ()
        unknown = ", and the cost is not known" if self.cost_usd is None else ""
        told = f"{self.unreported} of {self.attempts} requests did not say what tokens they took"
        return (f"{told}: `usage` leaves these out{unknown}.",)

    def _counted(self, request: ModelRequest) -> int:
        return self.count(request).upper + request.max_tokens

    def _pay(self, usage: Usage | None) -> None:
        cost = self.price(usage)
        self.cost_usd = None if cost is None or self.cost_usd is None else self.cost_usd + cost

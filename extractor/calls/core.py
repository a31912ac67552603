"""The call core: what happens around every request, as a generator that does nothing itself.

`CallCore.call` yields `Send` and `Wait`; a driver performs them, blocking or not, or in virtual
time. In order: a recorded reply is taken if there is one; then each attempt goes through the
provider's gate, waits for its turn within the limits, is booked, sent, and settled (`attempt.py`);
what fails in passing is tried again by the policy (`series.py`).
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

from extractor.calls.allowance import Allowance
from extractor.calls.attempt import attempt
from extractor.calls.base import Clock, Ledger, Limiter, ReplyCache
from extractor.calls.context import CallContext
from extractor.calls.endings import Orphans
from extractor.calls.gate import Entry, Gates
from extractor.calls.ledger.memory import MemoryLedger
from extractor.calls.limits import RateLimiter
from extractor.calls.metering.outputs import OutputLengths
from extractor.calls.metering.pricing import Pricing
from extractor.calls.metering.tokens import TokenCounter
from extractor.calls.series import Series
from extractor.calls.steps import Steps, Wait
from extractor.calls.under_way import UnderWay
from extractor.errors import ConfigurationError, DeadlineError, OutageError, ProviderError
from extractor.types import ModelRequest, ModelResponse


@dataclass(frozen=True, slots=True)
class CallCore:
    """What all calls of a program share, however many extractors, threads and tasks make them.

    Args:
        limiter: keeps requests within the providers' limits.
        ledger: what is spent, reserved and settled.
        cache: replies to use again; None for none.
        pricing: what tokens cost.
        tokens: how many a request takes, and what was learned of that.
        outputs: how long answers are.
        gates: where an outage is waited for together.
        logs_content: log the first words of what is sent and answered too, on `extractor.content`
            at DEBUG; else no word of a contract is ever logged.
        clock: both times.

    Raises:
        ConfigurationError: a part is something else.
    """

    limiter: Limiter = field(default_factory=RateLimiter)
    ledger: Ledger = field(default_factory=MemoryLedger)
    cache: ReplyCache | None = None
    pricing: Pricing = field(default_factory=Pricing)
    tokens: TokenCounter = field(default_factory=TokenCounter)
    outputs: OutputLengths = field(default_factory=OutputLengths)
    gates: Gates = field(default_factory=Gates)
    logs_content: bool = False
    under_way: UnderWay = field(default_factory=UnderWay, init=False)
    orphans: Orphans = field(default_factory=Orphans, init=False)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        for name, method in _ASKED.items():
            part: object = getattr(self, name)
            if part is None and name == "cache":
                continue
            if isinstance(part, type) or not callable(getattr(part, method, None)):
                told = part if isinstance(part, type) else f"a {type(part).__name__}"
                raise ConfigurationError(
                    f"{name} is {told}, and no object with a method {method}.",
                    hint="Such as limiter=RateLimiter(ceilings=...), ledger=SqliteLedger(path), "
                    "cache=SqliteReplyCache(path), pricing=Pricing({...}), or your own with the "
                    "methods that extractor.calls.base names.",
                )

    def call(self, request: ModelRequest, context: CallContext) -> Steps[ModelResponse]:
        """Send one request until it is answered or not worth another try.

        Raises:
            ProviderError: permanent, or transient and still there after the last attempt; an
                `OutageError` if nobody is answered.
            BudgetError: the request may cost more than is left.
            DeadlineError: the document's time is up.
            CacheMissError: only recorded replies may be used, and there is none.
            StoreError: the ledger or the cache can't be written.
        """
        kept = None if self.cache is None else self.cache.get(request, context.target)
        if kept is not None:
            context.allowance.replayed(kept)
            return kept.response
        series = Series(context, self.clock)
        before = copy(context.allowance)
        return (yield from series.retried(lambda: self._tried(request, series, before)))

    def settle_orphans(self) -> None:
        """Settle the calls that were left without a cancellation; before the ledger is closed."""
        self.orphans.settle()

    def _tried(
        self, request: ModelRequest, series: Series, before: Allowance
    ) -> Steps[ModelResponse]:
        """Try until the outcome is this request's own, and not that of an outage."""
        context = series.context
        gate = self.gates.of(context.target)
        while True:
            self.orphans.settle()
            entry = gate.enter(context.retry, context.patience)
            try:
                yield from self._wait_at_gate(entry, series)
                response = yield from attempt(self, request, series, before, entry)
            except ProviderError as error:
                series.last = error
                if not self._is_outage(entry, error):
                    raise
            except GeneratorExit:
                self.orphans.add(entry.left)
                raise
            except BaseException:
                entry.left()
                raise
            else:
                entry.succeeded()
                return response

    def _is_outage(self, entry: Entry, error: ProviderError) -> bool:
        """Tell the gate how an attempt failed; True if it is shut, and to be waited at."""
        # The gate's own, that of a core behind a provider, or a turn that was too far off.
        if isinstance(error, OutageError) or entry.sent_at is None:
            entry.left()
            return False
        if error.retryable:
            return entry.failed(error, self.clock.monotonic())
        if error.status is None:
            entry.left()
        else:  # to refuse a request, the provider has to be there
            entry.succeeded()
        return False

    def _wait_at_gate(self, entry: Entry, series: Series) -> Steps[None]:
        while seconds := entry.ask(self.clock.monotonic()):
            provider = series.context.target.provider
            why = f"{provider} is failing for every caller: waiting to try again"
            try:
                left = series.time_left(why=why)
            except DeadlineError as error:
                error.in_outage = True
                raise
            yield Wait(min(seconds, left), why, entry.signal)
            self.orphans.settle()  # the probe that is waited for may be one


_ASKED = {
    "limiter": "enter",
    "ledger": "reserve",
    "cache": "put",
    "pricing": "cost",
    "tokens": "roughly",
    "outputs": "expected",
    "gates": "of",
    "clock": "monotonic",
}
"""Of each part that a caller may give, a method that it has to have."""

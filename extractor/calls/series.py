"""The POSTs for one request, or for one count of its tokens: tried again until one is answered.

Which failures are tried again, and when, is the policy's to say (`retry.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import DoAttempt, DoSleep, RetryCallState

from extractor.calls.base import Clock
from extractor.calls.context import CallContext
from extractor.calls.records import CallRecord
from extractor.calls.steps import Steps, Wait
from extractor.errors import DeadlineError, ExtractorError, ProviderError

R = TypeVar("R")


@dataclass(slots=True)
class Series:
    """How many POSTs there were so far, and how the last one failed."""

    context: CallContext
    clock: Clock
    posts: int = 0
    last: ProviderError | None = None

    def record(self) -> CallRecord:
        """Begin the next POST, and return its record."""
        self.posts += 1
        cause = None if self.last is None else type(self.last).__name__
        return self.context.record(self.clock.time(), attempt=self.posts, retry_cause=cause)

    def retried(self, once: Callable[[], Steps[R]]) -> Steps[R]:
        """Do something, and again where it fails in passing.

        Raises:
            ExtractorError: what is not tried again, or the last failure, where somebody else is
                rather asked than waited.
            DeadlineError: the document's time would be up before the next time.
        """
        context, policy = self.context, self.context.retry.retrying()
        policy.begin()
        state = RetryCallState(policy, None, (), {})
        while True:
            do = policy.iter(state)
            if isinstance(do, DoAttempt):
                try:
                    state.set_result((yield from once()))
                except ExtractorError as error:
                    self.last = error if isinstance(error, ProviderError) else self.last
                    state.set_exception((type(error), error, error.__traceback__))
            elif isinstance(do, DoSleep):
                seconds = float(do)
                state.prepare_for_next_attempt()
                why = f"{_named(self.last)}: trying again in {round(seconds, 1):g} s"
                why = f"{why} ({state.attempt_number} of {context.retry.attempts})"
                if self.last and context.leaves(self.last, seconds, self.clock.monotonic()):
                    raise self.last
                self.time_left(needed=seconds, why=why)
                yield Wait(seconds, why)
            else:
                result: R = do
                return result

    def time_left(self, *, needed: float = 0.0, why: str) -> float:
        """Return the seconds that the document has left, if those needed fit into them.

        Raises:
            DeadlineError: they don't; its cause is how the last POST failed.
        """
        try:
            return self.context.time_left(self.clock.monotonic(), needed=needed, why=why)
        except DeadlineError as error:
            raise error from self.last


def _named(error: ProviderError | None) -> str:
    """Name the failure that is waited for: `429 from openai`, `APITimeoutError from openai`."""
    if error is None:
        return "A failure"
    told = error.status if error.status and error.status >= 400 else type(error).__name__
    return f"{told} from {error.provider or 'the provider'}"

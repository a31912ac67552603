"""Which failures are tried again, and when: tenacity's policy, with the provider's advice in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from extractor.errors import ConfigurationError, OutageError, ProviderError

_DAY = 86_400.0
"""Seconds; more than anybody waits inside one call, and far below what a clock can't sleep."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient a call is.

    Args:
        attempts: POSTs for one request, the first included.
        initial: seconds before the second one; doubled each time, plus a random part of it.
        longest: the longest wait of our own in seconds.
        outage: how many seconds an outage is waited for, together with all other callers (see
            `extractor.calls.gate`); 0 leaves each request to its own attempts. A provider that asks
            for a longer wait than `longest` and `outage` is not waited for: its error is raised and
            says when to come back.

    Raises:
        ConfigurationError: there is no attempt, or a wait is no number of seconds up to a day.
    """

    attempts: int = 5
    initial: float = 1.0
    longest: float = 60.0
    outage: float = 600.0

    def __post_init__(self) -> None:
        if type(self.attempts) is not int or self.attempts < 1:
            raise ConfigurationError(
                f"RetryPolicy's attempts is {self.attempts!r}; it is a whole number from 1."
            )
        for name, seconds in self._waits():
            if not _is_wait(seconds):
                raise ConfigurationError(
                    f"RetryPolicy's {name} is {seconds!r}; it is a number of seconds from 0 to "
                    f"{_DAY:,.0f}, a day."
                )

    @property
    def longest_wait(self) -> float:
        """Seconds: no provider is waited for longer."""
        return max(self.longest, self.outage)

    def _waits(self) -> tuple[tuple[str, float], ...]:
        return ("initial", self.initial), ("longest", self.longest), ("outage", self.outage)

    def retrying(self) -> Retrying:
        """Return tenacity's state machine, for all requests: each has a state of its own."""
        return _machine(self)

    def passes(self, error: BaseException) -> bool:
        """Say whether a failure is one to try again after."""
        if not isinstance(error, ProviderError) or not error.retryable:
            return False
        if isinstance(error, OutageError):  # it has been waited for
            return False
        return error.retry_after is None or error.retry_after <= self.longest_wait

    def wait(self, state: RetryCallState) -> float:
        """Return the seconds until the next attempt: what the provider asks for, or our own."""
        backoff = wait_exponential(multiplier=self.initial, max=self.longest)(state)
        backoff = min(backoff + wait_random(0, self.initial)(state), self.longest)
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, ProviderError) else None
        return asked if asked and asked > 0 else backoff  # "at once" would be a stampede


@lru_cache(maxsize=64)
def _machine(policy: RetryPolicy) -> Retrying:
    return Retrying(
        stop=stop_after_attempt(policy.attempts),
        wait=policy.wait,
        retry=retry_if_exception(policy.passes),
        reraise=True,
    )


def _is_wait(value: object) -> bool:
    """Tell whether a value, whatever its type hint promised, is a wait in seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= _DAY  # which NaN is not

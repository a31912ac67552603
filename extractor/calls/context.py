"""What all requests of one extraction share: who is asked, on whose account, and until when."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from extractor.calls.allowance import Allowance
from extractor.calls.base import Budget, Clock
from extractor.calls.records import CallRecord
from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Target
from extractor.errors import DeadlineError, ExtractorError, OutageError


@dataclass(frozen=True, slots=True)
class Deadline:
    """The time that one document has; `ends_at` is in monotonic seconds."""

    seconds: float
    ends_at: float

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        return cls(seconds, clock.monotonic() + seconds)

    def left(self, now: float, *, needed: float = 0.0, why: str = "") -> float:
        """Return the seconds that are left.

        Raises:
            DeadlineError: it is over, or will be before `needed` seconds have passed.
        """
        left = self.ends_at - now
        if left <= 0 or needed > left:
            waiting = f" ({why})" if why else ""
            raise DeadlineError(
                f"The {self.seconds:g} s that the document may take are over, or would be before "
                f"the next request{waiting}.",
                deadline=self.seconds,
            )
        return left


def is_long(seconds: float, retry: RetryPolicy, deadline: Deadline | None, now: float) -> bool:
    """Say whether a wait is too long where another model could answer in the same time.

    It is beyond the policy's `longest`, and beyond half of the time that the document has left, so
    that the other has as much. Of a document whose time is up nothing is too long: it is over.
    """
    left = math.inf if deadline is None else deadline.ends_at - now
    return left > 0 and seconds > min(retry.longest, left / 2)


@dataclass(frozen=True, slots=True)
class CallContext:
    """One extraction's requests to one target.

    Attributes:
        target: who is asked.
        allowance: the tokens that the document may cost, and its bill.
        extraction: the id that its records share.
        technique: the backend's name.
        retry: how transient failures are tried again.
        instead: errors after which somebody else is asked; none where nobody is left.
        deadline: until when; None for no limit.
        budgets: limits on what is spent; `per_call` is one in micro-dollars for each request.
        counts_tokens: whether the provider can be asked what a request's tokens are.
        metadata: the caller's own words for the records.
    """

    target: Target
    allowance: Allowance
    extraction: str = field(default_factory=lambda: secrets.token_hex(8))
    technique: str = ""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    instead: tuple[type[ExtractorError], ...] = ()
    deadline: Deadline | None = None
    budgets: tuple[Budget, ...] = ()
    per_call: int | None = None
    counts_tokens: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def patience(self) -> float:
        """The seconds of an outage that are waited for."""
        return 0.0 if issubclass(OutageError, self.instead) else self.retry.outage

    def leaves(self, error: ExtractorError, seconds: float, now: float) -> bool:
        """Say whether somebody else is asked, after this error, rather than waited so long."""
        return isinstance(error, self.instead) and is_long(seconds, self.retry, self.deadline, now)

    def time_left(self, now: float, *, needed: float = 0.0, why: str = "") -> float:
        """Return the seconds that the document has left, infinite without a deadline.

        Raises:
            DeadlineError: see `Deadline.left`.
        """
        if self.deadline is None:
            return math.inf
        return self.deadline.left(now, needed=needed, why=why)

    def record(self, now: float, *, attempt: int, retry_cause: str | None = None) -> CallRecord:
        """Return a new record of a POST to the target; `now` is in seconds since 1970."""
        return CallRecord(
            id=f"{int(now * 1000):012x}{secrets.token_hex(8)}",
            extraction=self.extraction,
            target=self.target,
            technique=self.technique,
            attempt=attempt,
            started_at=now,
            retry_cause=retry_cause,
            metadata=self.metadata,
        )

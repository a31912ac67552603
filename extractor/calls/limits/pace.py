"""What a 429 teaches: a pause for everybody, and a slower pace where nothing else limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp2

from extractor.calls.limits.window import Window

_SAME_EVENT = 1.0
"""Seconds in which further refusals answer what was sent before the first one was heard of."""
_MEASURED = 10.0
_CUT = 0.7
_DOUBLING = 30.0
_FORGOTTEN = 20 * _DOUBLING
_SLOWEST = 0.5
"""Requests a second; below it, pauses alone slow requests down."""


@dataclass(slots=True)
class Pace:
    """When refusals came, how many in a row, and what pace is kept since.

    `rate` is the pace after the last cut, in requests a second, 0.0 while there is none. It doubles
    every half minute without a refusal, and is forgotten after ten minutes. A refusal with no
    answer since the one before (`has_answered`) cuts nothing: while nobody is answered, it is an
    outage that refuses, and not the pace.
    """

    paused_until: float = 0.0
    in_a_row: int = 0
    has_answered: bool = False
    refused_at: float = -_SAME_EVENT
    rate: float = 0.0
    next_at: float = 0.0
    admitted: Window = field(default_factory=lambda: Window(_MEASURED, 20))

    def wait(self, now: float) -> tuple[float, str]:
        """Return the seconds until the next request may be sent, and what is waited for."""
        if now < self.paused_until:
            return self.paused_until - now, "the pause after a 429"
        if self.rate and now < self.next_at:
            return self.next_at - now, "a slower pace after a 429"
        return 0.0, ""

    def take(self, now: float) -> None:
        """Count a request as sent."""
        self.admitted.add(1, now)
        if self.rate:
            rate = self._rate(now)
            self.next_at = max(self.next_at, now) + 1 / rate if rate else 0.0

    def refuse(self, retry_after: float | None, now: float, *, longest: float, cut: bool) -> bool:
        """Pause as long as is asked, or longer each time; at most `longest`.

        Return whether this is news, and not of the same moment as the refusal before it.
        """
        again = now < max(self.paused_until, self.refused_at + _SAME_EVENT)
        pause = retry_after or 0.0
        if not again:
            pause = retry_after or exp2(self.in_a_row)
            self.in_a_row = min(self.in_a_row + 1, 10)
            if cut and self.has_answered:
                measured = self.admitted.sum(now) / _MEASURED
                current = self._rate(now)
                self.rate = max(_SLOWEST, _CUT * min(current or measured, measured))
            self.refused_at, self.has_answered = now, False
        self.paused_until = max(self.paused_until, now + min(pause, longest))
        return not again

    def succeed(self) -> None:
        """End a row of refusals."""
        self.in_a_row, self.has_answered = 0, True

    def shift(self, seconds: float) -> None:
        """Move all times to `seconds` earlier."""
        self.paused_until -= seconds
        self.refused_at -= seconds
        self.next_at -= seconds
        self.admitted.shift(seconds)

    def _rate(self, now: float) -> float:
        """Return the pace as it has grown since the last cut; 0.0 for none."""
        since = now - self.refused_at
        if not self.rate or since > _FORGOTTEN:
            self.rate = 0.0
            return 0.0
        return self.rate * exp2(since / _DOUBLING)

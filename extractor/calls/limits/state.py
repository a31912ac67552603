"""Everything that is known of one target's limits: pure logic, in a shape that a store can keep.

Times are monotonic seconds. The methods change the state; stores see to it that only one caller at
a time does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extractor.calls.limits.bucket import Bucket
from extractor.calls.limits.needs import WORDS, Amounts
from extractor.calls.limits.pace import Pace
from extractor.calls.limits.rates import Ceiling
from extractor.calls.limits.window import Window
from extractor.errors import RequestTooLargeError
from extractor.types import LimitKind, RateLimitStatus

LEASE = 5.0
"""Seconds for which a process's head keeps its place without asking."""
LOOK_AGAIN = 0.25
"""Seconds after which a head looks for what other processes have changed."""

_NEXT_LOOK = 0.005, 0.05
"""Least and most seconds before a head asks again while another process's is before it."""
_SHORTEST = 0.001
"""Seconds of the shortest wait: one that is lost in the clock's precision would never end."""
_COUNTED = 60.0
"""Seconds after which a request in flight is surely counted by the provider."""
_REBOOT = 60.0
"""Seconds that stored times may lie ahead before they are taken to be from before a reboot; callers
that read the clock and were then held up are less far behind."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is told of a target: its name, ceilings, and the limits a minute to start with."""

    name: str
    ceilings: tuple[Ceiling, ...] = ()
    start: Mapping[LimitKind, int] = field(default_factory=dict[LimitKind, int])
    longest_pause: float = 60.0


@dataclass(slots=True)
class Head:
    """The first in a process's queue: since when, and when it expects its turn.

    Until `expires` it is believed to be alive.
    """

    entered: float
    due: float
    expires: float


def _in_flight() -> dict[LimitKind, Window]:
    return {kind: Window(_COUNTED, 60) for kind in WORDS}


@dataclass(slots=True)
class State:
    """Windows of ceilings by name, the provider's buckets by kind, refusals, heads by process."""

    at: float = 0.0
    windows: dict[str, Window] = field(default_factory=dict[str, Window])
    buckets: dict[LimitKind, Bucket] = field(default_factory=dict[LimitKind, Bucket])
    in_flight: dict[LimitKind, Window] = field(default_factory=_in_flight)
    pace: Pace = field(default_factory=Pace)
    heads: dict[str, Head] = field(default_factory=dict[str, Head])

    def touch(self, now: float) -> float:
        """Return the time to reckon with: it never runs back."""
        if self.at - now > _REBOOT:
            self._shift(self.at - now)
            self.at = now
        self.at = max(self.at, now)
        return self.at

    def admit(self, rules: Rules, amounts: Amounts, now: float) -> tuple[float, str]:
        """Take what a request needs, or return the seconds to wait and what is waited for.

        Raises:
            RequestTooLargeError: it will never be admitted.
        """
        self._start(rules, now)
        seconds, why = self.pace.wait(now)
        for ceiling in rules.ceilings:
            amount = amounts[ceiling.kind]
            if amount > ceiling.limit:
                raise RequestTooLargeError(
                    f"The request needs {amount:,} {WORDS[ceiling.kind]}; {rules.name} is limited "
                    f"to {ceiling}."
                )
            wait = self.windows[ceiling.name].wait(amount, ceiling.limit, now)
            if wait > seconds:
                seconds, why = wait, str(ceiling)
        for kind, bucket in self.buckets.items():
            amount = amounts[kind]
            wait = bucket.wait(amount, now)
            if wait > seconds:
                seconds, why = wait, _a_minute(kind, bucket)
        if seconds > 0:
            return max(seconds, _SHORTEST), f"{why} of {rules.name}"
        self._take(rules, amounts, now)
        return 0.0, ""

    def settle(self, rules: Rules, amounts: Amounts, used: Amounts, admitted_at: float) -> None:
        """Replace what was expected of a request by what it used; less than expected comes back."""
        if used["tokens"] > 0:
            self.pace.succeed()
        for ceiling in rules.ceilings:
            difference = used[ceiling.kind] - amounts[ceiling.kind]
            self.windows[ceiling.name].correct(difference, admitted_at)
        for kind, amount in amounts.items():
            self.in_flight[kind].correct(-amount, admitted_at)
        for kind, bucket in self.buckets.items():
            bucket.take(used[kind] - amounts[kind])

    def hear(self, statuses: Sequence[RateLimitStatus], now: float) -> None:
        """Learn from a response's headers."""
        for status in statuses:
            bucket = self.buckets.setdefault(status.kind, Bucket.unheard(status.limit, now))
            bucket.hear(status, self.in_flight[status.kind].sum(now), now)

    def refuse(self, rules: Rules, retry_after: float | None, now: float) -> None:
        """Learn from a 429: a margin where headers tell the limits, otherwise a slower pace."""
        heard = [bucket for bucket in self.buckets.values() if bucket.heard]
        if self.pace.refuse(retry_after, now, longest=rules.longest_pause, cut=not heard):
            for bucket in heard:
                bucket.refuse()

    def queue(self, process: str, entered: float, now: float) -> float:
        """Keep a process's place; return 0.0 if its head is the first of all, or when to ask again.

        Places whose lease has ended are given up.
        """
        self.heads = {name: head for name, head in self.heads.items() if head.expires > now}
        before = [
            head
            for name, head in self.heads.items()
            if name != process and (head.entered, name) < (entered, process)
        ]
        wait = 0.0
        if before:
            least, most = _NEXT_LOOK
            wait = min(max(min(before, key=lambda head: head.entered).due - now, least), most)
        self.expect(process, entered, wait, now)
        return wait

    def expect(self, process: str, entered: float | None, wait: float, now: float) -> None:
        """Note who is a process's head, if anybody, and how long it expects to wait."""
        if entered is None:
            self.heads.pop(process, None)
        else:
            self.heads[process] = Head(entered, now + wait, now + LEASE)

    def _start(self, rules: Rules, now: float) -> None:
        for ceiling in rules.ceilings:
            if ceiling.name not in self.windows:
                self.windows[ceiling.name] = Window(ceiling.period)
        for kind, limit in rules.start.items():
            bucket = self.buckets.get(kind)
            if bucket is None or not (bucket.heard or bucket.limit == limit):
                self.buckets[kind] = Bucket.unheard(limit, now)

    def _take(self, rules: Rules, amounts: Amounts, now: float) -> None:
        for ceiling in rules.ceilings:
            self.windows[ceiling.name].add(amounts[ceiling.kind], now)
        for kind, bucket in self.buckets.items():
            bucket.take(amounts[kind])
        for kind, amount in amounts.items():
            self.in_flight[kind].add(amount, now)
        self.pace.take(now)

    def _shift(self, seconds: float) -> None:
        for window in (*self.windows.values(), *self.in_flight.values()):
            window.shift(seconds)
        for bucket in self.buckets.values():
            bucket.at -= seconds
        self.pace.shift(seconds)
        self.heads.clear()


def _a_minute(kind: LimitKind, bucket: Bucket) -> str:
    return f"{bucket.limit:,} {WORDS[kind]} a minute"

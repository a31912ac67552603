"""An outage is everybody's affair: while a provider fails, callers wait together and one probes.

When `TRIPS_AFTER` attempts in a row have failed, whoever made them, the gate of that provider is
shut. Nobody passes it then but one caller at a time, a probe, at growing intervals; its success
opens the gate for all. So 312 contracts that meet an outage cost a handful of POSTs, and not 312
times the attempts of one. An outage that lasts longer than the policy's `outage` ends every waiting
call with an `OutageError`; later calls fail at once, but for the probes that are due.

A provider that was never reached at all is no outage: its address is wrong, or there is no network,
and each request fails after its own attempts. Nor is one that answers some and asks the others to
come back in a moment: the limiter has everybody pause then, and nobody goes elsewhere for it.
"""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from extractor.calls.retry import RetryPolicy
from extractor.calls.steps import Signal, Target
from extractor.errors import OutageError, ProviderError, RateLimitError

TRIPS_AFTER = 5
"""Failures in a row that shut the gate. One in ten would do so by chance once in 100,000."""

LONGEST_PROBE_INTERVAL = 30.0
"""Seconds between two probes, at most, unless the provider asks for more."""

LONGEST_SILENCE = 3_600.0
"""Seconds after which a call probes whatever the provider has asked for."""


@dataclass(slots=True)
class Gate:
    """The way to one model of a provider; safe for threads. Times are monotonic seconds."""

    provider: str
    jitter: Callable[[], float] = random.random
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _was_reached: bool = False
    _failures: int = 0
    _down_since: float | None = None
    _next_probe: float = 0.0
    _probes: int = 0
    _probing: Entry | None = None
    _last: ProviderError | None = None
    _waiting: set[Signal] = field(default_factory=set[Signal])
    _under_way: set[Entry] = field(default_factory=set["Entry"])
    _paused_at: float = -math.inf
    _paused_until: float = -math.inf
    _is_answering: bool = True

    @property
    def is_open(self) -> bool:
        return self._down_since is None

    def enter(self, policy: RetryPolicy, patience: float) -> Entry:
        """Come to the gate, ready to wait `patience` seconds of an outage at most."""
        return Entry(self, policy, patience)

    def admit(self, entry: Entry, now: float) -> float:
        """See `Entry.ask`."""
        with self._lock:
            self._waiting.discard(entry.signal)
            if self._down_since is None or self._probing is entry or entry.policy.outage <= 0:
                return 0.0
            left = self._down_since + entry.patience - now
            due = self._next_probe - now
            if self._probing is None and due <= 0:
                self._probing = entry
                return 0.0
            if entry.came_at is None:
                entry.came_at = now
            is_probed = self._probing is not None
            if is_probed:  # what becomes of a probe is worth waiting for, but not for ever
                left = max(left, entry.came_at + min(entry.patience, LONGEST_PROBE_INTERVAL) - now)
            if left <= 0 or entry.patience <= 0 or (due > left and not is_probed):
                raise self._outage(now)
            entry.signal = Signal()
            self._waiting.add(entry.signal)
            return left if is_probed else due

    def succeeded(self, entry: Entry) -> None:
        """Open the gate: somebody was answered."""
        with self._lock:
            self._was_reached = self._is_answering = True
            self._failures = self._probes = 0
            self._down_since = self._last = None
            woken = self._ended(entry)
        for signal in woken:
            signal.set()

    def failed(self, entry: Entry, error: ProviderError, now: float) -> bool:
        """Count a transient failure; True when the gate is shut, and waiting at it is worth it.

        A provider that asks for a longer wait than this caller's shuts the gate at once.
        """
        asked = error.retry_after or 0.0
        asked = asked if asked > 0 else 0.0  # which NaN is not
        is_far_off = asked > max(entry.policy.longest, entry.patience)
        with self._lock:
            self._under_way.discard(entry)
            self._was_reached |= error.status is not None
            is_pause = isinstance(error, RateLimitError) and asked > 0 and not is_far_off
            if is_pause and self._only_pauses(entry, asked, now):
                return False
            self._failures += 1
            was_probe = self._probing is entry
            if entry.policy.outage <= 0 or not self._was_reached:
                return False
            if self._down_since is None:
                if self._failures < TRIPS_AFTER and not is_far_off:
                    return False
                self._down_since, self._probes = now, 0
            self._last = error
            if was_probe or self._probes == 0:
                self._probes += 1
                self._next_probe = now + max(
                    min(asked, LONGEST_SILENCE), self._interval(entry.policy)
                )
            woken = self._ended(entry)
        for signal in woken:
            signal.set()
        return not is_far_off

    def left(self, entry: Entry) -> None:
        """Make room for another probe; the attempt told nothing of the provider's health."""
        with self._lock:
            self._under_way.discard(entry)
            if self._probing is not entry and entry.signal not in self._waiting:
                return
            woken = self._ended(entry)
        for signal in woken:
            signal.set()

    def sent(self, entry: Entry, now: float) -> None:
        """Note that an attempt has let its POST go."""
        with self._lock:
            entry.sent_at = now
            self._under_way.add(entry)

    def _only_pauses(self, entry: Entry, asked: float, now: float) -> bool:
        """Say whether a 429 that names a moment to come back is no sign of an outage.

        It is none for what was sent before the last pause was over. Afterwards it is none while
        others are served: somebody has been answered since that pause began, or was sent before it
        and not refused (an answer takes seconds, a refusal none).
        """
        if self._down_since is not None:
            return False
        if entry.sent_at is not None and entry.sent_at < self._paused_until:
            return True
        is_serving = any(
            other.sent_at is not None and other.sent_at < self._paused_at
            for other in self._under_way
        )
        if not (self._is_answering or is_serving):
            return False
        self._paused_at, self._paused_until = now, now + asked
        self._is_answering = False
        return True

    def _ended(self, entry: Entry) -> set[Signal]:
        self._under_way.discard(entry)
        if self._probing is entry:
            self._probing = None
        woken, self._waiting = self._waiting, set()
        return woken

    def _interval(self, policy: RetryPolicy) -> float:
        interval = min(policy.initial * 2.0 ** (self._probes - 1), LONGEST_PROBE_INTERVAL)
        return interval * (1 + self.jitter() / 4)

    def _outage(self, now: float) -> OutageError:
        due = max(0.0, self._next_probe - now)
        since = 0.0 if self._down_since is None else now - self._down_since
        told = f"failed for every caller for {since:,.0f} s; the next try is due in {due:,.0f} s"
        error = OutageError(
            f"{self.provider} has {told}. The last failure: {self._last}",
            provider=self.provider,
            since=since,
            status=self._last.status if self._last else None,
            retry_after=due,
        )
        error.__cause__ = self._last
        return error


@dataclass(slots=True, eq=False)
class Entry:
    """One attempt at the gate. It is over with `succeeded`, `failed` or `left`."""

    gate: Gate
    policy: RetryPolicy
    patience: float
    signal: Signal = field(default_factory=Signal)
    came_at: float | None = None
    sent_at: float | None = None

    def ask(self, now: float) -> float:
        """Return the seconds to wait, or until `signal`, before asking again; 0.0 lets pass.

        Raises:
            OutageError: the outage has lasted longer than this caller waits.
        """
        return self.gate.admit(self, now)

    def sent(self, now: float) -> None:
        self.gate.sent(self, now)

    def succeeded(self) -> None:
        self.gate.succeeded(self)

    def failed(self, error: ProviderError, now: float) -> bool:
        return self.gate.failed(self, error, now)

    def left(self) -> None:
        self.gate.left(self)


class Gates:
    """A gate for each target, made on first use.

    For each model, since a provider may have one and not another: the next of `models` may be its.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gates: dict[Target, Gate] = {}

    def of(self, target: Target) -> Gate:
        with self._lock:
            return self._gates.setdefault(target, Gate(target.provider))

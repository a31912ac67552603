"""What a mock does with a POST: turns it away, answers it, or fails it as the knobs have it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.fault_server.acts import response
from benchmarks.fault_server.buckets import Limits
from benchmarks.fault_server.replies import error_body
from benchmarks.peers.mock.asked import Asked, read
from benchmarks.peers.mock.counts import Counts
from benchmarks.peers.mock.knobs import BROKEN, STATUSES, Knobs
from benchmarks.peers.mock.replies import Reply, completion, reply


@dataclass(frozen=True, slots=True)
class Later:
    """An answer to come: after so many seconds, with what `finish` returns.

    `finish` returns None where the connection is to be reset instead.
    """

    delay: float
    finish: Callable[[], bytes | None]


class MockServer:
    """The knobs, the limits and the counts; no I/O."""

    def __init__(self) -> None:
        self.begin(Knobs(), 0.0)

    def begin(self, knobs: Knobs, now: float) -> None:
        """Forget what was; the limits are full."""
        self.knobs = knobs
        self.counts = Counts()
        self._limits = Limits.of(knobs.rpm, knobs.tpm, knobs.burst, now)
        self._limits.charges_refused = knobs.charges_refused
        self._first = math.inf

    def receive(self, body: bytes, now: float) -> bytes | Later:
        """Decide what becomes of a POST to the model."""
        counts, knobs = self.counts, self.knobs
        counts.requests += 1
        self._first = min(self._first, now)
        try:
            asked = read(body)
            right = reply(asked)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            said = error_body("openai", "invalid_request_error", repr(error))
            return response(400, said)
        # Limits count what is billed, so that the least time for it is known.
        if wait := self._limits.take(asked.input_tokens + right.output_tokens, now):
            counts.limited_at.append(round(now - self._first, 3))
            return self._turned_away(asked, wait, now)
        attempt = counts.attempts[asked.document]
        counts.attempts[asked.document] += 1
        fault = knobs.fault(asked.document, attempt)
        if fault:
            counts.faults[fault] += 1
        is_hanging = fault == "timeout"
        delay = knobs.hang if is_hanging else knobs.delay(asked.document, attempt)
        return Later(delay, lambda: self._answered(asked, right, fault, now + delay))

    def _answered(self, asked: Asked, right: Reply, fault: str, now: float) -> bytes | None:
        if fault in BROKEN:
            return None
        if status := STATUSES.get(fault):
            return response(status, error_body("openai", "server_error", "The mock's own fault."))
        said = reply(asked, fault) if fault else right
        self.counts.billed[asked.document] += 1
        self.counts.tokens_billed += asked.input_tokens + said.output_tokens
        return response(200, completion(asked, said), headers=self._limits.headers("openai", now))

    def _turned_away(self, asked: Asked, wait: float, now: float) -> bytes:
        told = self._limits.headers("openai", now)
        told["retry-after"] = str(max(1, math.ceil(wait)))
        told["retry-after-ms"] = str(math.ceil(wait * 1_000))
        said = f"Rate limit reached for {asked.model}: please try again in {wait:.2f}s."
        sent = error_body("openai", "rate_limit_error", said, code="rate_limit_exceeded")
        return response(429, sent, headers=told)

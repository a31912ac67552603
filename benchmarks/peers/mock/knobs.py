"""What a mock is told: latency, limits, and the share of attempts that meet each fault."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

from pydantic import BaseModel, ConfigDict, Field, field_validator

from benchmarks.fault_server.contracts import draw, drawn

STATUSES: Mapping[str, int] = {"http_500": 500, "http_529": 529}
"""Faults that are an HTTP status."""
BROKEN = ("timeout", "reset")
"""Faults of the connection: nothing comes for a while and then it ends, or it ends at once."""
SPOILED = (
    "truncated",
    "truncated_silent",
    "bad_date",
    "bad_type",
    "missing_field",
    "fenced",
    "preamble",
)
"""Faults of what is answered; all but a `truncated` answer say that they are whole."""


class Knobs(BaseModel):
    """What the mock does with the POSTs to come.

    Attributes:
        seed: decides, with a document's number and attempt, which fault it meets.
        latency: seconds before an answer; the median, where there is a tail.
        tail: the standard deviation of its logarithm; 0 for one that is always the same.
        rpm: requests a minute that are let through; 0 for any number.
        tpm: tokens a minute, the same.
        burst: seconds of a limit that may be used at once.
        charges_refused: whether a 429 costs one request, as OpenAI documents.
        faults: the share of all attempts that meets each fault.
        hang: seconds after which a `timeout` ends the connection.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 1
    latency: float = 0.0
    tail: float = Field(default=0.0, ge=0.0)
    rpm: float = 0.0
    tpm: float = 0.0
    burst: float = 5.0
    charges_refused: bool = True
    faults: Mapping[str, float] = Field(default_factory=dict[str, float])
    hang: float = 6.0

    @field_validator("faults")
    @classmethod
    def _are_known(cls, faults: Mapping[str, float]) -> Mapping[str, float]:
        if unknown := faults.keys() - {*STATUSES, *BROKEN, *SPOILED}:
            raise ValueError(f"no such faults: {sorted(unknown)}")
        return faults

    def delay(self, document: int, attempt: int) -> float:
        """Return the seconds before a document's attempt (from 0) is answered."""
        share = draw(self.seed, "latency", document, attempt)
        middle = min(max(share, 1e-9), 1 - 1e-9)
        return self.latency * math.exp(self.tail * NormalDist().inv_cdf(middle))

    def fault(self, document: int, attempt: int) -> str:
        """Return the fault that a document's attempt (from 0) meets; an empty name for none."""
        return drawn(self.faults, self.seed, "f", document, attempt)

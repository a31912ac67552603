"""What is kept of each attempt: one `CallRecord` for every POST, and nothing of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from extractor.calls.steps import Target
from extractor.types import Usage

MICRO = 1_000_000
"""Micro-dollars in a dollar; money is counted in whole ones wherever it is added up."""


def dollars(micro: int) -> Decimal:
    """Return micro-dollars as US dollars."""
    return Decimal(micro) / MICRO


CallState: TypeAlias = Literal["sent", "settled", "unknown", "unsent"]


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One attempt: written as `sent` before its POST, and again when its end is known.

    `unknown` is an attempt of which nobody told what it cost (a cancelled call, a reply that broke
    off, no price): it keeps its reservation. `unsent` never left (a missing key).

    Attributes:
        id: unique, and ordered by time.
        extraction: the id of the extraction that it was made for.
        target: who was asked.
        technique: the backend's name.
        attempt: which POST for the same request, from 1.
        started_at: seconds since 1970.
        latency: seconds until the reply or the failure; None before.
        response_model: the model's name in the reply, which may be more exact.
        stop_reason: why the model stopped.
        error_type: the failure's class.
        status: its HTTP status.
        retry_cause: the error type of the attempt before it, if it is a retry.
        reserved: micro-dollars set aside for it; None where no price is known.
        cost: what it cost, in micro-dollars; None where that is not known.
        metadata: the caller's own words for it: user, endpoint, matter.
    """

    id: str
    extraction: str
    target: Target
    technique: str
    attempt: int
    started_at: float
    state: CallState = "sent"
    latency: float | None = None
    usage: Usage | None = None
    response_model: str | None = None
    stop_reason: str | None = None
    error_type: str | None = None
    status: int | None = None
    request_id: str | None = None
    response_id: str | None = None
    retry_cause: str | None = None
    reserved: int | None = None
    cost: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])

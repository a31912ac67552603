"""What a mock has seen since it was told what to do."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel, Field


class Counts(BaseModel):
    """POSTs to the model, and what became of them.

    Attributes:
        requests: all of them.
        limited_at: when each 429 was sent, in seconds since the first of them.
        abandoned: those whose caller left before they were answered; they cost nothing here.
        peak_in_flight: the most that were answered at once.
        faults: how often each fault was met.
        attempts: of each document, those that got past the limits; faults go by these.
        billed: of each document, the answers that cost something, spoiled ones too.
        tokens_billed: with questions and answers.
        processor_s: seconds of the processor that the mock has taken, whatever it did.
    """

    requests: int = 0
    limited_at: list[float] = Field(default_factory=list[float])
    abandoned: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    faults: Counter[str] = Field(default_factory=Counter[str])
    attempts: Counter[int] = Field(default_factory=Counter[int])
    billed: Counter[int] = Field(default_factory=Counter[int])
    tokens_billed: int = 0
    processor_s: float = 0.0

    def enter(self) -> None:
        """Note that an answer is on its way."""
        self.in_flight += 1
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)

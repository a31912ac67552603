"""What a server is to do: a plan, from which each answer follows by document and attempt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from benchmarks.fault_server.contracts import drawn
from benchmarks.fault_server.faults import FAULTS


class Down(BaseModel):
    """A time in which the whole provider fails; seconds since the plan was given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    until: float
    since: float = 0.0
    how: Literal["429", "529", "503", "refused"] = "429"


class Plan(BaseModel):
    """What the server does with the POSTs to come.

    Attributes:
        seed: decides, with a document's number and attempt, which fault it meets.
        faults: the share of all attempts that meets each fault.
        script: the faults of single documents, attempt by attempt; an empty name or the end of the
            list is a right answer.
        latency: seconds before anything is answered.
        patience: seconds after which the server gives up what it drags out.
        rpm: requests a minute that are let through; 0 for any number.
        tpm: tokens a minute, the same.
        burst: seconds of a limit that may be used at once.
        down: times in which nothing works.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 1
    faults: Mapping[str, float] = Field(default_factory=dict[str, float])
    script: Mapping[int, tuple[str, ...]] = Field(default_factory=dict[int, tuple[str, ...]])
    latency: float = 0.0
    patience: float = 30.0
    rpm: float = 0.0
    tpm: float = 0.0
    burst: float = 5.0
    down: tuple[Down, ...] = ()

    @field_validator("faults")
    @classmethod
    def _are_known(cls, faults: Mapping[str, float]) -> Mapping[str, float]:
        if unknown := faults.keys() - FAULTS.keys():
            raise ValueError(f"no such faults: {sorted(unknown)}")
        return faults

    @field_validator("script")
    @classmethod
    def _can_be_done(cls, script: Mapping[int, tuple[str, ...]]) -> Mapping[int, tuple[str, ...]]:
        known = FAULTS.keys() | {""}
        if unknown := {name for names in script.values() for name in names} - known:
            raise ValueError(f"no such faults: {sorted(unknown)}")
        return script

    def fault(self, number: int, attempt: int) -> str:
        """Return the fault that a document's attempt (from 0) meets; an empty name for none."""
        if number in self.script:
            names = self.script[number]
            return names[attempt] if attempt < len(names) else ""
        return drawn(self.faults, self.seed, "fault", number, attempt)

    def failing(self, seconds: float) -> str:
        """Return how everything fails at a time; an empty name where it does not."""
        return next((d.how for d in self.down if d.since <= seconds < d.until), "")

"""What the server is to do, and what it has seen."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel, Field

from benchmarks.fault_server.asked import Api


class BatchPlan(BaseModel):
    """What goes wrong.

    Attributes:
        seconds: that a batch takes.
        fates: for a contract's number, what becomes of it each time that it is asked about;
            afterwards it is answered rightly. See `items.FATES`.
        endings: what becomes of the first batches as wholes: `completed`, `failed`, `failed line`
            (the first request is at fault), `busy`, `expired` or `cancelled`; `completed` is that
            of all others. Anthropic has no batch that fails.
        statuses: by "METHOD name" (`POST batches`, `GET batch`, `GET list`, `GET results`,
            `POST files`), the statuses of the first answers.
        swallowed: how many of the first batches are begun, while their answer is a 500.
        strays: add lines to results that nobody can read, or that are of no request.
    """

    seconds: float = 0.0
    fates: dict[int, list[str]] = Field(default_factory=dict[int, list[str]])
    endings: list[str] = Field(default_factory=list[str])
    statuses: dict[str, list[int]] = Field(default_factory=dict[str, list[int]])
    swallowed: int = 0
    strays: bool = False


class Handed(BaseModel):
    """A batch that was handed in: its requests' ids, and the contracts that they are about."""

    id: str
    api: Api
    custom_ids: list[str]
    numbers: list[int]

    @property
    def token(self) -> str:
        """What all of its requests' ids begin with."""
        return self.custom_ids[0].rpartition("-")[0]


class BatchTruth(BaseModel):
    """Everything that the server has seen since it was given its plan.

    Attributes:
        batches: that were begun, in order.
        billed: for each contract, how often a reply about it was made.
        input_tokens: billed.
        output_tokens: billed.
        asked: how many requests each endpoint had.
    """

    batches: list[Handed] = Field(default_factory=list[Handed])
    billed: dict[int, int] = Field(default_factory=dict[int, int])
    input_tokens: int = 0
    output_tokens: int = 0
    asked: dict[str, int] = Field(default_factory=dict[str, int])

    @property
    def handed_in_twice(self) -> list[str]:
        """The tokens of which there is more than one batch."""
        counts = Counter(batch.token for batch in self.batches)
        return [token for token, count in counts.items() if count > 1]

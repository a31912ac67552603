"""What really happened, as the server saw it: the measure of everything that a client says."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Seen(BaseModel):
    """What became of one document's POSTs.

    Attributes:
        fates: for each POST, in order: `right`, a fault's name, `limit` for one that was turned
            away by a rate limit, or `down ...`.
        attempts: POSTs that got past limits and outages; the plan's faults go by these.
        input_tokens: billed, with the replies that were sent.
        output_tokens: the same.
    """

    fates: list[str] = Field(default_factory=list[str])
    attempts: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def posts(self) -> int:
        return len(self.fates)


class Truth(BaseModel):
    """Everything that a server has seen since it was given its plan.

    Attributes:
        documents: by number; 0 is what showed none.
        posts: when each POST was complete, in seconds since the plan was given.
        elsewhere: requests that were neither POSTs to a model nor to the server's own pages.
        in_flight: POSTs that are not answered yet.
        peak_in_flight: the most of them that there were at once.
    """

    documents: dict[int, Seen] = Field(default_factory=dict[int, Seen])
    posts: list[float] = Field(default_factory=list[float])
    elsewhere: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0

    def of(self, number: int) -> Seen:
        """Return what is known of a document; an empty account where it never came by."""
        return self.documents.get(number) or Seen()

    def count(self, fate: str) -> int:
        """Count the POSTs that met a fate."""
        return sum(seen.fates.count(fate) for seen in self.documents.values())

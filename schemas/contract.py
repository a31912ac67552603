"""The fields that any contract may have; other schemas build on it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from extractor.schemas.parts import Duration, Party


class Contract(BaseModel):
    """The main terms of a contract."""

    document_name: str | None = Field(
        default=None, description="Title that the contract gives itself at its head."
    )
    parties: list[Party] = Field(
        min_length=1,
        description="Those who enter into this contract, each once. Not their agents, brokers, "
        "advisers or affiliates, and not parties to other contracts that it mentions.",
    )
    agreement_date: date | None = Field(
        default=None,
        description="Date that the contract bears: when it was made, dated or signed. Not that "
        "of an earlier agreement.",
    )
    effective_date: date | None = Field(
        default=None,
        description="Date on which the contract takes effect or commences, as its clause on "
        "commencement or its definitions state it. Not the date of signature, where another is "
        "stated.",
    )
    expiration_date: date | None = Field(
        default=None,
        description="Date on which the contract ends by itself, if it states that date.",
    )
    term: Duration | None = Field(
        default=None,
        description="How long the contract first runs, as an ISO 8601 duration. Not a notice "
        "period, a renewal, or the time that duties outlast the contract.",
    )
    renewal: Literal["automatic", "optional", "no_renewal"] | None = Field(
        default=None,
        description="Whether the contract goes on after its term: automatic, if it renews by "
        "itself; optional, if a party may extend it; no_renewal, if the contract says that it "
        "does not renew.",
    )
    termination_notice: Duration | None = Field(
        default=None,
        description="Notice a party must give to terminate without cause, as an ISO 8601 "
        "duration. Not the notice against renewal, nor a time to cure a breach.",
    )
    governing_law: str | None = Field(
        default=None,
        description="Country or state whose law governs this contract, by name only. Not the "
        "seat of its courts or arbitration, and not the law of another agreement.",
    )
    dispute_resolution: Literal["courts", "arbitration"] | None = Field(
        default=None, description="Who finally decides disputes under the contract."
    )

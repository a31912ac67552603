"""The fields that any contract may have; other schemas build on it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from extractor.schemas.parts import Duration, Party


class Contract(BaseModel):
    """The main terms of a contract. A field is null where the contract does not say."""

    document_name: str | None = Field(
        default=None, description="Title of the contract, as printed at its head."
    )
    parties: list[Party] = Field(
        min_length=1,
        description="Those who enter into this contract, each once. Not their agents, brokers, "
        "advisers, affiliates, lenders or signatories, and not parties to other contracts that it "
        "mentions.",
    )
    agreement_date: date | None = Field(
        default=None,
        description="Date on which this contract was made or signed. Not that of an earlier "
        "agreement.",
    )
    effective_date: date | None = Field(
        default=None,
        description="Date from which the contract applies: its effective or commencement date, "
        "which may differ from the date of signature.",
    )
    expiration_date: date | None = Field(
        default=None,
        description="Date on which the contract ends by itself. Null unless the contract states "
        "the date.",
    )
    term: Duration | None = Field(
        default=None,
        description="How long the contract first runs, as an ISO 8601 duration. Not a notice "
        "period, a renewal, or the time that duties outlast the contract. Null if it has no "
        "fixed length.",
    )
    renewal: Literal["automatic", "optional", "no_renewal"] | None = Field(
        default=None,
        description="What happens at the end of the term: automatic, unless a party objects; "
        "optional, if a party asks for it; no_renewal, if the contract rules it out.",
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

"""What is asked of each contract; `extractor schema check lease_schema.py:Lease` after changes."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field


class Lease(BaseModel):
    """The main terms of a lease."""

    landlord: str = Field(description="Full legal name of the party that lets the premises.")
    tenant: str = Field(description="Full legal name of the party that rents them.")
    premises: str | None = Field(default=None, description="What is let, as the lease names it.")
    begins: date | None = Field(default=None, description="First day of the term.")
    monthly_rent: int | None = Field(default=None, description="Rent for a month, in dollars.")
    notice_days: int | None = Field(
        default=None, description="Days of notice with which the lease can be ended."
    )
    governing_law: str | None = Field(
        default=None, description="State whose law governs the lease, by name only."
    )

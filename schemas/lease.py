"""Leases of premises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field

from extractor.about import About
from extractor.checks import Check, DistinctParties, EndsAfterTerm, InOrder
from extractor.deriving import EndOfTerm, Rule
from extractor.schemas.fields import (
    AgreementDate,
    CurePeriod,
    DocumentName,
    ExpirationDate,
    GoverningLaw,
    Term,
)
from extractor.schemas.parts import (
    Duration,
    Governed,
    Money,
    Party,
    Percent,
    RelativeDate,
    TimeLimit,
)


class RentStep(BaseModel):
    """Base rent for a part of the term."""

    start: Annotated[
        date | None,
        Field(description="First day on which this rent is due."),
        About("2024-09-01", "partial_date"),
    ] = None
    end: Annotated[
        date | None,
        Field(description="Last day on which this rent is due."),
        About("2025-08-31", "partial_date"),
    ] = None
    rent: Annotated[
        Money,
        Field(description="Base rent for one rent period. Not service charges or taxes."),
        About({"amount": "4200", "currency": "EUR"}, "money"),
    ]
    period: Annotated[
        Literal["month", "quarter", "year"] | None,
        Field(description="Period that this rent is stated for."),
        About("month", "enum"),
    ] = None


class LeaseOption(BaseModel):
    """A right to change the lease that a party may use or not."""

    kind: Annotated[
        Literal["renew", "expand", "terminate", "purchase", "first_refusal", "first_offer"],
        Field(description="What the option is for."),
        About("renew", "enum", cuad="Rofr/Rofo/Rofn"),
    ]
    notice: Annotated[
        TimeLimit | None,
        Field(description="Notice by which it is used, as an ISO 8601 duration."),
        About("P9M", "duration"),
    ] = None
    length: Annotated[
        Duration | None,
        Field(description="How long a renewal lasts, as an ISO 8601 duration."),
        About("P5Y", "duration"),
    ] = None


class Lease(Governed):
    """The main terms of a lease of premises."""

    checks: ClassVar[tuple[Check, ...]] = (
        DistinctParties("landlord", "tenant"),
        InOrder("commencement_date", "expiration_date"),
        EndsAfterTerm("commencement_date", "term", "expiration_date"),
    )
    derivations: ClassVar[tuple[Rule, ...]] = (
        EndOfTerm("commencement_date", "term", "expiration_date"),
    )

    vital: ClassVar[tuple[str, ...]] = ("commencement_date", "term", "governing_law")

    document_name: DocumentName = None
    landlord: Annotated[
        Party,
        Field(description="Who lets the premises. Not its manager or agent."),
        About({"name": "Pellworth Estates LLP"}, "party_set", cuad="Parties"),
    ]
    tenant: Annotated[
        Party,
        Field(description="Who takes the premises. Not a subtenant or guarantor."),
        About({"name": "Brightwater Mills Limited"}, "party_set", cuad="Parties"),
    ]
    guarantor: Annotated[
        Party | None,
        Field(description="Who answers for the tenant's duties."),
        About({"name": "Brightwater Holdings plc"}, "party_set"),
    ] = None
    agreement_date: AgreementDate = None
    premises: Annotated[
        str | None,
        Field(description="Address of what is let, with floor and unit. Not a notice address."),
        About("Unit 4, 12 Mill Lane, Pellworth", "free_text"),
    ] = None
    area: Annotated[
        Decimal | None,
        Field(description="Area of what is let, as a number in the unit of the contract."),
        About("320", "number"),
    ] = None
    area_unit: Annotated[
        Literal["square_feet", "square_metres", "acres", "hectares"] | None,
        Field(description="Unit in which that area is stated."),
        About("square_metres", "enum"),
    ] = None
    permitted_use: Annotated[
        str | None,
        Field(description="What the premises may be used for, in the contract's words."),
        About("weaving and storage of cloth", "free_text"),
    ] = None
    commencement_date: Annotated[
        date | None,
        Field(
            description="Day on which the term begins. Not the date of the contract, nor the day "
            "from which rent is due."
        ),
        About("2024-09-01", "partial_date", cuad="Effective Date"),
    ] = None
    rent_commencement: Annotated[
        date | None,
        Field(description="Day from which rent is due, where the contract gives it as a date."),
        About("2024-12-01", "partial_date"),
    ] = None
    rent_commencement_rule: Annotated[
        RelativeDate | None,
        Field(description="Day from which rent is due, where it is counted from an event."),
    ] = None
    expiration_date: ExpirationDate = None
    term: Term = None
    rent: Annotated[
        list[RentStep],
        Field(
            description="Base rent through the term, one entry for each part of it with another "
            "rent."
        ),
    ] = Field(default_factory=list[RentStep])
    escalation: Annotated[
        Literal["fixed_steps", "percentage", "index", "market_review"] | None,
        Field(description="How the base rent rises."),
        About("index", "enum"),
    ] = None
    escalation_percent: Annotated[
        Percent | None,
        Field(description="By how much it rises each time, as the number before the percent sign."),
        About("3", "percent"),
    ] = None
    rent_free: Annotated[
        Duration | None,
        Field(description="Time for which no base rent is due, as an ISO 8601 duration."),
        About("P3M", "duration"),
    ] = None
    security_deposit: Annotated[
        Money | None,
        Field(description="Deposit that secures the tenant's duties. Not rent paid in advance."),
        About({"amount": "12600", "currency": "EUR"}, "money"),
    ] = None
    expenses_basis: Annotated[
        Literal["gross", "modified_gross", "net", "double_net", "triple_net"] | None,
        Field(
            description="Who bears taxes, insurance and upkeep: gross, if the landlord; "
            "triple_net, if the tenant bears all of them; the others lie between."
        ),
        About("triple_net", "enum"),
    ] = None
    options: Annotated[
        list[LeaseOption],
        Field(description="Options and rights of first refusal or offer, one entry for each."),
    ] = Field(default_factory=list[LeaseOption])
    repairs: Annotated[
        str | None,
        Field(description="Who repairs what, in the contract's words."),
        About("the Tenant keeps the interior in repair", "free_text"),
    ] = None
    subletting: Annotated[
        Literal["free", "with_consent", "prohibited"] | None,
        Field(description="Whether the tenant may sublet or assign."),
        About("with_consent", "enum", cuad="Anti-Assignment"),
    ] = None
    holdover_rent: Annotated[
        Percent | None,
        Field(
            description="Rent while the tenant stays on after the end, as a share of the last "
            "rent, as the number before the percent sign."
        ),
        About("150", "percent"),
    ] = None
    cure_period: CurePeriod = None
    governing_law: GoverningLaw = None

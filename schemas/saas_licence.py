"""Licences of software and subscriptions to it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from extractor.about import About
from extractor.schemas.commercial import CommercialContract
from extractor.schemas.fields import YES_NO
from extractor.schemas.parts import Duration, Money, Percent, TimeLimit


class SaasLicence(CommercialContract):
    """The main terms of a software licence or subscription."""

    licensed_product: Annotated[
        str | None,
        Field(description="Software or service that is licensed, by the name the contract uses."),
        About("LoomWorks Planner", "free_text", cuad="License Grant"),
    ] = None
    exclusive: Annotated[
        bool | None,
        Field(description="Whether the licence is exclusive."),
        About(example=False, scorer="boolean", cuad="Exclusivity"),
    ] = None
    transferable: Annotated[
        bool | None,
        Field(description="Whether the licensee may transfer the licence."),
        About(example=False, scorer="boolean", cuad="Non-Transferable License"),
    ] = None
    sublicensable: Annotated[
        bool | None,
        Field(description="Whether the licensee may grant sublicences."),
        About(example=False, scorer="boolean"),
    ] = None
    perpetual: Annotated[
        bool | None,
        Field(description="Whether the licence lasts without end."),
        About(example=False, scorer="boolean", cuad="Irrevocable Or Perpetual License"),
    ] = None
    territory: Annotated[
        str | None,
        Field(description="Where the product may be used, in the contract's words."),
        About("worldwide", "free_text"),
    ] = None
    metric: Annotated[
        Literal["users", "devices", "usage", "sites", "enterprise", "other"] | None,
        Field(description="What the licence is counted by."),
        About("users", "enum"),
    ] = None
    quantity: Annotated[
        int | None,
        Field(description="How many of these are licensed."),
        About(250, "number"),
    ] = None
    fee: Annotated[
        Money | None,
        Field(description="Fee of one fee period for the licence. Not one of set-up or support."),
        About({"amount": "18000", "currency": "EUR"}, "money"),
    ] = None
    fee_period: Annotated[
        Literal["once", "monthly", "quarterly", "annually"] | None,
        Field(description="How often that fee falls due."),
        About("annually", "enum"),
    ] = None
    price_increase_cap: Annotated[
        Percent | None,
        Field(
            description="Most by which the fee may rise at a renewal or in a year, as the number "
            "before the percent sign."
        ),
        About("5", "percent"),
    ] = None
    uptime: Annotated[
        Percent | None,
        Field(description="Availability that is promised, as the number before the percent sign."),
        About("99.5", "percent"),
    ] = None
    service_credits: Annotated[
        bool | None,
        Field(description="Whether the customer gets credits if that availability is missed."),
        YES_NO,
    ] = None
    data_location: Annotated[
        str | None,
        Field(description="Where customer data must be kept, in the contract's words."),
        About("data centres in Ireland", "free_text"),
    ] = None
    security_standard: Annotated[
        str | None,
        Field(description="Standard of security that the supplier must meet, by its name."),
        About("SOC 2 Type II", "free_text"),
    ] = None
    suspension_right: Annotated[
        bool | None,
        Field(description="Whether the supplier may suspend the service."),
        YES_NO,
    ] = None
    source_code_escrow: Annotated[
        bool | None,
        Field(description="Whether source code is deposited with an escrow agent."),
        About(example=True, scorer="boolean", cuad="Source Code Escrow"),
    ] = None
    data_return: Annotated[
        TimeLimit | None,
        Field(
            description="Time after the end in which the customer can have its data back, as an "
            "ISO 8601 duration."
        ),
        About("P30D", "duration"),
    ] = None
    warranty_period: Annotated[
        Duration | None,
        Field(description="How long the product is warranted, as an ISO 8601 duration."),
        About("P90D", "duration", cuad="Warranty Duration"),
    ] = None

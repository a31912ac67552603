"""Master services agreements."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from extractor.about import About
from extractor.schemas.commercial import CommercialContract
from extractor.schemas.fields import YES_NO
from extractor.schemas.parts import Duration, TimeLimit


class MasterServicesAgreement(CommercialContract):
    """The main terms of a master services agreement."""

    services: Annotated[
        str | None,
        Field(description="What is to be done for the customer, in one phrase of the contract."),
        About("maintenance of the Mill's looms", "free_text"),
    ] = None
    statements_of_work: Annotated[
        bool | None,
        Field(description="Whether services are ordered by statements of work or orders."),
        YES_NO,
    ] = None
    precedence: Annotated[
        str | None,
        Field(
            description="Which document prevails if this contract and a statement of work or an "
            "annex differ, in the contract's words."
        ),
        About("the Statement of Work prevails", "free_text"),
    ] = None
    invoicing: Annotated[
        Literal["in_advance", "weekly", "monthly", "quarterly", "annually", "on_milestones"] | None,
        Field(description="When the supplier invoices. Not the time for payment."),
        About("monthly", "enum"),
    ] = None
    expenses_reimbursed: Annotated[
        bool | None,
        Field(description="Whether the customer pays the supplier's expenses beside the fees."),
        YES_NO,
    ] = None
    acceptance_period: Annotated[
        TimeLimit | None,
        Field(
            description="Time that the customer has to accept or reject what is delivered, as an "
            "ISO 8601 duration; business days with BD in place of D."
        ),
        About("P10BD", "duration"),
    ] = None
    deemed_acceptance: Annotated[
        bool | None,
        Field(description="Whether what is not rejected in that time counts as accepted."),
        YES_NO,
    ] = None
    ip_ownership: Annotated[
        Literal["customer", "supplier", "joint", "split"] | None,
        Field(
            description="Who owns what the supplier makes under the contract; split, if some is "
            "the customer's and some the supplier's. Not what a party had before."
        ),
        About("customer", "enum", cuad="Ip Ownership Assignment"),
    ] = None
    warranty_period: Annotated[
        Duration | None,
        Field(
            description="How long the supplier warrants what was delivered, as an ISO 8601 "
            "duration."
        ),
        About("P90D", "duration", cuad="Warranty Duration"),
    ] = None
    subcontracting: Annotated[
        Literal["free", "with_consent", "prohibited"] | None,
        Field(description="Whether the supplier may subcontract."),
        About("with_consent", "enum"),
    ] = None
    audit_right: Annotated[
        bool | None,
        Field(description="Whether the customer may audit the supplier's books or performance."),
        About(example=True, scorer="boolean", cuad="Audit Rights"),
    ] = None
    non_solicitation: Annotated[
        Duration | None,
        Field(
            description="How long a party may not hire or solicit the other's staff after the "
            "contract ends, as an ISO 8601 duration."
        ),
        About("P12M", "duration", cuad="No-Solicit Of Employees"),
    ] = None
    key_personnel: Annotated[
        list[str],
        Field(description="Persons whom the supplier must provide by name."),
        About(["Ada Pell"], "free_text"),
    ] = Field(default_factory=list[str])

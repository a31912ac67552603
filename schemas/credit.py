"""Credit and loan agreements."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field

from extractor.about import About
from extractor.checks import Check, DistinctParties, InOrder
from extractor.schemas.fields import (
    YES_NO,
    AgreementDate,
    DocumentName,
    EffectiveDate,
    GoverningLaw,
)
from extractor.schemas.parts import Governed, Money, Percent


class Facility(BaseModel):
    """One loan or line of credit under the agreement."""

    kind: Annotated[
        Literal["revolving", "term", "delayed_draw", "swingline", "letters_of_credit", "other"],
        Field(description="What kind of credit it is."),
        About("revolving", "enum"),
    ]
    amount: Annotated[
        Money | None,
        Field(description="Commitments of all lenders under this facility."),
        About({"amount": "50000000", "currency": "USD"}, "money"),
    ] = None
    maturity_date: Annotated[
        date | None,
        Field(description="Day on which this facility falls due."),
        About("2029-03-14", "partial_date"),
    ] = None
    benchmark: Annotated[
        str | None,
        Field(description="Reference rate that interest is counted from, by its name."),
        About("Term SOFR", "free_text"),
    ] = None
    margin: Annotated[
        Percent | None,
        Field(description="Margin over it, as the number before the percent sign."),
        About("1.75", "percent"),
    ] = None


class FinancialCovenant(BaseModel):
    """A figure that the borrower must keep."""

    metric: Annotated[
        str,
        Field(description="What is measured, by the defined term."),
        About("Consolidated Leverage Ratio", "free_text"),
    ]
    operator: Annotated[
        Literal["at_most", "at_least"],
        Field(description="Whether the level is the highest or the lowest that is allowed."),
        About("at_most", "enum"),
    ]
    level: Annotated[
        str | None,
        Field(description="The level, as the contract writes it."),
        About("3.50 to 1.00", "free_text"),
    ] = None


class CreditAgreement(Governed):
    """The main terms of a credit agreement."""

    checks: ClassVar[tuple[Check, ...]] = (
        DistinctParties("borrower", "lenders"),
        InOrder("agreement_date", "maturity_date"),
        InOrder("effective_date", "maturity_date"),
    )
    vital: ClassVar[tuple[str, ...]] = ("effective_date", "maturity_date", "governing_law")

    document_name: DocumentName = None
    borrower: Annotated[
        str,
        Field(description="Full legal name of the company that borrows. Not its guarantors."),
        About("Brightwater Mills, Inc.", "party_set"),
    ]
    guarantors: Annotated[
        list[str],
        Field(description="Full legal names of those who guarantee the debt, each once."),
        About(["Brightwater Holdings plc"], "party_set"),
    ] = Field(default_factory=list[str])
    lenders: Annotated[
        list[str],
        Field(
            description="Full legal names of the lenders, as the signature pages or the schedule "
            "of commitments have them, each once."
        ),
        About(["Pellworth Bank, N.A."], "party_set"),
    ] = Field(default_factory=list[str])
    administrative_agent: Annotated[
        str | None,
        Field(description="Full legal name of the administrative agent for the lenders."),
        About("Pellworth Bank, N.A.", "party_set"),
    ] = None
    lead_arrangers: Annotated[
        list[str],
        Field(
            description="Full legal names of the lead arrangers and bookrunners of the cover page, "
            "each once."
        ),
        About(["Sund Securities LLC"], "party_set"),
    ] = Field(default_factory=list[str])
    agreement_date: AgreementDate = None
    effective_date: EffectiveDate = None
    maturity_date: Annotated[
        date | None,
        Field(
            description="Day on which the loans fall due at the latest, before any extension. Of "
            "several facilities, that of the main one."
        ),
        About("2029-03-14", "partial_date", cuad="Expiration Date"),
    ] = None
    commitment: Annotated[
        Money | None,
        Field(
            description="Commitments of all lenders together at the start. Not a sublimit, nor an "
            "increase that may be asked for."
        ),
        About({"amount": "75000000", "currency": "USD"}, "money"),
    ] = None
    facilities: Annotated[
        list[Facility],
        Field(description="Loans and lines of credit under the agreement, one entry for each."),
    ] = Field(default_factory=list[Facility])
    use_of_proceeds: Annotated[
        str | None,
        Field(description="What the borrower may use the loans for, in the contract's words."),
        About("for general corporate purposes", "free_text"),
    ] = None
    borrowing_notice: Annotated[
        str | None,
        Field(
            description="Notice that the borrower must give of a borrowing, for each kind of loan, "
            "in the contract's words."
        ),
        About("by 11:00 a.m. on the Business Day before the Borrowing", "free_text"),
    ] = None
    authorized_officer_definition: Annotated[
        str | None,
        Field(
            description="Who may sign for the borrower: the definition of authorized, responsible "
            "or financial officer, in the contract's words."
        ),
        About("the chief executive officer or the treasurer of the Borrower", "free_text"),
    ] = None
    financial_covenants: Annotated[
        list[FinancialCovenant],
        Field(description="Figures that the borrower must keep, one entry for each."),
    ] = Field(default_factory=list[FinancialCovenant])
    default_interest: Annotated[
        Percent | None,
        Field(
            description="By how much interest rises after a default, as the number before the "
            "percent sign."
        ),
        About("2", "percent"),
    ] = None
    required_lenders: Annotated[
        Percent | None,
        Field(
            description="Share of the commitments that the required lenders must hold more than, "
            "as the number before the percent sign."
        ),
        About("50", "percent"),
    ] = None
    secured: Annotated[
        bool | None,
        Field(description="Whether the debt is secured by collateral."),
        YES_NO,
    ] = None
    change_of_control: Annotated[
        bool | None,
        Field(
            description="Whether a change of control of the borrower is an event of default or "
            "makes the debt due."
        ),
        About(example=True, scorer="boolean", cuad="Change Of Control"),
    ] = None
    beneficial_ownership_certification_required: Annotated[
        bool | None,
        Field(description="Whether the borrower must deliver a certification of its owners."),
        YES_NO,
    ] = None
    governing_law: GoverningLaw = None

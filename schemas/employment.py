"""Contracts of employment."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from extractor.about import About
from extractor.checks import Check, DistinctParties, InOrder
from extractor.schemas.fields import YES_NO, AgreementDate, DocumentName, GoverningLaw
from extractor.schemas.parts import Duration, Governed, Money, Party, Percent, TimeLimit


class EmploymentContract(Governed):
    """The main terms of a contract of employment."""

    checks: ClassVar[tuple[Check, ...]] = (
        DistinctParties("employer", "employee"),
        InOrder("start_date", "end_date"),
    )
    vital: ClassVar[tuple[str, ...]] = ("start_date", "base_salary", "governing_law")

    document_name: DocumentName = None
    employer: Annotated[
        Party,
        Field(description="Who employs. Not an affiliate, nor who signs for the employer."),
        About({"name": "Brightwater Mills Limited"}, "party_set", cuad="Parties"),
    ]
    employee: Annotated[
        Party,
        Field(description="Person who is employed under the contract."),
        About({"name": "Ada Pell"}, "party_set", cuad="Parties"),
    ]
    agreement_date: AgreementDate = None
    job_title: Annotated[
        str | None,
        Field(description="Position that the employee is hired for."),
        About("Head Weaver", "free_text"),
    ] = None
    employment_type: Annotated[
        Literal["permanent", "fixed_term", "at_will"] | None,
        Field(
            description="Permanent, if without end; fixed_term, if it ends by itself; at_will, if "
            "either may end it at any time without notice or cause."
        ),
        About("permanent", "enum"),
    ] = None
    start_date: Annotated[
        date | None,
        Field(description="First day of work. Not the date of signature."),
        About("2024-05-01", "partial_date", cuad="Effective Date"),
    ] = None
    end_date: Annotated[
        date | None,
        Field(description="Last day of a fixed term."),
        About("2026-04-30", "partial_date", cuad="Expiration Date"),
    ] = None
    base_salary: Annotated[
        Money | None,
        Field(description="Base pay of one pay period. Not bonus, allowances or severance."),
        About({"amount": "54000", "currency": "GBP"}, "money"),
    ] = None
    salary_period: Annotated[
        Literal["hour", "day", "week", "month", "year"] | None,
        Field(description="Period that the base pay is stated for. Not how often it is paid."),
        About("year", "enum"),
    ] = None
    bonus_amount: Annotated[
        Money | None,
        Field(description="Bonus that can be earned, where it is a sum."),
        About({"amount": "6000", "currency": "GBP"}, "money"),
    ] = None
    bonus_percent: Annotated[
        Percent | None,
        Field(
            description="Target bonus as a share of base pay, as the number before the percent "
            "sign."
        ),
        About("15", "percent"),
    ] = None
    equity: Annotated[
        str | None,
        Field(description="Shares or options granted, with number and vesting, in its words."),
        About("400 options, vesting over four years", "free_text"),
    ] = None
    paid_leave_days: Annotated[
        int | None,
        Field(description="Days of paid leave in a year. Not public holidays or sick leave."),
        About(25, "number"),
    ] = None
    working_hours: Annotated[
        str | None,
        Field(description="Normal hours of work, in the contract's words."),
        About("37.5 hours a week", "free_text"),
    ] = None
    place_of_work: Annotated[
        str | None,
        Field(description="Where the employee works, in the contract's words."),
        About("the Mill at Pellworth", "free_text"),
    ] = None
    probation: Annotated[
        Duration | None,
        Field(description="Probationary period, as an ISO 8601 duration."),
        About("P6M", "duration"),
    ] = None
    employer_notice: Annotated[
        TimeLimit | None,
        Field(
            description="Notice by which the employer may end the employment after any probation, "
            "as an ISO 8601 duration."
        ),
        About("P3M", "duration"),
    ] = None
    employee_notice: Annotated[
        TimeLimit | None,
        Field(
            description="Notice by which the employee may end the employment after any probation, "
            "as an ISO 8601 duration."
        ),
        About("P1M", "duration"),
    ] = None
    severance: Annotated[
        str | None,
        Field(description="What is paid on dismissal and when it is due, in its words."),
        About("six months' base salary on termination without cause", "free_text"),
    ] = None
    non_compete: Annotated[
        Duration | None,
        Field(
            description="How long after the end the employee may not compete, as an ISO 8601 "
            "duration."
        ),
        About("P12M", "duration", cuad="Non-Compete"),
    ] = None
    non_compete_territory: Annotated[
        str | None,
        Field(description="Where the employee may not compete, in the contract's words."),
        About("the County of Sund", "free_text"),
    ] = None
    non_solicitation: Annotated[
        Duration | None,
        Field(
            description="How long after the end the employee may not solicit customers or staff, "
            "as an ISO 8601 duration."
        ),
        About("P12M", "duration", cuad="No-Solicit Of Employees"),
    ] = None
    ip_assignment: Annotated[
        bool | None,
        Field(description="Whether what the employee creates belongs to the employer."),
        About(example=True, scorer="boolean", cuad="Ip Ownership Assignment"),
    ] = None
    confidentiality: Annotated[
        bool | None,
        Field(description="Whether the employee must keep the employer's information secret."),
        YES_NO,
    ] = None
    governing_law: GoverningLaw = None

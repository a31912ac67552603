"""Data processing agreements, after Article 28 of the General Data Protection Regulation."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from extractor.about import About
from extractor.checks import Check, DistinctParties
from extractor.schemas.fields import (
    YES_NO,
    AgreementDate,
    DocumentName,
    EffectiveDate,
    GoverningLaw,
)
from extractor.schemas.parts import Governed, Party, TimeLimit


class DataProcessingAgreement(Governed):
    """The main terms of an agreement on the processing of personal data."""

    checks: ClassVar[tuple[Check, ...]] = (DistinctParties("controller", "processor"),)

    document_name: DocumentName = None
    controller: Annotated[
        Party,
        Field(description="Who decides what the data is processed for; often the customer."),
        About({"name": "Orrin Foods plc", "role": "Controller"}, "party_set", cuad="Parties"),
    ]
    processor: Annotated[
        Party,
        Field(description="Who processes the data for the other. Not a subprocessor."),
        About({"name": "Harrow Systems Limited", "role": "Processor"}, "party_set", cuad="Parties"),
    ]
    agreement_date: AgreementDate = None
    effective_date: EffectiveDate = None
    roles: Annotated[
        Literal["controller_to_processor", "processor_to_subprocessor", "joint_controllers"] | None,
        Field(description="Which roles the parties have in the processing."),
        About("controller_to_processor", "enum"),
    ] = None
    main_agreement: Annotated[
        str | None,
        Field(description="Contract that this one belongs to, by its title and date."),
        About("the Master Services Agreement of 9 January 2025", "free_text"),
    ] = None
    purpose: Annotated[
        str | None,
        Field(description="Nature and purpose of the processing, in the contract's words."),
        About("hosting of the order system", "free_text"),
    ] = None
    duration: Annotated[
        str | None,
        Field(description="How long data is processed, in the contract's words."),
        About("for the term of the Main Agreement", "free_text"),
    ] = None
    data_categories: Annotated[
        list[str],
        Field(description="Kinds of personal data, one entry for each."),
        About(["contact details"], "free_text"),
    ] = Field(default_factory=list[str])
    data_subjects: Annotated[
        list[str],
        Field(description="Whose data it is, one entry for each group of persons."),
        About(["employees of the customer"], "free_text"),
    ] = Field(default_factory=list[str])
    special_categories: Annotated[
        bool | None,
        Field(description="Whether data on health, beliefs, origin or the like is processed."),
        YES_NO,
    ] = None
    documented_instructions: Annotated[
        bool | None,
        Field(description="Whether the processor acts only on documented instructions."),
        YES_NO,
    ] = None
    staff_confidentiality: Annotated[
        bool | None,
        Field(description="Whether those who process the data are bound to secrecy."),
        YES_NO,
    ] = None
    security_measures: Annotated[
        list[str],
        Field(description="Technical and organisational measures, one entry for each."),
        About(["encryption at rest"], "free_text"),
    ] = Field(default_factory=list[str])
    subprocessor_authorisation: Annotated[
        Literal["specific", "general", "prohibited"] | None,
        Field(
            description="Whether each subprocessor needs consent (specific), may be engaged after "
            "notice (general), or may not be engaged."
        ),
        About("general", "enum"),
    ] = None
    subprocessor_notice: Annotated[
        TimeLimit | None,
        Field(
            description="Notice of a new subprocessor, as an ISO 8601 duration; business days with "
            "BD in place of D."
        ),
        About("P30D", "duration"),
    ] = None
    objection_period: Annotated[
        TimeLimit | None,
        Field(
            description="Time in which the controller may object to a new subprocessor, as an ISO "
            "8601 duration; business days with BD in place of D."
        ),
        About("P14D", "duration"),
    ] = None
    subprocessors: Annotated[
        list[str],
        Field(description="Subprocessors that are engaged already, by name."),
        About(["Sund Cloud A/S"], "party_set"),
    ] = Field(default_factory=list[str])
    transfer_mechanism: Annotated[
        Literal[
            "standard_contractual_clauses",
            "adequacy_decision",
            "binding_corporate_rules",
            "uk_addendum",
            "not_transferred",
        ]
        | None,
        Field(
            description="What allows transfers to third countries; not_transferred, if the "
            "contract forbids them."
        ),
        About("standard_contractual_clauses", "enum"),
    ] = None
    breach_notice: Annotated[
        TimeLimit | None,
        Field(
            description="Time in which the processor must tell of a personal data breach, as an "
            "ISO 8601 duration with hours as T and H."
        ),
        About("PT48H", "duration"),
    ] = None
    data_subject_assistance: Annotated[
        bool | None,
        Field(description="Whether the processor helps to answer requests of data subjects."),
        YES_NO,
    ] = None
    compliance_assistance: Annotated[
        bool | None,
        Field(
            description="Whether the processor helps with security, breach notices and impact "
            "assessments."
        ),
        YES_NO,
    ] = None
    audit_right: Annotated[
        bool | None,
        Field(description="Whether the controller may audit or inspect the processing."),
        About(example=True, scorer="boolean", cuad="Audit Rights"),
    ] = None
    audit_notice: Annotated[
        TimeLimit | None,
        Field(
            description="Notice of an audit, as an ISO 8601 duration; business days with BD in "
            "place of D."
        ),
        About("P30D", "duration"),
    ] = None
    deletion_or_return: Annotated[
        bool | None,
        Field(description="Whether data is deleted or returned at the end."),
        YES_NO,
    ] = None
    deletion_period: Annotated[
        TimeLimit | None,
        Field(description="Time after the end in which that is done, as an ISO 8601 duration."),
        About("P90D", "duration"),
    ] = None
    governing_law: GoverningLaw = None

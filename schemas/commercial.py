"""What contracts of sale, supply and service have in common beyond the terms of any contract."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from extractor.checks import Check, ShorterThan
from extractor.schemas.contract import Contract
from extractor.schemas.fields import (
    Assignment,
    ChangeOfControl,
    ConfidentialityPeriod,
    CurePeriod,
    Indemnity,
    IndirectLoss,
    LateInterest,
    LiabilityCap,
    LiabilityCapRule,
    PaymentPeriod,
    RenewalNotice,
    RenewalTerm,
    TerminationRights,
    TotalValue,
    Venue,
)
from extractor.schemas.parts import Clause, Notice


class CommercialContract(Contract):
    """The commercial terms of a contract between businesses."""

    checks: ClassVar[tuple[Check, ...]] = (
        *Contract.checks,
        ShorterThan("renewal_notice", "renewal_term"),
        ShorterThan("termination_notice", "term"),
    )

    renewal_term: RenewalTerm = None
    renewal_notice: RenewalNotice = None
    termination_rights: TerminationRights = Field(default_factory=list[Notice])
    cure_period: CurePeriod = None
    venue: Venue = None
    total_value: TotalValue = None
    payment_period: PaymentPeriod = None
    late_interest: LateInterest = None
    liability_cap: LiabilityCap = None
    liability_cap_rule: LiabilityCapRule = None
    indirect_loss_excluded: IndirectLoss = None
    indemnity: Indemnity = None
    confidentiality_period: ConfidentialityPeriod = None
    insurance: Annotated[
        Clause | None,
        Field(description="Duty of a party to keep insurance."),
    ] = None
    assignment: Assignment = None
    change_of_control: ChangeOfControl = None

"""The fields that any contract may have; other schemas build on it."""

from __future__ import annotations

from typing import ClassVar

from extractor.checks import Check, DistinctParties, EndsAfterTerm, InOrder
from extractor.deriving import EndOfTerm, Rule
from extractor.schemas.fields import (
    AgreementDate,
    DisputeResolution,
    DocumentName,
    EffectiveDate,
    ExpirationDate,
    GoverningLaw,
    Parties,
    RenewalKind,
    Term,
    TerminationNotice,
)
from extractor.schemas.parts import Governed


class Contract(Governed):
    """The main terms of a contract."""

    checks: ClassVar[tuple[Check, ...]] = (
        DistinctParties("parties"),
        InOrder("effective_date", "expiration_date"),
        EndsAfterTerm("effective_date", "term", "expiration_date"),
    )
    derivations: ClassVar[tuple[Rule, ...]] = (
        EndOfTerm("effective_date", "term", "expiration_date"),
    )

    vital: ClassVar[tuple[str, ...]] = ("parties", "effective_date", "term", "governing_law")

    document_name: DocumentName = None
    parties: Parties
    agreement_date: AgreementDate = None
    effective_date: EffectiveDate = None
    expiration_date: ExpirationDate = None
    term: Term = None
    renewal: RenewalKind = None
    termination_notice: TerminationNotice = None
    governing_law: GoverningLaw = None
    dispute_resolution: DisputeResolution = None

"""Fields that several contract types have, each with the description that all of them share."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from extractor.about import About, Wording
from extractor.schemas.parts import Duration, Jurisdiction, Money, Notice, Party, Percent, TimeLimit

_ON = r"(?:(?!\b(?:unless|which|until|except|provided)\b)[^.;,]){0,50}"
_LENGTH = r"(?:one|two|three|four|five|six|nine|twelve|eighteen|\d+|\w+ ?\(\d+\))[ -]"
_AFTER_THE_CONTRACT = (
    rf"\b(?:after|following)\b{_ON}\b(?:terminat(?:ion|es)|ceas|resign|employment|disclos)"
    rf"|\banniversary of\b{_ON}\b(?:terminat|expir|resign|disclos)"
    r"|\bfrom the (?:date|time) of (?:\w+ ){0,3}(?:disclosure|termination|receipt|employment)"
    rf"|\bwithin (?:the |an? |any )?{_LENGTH}"
    r"|\b(?:employment|during the term)\b[^.;]{0,120}(?:years?|months?)\)? thereafter"
    r"|\bagrees? that,? (?:for|during|until)\b"
    rf"|\b(?:prior to|preceding)\b{_ON}\b(?:terminat|ceas|employment)"
    rf"|\bpreceding {_LENGTH}"
    r"|\b(?:not|neither)\b[^.;]{0,80}\b(?:engage|solicit|hire|employ|compete|disclose|acquire"
    r"|purchase|buy|initiate|maintain|recruit|induce|contact)\b"
    r"|\b(?:solicit|standstill|compet(?:e|es|ing|itors?|ition|itive))\b"
    r"|\brenew(?:s|ed|al)?\b[^.;]{0,30}\b(?:successive|additional|further)\b"
    r"|\b(?:years?|months?|days?)['\u2019]?\s+(?:prior\s+|advance\s+|written\s+)*notice\b"
    r"|\bwarranty\b|\brecords?\b|\bsurviv\w+ (?:any |the )?(?:termination|expiration|expiry)\b"
    r"(?! of (?:discussion|negotiation|talk))"
)
"""Times that are no contract's own: after an employment or a disclosure, of a restraint."""

YES_NO = About(example=True, scorer="boolean")

DocumentName: TypeAlias = Annotated[
    str | None,
    Field(description="Title that the contract gives itself at its head."),
    About("Master Services Agreement", "text", cuad="Document Name"),
]
Parties: TypeAlias = Annotated[
    list[Party],
    Field(
        min_length=1,
        description="Those who enter into this contract, each once. Not their agents, brokers, "
        "advisers or affiliates, and not parties to other contracts that it mentions.",
    ),
    About([{"name": "Brightwater Mills Limited", "role": "Supplier"}], "party_set", cuad="Parties"),
]
AgreementDate: TypeAlias = Annotated[
    date | None,
    Field(
        description="Date that the contract bears: when it was made, dated or signed. Not that "
        "of an earlier agreement."
    ),
    About("2024-03-14", "partial_date", cuad="Agreement Date"),
]
EffectiveDate: TypeAlias = Annotated[
    date | None,
    Field(
        description="Date on which the contract takes effect or commences, as its clause on "
        "commencement or its definitions state it. Not the date of signature, where another is "
        "stated."
    ),
    About("2024-04-01", "partial_date", cuad="Effective Date"),
]
ExpirationDate: TypeAlias = Annotated[
    date | None,
    Field(description="Date on which the contract ends by itself, if it states that date."),
    About("2027-03-31", "partial_date", cuad="Expiration Date"),
]
Term: TypeAlias = Annotated[
    Duration | None,
    Field(
        description="How long the contract first runs, as an ISO 8601 duration. Not a notice "
        "period, a renewal, or the time that duties outlast the contract."
    ),
    About("P3Y", "duration"),
    Wording(never=_AFTER_THE_CONTRACT),
]
RenewalKind: TypeAlias = Annotated[
    Literal["automatic", "optional", "no_renewal"] | None,
    Field(
        description="Whether the contract goes on after its term: automatic, if it renews by "
        "itself; optional, if a party may extend it; no_renewal, if the contract says that it "
        "does not renew."
    ),
    About("automatic", "enum"),
]
RenewalTerm: TypeAlias = Annotated[
    Duration | None,
    Field(
        description="Length of each renewal, as an ISO 8601 duration. Not the first term, nor the "
        "notice against renewal."
    ),
    About("P1Y", "duration", cuad="Renewal Term"),
]
RenewalNotice: TypeAlias = Annotated[
    Duration | None,
    Field(
        description="Notice a party must give before the term ends so that the contract does not "
        "renew, as an ISO 8601 duration. Not the notice of termination during the term."
    ),
    About("P90D", "duration", cuad="Notice Period To Terminate Renewal"),
]
TerminationNotice: TypeAlias = Annotated[
    Duration | None,
    Field(
        description="Notice a party must give to terminate without cause, as an ISO 8601 "
        "duration. Not the notice against renewal, nor a time to cure a breach."
    ),
    About("P30D", "duration"),
]
TerminationRights: TypeAlias = Annotated[
    list[Notice],
    Field(
        description="Notices by which a party may end the contract without cause, one for each "
        "party that has another. Not those against renewal, nor after a breach."
    ),
]
CurePeriod: TypeAlias = Annotated[
    TimeLimit | None,
    Field(
        description="Time that a party has to remedy a breach before the other may terminate, as "
        "an ISO 8601 duration; business days with BD in place of D."
    ),
    About("P30D", "duration"),
]
GoverningLaw: TypeAlias = Annotated[
    Jurisdiction | None,
    Field(
        description="Country or state whose law governs this contract, by name only. Not the "
        "seat of its courts or arbitration, and not the law of another agreement."
    ),
    About("England and Wales", "jurisdiction", cuad="Governing Law"),
    Wording(
        says=r"\b(?:govern(?:ed|ing|s)?|construed|construction (?:of|and)|interpret\w*|laws?"
        r"|statutes|jurisdiction|courts)\b",
        never=r"(?s)\A(?!.*\b(?:govern(?:ed|ing)|construed|interpreted)\b).*"
        r"(?:\b(?:corporation|company|partnership|organi[sz]ed|incorporated)\b[^.;]{0,40}"
        r"\bunder the laws?\b|\blaw offices?\b|\b(?:government|governor) of\b)",
    ),
]
DisputeResolution: TypeAlias = Annotated[
    Literal["courts", "arbitration"] | None,
    Field(description="Who finally decides disputes under the contract."),
    About("arbitration", "enum"),
]
Venue: TypeAlias = Annotated[
    str | None,
    Field(
        description="Courts that decide disputes, or the seat and rules of the arbitration, in the "
        "contract's words. Not the governing law."
    ),
    About("the courts of Ireland", "free_text"),
]
Assignment: TypeAlias = Annotated[
    Literal["free", "with_consent", "with_conditions", "prohibited"] | None,
    Field(
        description="Whether a party may assign the contract: free; with_consent of the other; "
        "with_conditions such as to affiliates or a buyer of the business only; or prohibited."
    ),
    About("with_consent", "enum", cuad="Anti-Assignment"),
]
ChangeOfControl: TypeAlias = Annotated[
    bool | None,
    Field(
        description="Whether a change of control of a party lets the other terminate, or needs its "
        "consent."
    ),
    About(example=True, scorer="boolean", cuad="Change Of Control"),
]
LiabilityCap: TypeAlias = Annotated[
    Money | None,
    Field(
        description="Largest amount for which a party is liable, where it is a fixed sum. Not an "
        "insured sum, and not a price."
    ),
    About({"amount": "1000000", "currency": "EUR"}, "money", cuad="Cap On Liability"),
]
LiabilityCapRule: TypeAlias = Annotated[
    str | None,
    Field(
        description="How the largest amount of liability is reckoned, where it is no fixed sum, in "
        "the contract's words."
    ),
    About("the Charges paid in the preceding twelve months", "free_text", cuad="Cap On Liability"),
]
IndirectLoss: TypeAlias = Annotated[
    bool | None,
    Field(description="Whether liability for indirect or consequential loss is excluded."),
    YES_NO,
]
Indemnity: TypeAlias = Annotated[
    str | None,
    Field(description="Who indemnifies whom against what, in the contract's words."),
    About("Supplier indemnifies Customer against claims of infringement", "free_text"),
]
ConfidentialityPeriod: TypeAlias = Annotated[
    Duration | None,
    Field(
        description="How long the duties of confidence last after disclosure or after the "
        "contract ends, as an ISO 8601 duration."
    ),
    About("P5Y", "duration"),
]
TotalValue: TypeAlias = Annotated[
    Money | None,
    Field(
        description="Sum of all that is to be paid under the contract, where it states that sum. "
        "Not a rate, an instalment or a cap."
    ),
    About({"amount": "480000", "currency": "GBP"}, "money"),
]
PaymentPeriod: TypeAlias = Annotated[
    TimeLimit | None,
    Field(
        description="Time in which an invoice is to be paid, as an ISO 8601 duration; business "
        "days with BD in place of D."
    ),
    About("P30D", "duration"),
]
LateInterest: TypeAlias = Annotated[
    Percent | None,
    Field(
        description="Rate of interest on late payment, as the number before the percent sign. "
        "Of a margin over a base rate, the margin."
    ),
    About("4", "percent"),
]

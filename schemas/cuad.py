"""The categories of the Contract Understanding Atticus Dataset (CUAD), by the ids of its gold.

Eight values and 33 kinds of clause. Of a clause, false and an absent answer mean the same: the
dataset marks what a contract has, and calls the rest no.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, computed_field

from extractor.about import About
from extractor.checks import Check, DistinctParties, InOrder
from extractor.schemas.fields import DocumentName, Parties, RenewalNotice
from extractor.schemas.parts import EndDate, Jurisdiction, PartialDate, Renewal, jurisdiction_code


class Cuad(BaseModel):
    """What lawyers look for in a commercial contract: values, and which clauses it has."""

    checks: ClassVar[tuple[Check, ...]] = (
        DistinctParties("parties"),
        InOrder("effective_date", "expiration_date"),
    )

    document_name: DocumentName = None
    parties: Parties
    agreement_date: Annotated[
        PartialDate | None,
        Field(
            description="Date that the contract bears, with an X for each digit left blank. Not "
            "that of an earlier agreement."
        ),
        About("2015-XX-XX", "partial_date", cuad="Agreement Date"),
    ] = None
    effective_date: Annotated[
        PartialDate | None,
        Field(
            description="Date on which the contract takes effect, with an X for each digit left "
            "blank."
        ),
        About("2015-07-01", "partial_date", cuad="Effective Date"),
    ] = None
    expiration_date: Annotated[
        EndDate | None,
        Field(
            description="Date on which the first term ends, with an X for each digit left blank; "
            "perpetual, if the contract runs until it is terminated."
        ),
        About("2018-06-30", "partial_date", cuad="Expiration Date"),
    ] = None
    renewal_term: Annotated[
        Renewal | None,
        Field(description="How the contract renews after its first term, if it does."),
    ] = None
    renewal_notice_period: RenewalNotice = None
    governing_law: Annotated[
        list[Jurisdiction],
        Field(
            description="Countries or states whose law governs this contract, by name only. Not "
            "the seat of courts or arbitration."
        ),
        About(["Delaware"], "jurisdiction", cuad="Governing Law"),
    ] = Field(default_factory=list[Jurisdiction])
    most_favored_nation: Annotated[
        bool | None,
        Field(description="A party must get terms at least as good as those given to others."),
        About(example=True, scorer="boolean", cuad="Most Favored Nation"),
    ] = None
    competitive_restriction_exception: Annotated[
        bool | None,
        Field(
            description="Something is excepted from a duty not to compete, from exclusivity, or "
            "from a duty not to solicit customers."
        ),
        About(example=True, scorer="boolean", cuad="Competitive Restriction Exception"),
    ] = None
    non_compete: Annotated[
        bool | None,
        Field(
            description="A party may not compete with the other, or not work in a field or "
            "territory."
        ),
        About(example=True, scorer="boolean", cuad="Non-Compete"),
    ] = None
    exclusivity: Annotated[
        bool | None,
        Field(
            description="A party may deal only with the other, or may not deal with others, in a "
            "field or territory."
        ),
        About(example=True, scorer="boolean", cuad="Exclusivity"),
    ] = None
    no_solicit_of_customers: Annotated[
        bool | None,
        Field(
            description="A party may not contract with or solicit the other's customers or "
            "partners."
        ),
        About(example=True, scorer="boolean", cuad="No-Solicit Of Customers"),
    ] = None
    no_solicit_of_employees: Annotated[
        bool | None,
        Field(description="A party may not hire or solicit the other's employees or contractors."),
        About(example=True, scorer="boolean", cuad="No-Solicit Of Employees"),
    ] = None
    non_disparagement: Annotated[
        bool | None,
        Field(description="A party may not disparage the other."),
        About(example=True, scorer="boolean", cuad="Non-Disparagement"),
    ] = None
    termination_for_convenience: Annotated[
        bool | None,
        Field(
            description="A party may terminate without cause by notice alone. Not merely by not "
            "renewing."
        ),
        About(example=True, scorer="boolean", cuad="Termination For Convenience"),
    ] = None
    rofr_rofo_rofn: Annotated[
        bool | None,
        Field(
            description="A party has a right of first refusal, first offer or first negotiation."
        ),
        About(example=True, scorer="boolean", cuad="Rofr/Rofo/Rofn"),
    ] = None
    change_of_control: Annotated[
        bool | None,
        Field(
            description="A party may terminate, or must consent, when the other's control or "
            "ownership changes."
        ),
        About(example=True, scorer="boolean", cuad="Change Of Control"),
    ] = None
    anti_assignment: Annotated[
        bool | None,
        Field(
            description="Consent or notice is needed to assign the contract to a third party, or "
            "it may not be assigned."
        ),
        About(example=True, scorer="boolean", cuad="Anti-Assignment"),
    ] = None
    revenue_profit_sharing: Annotated[
        bool | None,
        Field(description="A party must share revenue or profit with the other. Not a fixed fee."),
        About(example=True, scorer="boolean", cuad="Revenue/Profit Sharing"),
    ] = None
    price_restrictions: Annotated[
        bool | None,
        Field(description="A party may not raise or lower prices as it likes."),
        About(example=True, scorer="boolean", cuad="Price Restrictions"),
    ] = None
    minimum_commitment: Annotated[
        bool | None,
        Field(description="A party must buy, order or pay at least a minimum."),
        About(example=True, scorer="boolean", cuad="Minimum Commitment"),
    ] = None
    volume_restriction: Annotated[
        bool | None,
        Field(description="Use beyond a volume or number costs more, or needs consent."),
        About(example=True, scorer="boolean", cuad="Volume Restriction"),
    ] = None
    ip_ownership_assignment: Annotated[
        bool | None,
        Field(description="Intellectual property that one party makes becomes the other's."),
        About(example=True, scorer="boolean", cuad="Ip Ownership Assignment"),
    ] = None
    joint_ip_ownership: Annotated[
        bool | None,
        Field(description="Intellectual property belongs to both parties jointly."),
        About(example=True, scorer="boolean", cuad="Joint Ip Ownership"),
    ] = None
    license_grant: Annotated[
        bool | None,
        Field(description="One party grants the other a licence."),
        About(example=True, scorer="boolean", cuad="License Grant"),
    ] = None
    non_transferable_license: Annotated[
        bool | None,
        Field(description="A licence may not be transferred or sublicensed, or only with limits."),
        About(example=True, scorer="boolean", cuad="Non-Transferable License"),
    ] = None
    affiliate_license_licensor: Annotated[
        bool | None,
        Field(description="A licence covers intellectual property of the licensor's affiliates."),
        About(example=True, scorer="boolean", cuad="Affiliate License-Licensor"),
    ] = None
    affiliate_license_licensee: Annotated[
        bool | None,
        Field(
            description="A licence extends to the licensee's affiliates, or may be sublicensed to "
            "them."
        ),
        About(example=True, scorer="boolean", cuad="Affiliate License-Licensee"),
    ] = None
    unlimited_all_you_can_eat_license: Annotated[
        bool | None,
        Field(
            description="A licence for unlimited use within an enterprise or for a fee that does "
            "not depend on use."
        ),
        About(example=True, scorer="boolean", cuad="Unlimited/All-You-Can-Eat-License"),
    ] = None
    irrevocable_or_perpetual_license: Annotated[
        bool | None,
        Field(description="A licence is irrevocable or perpetual."),
        About(example=True, scorer="boolean", cuad="Irrevocable Or Perpetual License"),
    ] = None
    source_code_escrow: Annotated[
        bool | None,
        Field(
            description="Source code must be deposited with a third party, to be released on some "
            "event."
        ),
        About(example=True, scorer="boolean", cuad="Source Code Escrow"),
    ] = None
    post_termination_services: Annotated[
        bool | None,
        Field(
            description="A party has duties of service after the end, such as transition, last "
            "purchases or payments. Not mere secrecy."
        ),
        About(example=True, scorer="boolean", cuad="Post-Termination Services"),
    ] = None
    audit_rights: Annotated[
        bool | None,
        Field(description="A party may audit the other's books, records or premises."),
        About(example=True, scorer="boolean", cuad="Audit Rights"),
    ] = None
    uncapped_liability: Annotated[
        bool | None,
        Field(description="Liability for a breach, or for some kinds of loss, is not limited."),
        About(example=True, scorer="boolean", cuad="Uncapped Liability"),
    ] = None
    cap_on_liability: Annotated[
        bool | None,
        Field(description="Liability is limited to an amount, in time, or to some kinds of loss."),
        About(example=True, scorer="boolean", cuad="Cap On Liability"),
    ] = None
    liquidated_damages: Annotated[
        bool | None,
        Field(description="A breach or an early end costs a sum that is fixed beforehand."),
        About(example=True, scorer="boolean", cuad="Liquidated Damages"),
    ] = None
    warranty_duration: Annotated[
        bool | None,
        Field(description="A warranty is given for a stated time."),
        About(example=True, scorer="boolean", cuad="Warranty Duration"),
    ] = None
    insurance: Annotated[
        bool | None,
        Field(description="A party must keep insurance for the other's benefit."),
        About(example=True, scorer="boolean", cuad="Insurance"),
    ] = None
    covenant_not_to_sue: Annotated[
        bool | None,
        Field(
            description="A party may not contest the other's intellectual property, or not bring "
            "claims beyond the contract."
        ),
        About(example=True, scorer="boolean", cuad="Covenant Not To Sue"),
    ] = None
    third_party_beneficiary: Annotated[
        bool | None,
        Field(
            description="A person who is no party benefits from the contract and may enforce it. "
            "Not where this is excluded."
        ),
        About(example=True, scorer="boolean", cuad="Third Party Beneficiary"),
    ] = None

    @computed_field
    @property
    def governing_law_codes(self) -> list[str | None]:
        """ISO 3166 code of each governing law; None where its name is not that of one place."""
        return [jurisdiction_code(name) for name in self.governing_law]

"""Share purchase and merger agreements."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from extractor.about import About
from extractor.checks import Check, DistinctParties, InOrder
from extractor.schemas.fields import (
    YES_NO,
    AgreementDate,
    DocumentName,
    GoverningLaw,
    Venue,
)
from extractor.schemas.parts import Duration, Governed, Money, Party, TimeLimit


class SharePurchaseAgreement(Governed):
    """The main terms of an agreement to buy a company or merge with it."""

    checks: ClassVar[tuple[Check, ...]] = (
        DistinctParties("buyers", "sellers"),
        InOrder("agreement_date", "closing_date"),
        InOrder("closing_date", "outside_date"),
        InOrder("agreement_date", "outside_date"),
    )
    vital: ClassVar[tuple[str, ...]] = ("purchase_price", "governing_law")

    document_name: DocumentName = None
    buyers: Annotated[
        list[Party],
        Field(
            min_length=1,
            description="Who buys, with any merger subsidiary, each once. Not lenders or advisers.",
        ),
        About([{"name": "Sundhaven Holdings A/S", "role": "Purchaser"}], "party_set"),
    ]
    sellers: Annotated[
        list[Party],
        Field(
            description="Who sells, each once. In a merger without sellers who sign, an empty list."
        ),
        About([{"name": "Ada Pell", "role": "Seller"}], "party_set"),
    ] = Field(default_factory=list[Party])
    target: Annotated[
        str | None,
        Field(description="Full legal name of the company that is bought or merged."),
        About("Brightwater Mills Limited", "party_set"),
    ] = None
    structure: Annotated[
        Literal["share_purchase", "asset_purchase", "merger", "tender_offer"] | None,
        Field(description="How the business changes hands."),
        About("share_purchase", "enum"),
    ] = None
    agreement_date: AgreementDate = None
    closing_date: Annotated[
        date | None,
        Field(description="Day of closing, where the contract names the day."),
        About("2024-06-30", "partial_date"),
    ] = None
    outside_date: Annotated[
        date | None,
        Field(
            description="Last day for closing, after which a party may terminate. Not an extended "
            "one."
        ),
        About("2024-12-31", "partial_date"),
    ] = None
    purchase_price: Annotated[
        Money | None,
        Field(
            description="Price for all of the target before adjustments. Not a price for one share."
        ),
        About({"amount": "42000000", "currency": "EUR"}, "money"),
    ] = None
    price_per_share: Annotated[
        Money | None,
        Field(description="What is paid for one share."),
        About({"amount": "31.50", "currency": "USD"}, "money"),
    ] = None
    consideration: Annotated[
        Literal["cash", "shares", "cash_and_shares", "other"] | None,
        Field(description="What the price is paid in."),
        About("cash", "enum"),
    ] = None
    price_adjustment: Annotated[
        Literal["completion_accounts", "locked_box", "fixed_price"] | None,
        Field(
            description="How the price is settled: by accounts at closing (working capital, debt, "
            "cash), by a locked box, or fixed_price, if the contract says that it stays."
        ),
        About("completion_accounts", "enum"),
    ] = None
    escrow: Annotated[
        Money | None,
        Field(description="Part of the price that is held in escrow or held back."),
        About({"amount": "4200000", "currency": "EUR"}, "money"),
    ] = None
    earn_out: Annotated[
        str | None,
        Field(description="Further price that depends on later results, in the contract's words."),
        About("up to a tenth of the price on meeting the revenue target", "free_text"),
    ] = None
    conditions: Annotated[
        list[str],
        Field(description="Conditions to closing, one entry for each, in a few words."),
        About(["merger clearance"], "free_text"),
    ] = Field(default_factory=list[str])
    material_adverse_effect: Annotated[
        str | None,
        Field(
            description="Definition of material adverse effect or change, with its exceptions, in "
            "the contract's words."
        ),
        About("a change that is materially adverse to the business, except ...", "free_text"),
    ] = None
    no_shop: Annotated[
        bool | None,
        Field(description="Whether the seller or target may not solicit other offers."),
        YES_NO,
    ] = None
    fiduciary_out: Annotated[
        bool | None,
        Field(
            description="Whether the target's board may still change its recommendation or take a "
            "better offer."
        ),
        YES_NO,
    ] = None
    match_right: Annotated[
        TimeLimit | None,
        Field(
            description="Time that the buyer has to match a better offer, as an ISO 8601 duration; "
            "business days with BD in place of D."
        ),
        About("P4BD", "duration"),
    ] = None
    seller_termination_fee: Annotated[
        Money | None,
        Field(description="Fee that the target or seller owes if it ends the deal."),
        About({"amount": "1260000", "currency": "EUR"}, "money"),
    ] = None
    buyer_termination_fee: Annotated[
        Money | None,
        Field(description="Reverse fee that the buyer owes if the deal ends."),
        About({"amount": "2520000", "currency": "EUR"}, "money"),
    ] = None
    warranty_survival: Annotated[
        Duration | None,
        Field(
            description="How long the general representations or warranties survive closing, as an "
            "ISO 8601 duration. Not those on title or tax."
        ),
        About("P18M", "duration"),
    ] = None
    indemnity_cap: Annotated[
        Money | None,
        Field(description="Most for which the sellers are liable under the general warranties."),
        About({"amount": "8400000", "currency": "EUR"}, "money", cuad="Cap On Liability"),
    ] = None
    indemnity_basket: Annotated[
        Money | None,
        Field(description="Sum that claims together must pass before any is paid."),
        About({"amount": "210000", "currency": "EUR"}, "money"),
    ] = None
    basket_kind: Annotated[
        Literal["deductible", "first_euro"] | None,
        Field(
            description="Whether, once that sum is passed, only the excess is paid (deductible) or "
            "all of it (first_euro)."
        ),
        About("deductible", "enum"),
    ] = None
    warranty_insurance: Annotated[
        bool | None,
        Field(description="Whether the warranties are insured by a policy for the buyer."),
        YES_NO,
    ] = None
    specific_performance: Annotated[
        bool | None,
        Field(description="Whether a party may enforce the closing itself."),
        YES_NO,
    ] = None
    governing_law: GoverningLaw = None
    venue: Venue = None

"""Non-disclosure and confidentiality agreements."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from extractor.about import About
from extractor.schemas.contract import Contract
from extractor.schemas.fields import YES_NO, ConfidentialityPeriod


class NDA(Contract):
    """The main terms of a non-disclosure agreement."""

    nda_type: Annotated[
        Literal["mutual", "unilateral"] | None,
        Field(
            description="Mutual if each party may disclose confidential information to the other, "
            "unilateral if only one discloses."
        ),
        About("mutual", "enum"),
    ] = None
    purpose: Annotated[
        str | None,
        Field(
            description="What the confidential information may be used for, in the contract's "
            "words."
        ),
        About("to assess a sale of the Mill", "free_text"),
    ] = None
    confidentiality_period: ConfidentialityPeriod = None
    return_or_destroy: Annotated[
        bool | None,
        Field(
            description="Whether confidential information must be returned or destroyed on request "
            "or at the end."
        ),
        YES_NO,
    ] = None

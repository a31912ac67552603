"""Non-disclosure and confidentiality agreements."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from extractor.schemas.contract import Contract
from extractor.schemas.parts import Duration


class NDA(Contract):
    """The main terms of a non-disclosure agreement."""

    nda_type: Literal["mutual", "unilateral"] | None = Field(
        default=None,
        description="Mutual if each party may disclose confidential information to the other, "
        "unilateral if only one discloses.",
    )
    purpose: str | None = Field(
        default=None,
        description="What the confidential information may be used for, in the contract's words.",
    )
    confidentiality_period: Duration | None = Field(
        default=None,
        description="How long the duties of confidence last after disclosure or after the "
        "contract ends, as an ISO 8601 duration.",
    )
    return_or_destroy: bool | None = Field(
        default=None,
        description="Whether confidential information must be returned or destroyed on request "
        "or at the end.",
    )

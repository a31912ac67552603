"""What several schemas are made of.

Docstrings and descriptions here and in the schemas are read by models as well as by people. They
say what belongs into a field and what is easily mistaken for it. They hold no example of an answer,
which a small model would give back as one, and leave it to the prompt to speak of null: with "null
if" in a few descriptions the embedded model answered null wherever it could.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, Field

Duration: TypeAlias = Annotated[str, Field(pattern=r"^P([0-9]+[YMWD])+$")]
"""An ISO 8601 duration in years, months, weeks and days, in the unit that the contract uses.

`[0-9]` and not `\\d`: llama.cpp's decoder leaves the latter unenforced.
"""


class Party(BaseModel):
    """A company or person bound by the contract."""

    name: str = Field(
        min_length=1,
        description="Full legal name as the contract writes it, with the legal form, without "
        "address, registration or defined term.",
    )
    role: str | None = Field(
        default=None,
        description="Capacity in which the contract speaks of this party, if it gives it one.",
    )

"""What several schemas are made of: types of values.

Docstrings and descriptions here and in the schemas are read by models as well as by people. They
say what belongs into a field and what is easily mistaken for it. They hold no example of an answer,
which a small model would give back as one, and leave it to the prompt to speak of null: with "null
if" in a few descriptions the embedded model answered null wherever it could. Examples stand in
`About`, which no model sees.

What code can work out (a legal form, a country's code) is a property, and never asked for.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, Field, computed_field

from extractor.about import About
from extractor.normalizers import ISO_CODES, read_jurisdiction, read_party, shifted

Duration: TypeAlias = Annotated[
    str,
    Field(pattern=r"^P([0-9]{1,4}[YMWD]){1,4}$", json_schema_extra={"format": "length-of-time"}),
]
"""An ISO 8601 duration in years, months, weeks and days, in the unit that the contract uses.

`[0-9]` and not `\\d`: llama.cpp's decoder leaves the latter unenforced. Four digits at the most: a
small model that is held to a pattern without an end has gone on with noughts to its last token.
"""

TimeLimit: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^P([0-9]{1,4}(Y|M|W|D|BD)|T[0-9]{1,4}H)$",
        json_schema_extra={"format": "length-of-time"},
    ),
]
"""A time to act in: an ISO 8601 duration in one unit, hours too.

`BD` in place of `D` are business days, which are no calendar days.
"""

PartialDate: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[0-9X]{4}-([0-9]{2}|XX)-([0-9]{2}|XX)$",
        json_schema_extra={"format": "partial-date"},
    ),
]
"""A date with an X for each digit that the contract leaves blank or has blacked out."""

EndDate: TypeAlias = PartialDate | Literal["perpetual"]
"""A `PartialDate`, or `perpetual`."""

Jurisdiction: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "jurisdiction"})]
"""A country or state by its name as the contract has it; `jurisdiction_code` has the code.

An answer in short ("PA"), or one that several places share ("Georgia"), is spelled out as its quote
has it.
"""

Percent: TypeAlias = Annotated[Decimal, Field(ge=0)]
"""A percentage as the number before the sign: twelve for twelve percent."""


def jurisdiction_code(name: str | None) -> str | None:
    """Return the ISO 3166 code of a place; None where the name is unknown, or that of several."""
    reading = read_jurisdiction(name) if name else None
    return reading.code if reading else None


PartyName: TypeAlias = Annotated[
    str, Field(min_length=1, json_schema_extra={"format": "party-name"})
]
"""The name of a company or person: never what a contract calls it by, such as "the Recipient"."""


class Governed(BaseModel):
    """A contract with a governing law; its code is worked out from the name."""

    @computed_field
    @property
    def governing_law_code(self) -> str | None:
        """ISO 3166 code of the governing law, where its name is that of one place."""
        return jurisdiction_code(getattr(self, "governing_law", None))


class Party(BaseModel):
    """A company or person bound by the contract."""

    name: Annotated[
        PartyName,
        Field(
            description="Full legal name as the contract writes it, with the legal form, without "
            "address, registration or defined term.",
        ),
        About("Brightwater Mills Limited", "party_set", cuad="Parties"),
    ]
    role: Annotated[
        str | None,
        Field(
            description="Capacity in which the contract speaks of this party, if it gives it one."
        ),
        About("Supplier", "free_text"),
    ] = None

    @property
    def legal_form(self) -> str | None:
        """One word for all spellings of the form at the name's end: `incorporated`, `llc`."""
        reading = read_party(self.name)
        return reading.legal_form if reading else None

    @property
    def aliases(self) -> tuple[str, ...]:
        """The other names: those within the name (d/b/a, f/k/a), and the role."""
        reading = read_party(self.name)
        inside = reading.aliases if reading else ()
        return (*inside, self.role) if self.role else inside


def _known_currency(code: str) -> str:
    if code not in ISO_CODES:
        raise ValueError("is no currency code of ISO 4217")
    return code


class Money(BaseModel):
    """An amount of money with its currency."""

    amount: Annotated[
        Decimal,
        Field(description="The amount in digits, with thousands and millions written out."),
        About("250000", "number"),
    ]
    currency: Annotated[
        Annotated[str, Field(pattern="^[A-Z]{3}$"), AfterValidator(_known_currency)] | None,
        Field(
            description="ISO currency code, where the contract says which currency it is. A bare "
            "dollar sign does not say so."
        ),
        About("EUR", "enum"),
    ] = None


class Notice(BaseModel):
    """A notice that must be given before something happens."""

    given_by: Annotated[
        str | None,
        Field(description="Party that gives it, by its role or name; every party, if any may."),
        About("Customer", "free_text"),
    ] = None
    period: Annotated[
        TimeLimit,
        Field(
            description="How long before, as an ISO 8601 duration; business days with BD in place "
            "of D."
        ),
        About("P30D", "duration"),
    ]


class Clause(BaseModel):
    """Whether the contract has a clause, and what it says."""

    present: Annotated[
        bool,
        Field(description="Whether the contract has such a clause."),
        About(example=True, scorer="boolean"),
    ]
    summary: Annotated[
        str | None,
        Field(description="What the clause provides, in one sentence of the contract's words."),
        About("Each party insures itself against public liability.", "free_text"),
    ] = None


class Renewal(BaseModel):
    """How the contract goes on after its first term."""

    kind: Annotated[
        Literal["fixed", "perpetual"],
        Field(description="Fixed, if it goes on for terms of a length; perpetual, if without end."),
        About("fixed", "enum"),
    ]
    duration: Annotated[
        Duration | None,
        Field(description="Length of each renewal term, as an ISO 8601 duration."),
        About("P1Y", "duration"),
    ] = None
    successive: Annotated[
        bool | None,
        Field(description="Whether one renewal may follow another."),
        About(example=True, scorer="boolean"),
    ] = None
    count: Annotated[
        int | None,
        Field(ge=1, description="How many times it may be renewed, where the contract limits it."),
        About(2, "number"),
    ] = None


class RelativeDate(BaseModel):
    """A day that the contract gives by a rule: so long before or after an event."""

    event: Annotated[
        str,
        Field(description="Event that is counted from, in the contract's words."),
        About("the Delivery Date", "free_text"),
    ]
    offset: Annotated[
        TimeLimit,
        Field(description="How long from the event, as an ISO 8601 duration."),
        About("P90D", "duration"),
    ]
    direction: Annotated[
        Literal["before", "after"],
        Field(description="Whether the day lies before or after the event."),
        About("after", "enum"),
    ]

    def day(self, event: date) -> date | None:
        """Return the day, given the event's; None for business days, whose calendar is unknown."""
        return shifted(event, self.offset, self.direction)

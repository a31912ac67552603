"""What a schema's field is, for whoever documents, normalises or scores it.

A schema says it with `About` in a field's `Annotated`. Pydantic passes it by: it is in no JSON
Schema, so it never reaches a prompt or a provider, where a small model would give the example back
as its answer. `Wording` says which sentences speak of a field, for whoever judges its quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

if TYPE_CHECKING:
    from pydantic import BaseModel, GetJsonSchemaHandler
    from pydantic.fields import FieldInfo
    from pydantic_core import CoreSchema

Scorer: TypeAlias = Literal[
    "party_set",
    "partial_date",
    "duration",
    "money",
    "jurisdiction",
    "enum",
    "boolean",
    "number",
    "percent",
    "text",
    "free_text",
]
"""How two values of a field are compared; of a list, item by item. `text` is short, such as a
title; `free_text` is prose, which is scored apart."""

_NORMALIZERS: dict[Scorer, str] = {
    "party_set": "read_party",
    "partial_date": "read_partial_date",
    "duration": "read_duration",
    "money": "read_money",
    "jurisdiction": "read_jurisdiction",
    "enum": "fold_text",
    "boolean": "read_bool",
    "number": "read_number",
    "percent": "read_percent",
    "text": "fold_text",
    "free_text": "fold_text",
}


WORDING = "x-wording"
"""The keyword of JSON Schema under which a field's `Wording` stands."""


@dataclass(frozen=True, slots=True)
class About:
    """An example of a field's value, and how values of it are normalised and compared.

    `example` is what the field may hold (as JSON has it). `cuad` is the category's name in the
    Contract Understanding Atticus Dataset, `sali` a tag's IRI in SALI's LMSS (now FOLIO); None
    where there is none.
    """

    example: object
    scorer: Scorer
    cuad: str | None = None
    sali: str | None = None

    @property
    def normalizer(self) -> str:
        """The reader in `extractor.normalizers` that takes a text to such a value."""
        return _NORMALIZERS[self.scorer]


@dataclass(frozen=True, slots=True)
class Wording:
    """How a contract speaks of a field: a quote from elsewhere proves nothing of it.

    Both are regular expressions, searched without regard to case in the part of a sentence around a
    quote. They stand in the JSON Schema as `x-wording`, which is sent to nobody.

    Attributes:
        says: one of these words stands there whenever the field is meant.
        never: these tell of something else that a model may take for it.
    """

    says: str | None = None
    never: str | None = None

    def __post_init__(self) -> None:
        for pattern in filter(None, (self.says, self.never)):
            re.compile(pattern)  # a slip shows where it was made

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), WORDING: {"says": self.says, "never": self.never}}


def declared(schema: type[BaseModel], name: str) -> tuple[object, ...]:
    """Return what a schema declares in a class attribute: the items of a tuple or list, or the one.

    A method or property of that name is the schema's own affair, and declares nothing.
    """
    found: object = getattr(schema, name, ())
    if isinstance(found, list | tuple):
        return tuple(cast("Sequence[object]", found))
    return () if callable(found) or isinstance(found, property | cached_property) else (found,)


def about(field: FieldInfo) -> About | None:
    """Return what a schema says of a field; None where it says nothing."""
    return next((found for found in field.metadata if isinstance(found, About)), None)

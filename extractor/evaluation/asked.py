"""What of the labels is scored: what a schema asks for, compared as it or its types say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from extractor.about import About, about
from extractor.evaluation.scorers import (
    BY_NAME,
    ENDS,
    Same,
    same_date,
    same_duration,
    same_end,
    same_number,
    same_object,
    same_value,
    scorer_of,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the labels is scored, and how.

    Attributes:
        fields: the names of the fields that were asked for; None for every labelled one.
        scorers: how fields are compared, by their names; any other as its labels do.
    """

    fields: frozenset[str] | None = None
    scorers: Mapping[str, Same] = field(default_factory=dict[str, Same])

    @classmethod
    def by(cls, schema: type[BaseModel]) -> Asked:
        """Return what a schema asks for: each field compared as it says, or as its type does."""
        if issubclass(schema, RootModel):
            return cls()
        return cls(frozenset(schema.model_fields), declared_scorers(schema))

    def asks(self, name: str) -> bool:
        return self.fields is None or name in self.fields


EVERYTHING = Asked()


@cache
def declared_scorers(schema: type[BaseModel]) -> Mapping[str, Same]:
    """Return how fields are compared, by their names: as their `About` says, else by their type.

    Those whose type leaves it open, such as texts, are not among them.
    """
    found = {name: _declared(name, each) for name, each in schema.model_fields.items()}
    return {name: same for name, same in found.items() if same is not None}


def _declared(name: str, told: FieldInfo) -> Same | None:
    said = about(told)
    same = _of_type(told.annotation) if said is None else BY_NAME[said.scorer]
    return same_end if same is same_date and name.startswith(ENDS) else same


def _of_type(kind: Any) -> Same | None:
    """Return how values of a type are compared; None where the type leaves it open.

    Of a list or set its items count, of a union the types that it is of, if all are compared alike.
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        said = next((each for each in parts[1:] if isinstance(each, About)), None)
        return _of_type(parts[0]) if said is None else BY_NAME[said.scorer]
    if origin is Literal:
        return same_value
    if parts:
        found = [_of_type(part) for part in parts if part not in (type(None), ...)]
        return found[0] if found and all(each == found[0] for each in found) else None
    if not isinstance(kind, type):
        return None
    if issubclass(kind, BaseModel):
        return _OfModel(kind)
    return next((same for base, same in _BY_TYPE if issubclass(kind, base)), None)


@dataclass(frozen=True, slots=True)
class _OfModel:
    """Compares objects of a model that doesn't say how: by the label's shape, or by its parts.

    What its parts are compared by is looked up when it is needed: a model may hold itself.
    """

    model: type[BaseModel]

    def __call__(self, given: Any, gold: Any) -> bool:
        by_shape = scorer_of("", gold)
        if by_shape is not same_object:
            return by_shape(given, gold)
        return same_object(given, gold, declared_scorers(self.model))


_BY_TYPE: tuple[tuple[type, Same], ...] = (
    (bool, same_value),
    (Enum, same_value),
    (int, same_number),
    (float, same_number),
    (Decimal, same_number),
    (date, same_date),
    (timedelta, same_duration),
)

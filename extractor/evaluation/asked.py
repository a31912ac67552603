"""What of the labels is scored: what a schema asks for, compared as it or its types say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from extractor.about import about
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


def declared_scorers(schema: type[BaseModel]) -> dict[str, Same]:
    """Return how fields are compared, by their names: as their `About` says, else by their type.

    Those whose type leaves it open, such as texts, are not among them.
    """
    found = {name: _declared(name, each) for name, each in schema.model_fields.items()}
    return {name: same for name, same in found.items() if same is not None}


def _declared(name: str, told: FieldInfo) -> Same | None:
    if (said := about(told)) is not None:
        is_end = said.scorer == "partial_date" and name.startswith(ENDS)
        return same_end if is_end else BY_NAME[said.scorer]
    return _of_type(told.annotation)


def _of_type(kind: Any) -> Same | None:
    """Return how values of a type are compared; None where the type leaves it open."""
    if get_origin(kind) is Literal:
        return same_value
    if not isinstance(kind, type):
        parts = [part for part in get_args(kind) if part is not type(None)]
        return _of_type(parts[0]) if len(parts) == 1 else None
    if get_args(kind):  # a list or a set: its items
        return _of_type(get_args(kind)[0])
    if issubclass(kind, BaseModel):
        return partial(_same_model, scorers=declared_scorers(kind))
    return next((same for base, same in _BY_TYPE if issubclass(kind, base)), None)


def _same_model(given: Any, gold: Any, *, scorers: Mapping[str, Same]) -> bool:
    """Compare objects of a model that doesn't say how: by the label's shape, or by its parts."""
    by_shape = scorer_of("", gold)
    return same_object(given, gold, scorers) if by_shape is same_object else by_shape(given, gold)


_BY_TYPE: tuple[tuple[type, Same], ...] = (
    (bool, same_value),
    (Enum, same_value),
    (int, same_number),
    (float, same_number),
    (Decimal, same_number),
    (date, same_date),
    (timedelta, same_duration),
)

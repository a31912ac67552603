"""Pydantic's verdict on restored data, in our words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Generic

from pydantic import ValidationError

from extractor.types import Problem, T
from extractor.wire.paths import data_path
from extractor.wire.shape import Shape


@dataclass(frozen=True, slots=True)
class Verdict(Generic[T]):
    """Either a value or the problems that stand against one."""

    value: T | None
    problems: tuple[Problem, ...] = ()


def validate(schema: type[T], shape: Shape, data: Any) -> Verdict[T]:
    """Validate by field name, and as JSON: strict models then take dates and decimals as text."""
    text = json.dumps(data, ensure_ascii=True)
    try:
        return Verdict(schema.model_validate_json(text, by_name=True, by_alias=False))
    except ValidationError as error:
        return Verdict(None, _problems(shape, error, data))
    except (Exception, SystemExit) as error:  # Pydantic lets through what a validator raises
        message = f"a validator of the schema raised {type(error).__name__}: {str(error)[:200]}"
        return Verdict(None, (Problem("validator_error", (), message),))


def _problems(shape: Shape, error: ValidationError, data: Any) -> tuple[Problem, ...]:
    """One problem a place: a union reports each member's complaint at the same place."""
    found: dict[tuple[str | int, ...], Problem] = {}
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        path = data_path(shape, detail["loc"], data)
        found.setdefault(path, Problem(detail["type"], path, detail["msg"]))
    return tuple(found.values())

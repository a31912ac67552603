"""Where a validated object says something else than what was read: defaults, validators' work."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import is_dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, Final, cast

from pydantic import BaseModel, PydanticUserError, RootModel, TypeAdapter
from pydantic_core import to_jsonable_python

from extractor.paths import Path

_UNKNOWN: Final = object()


def differences(value: BaseModel, read: Mapping[Path, Any]) -> Iterator[tuple[Path, Any]]:
    """Yield each place at which an object differs from what was read, with what it has there.

    Other types for the same value are no difference ("2024-03-01" and a date, "5.00" and
    `Decimal("5")`), nor are capitals and spaces. A place that the object no longer has is None now.
    What stands in a set can't be told apart, and is passed over.

    Args:
        value: the validated object.
        read: by path, the JSON values that were read; None where nothing was.
    """
    around: dict[Path, Any] = {(): _unwrapped(value)}
    for path, before in read.items():
        after = _at(around, path)
        if after is not _UNKNOWN and not _same(before, after):
            yield path, as_json(after)


def resized(value: Any, data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield each list of another length than what was read, and each new key of a dict.

    Args:
        value: the validated object, or a part of it.
        data: the data that it was made of.
        path: where in the whole object it stands.
    """
    now = _unwrapped(value)
    if isinstance(data, dict):
        given = cast("dict[str, Any]", data)
        for key, item in given.items():
            if isinstance(item, dict | list):
                yield from resized(_step(now, key), item, (*path, key))
        if isinstance(now, Mapping):
            for key, item in cast("Mapping[Any, Any]", now).items():  # type: ignore[redundant-cast]
                if not any(_same(known, key) for known in given):
                    yield (*path, str(as_json(key))), as_json(item)
    elif isinstance(data, list):
        items = cast("Sequence[Any]", data)
        if isinstance(now, list | tuple) and len(items) != len(cast("Sequence[Any]", now)):
            yield path, as_json(now)
        for i, item in enumerate(items):
            if isinstance(item, dict | list):
                yield from resized(_step(now, i), item, (*path, i))


def as_json(value: Any) -> Any:
    """Return a value as JSON has it; what has no such form as its text."""
    try:
        return to_jsonable_python(value, fallback=str, serialize_unknown=True)
    except ValueError:  # bytes that are no text, for one
        return str(value)


def _at(around: dict[Path, Any], path: Path) -> Any:
    """Return what stands at a path: None where nothing does, `_UNKNOWN` where nobody can tell.

    `around` has what is known of other places, and is added to.
    """
    if path not in around:
        around[path] = _unwrapped(_step(_at(around, path[:-1]), path[-1]))
    return around[path]


def _unwrapped(value: Any) -> Any:
    while isinstance(value, RootModel):
        value = cast("Any", value).__dict__["root"]
    return value


def _step(value: Any, step: str | int) -> Any:
    if value is _UNKNOWN:
        return value
    if isinstance(value, BaseModel):
        return getattr(value, str(step), None)
    if isinstance(value, Mapping):
        items = [*cast("Mapping[Any, Any]", value).items()]  # type: ignore[redundant-cast]
        same = [item for key, item in items if str(as_json(key)) == str(step)]
        return next(iter(same or [item for key, item in items if _same(step, key)]), None)
    if isinstance(value, list | tuple) and isinstance(step, int):
        listed = cast("Sequence[Any]", value)
        return listed[step] if step < len(listed) else None
    known = cast("object", value)
    nothing = known is None or is_dataclass(known)
    return getattr(known, str(step), None if nothing else _UNKNOWN)


def _same(before: Any, after: Any) -> bool:
    """Whether a JSON value and what validation made of it mean the same."""
    if type(before) is type(after) is str:
        return before == after or _folded(before) == _folded(after)
    if isinstance(after, Enum):
        after = after.value
    if before is None:
        return after is None or (isinstance(after, Collection) and not after)
    if after is None:
        return False
    if isinstance(before, bool) or isinstance(after, bool):
        return before is after
    if isinstance(after, list | tuple | dict):
        return _same_container(before, cast("Any", after))
    if isinstance(after, int | float | Decimal):
        with suppress(ArithmeticError, ValueError):
            return Decimal(str(before)) == Decimal(str(after))
        return False
    if isinstance(after, str):
        return _folded(str(before)) == _folded(after)
    return _reads_as(before, after)


def _same_container(before: Any, after: Any) -> bool:
    if isinstance(before, str):  # Json[...] is read as text
        with suppress(ValueError):
            return bool(json.loads(before) == as_json(after))
    if isinstance(before, list) and not isinstance(after, dict):
        ours, theirs = cast("Sequence[Any]", before), cast("Sequence[Any]", after)
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    return bool(cast("Any", before) == as_json(after))


def _reads_as(before: Any, after: Any) -> bool:
    """Whether a value of another type (a date, a URL) is what its text reads as.

    A type that can't be built from JSON alone is compared as the text that JSON has of it.
    """
    kind = cast("type[object]", type(after))
    try:
        again: object = _adapter(cast("Any", kind)).validate_json(json.dumps(before))
    except (PydanticUserError, ValueError, TypeError):
        again = None
    return again == after or _folded(str(before)) == _folded(str(as_json(after)))


@lru_cache(maxsize=64)
def _adapter(kind: Any) -> TypeAdapter[object]:
    return TypeAdapter(kind)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())

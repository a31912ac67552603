"""Values as JSON, exactly, and back with every type checked: what comes back is not to be trusted.

Strings must be such as UTF-8 can write, floats finite; every reader's are (see `plain.clean`).
Pydantic does the checking and is imported for it alone: the reading process starts without it.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import extractor.errors
from extractor.documents.isolation.frames import BadFrameError
from extractor.documents.options import Limits, ReadOptions
from extractor.errors import DocumentError, UnreadableDocumentError
from extractor.types import JsonObject

if TYPE_CHECKING:
    from pydantic import TypeAdapter

V = TypeVar("V")

_adapters: dict[Any, TypeAdapter[Any]] = {}
"""By kind; each takes some milliseconds to make."""


def encode(value: object) -> bytes:
    """Write a value that is made of dataclasses, sequences and scalars.

    Raises:
        ValueError: a string in it can't be encoded, or a float is not finite.
    """
    return json.dumps(value, default=_record, ensure_ascii=False, allow_nan=False).encode()


def decode(data: bytes, kind: type[V]) -> V:
    """Read what `encode` wrote.

    Raises:
        BadFrameError: it is not of this kind. Nothing of it is told: it may be contract text.
    """
    from pydantic import ValidationError

    try:
        return _adapter(kind).validate_json(data, strict=True)
    except (ValidationError, RecursionError):
        raise BadFrameError(f"it is no {kind.__name__}") from None


def options_record(options: ReadOptions) -> JsonObject:
    """Write how to read, for `options_of`."""
    return _record(options) | {"limits": _record(options.limits)}


def options_of(record: JsonObject) -> ReadOptions:
    """Read what `options_record` wrote; the parent is trusted to have written it."""
    limits = Limits(**record["limits"])
    return ReadOptions(record["password"], record["ocr"], record["hidden"], limits)


def error_record(error: DocumentError) -> JsonObject:
    """Write an error; its cause stays where it is."""
    return {"type": type(error).__name__, "message": error.message, "hint": error.hint}


def error_of(record: object) -> DocumentError:
    """Make an error again, of one of our classes for documents and no other.

    Raises:
        BadFrameError: it is none.
    """
    match record:
        case {"type": str(name), "message": str(message), "hint": str() | None as hint}:
            kind = getattr(extractor.errors, name, None)
            if not (isinstance(kind, type) and issubclass(kind, DocumentError)):
                kind = UnreadableDocumentError
            return kind(message, hint=hint)
        case _:
            raise BadFrameError("it is no error")


def _record(value: object) -> JsonObject:
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} has no JSON form")
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _adapter(kind: type[V]) -> TypeAdapter[V]:
    if kind not in _adapters:
        from pydantic import TypeAdapter

        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]

"""Reading the body of a 2xx, which may be anything."""

from __future__ import annotations

import json
from typing import TypeAlias, cast

from extractor.errors import InvalidResponseError
from extractor.providers.failures import Failures, as_object
from extractor.types import JsonObject, Usage


class Number(str):
    """A decimal number as it was written, so that 12.10 does not become 12.1 on its way."""

    __slots__ = ()


Json: TypeAlias = "str | float | dict[str, Json] | list[Json] | None"


def as_json(value: Json) -> str:
    """Write a tool's input as JSON text, with its numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        pairs = [f"{_quoted(name)}: {as_json(member)}" for name, member in value.items()]
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_json, value)) + "]"
    return _quoted(value)


def _quoted(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def unclosed(text: str) -> str:
    """Open the input of a call again that the limit on tokens has cut off.

    APIs and servers close what came of it, so that it looks whole: its last value may be the half
    of one, and nothing says what is missing. Read as it is here, it ends in the middle of that
    value. What still looks cut off stays as it is.

    >>> unclosed('{"who": {"name": "Ada"}}')
    '{"who": {"name": "Ada'
    """
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    rest = text.rstrip("}] \t\r\n")
    return rest[:-1] if rest.endswith(('"', "true", "false", "null")) else rest


def read_object(raw: bytes, failures: Failures) -> JsonObject:
    """Read the body of a 2xx as one JSON object, with its decimal numbers as `Number`.

    Raises:
        InvalidResponseError: there is nothing, or HTML, half a JSON object or another JSON value.
    """
    try:
        body: object = json.loads(raw, parse_float=Number)
    except (ValueError, RecursionError):
        start = raw.lstrip()[:1]
        what = {b"": "nothing", b"<": "HTML"}.get(start, "something that is not JSON")
        raise failures.invalid(what) from None
    if not isinstance(body, dict):
        raise failures.invalid("a JSON value that is no object")
    return cast("JsonObject", body)


def no_reply(body: JsonObject, usage: Usage | None, failures: Failures) -> InvalidResponseError:
    """Say why a JSON object is no reply, and keep what it says was billed."""
    error = body.get("error")
    said = as_object(error).get("message", error)
    told = isinstance(said, str)
    failure = failures.invalid(f"an error: {said}" if told else "an object that is no reply")
    if usage is not None:
        failure.usage, failure.may_be_billed = usage, False
    return failure


def count_at(body: JsonObject, *path: str) -> int | None:
    """Return the number of tokens that stands at `path`; None where the provider does not say."""
    *parents, name = path
    for parent in parents:
        body = as_object(body.get(parent))
    value = body.get(name)
    return value if type(value) is int and value >= 0 else None

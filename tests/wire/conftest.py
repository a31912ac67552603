"""Providers' rules for schemas, and a model that keeps to a schema, both independent of the engine.

The rules are lists of what is allowed. The walk answers a wire schema as a model under constrained
decoding would, so that whatever can be said in the wire's form is said in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

import pytest

from extractor.types import JsonObject

Check: TypeAlias = Callable[[JsonObject], list[str]]
Reply: TypeAlias = Callable[[JsonObject, Any], str]

_SHARED = frozenset(
    [
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "anyOf",
        "enum",
        "const",
        "$ref",
        "$defs",
        "description",
        "format",
    ]
)
_OPENAI = _SHARED | frozenset(
    [
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
    ]
)
_FORMATS = frozenset(
    ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]
)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
QUOTED = "as the contract says"


@pytest.fixture
def parts_of() -> Callable[[JsonObject], Iterator[JsonObject]]:
    return _parts_of


@pytest.fixture
def breaches() -> dict[str, Check]:
    """What breaks a provider's rules, by technique."""
    return {"strict": _openai_breaches, "native": _anthropic_breaches}


@pytest.fixture
def reply_to() -> Reply:
    """Say some data in the form that a wire schema asks for, with `QUOTED` for every quote."""

    def reply(wire: JsonObject, data: Any) -> str:
        return json.dumps(_answer(wire, wire, data))

    return reply


@pytest.fixture
def xml_reply_to() -> Callable[[str, JsonObject, Any], str]:
    """Say the same as XML: a tag for each property, `item` for each item, nothing for null."""

    def reply(tag: str, wire: JsonObject, data: Any) -> str:
        return _as_xml(tag, _answer(wire, wire, data))

    return reply


@pytest.fixture
def quoted() -> str:
    return QUOTED


def _parts_of(node: JsonObject) -> Iterator[JsonObject]:
    """Every schema inside a schema, itself first."""
    yield node
    inner = [*node.get("properties", {}).values(), *node.get("$defs", {}).values()]
    for part in [*inner, *node.get("anyOf", ()), *([node["items"]] if "items" in node else ())]:
        yield from _parts_of(part)


def _breaches(
    schema: JsonObject, keywords: frozenset[str], formats: frozenset[str]
) -> Iterator[str]:
    """What breaks the rules that both providers share."""
    if schema.get("type") != "object":
        yield "the root is no object"
    for part in _parts_of(schema):
        yield from (f"keyword {key}" for key in part.keys() - keywords)
        if not part.keys() & {"type", "anyOf", "enum", "const", "$ref"}:
            yield f"anything goes: {part}"
        if "$ref" in part and len(part) > 1:
            yield f"beside $ref: {part}"
        if part.get("type") == "array" and "items" not in part:
            yield f"items of no type: {part}"
        if part.get("type") == "object":
            yield from _object_breaches(part)
        if part.get("format", "date") not in formats:
            yield f"format {part['format']}"
        if re.search(r"\(\?[=!<]", part.get("pattern", "")):
            yield f"pattern {part['pattern']}"


def _object_breaches(part: JsonObject) -> Iterator[str]:
    names: list[str] = list(part.get("properties", {}))
    if not names or names != part.get("required"):
        yield f"not all required: {names}"
    if part.get("additionalProperties") is not False:
        yield f"open: {names}"
    yield from (f"name {name!r}" for name in names if not _NAME.fullmatch(name))


def _openai_breaches(schema: JsonObject) -> list[str]:
    enums = (part for part in _parts_of(schema) if len(part.get("enum", ())) > 1000)
    return [
        *_breaches(schema, _OPENAI, _FORMATS),
        *(f"an enum of {len(part['enum'])}" for part in enums),
    ]


def _anthropic_breaches(schema: JsonObject) -> list[str]:
    members = [m for part in _parts_of(schema) for m in part.get("properties", {}).values()]
    unions = sum("anyOf" in member for member in members)
    uses = {
        name: {p["$ref"].rpartition("/")[2] for p in _parts_of(part) if "$ref" in p}
        for name, part in schema.get("$defs", {}).items()
    }
    for _ in uses:
        uses = {name: {u for one in used for u in (one, *uses[one])} for name, used in uses.items()}
    return [
        *_breaches(schema, _SHARED, _FORMATS | {"uri"}),
        *(f"recursion of {name}" for name, used in uses.items() if name in used),
        *([f"{unions} unions"] if unions > 16 else []),
    ]


class _MisfitError(Exception):
    """The schema does not allow the answer."""


_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def _answer(wire: JsonObject, node: JsonObject, data: Any) -> Any:
    if "$ref" in node:
        return _answer(wire, wire["$defs"][node["$ref"].rpartition("/")[2]], data)
    if "anyOf" in node:
        return _choice(wire, node["anyOf"], data)
    if "enum" in node:
        if not any(type(value) is type(data) and value == data for value in node["enum"]):
            raise _MisfitError
        return data
    if node["type"] == "object":
        return _object(wire, node["properties"], data)
    if node["type"] == "array":
        return _array(wire, node["items"], data)
    if node["type"] == "string" and node.get("description", "").endswith("as JSON text"):
        return json.dumps(data)
    is_flag = isinstance(data, bool)
    if not isinstance(data, _KINDS[node["type"]]) or is_flag != (node["type"] == "boolean"):
        raise _MisfitError
    return data


def _choice(wire: JsonObject, options: Sequence[JsonObject], data: Any) -> Any:
    if data is None and {"type": "null"} in options:
        return None
    for option in options:
        try:
            return _answer(wire, option, data)
        except _MisfitError:
            continue
    raise _MisfitError


def _object(wire: JsonObject, members: Mapping[str, JsonObject], data: Any) -> JsonObject:
    if isinstance(data, dict):
        given = cast("dict[str, Any]", data)
        said = {re.sub(r"[^\w-]", "_", name): value for name, value in given.items()}
        if set(said) <= set(members):
            added = {"quote", "source_quote"} - set(said)
            return {
                tag: QUOTED
                if tag in added and member == {"type": "string"}
                else _answer(wire, member, said.get(tag))
                for tag, member in members.items()
            }
    if set(members) == {"quote", "value"}:
        return {"quote": QUOTED, "value": _answer(wire, members["value"], data)}
    if set(members) in ({"items"}, {"value"}):  # a root that is no object is wrapped
        return {tag: _answer(wire, member, data) for tag, member in members.items()}
    slots = cast("Sequence[Any]", data) if isinstance(data, list) else ()
    if not slots or set(members) != {f"item_{i + 1}" for i in range(len(slots))}:
        raise _MisfitError
    pairs = zip(members.items(), slots, strict=True)
    return {tag: _answer(wire, member, item) for (tag, member), item in pairs}


def _array(wire: JsonObject, items: JsonObject, data: Any) -> list[Any]:
    if data is None:
        return []
    if isinstance(data, dict) and "key" in items.get("properties", {}):
        members = items["properties"]
        added = {"quote": QUOTED} if "quote" in members else {}
        given = cast("dict[str, Any]", data)
        return [
            {"key": key, **added, "value": _answer(wire, members["value"], value)}
            for key, value in given.items()
        ]
    if isinstance(data, list):
        return [_answer(wire, items, item) for item in cast("Sequence[Any]", data)]
    return [_answer(wire, items, data)]


def _as_xml(tag: str, answer: Any) -> str:
    if isinstance(answer, dict):
        members = cast("Mapping[str, Any]", answer).items()
        inside = "".join(_as_xml(name, value) for name, value in members)
    elif isinstance(answer, list):
        inside = "".join(_as_xml("item", value) for value in cast("Sequence[Any]", answer))
    elif isinstance(answer, bool):
        inside = str(answer).lower()
    else:
        inside = "" if answer is None else str(answer)
    return f"<{tag}>{inside}</{tag}>"

"""A `Shape` as the JSON Schema that one provider's constrained decoding accepts.

Every object is closed and requires all its properties; what may be missing in the document is
nullable. Keywords that the provider does not take move into descriptions, and are enforced by
Pydantic afterwards. Rules and limits come as `SchemaRules`; breaking one is a
`ConfigurationError` that names the field, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from extractor.types import JsonObject, SchemaRules
from extractor.wire.compile import safe_name
from extractor.wire.limits import check_limits, count_unions
from extractor.wire.shape import (
    ITEMS,
    KEY,
    QUOTE,
    VALUE,
    Array,
    Cited,
    Field,
    Map,
    Node,
    Null,
    Nullable,
    Object,
    Reference,
    Scalar,
    Shape,
    Union,
)

_UNROLLED = 3
"""Levels of a recursive schema written out where recursion is not allowed; below, JSON as text."""

_NUMERIC = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
_UNION_NULLABLE, _LIST_NULLABLE = "anyOf", "list"


@dataclass(frozen=True, slots=True)
class WireSchema:
    """A finished schema with the words to be said about it."""

    schema: JsonObject
    warnings: tuple[str, ...] = ()


def wire_schema(shape: Shape, rules: SchemaRules) -> WireSchema:
    """Write `shape` under `rules`.

    Where the provider allows too few unions for all nullable fields, "nothing or a value" becomes a
    list of none or one, which needs no union.

    Raises:
        ConfigurationError: the schema breaks a limit that no rewriting avoids.
    """
    schema, warnings = _Writer(shape, rules, _UNION_NULLABLE).root()
    if rules.max_unions is not None and count_unions(schema) > rules.max_unions:
        schema, warnings = _Writer(shape, rules, _LIST_NULLABLE).root()
    check_limits(shape.name, schema, rules)
    return WireSchema(schema, tuple(warnings))


@dataclass(slots=True)
class _Writer:
    shape: Shape
    rules: SchemaRules
    nullable: str
    definitions: JsonObject = field(default_factory=dict[str, Any])
    warnings: list[str] = field(default_factory=list[str])
    cycles: frozenset[str] = frozenset()

    def root(self) -> tuple[JsonObject, list[str]]:
        if not self.rules.recursion:
            self.cycles = self.shape.recursive_names()
        top, key = self.shape.resolve(self.shape.root), self.shape.root_key()
        if isinstance(top, Object):
            schema = self.object(top, 1)
        else:
            schema = _closed({str(key): self.node(self.shape.root, 1)})
        if self.definitions:
            schema["$defs"] = self.definitions
        return schema, self.warnings

    def node(self, node: Node, level: int) -> JsonObject:
        match node:
            case Scalar():
                return self.scalar(node)
            case Null():
                return {"type": "null"}
            case Nullable():
                return self.optional(node, level)
            case Object():
                return self.object(node, level)
            case Array():
                return self.array(node, level)
            case Map():
                pair = _closed({KEY: self.node(node.keys, level)} | self.map_value(node, level))
                return {"type": "array", "items": pair}
            case Union():
                return {"anyOf": [self.node(option, level) for option in node.options]}
            case Cited():
                return self.cited(node, level)
            case Reference():
                return self.reference(node, level)

    def map_value(self, node: Map, level: int) -> JsonObject:
        value = node.values
        if isinstance(value, Cited):
            return {QUOTE: {"type": "string"}, VALUE: self.node(value.item, level)}
        return {VALUE: self.node(value, level)}

    def cited(self, node: Cited, level: int) -> JsonObject:
        """One definition serves all leaves of the same kind."""
        schema = _closed({QUOTE: {"type": "string"}, VALUE: self.node(node.item, level)})
        match node.item:
            case Scalar(values=values) if values:
                kind = "choice"
            case Scalar(format=given, type=kind):
                kind = given or kind
            case Reference(name):
                kind = name
            case _:
                return schema
        users = self.shape.definitions
        name = safe_name(
            f"cited_{kind}", lambda n: n in users or self.definitions.get(n, schema) != schema
        )
        self.definitions[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def optional(self, node: Nullable, level: int) -> JsonObject:
        inner = self.node(node.item, level)
        if self.nullable == _LIST_NULLABLE:
            if self.shape.has_empty(node.item):
                return inner
            return {"type": "array", "items": inner, "description": "empty if not stated"}
        options = inner["anyOf"] if set(inner) == {"anyOf"} else [inner]
        return {"anyOf": [*options, {"type": "null"}]}

    def array(self, node: Array, level: int) -> JsonObject:
        bounds, notes = self.constraints(node.constraints, numeric=False)
        if node.prefix:
            slots = {f"item_{i + 1}": self.node(n, level) for i, n in enumerate(node.prefix)}
            if node.items is not None:
                slots[ITEMS] = {"type": "array", "items": self.node(node.items, level)}
            return _closed(slots)
        items = self.node(node.items or Scalar("any"), level)
        return {"type": "array", "items": items, **bounds} | _described(None, notes)

    def scalar(self, node: Scalar) -> JsonObject:
        if node.type == "any" and not node.values:
            options = [{"type": kind} for kind in ("string", "number", "boolean", "null")]
            return {"anyOf": options} | _described(node.description, [])
        schema: JsonObject = {} if node.type == "any" else {"type": node.type}
        if node.values:
            return schema | {"enum": list(node.values)} | _described(node.description, [])
        bounds, notes = self.constraints(
            node.constraints, numeric=node.type in {"integer", "number"}
        )
        if node.format in self.rules.formats:
            schema["format"] = node.format
        elif node.format:
            notes.insert(0, node.format)
        return schema | bounds | _described(node.description, notes)

    def constraints(
        self, given: Mapping[str, Any], *, numeric: bool
    ) -> tuple[JsonObject, list[str]]:
        sent: JsonObject = {}
        notes: list[str] = []
        for keyword, value in given.items():
            fits = numeric or keyword not in _NUMERIC
            if keyword == "pattern":
                value = value.replace(r"\d", "[0-9]")  # noqa: PLW2901 - llama.cpp ignores \d
                fits = not any(look in value for look in ("(?=", "(?!", "(?<"))
            if fits and keyword in self.rules.keywords:
                sent[keyword] = value
            else:
                notes.append(f"{keyword} {value}")
        return sent, notes

    def object(self, node: Object, level: int) -> JsonObject:
        if node.open:
            self.warnings.append(
                f"{node.name} accepts further fields, but only its named ones are asked for"
            )
        constants = [f for f in node.fields if _is_constant(self.shape, f)]
        properties = {f.tag: self.node(f.node, level) for f in constants}
        if node.quote_tag:
            properties[node.quote_tag] = {"type": "string"}
        homeless: list[str] = []
        for member in node.fields:
            value = member.node
            if not member.required and not self.shape.has_empty(value):
                value = Nullable(value)
            schema = self.node(value, level)
            properties[member.tag] = schema
            if member.description and member.description != schema.get("description"):
                if "$ref" not in schema:
                    schema["description"] = _sentence(member.description, schema.get("description"))
                elif self.nullable == _UNION_NULLABLE:
                    properties[member.tag] = {"anyOf": [schema], "description": member.description}
                else:
                    homeless.append(f"{member.tag}: {member.description}")
        description = "\n".join(filter(None, [node.description, *homeless]))
        return _closed(properties) | _described(description, [])

    def reference(self, node: Reference, level: int) -> JsonObject:
        name = node.name
        if name in self.cycles:
            if level > _UNROLLED:
                return {"type": "string", "description": f"{name} as JSON text"}
            name, level = f"{name}_{level}", level + 1
        if name not in self.definitions:
            self.definitions[name] = {}  # a recursive schema comes by here again
            self.definitions[name] = self.node(self.shape.definitions[node.name], level)
        return {"$ref": f"#/$defs/{name}"}


def _closed(properties: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _described(text: str | None, notes: list[str]) -> JsonObject:
    words = _sentence(text, ", ".join(notes) if notes else None)
    return {"description": words} if words else {}


def _sentence(text: str | None, note: str | None) -> str:
    return f"{text} ({note})" if text and note else text or note or ""


def _is_constant(shape: Shape, member: Field) -> bool:
    node = shape.resolve(member.node)
    return isinstance(node, Scalar) and node.is_constant

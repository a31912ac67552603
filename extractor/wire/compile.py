"""Any Pydantic model as a `Shape`.

The way goes through Pydantic's own JSON Schema (validation mode, field names instead of aliases),
so that custom types, generics, dataclasses and TypedDicts are whatever Pydantic says they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, cast

from pydantic import BaseModel, RootModel, TypeAdapter

from extractor.about import WORDING, Wording
from extractor.errors import ConfigurationError
from extractor.types import JsonObject
from extractor.wire.cite import cite
from extractor.wire.coerce import letters
from extractor.wire.fields_schema import NAMES, FieldsJsonSchema
from extractor.wire.shape import (
    Array,
    Field,
    Map,
    Node,
    Null,
    Nullable,
    Object,
    Reference,
    Scalar,
    ScalarType,
    Shape,
    Union,
)
from extractor.wire.units import unit_of

_CONSTRAINTS = (
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
)
_ALIAS = "x-alias"
_DATA = frozenset({"required", "default", "enum", "const", "discriminator", "examples", NAMES})
"""Keywords under which no schema stands."""
_SCALARS: Mapping[str, ScalarType] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}


def compile_schema(schema: type[BaseModel], *, quotes: bool = False) -> Shape:
    """Compile a Pydantic model; with `quotes`, each value is asked for with its proof.

    Raises:
        ConfigurationError: a field's type has no data form (a callable, say), the model asks for
            nothing, or its own hooks fail; the message names the field where one is at fault.
    """
    given: Any = schema  # callers without a type checker pass anything
    if not isinstance(given, type) or not issubclass(given, BaseModel):
        raise ConfigurationError(
            f"{schema!r} is not a Pydantic model class.",
            hint="For a list, write RootModel[list[X]]; for a schema's name, use load_schema.",
        )
    if given in {BaseModel, RootModel}:
        raise ConfigurationError(f"{given.__name__} itself has no fields: name a class of yours.")
    return _compiled(schema, quotes=quotes)


@lru_cache(maxsize=256)
def _compiled(schema: type[BaseModel], *, quotes: bool) -> Shape:
    try:
        source = schema.model_json_schema(by_alias=False, schema_generator=FieldsJsonSchema)
        aliased = schema.model_json_schema(by_alias=True, schema_generator=FieldsJsonSchema)
        _note_aliases(source, aliased)
        shape = _Compiler(source).shape(schema.__name__)
        return cite(shape) if quotes else shape
    except ConfigurationError:
        raise
    except RecursionError as error:
        raise ConfigurationError(f"Schema {schema.__name__} is nested too deeply.") from error
    except Exception as error:  # a type's own hooks may raise anything, or write no JSON Schema
        culprit = _field_without_schema(schema)
        what = f"the field {culprit}" if culprit else "it"
        said = str(error).partition("\n")[0]
        raise ConfigurationError(
            f"Schema {schema.__name__}: {what} can't be asked of a model: "
            f"{type(error).__name__}: {said}",
            hint="Give the field a type with a JSON form, or exclude it from the schema.",
        ) from error


def _field_without_schema(schema: type[BaseModel]) -> str | None:
    for name, info in schema.model_fields.items():
        try:
            kind = cast("Any", Annotated)[info.annotation, info]
            TypeAdapter(kind).json_schema(schema_generator=FieldsJsonSchema)
        except Exception:
            return name
    return None


def _note_aliases(source: Any, aliased: Any) -> None:
    """Write each property's alias beside it; both schemas have the same order."""
    if isinstance(source, list):
        for one, other in zip(cast("Sequence[Any]", source), aliased, strict=True):
            _note_aliases(one, other)
    if not isinstance(source, dict):
        return
    for key, inner in cast("JsonObject", source).items():
        if key == "properties":
            if len(inner) != len(aliased[key]):  # two fields share an alias: it tells nothing
                continue
            for (name, member), (alias, other) in zip(
                inner.items(), aliased[key].items(), strict=True
            ):
                _note_aliases(member, other)
                if alias != name:
                    member[_ALIAS] = alias
        elif key not in _DATA:
            _note_aliases(inner, aliased[key])


def safe_name(name: str, taken: Callable[[str], bool] = lambda _: False) -> str:
    """Make a name safe as an XML tag and as a property or schema name of every provider.

    >>> safe_name("effective date ($)"), safe_name("Ext[date]"), safe_name("1st")
    ('effective_date', 'Ext_date', '_1st')
    """
    safe = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_-")[:60] or "field"
    safe = safe if re.match(r"[A-Za-z_]", safe) else f"_{safe}"
    if name.startswith("_") and not safe.startswith("_"):
        safe = f"_{safe}"
    candidate, number = safe, 2
    while taken(candidate):
        candidate, number = f"{safe}_{number}", number + 1
    return candidate


class _Compiler:
    def __init__(self, source: JsonObject) -> None:
        self._source = source
        self._definitions: dict[str, JsonObject] = source.get("$defs", {})
        self._names: dict[str, str] = {}
        for key in self._definitions:
            self._names[key] = safe_name(key, lambda n: n in self._names.values())

    def shape(self, title: str) -> Shape:
        root = {key: value for key, value in self._source.items() if key != "$defs"}
        definitions = {self._names[k]: self.node(v, (k,)) for k, v in self._definitions.items()}
        shape = Shape(safe_name(title), self.node(root, ()), definitions)
        top = shape.resolve(shape.root)
        if isinstance(top, Object) and not top.fields:
            raise ConfigurationError(f"Schema {title} has no fields: there is nothing to ask for.")
        return shape

    def node(self, source: JsonObject | bool, path: tuple[str, ...]) -> Node:
        if isinstance(source, bool):
            return Scalar("any")
        node = self._node(source, path)
        return _tell(node, wording=Wording(**source[WORDING])) if source.get(WORDING) else node

    def _node(self, source: JsonObject, path: tuple[str, ...]) -> Node:
        if "$ref" in source:
            return Reference(self._names[source["$ref"].removeprefix("#/$defs/")])
        if "enum" in source or "const" in source:
            return _enumeration(source)
        if "anyOf" in source or "oneOf" in source:
            return self._union(source, path)
        if len(source.get("allOf", ())) == 1:
            return self.node(source["allOf"][0], path)
        kind: object = source.get("type")
        if isinstance(kind, list):
            kinds = [source | {"type": one} for one in cast("list[str]", kind)]
            return self._union({"anyOf": kinds}, path)
        if kind == "null":
            return Null()
        if kind == "object":
            return self._object(source, path)
        if kind == "array":
            return self._array(source, path)
        return Scalar(
            _SCALARS.get(str(kind), "any"),
            format=source.get("format"),
            constraints=_constraints(source),
            description=source.get("description"),
        )

    def _union(self, source: JsonObject, path: tuple[str, ...]) -> Node:
        members: list[JsonObject] = source["anyOf"] if "anyOf" in source else source["oneOf"]
        options = [self.node(member, path) for member in members]
        kept = tuple(option for option in options if not isinstance(option, Null))
        if not kept:
            return Null()
        discriminator = source.get("discriminator", {}).get("propertyName")
        node = kept[0] if len(kept) == 1 else Union(kept, discriminator)
        if isinstance(node, Scalar) and node.description is None:
            node = replace(node, description=source.get("description"))
        return Nullable(node) if len(kept) < len(options) else node

    def _object(self, source: JsonObject, path: tuple[str, ...]) -> Node:
        rest = source.get("additionalProperties")
        properties: dict[str, JsonObject] = source.get("properties", {})
        if not properties and rest not in (None, False):
            keys = self.node(source.get("propertyNames", {"type": "string"}), path)
            while isinstance(keys, Reference):
                key = next(k for k, name in self._names.items() if name == keys.name)
                keys = self.node(self._definitions[key], path)
            return Map(
                keys if isinstance(keys, Scalar) else Scalar("string"), self.node(rest, path)
            )
        if not properties and path and "patternProperties" in source:
            return Map(Scalar("string"), Scalar("any"))
        if not properties and path:
            where = self._field_of(path[0]) if path[0] in self._definitions else ".".join(path)
            raise ConfigurationError(
                f"Schema: {where} is an object without fields: a model could only answer {{}}.",
                hint="Give it fields, or make it a dict[str, X].",
            )
        required = set(source.get("required", ()))
        fields: list[Field] = []
        for name, member in properties.items():
            tag = safe_name(name, lambda n: any(f.tag == n for f in fields))
            bare = {key: value for key, value in member.items() if key != "description"}
            node = self.node(bare, (*path, name))
            unit = unit_of(name, member.get("description"))
            fields.append(
                Field(
                    name,
                    tag,
                    _tell(node, unit=unit) if unit else node,
                    member.get("description") or _called(name, tag, member.get(_ALIAS)),
                    name in required,
                    member.get(_ALIAS),
                )
            )
        return Object(
            safe_name(source.get("title", "object")),
            tuple(fields),
            source.get("description"),
            open=rest not in (None, False),
        )

    def _field_of(self, definition: str) -> str:
        """Name a field that uses a definition, with the definition."""
        wanted = f'"#/$defs/{definition}"'
        for owner, source in ("", self._source), *self._definitions.items():
            for name, member in source.get("properties", {}).items():
                if wanted in json.dumps(member):
                    return f"{f'{owner}.' if owner else ''}{name} ({definition})"
        return definition

    def _array(self, source: JsonObject, path: tuple[str, ...]) -> Array:
        prefix = tuple(self.node(item, path) for item in source.get("prefixItems", ()))
        items: JsonObject | bool = source.get("items", {})
        closed = bool(prefix) and ("items" not in source or items is False)
        return Array(
            None if closed else self.node(items, path),
            prefix,
            _constraints(source),
            tuple(source.get(NAMES, ())),
        )


def _called(name: str, tag: str, alias: str | None) -> str | None:
    """Return what people call a field, where its tag does not say it and nothing else does."""
    if letters(tag) != letters(name):
        return name
    return alias if alias and not alias.isidentifier() and letters(alias) != letters(tag) else None


def _tell(node: Node, **known: Any) -> Node:
    """Tell the single values that a field holds what is known of the field.

    Those of a definition of their own (an Enum's) are shared with other fields, and are told none.
    """
    match node:
        case Scalar():
            return replace(node, **known)
        case Nullable(item):
            return Nullable(_tell(item, **known))
        case Array(items=items) if items is not None:
            return replace(node, items=_tell(items, **known))
        case Union(options):
            return replace(node, options=tuple(_tell(option, **known) for option in options))
        case _:
            return node


def _constraints(source: JsonObject) -> JsonObject:
    return {key: source[key] for key in _CONSTRAINTS if key in source}


def _enumeration(source: JsonObject) -> Node:
    values: list[object] = source["enum"] if "enum" in source else [source["const"]]
    kept = {json.dumps(value): value for value in values if value is not None}
    if not kept:
        return Null()
    kinds: set[ScalarType] = {_kind(value) for value in kept.values()}
    scalar = Scalar(
        kinds.pop() if len(kinds) == 1 else "any",
        values=tuple(kept.values()),
        description=source.get("description"),
        names={
            called: value
            for name, value in source.get(NAMES, {}).items()
            for called in (name, f"{source.get('title')}.{name}")
        },
    )
    return Nullable(scalar) if None in values else scalar


def _kind(value: object) -> ScalarType:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case _:
            return "any"

"""Providers' limits on schemas, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.errors import ConfigurationError
from extractor.types import JsonObject, SchemaRules


def count_unions(schema: JsonObject) -> int:
    """Count properties with a choice of types, each definition once, as Anthropic does."""
    return len(_unions(schema))


def check_limits(name: str, schema: JsonObject, rules: SchemaRules) -> None:
    """Compare a finished wire schema with a provider's limits.

    Raises:
        ConfigurationError: a limit is broken; the message names the field, of many the first that
            is too much.
    """
    members = list(_properties(schema))
    paths = [path for path, _ in members]
    for path, member in members:
        for values in _enumerations(member):
            _check(name, f"allowed values of {path}", len(values), rules.max_enum_values)
    _check_count(name, "properties", paths, rules.max_properties)
    _check_count(name, "properties with a choice of types", _unions(schema), rules.max_unions)
    texts = [path.rpartition(".")[2] for path in paths] + list(schema.get("$defs", ()))
    texts += [str(v) for _, member in members for values in _enumerations(member) for v in values]
    _check(name, "characters of names and values", sum(map(len, texts)), rules.max_name_chars)
    for part, definition in _parts(schema):
        for path, member in definition.get("properties", {}).items():
            where = f"{part}.{path}" if part else path
            _check(name, f"levels of nesting down {where}", _depth(member) + 1, rules.max_depth)


def _check(name: str, what: str, count: int, limit: int | None) -> None:
    if limit is not None and count > limit:
        raise ConfigurationError(
            f"Schema {name}: {count} {what}, but this technique's limit is {limit}.",
            hint="Use another backend (json, xml), or split the schema.",
        )


def _check_count(name: str, what: str, paths: list[str], limit: int | None) -> None:
    beyond = f", {paths[limit]} the first too many" if limit is not None and paths[limit:] else ""
    _check(name, f"{what}{beyond}", len(paths), limit)


def _unions(schema: JsonObject) -> list[str]:
    return [path for path, member in _properties(schema) if "anyOf" in member]


def _parts(schema: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    yield "", {key: value for key, value in schema.items() if key != "$defs"}
    yield from schema.get("$defs", {}).items()


def _properties(schema: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Yield every property with its path, each definition once."""
    for part, definition in _parts(schema):
        yield from _within(definition, part)


def _within(node: JsonObject, path: str) -> Iterator[tuple[str, JsonObject]]:
    for name, member in node.get("properties", {}).items():
        inner = f"{path}.{name}" if path else name
        yield inner, member
        yield from _within(member, inner)
    for option in node.get("anyOf", ()):
        yield from _within(option, path)
    if "items" in node:
        yield from _within(node["items"], path)


def _enumerations(member: JsonObject) -> Iterator[list[object]]:
    for node in (member, member.get("items", {}), *member.get("anyOf", ())):
        if "enum" in node:
            yield node["enum"]


def _depth(node: JsonObject) -> int:
    inner = [*node.get("properties", {}).values(), *node.get("anyOf", ())]
    inner += [node["items"]] if "items" in node else []
    deepest = max(map(_depth, inner), default=0)
    return deepest + 1 if node.get("type") == "object" else deepest

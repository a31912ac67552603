"""Providers' limits on schemas, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.errors import ConfigurationError
from extractor.types import JsonObject, SchemaRules


def count_unions(schema: JsonObject) -> int:
    """Count properties with a choice of types, each definition once, as Anthropic does."""
    return len(_Survey.of(schema).unions)


def check_limits(name: str, schema: JsonObject, rules: SchemaRules) -> None:
    """Compare a finished wire schema with a provider's limits.

    Raises:
        ConfigurationError: a limit is broken; the message names the field by its path from the
            root, of too many the first that is too much.
    """
    found = _Survey.of(schema)
    for path, values in found.enumerations:
        _check(name, f"allowed values of {path}", len(values), rules.max_enum_values)
    _check_count(name, "properties", found.properties, rules.max_properties)
    _check_count(name, "properties with a choice of types", found.unions, rules.max_unions)
    _check_count(name, "properties that may be left out", found.optionals, rules.max_optionals)
    texts = [path.rpartition(".")[2] for path in found.properties] + list(schema.get("$defs", ()))
    texts += [str(value) for _, values in found.enumerations for value in values]
    _check(name, "characters of names and values", sum(map(len, texts)), rules.max_name_chars)
    for path, depth in found.depths:
        _check(name, f"levels of nesting down {path}", depth, rules.max_depth)


def _check(name: str, what: str, count: int, limit: int | None) -> None:
    if limit is not None and count > limit:
        raise ConfigurationError(
            f"Schema {name}: {count} {what}, but this technique's limit is {limit}.",
            hint="Use another backend (json, xml), or split the schema.",
        )


def _check_count(name: str, what: str, paths: Sequence[str], limit: int | None) -> None:
    beyond = f", {paths[limit]} the first too many" if limit is not None and paths[limit:] else ""
    _check(name, f"{what}{beyond}", len(paths), limit)


@dataclass(slots=True)
class _Survey:
    """What a schema has of the things that are limited, by path from the root.

    A definition is counted once, where it is used first. `depths` are the levels of objects below
    each property of the root and of a definition, where the counting starts anew.
    """

    definitions: JsonObject
    properties: list[str] = field(default_factory=list[str])
    unions: list[str] = field(default_factory=list[str])
    optionals: list[str] = field(default_factory=list[str])
    enumerations: list[tuple[str, list[object]]] = field(
        default_factory=list[tuple[str, list[object]]]
    )
    depths: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    _entered: set[str] = field(default_factory=set[str])

    @classmethod
    def of(cls, schema: JsonObject) -> _Survey:
        survey = cls(schema.get("$defs", {}))
        survey._enter(schema, "")
        return survey

    def _enter(self, definition: JsonObject, path: str) -> None:
        for name, member in definition.get("properties", {}).items():
            self.depths.append((_below(path, name), _depth(member) + 1))
        self._visit(definition, path)

    def _visit(self, node: JsonObject, path: str) -> None:
        if "enum" in node:
            self.enumerations.append((path, node["enum"]))
        for name, member in node.get("properties", {}).items():
            inner = _below(path, name)
            self.properties.append(inner)
            if "anyOf" in member:
                self.unions.append(inner)
            if name not in node.get("required", ()):
                self.optionals.append(inner)
            self._visit(member, inner)
        for option in (*node.get("anyOf", ()), *([node["items"]] if "items" in node else ())):
            self._visit(option, path)
        name = node.get("$ref", "").rpartition("/")[2]
        if name and name not in self._entered:
            self._entered.add(name)
            self._enter(self.definitions[name], path)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _depth(node: JsonObject) -> int:
    inner = [*node.get("properties", {}).values(), *node.get("anyOf", ())]
    inner += [node["items"]] if "items" in node else []
    deepest = max(map(_depth, inner), default=0)
    return deepest + 1 if node.get("type") == "object" else deepest

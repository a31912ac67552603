"""Right answers: the contract's facts in whatever shape was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from benchmarks.peers import contracts
from extractor.types import JsonObject

Facts: TypeAlias = Mapping[str, str | list[str]]

_CITED = {"quote", "value"}
"""The properties of a value that is asked for with its proof."""
_OTHERS: Mapping[str, str | int] = {"string": "none", "integer": 0}
"""Values for fields that are no facts: curator first tries out whether a schema is kept to."""


def answer(schema: JsonObject, document: int) -> Any:
    """Answer a contract's question as its JSON schema has it."""
    facts = facts_of(document)
    if "extractions" in schema.get("properties", {}):
        return spans(facts)
    return _Shaped(schema.get("$defs", {}), facts).value(schema)


def facts_of(document: int) -> Facts:
    """Return a contract's facts by name."""
    return cast("Facts", contracts.truth(document))


def spans(facts: Facts) -> JsonObject:
    """Return facts in langextract's form: a list of objects, each for one span."""
    return {
        "extractions": [
            {name: value, f"{name}_attributes": {}}
            for name, values in facts.items()
            for value in (values if isinstance(values, list) else [values])
        ]
    }


@dataclass(frozen=True, slots=True)
class _Shaped:
    """Fills a schema; a field is given the fact that has its name."""

    definitions: JsonObject
    facts: Facts

    def value(self, schema: JsonObject, name: str = "") -> Any:
        schema = self._resolved(schema)
        properties: JsonObject = schema.get("properties", {})
        if properties.keys() == _CITED:
            value = self.value(properties["value"], name)
            return {"quote": contracts.quote(name, value), "value": value}
        if properties:
            return {key: self.value(inside, key) for key, inside in properties.items()}
        if name not in self.facts:
            return _OTHERS.get(schema.get("type", ""))
        fact = self.facts[name]
        if not isinstance(fact, list):
            return fact
        return [self._item(schema["items"], name, item) for item in fact]

    def _item(self, schema: JsonObject, name: str, item: str) -> Any:
        return _Shaped(self.definitions, {name: item}).value(schema, name)

    def _resolved(self, schema: JsonObject) -> JsonObject:
        """Follow references, and take of alternatives the first that is not null."""
        if reference := schema.get("$ref"):
            return self._resolved(self.definitions[reference.rpartition("/")[2]])
        for alternative in schema.get("anyOf", ()):
            if alternative.get("type") != "null":
                return self._resolved(alternative)
        return schema

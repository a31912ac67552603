"""Pydantic's own JSON Schema of a model, as the shape of its data is read from it."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from enum import Enum
from typing import cast

from pydantic import ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, JsonSchemaWarningKind
from pydantic_core import SchemaValidator, core_schema, to_jsonable_python

from extractor.types import JsonObject

NAMES = "x-names"
"""The keyword under which an Enum's members, or a NamedTuple's items, are called as in the code."""


class FieldsJsonSchema(GenerateJsonSchema):
    """Pydantic's generator, with decimals as text: a float in between would lose digits.

    It tells names that JSON Schema has no place for (`NAMES`), since models answer by them too.

    Raises:
        ValueError: an Enum or Literal has a value that Pydantic won't take back from JSON, such as
            a plain Enum's member in a Literal: a model's every answer would fail, and be paid for.
    """

    _converters = 0
    """How many validators of the schema stand before the data that is now written."""

    def emit_warning(self, kind: JsonSchemaWarningKind, detail: str) -> None:
        """Stay silent: a default that is no JSON never goes on the wire anyway."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        bounds = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum"}
        bounds |= {"lt": "exclusiveMaximum", "multiple_of": "multipleOf"}
        given = cast("JsonObject", schema)
        found = {keyword: float(given[name]) for name, keyword in bounds.items() if name in given}
        if (places := given.get("decimal_places")) is not None:
            found.setdefault("multipleOf", float(f"1e-{places}"))
        return {"type": "string", "format": "decimal", **found}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        return self._answerable(schema, super().literal_schema(schema))

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        written = self._answerable(schema, super().enum_schema(schema))
        kind: type[Enum] = schema["cls"]
        names = {name: to_jsonable_python(one.value) for name, one in kind.__members__.items()}
        return {**written, NAMES: names}

    def named_tuple_schema(self, schema: core_schema.NamedTupleSchema) -> JsonSchemaValue:
        names = [field["name"] for field in schema["fields"]]  # before Pydantic 2.14 there are none
        return {**super().named_tuple_schema(schema), NAMES: names}

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        with self._converted():
            return super().function_before_schema(schema)

    def function_wrap_schema(
        self, schema: core_schema.WrapValidatorFunctionSchema
    ) -> JsonSchemaValue:
        with self._converted():
            return super().function_wrap_schema(schema)

    def union_schema(self, schema: core_schema.UnionSchema) -> JsonSchemaValue:
        choices = (one[0] if isinstance(one, tuple) else one for one in schema["choices"])
        takes_any_text = any(choice["type"] == "str" for choice in choices)
        with self._converted() if takes_any_text else nullcontext():
            return super().union_schema(schema)

    @contextmanager
    def _converted(self) -> Generator[None]:
        """Let the values inside be: something else may make of the data what they take."""
        self._converters += 1
        yield
        self._converters -= 1

    def _answerable(
        self, schema: core_schema.LiteralSchema | core_schema.EnumSchema, written: JsonSchemaValue
    ) -> JsonSchemaValue:
        values = written["enum"] if "enum" in written else [written["const"]]
        for value in () if self._converters else values:
            text = json.dumps(value)
            try:
                SchemaValidator(schema).validate_json(text)
            except ValidationError as error:
                said = error.errors(include_url=False, include_context=False)[0]["msg"]
                message = (
                    f"Pydantic does not take its value {text} from JSON ({said}): "
                    "write the value itself into the Literal, or make the Enum a str or int Enum"
                )
                raise ValueError(message) from None
        return written

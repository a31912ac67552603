"""Providers' limits on schemas, checked before anything is sent."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import pytest
from pydantic import BaseModel, create_model

from extractor.errors import ConfigurationError
from extractor.types import JsonObject, SchemaRules
from extractor.wire.compile import compile_schema
from extractor.wire.json_schema import wire_schema
from extractor.wire.limits import check_limits, count_unions

Colour: TypeAlias = Literal["red", "green", "blue"]


class Party(BaseModel):
    name: str
    role: str | None


class Deal(BaseModel):
    buyer: Party
    seller: Party
    price: int | str


def schema_of(schema: type[BaseModel]) -> JsonObject:
    return wire_schema(compile_schema(schema), SchemaRules()).schema


def painted(annotation: Any) -> type[BaseModel]:
    return create_model("Paint", colour=(annotation, ...))


def nested(depth: int) -> type[BaseModel]:
    model: type[BaseModel] = create_model("Level0", text=(str, ...))
    for level in range(1, depth):
        inner: dict[str, Any] = {f"level_{level}": (model, ...)}
        model = create_model(f"Level{level}", **inner)
    return model


def test_without_limits_every_schema_passes() -> None:
    check_limits("Deal", schema_of(Deal), SchemaRules())
    assert count_unions(schema_of(Deal)) == 2


def test_a_definitions_choices_are_counted_once_however_often_it_is_used() -> None:
    check_limits("Deal", schema_of(Deal), SchemaRules(max_unions=2))
    with pytest.raises(ConfigurationError, match=r"2 properties with a choice of types"):
        check_limits("Deal", schema_of(Deal), SchemaRules(max_unions=1))


def test_properties_are_counted_in_all_definitions() -> None:
    check_limits("Deal", schema_of(Deal), SchemaRules(max_properties=5))
    with pytest.raises(ConfigurationError, match=r"Schema Deal: 5 properties.* limit is 4"):
        check_limits("Deal", schema_of(Deal), SchemaRules(max_properties=4))


def test_a_field_with_too_many_allowed_values_is_named() -> None:
    schema = painted(Colour)
    with pytest.raises(ConfigurationError, match="3 allowed values of colour") as caught:
        check_limits("Paint", schema_of(schema), SchemaRules(max_enum_values=2))
    assert caught.value.hint
    check_limits("Paint", schema_of(schema), SchemaRules(max_enum_values=3))


def test_allowed_values_are_found_inside_choices_and_lists() -> None:
    for annotation in (Colour | None, list[Colour]):
        schema = schema_of(painted(annotation))
        with pytest.raises(ConfigurationError, match="allowed values of colour"):
            check_limits("Paint", schema, SchemaRules(max_enum_values=2))


def test_names_and_values_are_counted_by_their_characters() -> None:
    schema = schema_of(painted(Colour))
    count = len("colour" + "red" + "green" + "blue")
    check_limits("Paint", schema, SchemaRules(max_name_chars=count))
    with pytest.raises(ConfigurationError, match="characters of names and values"):
        check_limits("Paint", schema, SchemaRules(max_name_chars=count - 1))


def test_objects_in_objects_are_counted_as_levels() -> None:
    flat = create_model("Flat", text=(str, ...), party=(Party, ...))
    check_limits("Flat", schema_of(flat), SchemaRules(max_depth=1))
    inline = {
        "type": "object",
        "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}},
    }
    check_limits("Inline", inline, SchemaRules(max_depth=2))
    with pytest.raises(ConfigurationError, match="levels of nesting"):
        check_limits("Inline", inline, SchemaRules(max_depth=1))


def test_models_in_models_are_definitions_and_no_levels_of_nesting() -> None:
    check_limits("Deep", schema_of(nested(20)), SchemaRules(max_depth=1))
    assert len(schema_of(nested(20))["$defs"]) == 19


def test_what_a_schema_may_leave_out_is_counted_and_refused_by_the_first_too_much() -> None:
    text: JsonObject = {"type": "string"}
    names = [f"field_{number}" for number in range(30)]
    schema: JsonObject = {
        "type": "object",
        "properties": {"inner": {"type": "object", "properties": dict.fromkeys(names, text)}},
        "required": ["inner"],
    }
    schema["properties"]["inner"]["required"] = names[:6]
    check_limits("Deal", schema, SchemaRules(max_optionals=24))
    with pytest.raises(
        ConfigurationError, match=r"24 properties that may be left out, inner\.field"
    ):
        check_limits("Deal", schema, SchemaRules(max_optionals=23))


def test_no_schema_that_is_sent_leaves_anything_out() -> None:
    """A field that may be missing is required and nullable, however many of them there are."""
    fields: dict[str, Any] = {f"field_{number}": (str | None, None) for number in range(60)}
    sent = schema_of(create_model("Optional", **fields))
    check_limits("Optional", sent, SchemaRules(max_optionals=0))

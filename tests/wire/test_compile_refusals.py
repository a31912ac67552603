"""Schemas that can't be asked of a model: refused by name, before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, RootModel, create_model
from pydantic_core import CoreSchema, core_schema

from extractor.errors import ConfigurationError
from extractor.wire.compile import compile_schema
from extractor.wire.shape import Object


class Raising:
    """A type whose own hook fails."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.any_schema()

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        message = "no JSON for this"
        raise ValueError(message)


class Unready(BaseModel):
    start: Nowhere  # type: ignore[name-defined]  # noqa: F821


def nested(depth: int) -> type[BaseModel]:
    model: type[BaseModel] = create_model("Innermost", value=(int, ...))
    for _ in range(depth):
        model = create_model("Outer", inner=(model, ...))
    return model


def dividing(_: dict[str, Any]) -> None:
    message = "no"
    raise ZeroDivisionError(message)


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        (create_model("Terms", ok=(int, 1), hook=(Raising, ...)), "the field hook"),
        (create_model("Terms", start=(int, Field(json_schema_extra={"$ref": "#/x"}))), "start"),
        (Unready, "the field start"),
        (nested(300), "nested too deeply"),
        (BaseModel, "BaseModel itself"),
        (RootModel, "RootModel itself"),
        (create_model("Terms", __config__=ConfigDict(json_schema_extra=dividing), a=int), "Terms"),
        ([BaseModel], "not a Pydantic model class"),
        ("nda", "not a Pydantic model class"),
    ],
    ids=["hook", "reference", "undefined", "deep", "base", "root", "extra", "list", "text"],
)
def test_a_schema_that_can_t_be_asked_is_refused_and_the_place_named(
    schema: Any, named: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        compile_schema(schema)
    assert named in refused.value.message


def test_two_fields_may_share_an_alias_which_then_names_neither() -> None:
    class Shared(BaseModel):
        first: int = Field(alias="same")
        second: int = Field(alias="same")

    root = compile_schema(Shared).root
    assert isinstance(root, Object)
    assert [(field.name, field.alias) for field in root.fields] == [
        ("first", None),
        ("second", None),
    ]

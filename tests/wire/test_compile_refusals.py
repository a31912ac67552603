"""Schemas that can't be asked of a model: refused by name, before anything is sent."""

from __future__ import annotations

from datetime import date
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    RootModel,
    create_model,
)
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


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Law(StrEnum):
    IRISH = "irish"


class Number(IntEnum):
    ONE = 1


class Day(Enum):
    FIRST = date(2025, 1, 1)


class Red(BaseModel):
    kind: Literal[Color.RED]
    shade: int


class Blue(BaseModel):
    kind: Literal[Color.BLUE]
    depth: int


@pytest.mark.parametrize(
    "kind",
    [
        Literal[Color.RED],
        Literal[Color.RED, "x"],
        Literal[Color.RED] | None,
        list[Red],
        Red | Blue,
        Annotated[Red | Blue, Field(discriminator="kind")],
        Literal[b"x"],
        Day,
    ],
    ids=["one", "several", "nullable", "list", "union", "discriminator", "bytes", "date"],
)
def test_a_constant_that_json_can_never_give_is_refused_by_its_field(kind: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"the field colour .* does not take its value"):
        compile_schema(create_model("Terms", law=str, colour=(kind, ...)))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Color, '"red"'),
        (Literal["red"], '"red"'),
        (Literal[Color.RED, "red"], '"red"'),
        (Literal[Color.RED] | str, '"red"'),
        (Literal[Law.IRISH], '"irish"'),
        (Literal[Number.ONE], "1"),
        (Literal["a"] | None, "null"),
        (Annotated[Literal[Color.RED], BeforeValidator(Color)], '"red"'),
    ],
    ids=["enum", "text", "both", "or text", "str enum", "int enum", "null", "validator"],
)
def test_a_constant_that_validates_from_json_is_asked_for(kind: Any, text: str) -> None:
    schema = create_model("Terms", colour=(kind, ...))
    root = compile_schema(schema).root
    assert isinstance(root, Object)
    assert [field.name for field in root.fields] == ["colour"]
    schema.model_validate_json(f'{{"colour": {text}}}')

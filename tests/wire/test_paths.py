"""From one way of saying where to another."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, RootModel

from extractor.paths import Path
from extractor.wire.compile import compile_schema
from extractor.wire.paths import data_path, node_at
from extractor.wire.shape import Array, Cited, Nullable, Object, Scalar, Shape


class Cash(BaseModel):
    kind: Literal["cash"]
    amount: int


class Shares(BaseModel):
    kind: Literal["shares"]
    count: int


class Party(BaseModel):
    full_name: str = Field(alias="fullName")


class Deal(BaseModel):
    parties: list[Party]
    price: Annotated[Cash | Shares, Field(discriminator="kind")]
    fees: dict[str, int]
    span: tuple[int, str] | None = None


DEAL = compile_schema(Deal, quotes=True)


class Names(RootModel[list[str]]):
    pass


def shape_of(schema: type[BaseModel]) -> Shape:
    return compile_schema(schema, quotes=True)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ((), Object),
        (("parties",), Array),
        (("parties", 7), Object),
        (("parties", 7, "full_name"), Scalar),
        (("price", "amount"), Cited),
        (("price", "count"), Cited),
        (("fees", "late fee"), Cited),
        (("span",), Nullable),
        (("span", 1), Scalar),
    ],
)
def test_a_data_path_leads_to_its_node(path: Path, kind: type) -> None:
    node = node_at(DEAL, path)
    assert node is not None
    assert isinstance(DEAL.resolve(node), kind)


@pytest.mark.parametrize(
    "path", [("nobody",), ("parties", "x"), ("span", 2), ("parties", 0, "full_name", "x")]
)
def test_a_path_that_the_schema_does_not_have_leads_nowhere(path: Path) -> None:
    assert node_at(DEAL, path) is None


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (("parties", 0, "full_name"), ("parties", 0, "full_name")),
        (("parties", 0, "fullName"), ("parties", 0, "full_name")),
        (("price", "cash", "amount"), ("price", "amount")),
        (("price", "function-after[check(), Cash]", "amount"), ("price", "amount")),
        (("fees", "late fee", "value"), ("fees", "late fee")),
        (("span", "value"), ("span",)),
        (("span", "quote"), ("span",)),
        ((), ()),
    ],
)
def test_steps_that_are_no_part_of_the_data_are_left_out(
    location: tuple[Any, ...], path: Path
) -> None:
    assert data_path(DEAL, location) == path


def test_the_wrapping_of_a_root_list_is_left_out() -> None:
    assert data_path(shape_of(Names), ("items", 2, "value")) == (2,)
    assert data_path(shape_of(Names), (2,)) == (2,)


class Either(BaseModel):
    terms: dict[str, int] | list[int] | Party


@pytest.mark.parametrize(
    ("location", "data", "path"),
    [
        (("terms", "dict[str,int]", "a"), {"terms": {"a": "x"}}, ("terms", "a")),
        (("terms", "list[int]"), {"terms": {"a": "x"}}, ("terms",)),
        (("terms", "list[int]", 0), {"terms": ["x"]}, ("terms", 0)),
        (("terms", "Party", "full_name"), {"terms": {}}, ("terms", "full_name")),
        (("terms", "dict[str,int]"), {"terms": 5}, ("terms",)),
    ],
)
def test_the_data_tells_a_dicts_key_from_the_name_of_a_unions_member(
    location: Path, data: Any, path: Path
) -> None:
    assert data_path(compile_schema(Either), location, data) == path

"""The schema that a part of a document is asked by."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from extractor.wire.compile import compile_schema
from extractor.wire.partial import partial
from extractor.wire.shape import Array, Cited, Node, Nullable, Object, Scalar, Shape


class Term(BaseModel):
    start: str
    months: int


class Party(BaseModel):
    name: str


class Lease(BaseModel):
    kind: Literal["lease"]
    law: str
    note: str | None
    rent: int = 5
    term: Term
    other: list[Term] = Field(min_length=1)
    parties: list[Party]


def fields_of(shape: Shape, node: Node) -> dict[str, Node]:
    top = shape.resolve(node)
    while isinstance(top, Nullable):
        top = shape.resolve(top.item)
    assert isinstance(top, Object)
    return {field.name: field.node for field in top.fields}


def lease(*, quotes: bool = False) -> tuple[Shape, dict[str, Node]]:
    shape = partial(compile_schema(Lease, quotes=quotes))
    return shape, fields_of(shape, shape.root)


def test_what_a_part_may_lack_can_be_null() -> None:
    shape, fields = lease()
    assert fields["law"] == Nullable(Scalar("string"))
    assert isinstance(fields["term"], Nullable)
    assert fields_of(shape, fields["term"]) == {
        "start": Nullable(Scalar("string")),
        "months": Nullable(Scalar("integer", unit="month")),
    }


def test_what_can_be_empty_already_and_constants_stay() -> None:
    _, fields = lease()
    assert fields["note"] == Nullable(Scalar("string"))
    assert isinstance(fields["rent"], Scalar)
    assert isinstance(fields["kind"], Scalar)


def test_an_item_of_a_list_is_whole_or_none() -> None:
    shape, fields = lease()
    for name, inner in (("parties", "name"), ("other", "start")):
        listed = fields[name]
        assert isinstance(listed, Array)
        assert listed.constraints == {}, "no window has to have an item"
        assert listed.items is not None
        assert fields_of(shape, listed.items)[inner] == Scalar("string")


def test_values_keep_their_quotes() -> None:
    _, fields = lease(quotes=True)
    assert fields["law"] == Nullable(Cited(Scalar("string")))


class Clause(BaseModel):
    title: str
    inner: Clause | None


def test_a_schema_may_contain_itself() -> None:
    shape = partial(compile_schema(Clause))
    fields = fields_of(shape, shape.root)
    assert fields["title"] == Nullable(Scalar("string"))
    assert fields_of(shape, fields["inner"]) == fields

"""Asking for proof wherever a value is asked for."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, RootModel, create_model

from extractor.wire.compile import compile_schema
from extractor.wire.shape import (
    Array,
    Cited,
    Map,
    Node,
    Nullable,
    Object,
    Reference,
    Scalar,
    Shape,
    Union,
    children,
)

STRING = Scalar("string")


class Party(BaseModel):
    name: str
    role: str | None


class Clause(BaseModel):
    title: str
    subclauses: list[Clause] = []


class Citation(BaseModel):
    quote: str
    source_quote: str


class Cash(BaseModel):
    kind: Literal["cash"]
    amount: int


def cited(annotation: Any) -> tuple[Shape, Node]:
    shape = compile_schema(create_model("Holder", it=(annotation, ...)), quotes=True)
    assert isinstance(shape.root, Object)
    return shape, shape.root.fields[0].node


def cited_root(schema: type[BaseModel]) -> Node:
    return compile_schema(schema, quotes=True).root


def object_at(shape: Shape, node: Node) -> Object:
    found = shape.resolve(node)
    assert isinstance(found, Object)
    return found


def nodes(shape: Shape, node: Node) -> dict[str, Node]:
    return {member.name: member.node for member in object_at(shape, node).fields}


def test_a_single_value_is_asked_for_with_its_quote() -> None:
    assert cited(str)[1] == Cited(STRING)
    assert cited(str | None)[1] == Nullable(Cited(STRING))


def test_a_choice_of_single_values_and_a_tuple_are_each_one_leaf() -> None:
    assert cited(int | str)[1] == Cited(Union((Scalar("integer"), STRING)))
    tuple_node = cited(tuple[int, str])[1]
    assert isinstance(tuple_node, Cited)
    assert isinstance(tuple_node.item, Array)


def test_each_item_of_a_list_of_single_values_has_its_quote() -> None:
    assert cited(list[str])[1] == Array(Cited(STRING))


def test_each_value_of_a_dict_has_its_quote() -> None:
    assert cited(dict[str, int])[1] == Map(STRING, Cited(Scalar("integer")))


def test_a_model_in_a_list_has_one_quote_and_bare_leaves() -> None:
    shape, node = cited(list[Party])
    assert isinstance(node, Array)
    assert node.items is not None
    assert object_at(shape, node.items).quote_tag == "quote"
    assert nodes(shape, node.items) == {"name": STRING, "role": Nullable(STRING)}


def test_a_model_of_its_own_is_quoted_leaf_by_leaf() -> None:
    shape, node = cited(Party)
    assert object_at(shape, node).quote_tag is None
    assert nodes(shape, node) == {"name": Cited(STRING), "role": Nullable(Cited(STRING))}


def test_a_model_that_is_used_both_ways_has_two_definitions() -> None:
    class Deal(BaseModel):
        seller: Party
        guarantors: list[Party]

    shape = compile_schema(Deal, quotes=True)
    assert set(shape.definitions) == {"Party", "Party_item"}


def test_single_values_in_lists_inside_a_quoted_item_stay_bare() -> None:
    class Group(BaseModel):
        name: str
        members: list[str]

    shape, node = cited(list[Group])
    assert isinstance(node, Array)
    assert node.items is not None
    assert nodes(shape, node.items) == {"name": STRING, "members": Array(STRING)}


def test_models_in_lists_are_quoted_one_by_one_at_any_depth() -> None:
    class Group(BaseModel):
        parties: list[Party]

    shape, node = cited(list[Group])
    assert isinstance(node, Array)
    assert node.items is not None
    inner = nodes(shape, node.items)["parties"]
    assert isinstance(inner, Array)
    assert inner.items is not None
    assert object_at(shape, inner.items).quote_tag == "quote"


def test_a_recursive_model_is_quoted_at_the_top_and_item_by_item_below() -> None:
    shape = compile_schema(Clause, quotes=True)
    top = nodes(shape, shape.root)
    assert top == {"title": Cited(STRING), "subclauses": Array(Reference("Clause_item"))}
    below = object_at(shape, Reference("Clause_item"))
    assert below.quote_tag == "quote"
    assert nodes(shape, below) == {"title": STRING, "subclauses": Array(Reference("Clause_item"))}


def test_a_models_own_field_called_quote_is_left_alone() -> None:
    shape, node = cited(list[Citation])
    assert isinstance(node, Array)
    assert node.items is not None
    item = object_at(shape, node.items)
    assert item.quote_tag == "source_source_quote"
    assert [member.tag for member in item.fields] == ["quote", "source_quote"]


def test_a_constant_that_must_be_there_says_nothing_and_needs_no_proof() -> None:
    shape, node = cited(Cash)
    assert nodes(shape, node)["kind"] == Scalar("string", values=("cash",))


def test_a_constant_that_may_be_missing_is_a_fact_and_needs_proof() -> None:
    assert cited(Literal["exclusive"] | None)[1] == Nullable(
        Cited(Scalar("string", values=("exclusive",)))
    )


def test_a_root_list_is_cited_like_any_other() -> None:
    class Names(RootModel[list[str]]):
        pass

    assert cited_root(Names) == Array(Cited(STRING))


def test_without_quotes_nothing_is_cited() -> None:
    def any_cited(node: Node) -> bool:
        return isinstance(node, Cited) or any(map(any_cited, children(node)))

    plain = compile_schema(Clause)
    assert not any(map(any_cited, plain.definitions.values()))
    assert any(map(any_cited, compile_schema(Clause, quotes=True).definitions.values()))

"""A schema in groups of its fields: all of them, in order, neighbours together."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, RootModel, create_model

from extractor.wire.compile import compile_schema
from extractor.wire.groups import asked_values, groups, only
from extractor.wire.outline import json_outline
from extractor.wire.shape import Nullable, Object, Shape


class Address(BaseModel):
    street: str
    city: str
    country: str | None = None


class Party(BaseModel):
    name: str
    address: Address


class Clause(BaseModel):
    title: str
    within: Clause | None = None


class Wire(BaseModel):
    kind: Literal["wire"]
    bank: str
    account: str


class Deal(BaseModel):
    title: str
    buyer: Party
    seller: Party | None = None
    dates: list[str] = []
    law: str | None = None


def narrow(most: int) -> Callable[[Shape], bool]:
    return lambda shape: asked_values(shape) <= most


def split(schema: type[BaseModel], most: int) -> tuple[Shape, ...]:
    return groups(compile_schema(schema, quotes=True), narrow(most), widest=most)


def places(shape: Shape) -> list[str]:
    """Every value of a schema by its path; a list is one."""

    def visit(node: Any, path: str) -> list[str]:
        node = shape.resolve(node)
        while isinstance(node, Nullable):
            node = shape.resolve(node.item)
        if not isinstance(node, Object):
            return [path]
        inner = (visit(field.node, f"{path}.{field.name}") for field in node.fields)
        return [*chain.from_iterable(inner)]

    return visit(shape.root, "")


def test_a_schema_that_fits_is_one_group_and_unchanged() -> None:
    shape = compile_schema(Deal, quotes=True)
    assert groups(shape, narrow(100), widest=100) == (shape,)


def test_fields_stay_in_order_and_objects_stay_whole_where_they_fit() -> None:
    found = split(Deal, 5)
    assert list(map(names, found)) == [["title", "buyer"], ["seller"], ["dates", "law"]]
    assert places(found[1])[-1] == ".seller.address.country"


def test_an_object_that_is_too_wide_by_itself_is_taken_apart_at_its_own_fields() -> None:
    found = [places(group) for group in split(Deal, 3)]
    assert [".buyer.address.street", ".buyer.address.city", ".buyer.address.country"] in found
    assert [*chain.from_iterable(found)] == places(compile_schema(Deal, quotes=True))


def test_an_object_that_may_be_missing_may_be_so_in_each_of_its_groups() -> None:
    (group,) = [g for g in split(Deal, 3) if places(g)[0].startswith(".seller.address")]
    assert isinstance(group.root, Object)
    assert [isinstance(field.node, Nullable) for field in group.root.fields] == [True]


def test_lists_recursive_objects_and_those_with_a_tag_stay_whole_however_wide() -> None:
    class Odd(BaseModel):
        parties: list[Party]
        payment: Wire
        clause: Clause
        law: str

    found = split(Odd, 1)
    assert [names(group) for group in found] == [["parties"], ["payment"], ["clause"], ["law"]]
    whole = compile_schema(Odd, quotes=True)
    assert [asked_values(only(whole, [(name,)])) for (name,) in map(names, found)] == [12, 2, 1, 1]


def test_a_root_that_is_no_object_is_one_group() -> None:
    class Parties(RootModel[list[Party]]):
        pass

    assert len(split(Parties, 1)) == 1


def test_groups_have_about_the_same_width() -> None:
    fields: dict[str, Any] = {f"field_{n}": (str, ...) for n in range(50)}
    found = split(create_model("Many", **fields), 16)
    assert [asked_values(group) for group in found] == [13, 12, 13, 12]


def test_a_group_has_the_definitions_that_it_uses_and_no_others() -> None:
    whole, (first, *_) = compile_schema(Deal, quotes=True), split(Deal, 1)
    assert names(first) == ["title"]
    assert first.definitions == {}
    assert {"Party", "Address"} <= set(whole.definitions)
    assert "Address" not in json_outline(first)


def names(group: Shape) -> list[str]:
    assert isinstance(group.root, Object)
    return [field.name for field in group.root.fields]


FIELDS: dict[str, Any] = {"word": str, "party": Party, "maybe": Party | None, "list": list[Party]}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=25), st.integers(1, 30))
def test_all_values_are_asked_for_once_and_in_order_whatever_the_width(
    kinds: list[str], most: int
) -> None:
    fields: dict[str, Any] = {f"{kind}_{n}": (FIELDS[kind], ...) for n, kind in enumerate(kinds)}
    schema: type[BaseModel] = create_model("Any", **fields)
    found = split(schema, most)
    assert [*chain(*map(places, found))] == places(compile_schema(schema, quotes=True))
    for group in found:
        assert asked_values(group) <= most or len({p.split(".")[1] for p in places(group)}) == 1

"""Any Pydantic model as a shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, computed_field, create_model
from typing_extensions import TypedDict

from extractor.errors import ConfigurationError
from extractor.wire.compile import compile_schema, safe_name
from extractor.wire.shape import (
    Array,
    Map,
    Node,
    Nullable,
    Object,
    Reference,
    Scalar,
    Union,
)
from extractor.wire.shape import Field as ShapeField

V = TypeVar("V")


class Party(BaseModel):
    """One of those bound."""

    name: str = Field(description="Full legal name.")


class Law(Enum):
    IRELAND = "ie"
    ENGLAND = "en"


LAWS = Scalar(
    "string",
    values=("ie", "en"),
    names={"IRELAND": "ie", "Law.IRELAND": "ie", "ENGLAND": "en", "Law.ENGLAND": "en"},
)


class Clause(BaseModel):
    title: str
    subclauses: list[Clause] = []


class Cash(BaseModel):
    kind: Literal["cash"]
    amount: Decimal


class Shares(BaseModel):
    kind: Literal["shares"]
    count: int


class Address(TypedDict):
    street: str


@dataclass
class Notice:
    days: int


class Measured(BaseModel, Generic[V]):
    value: V


def root_of(schema: type[BaseModel]) -> Node:
    return compile_schema(schema).root


def fields(schema: type[BaseModel]) -> dict[str, ShapeField]:
    root = root_of(schema)
    assert isinstance(root, Object)
    return {member.name: member for member in root.fields}


def node_of(annotation: Any, **options: Any) -> Node:
    """The node of a model's only field, references followed."""
    schema = create_model("Holder", it=(annotation, Field(**options)))
    shape = compile_schema(schema)
    assert isinstance(shape.root, Object)
    return shape.resolve(shape.root.fields[0].node)


def test_a_model_is_an_object_with_its_fields_in_order_and_their_descriptions() -> None:
    class Terms(BaseModel):
        """The terms."""

        law: str = Field(description="Whose law governs.")
        when: date

    root = compile_schema(Terms).root
    assert root == Object(
        "Terms",
        (
            ShapeField("law", "law", Scalar("string"), "Whose law governs."),
            ShapeField("when", "when", Scalar("string", format="date")),
        ),
        "The terms.",
    )


@pytest.mark.parametrize(
    ("annotation", "node"),
    [
        (str, Scalar("string")),
        (int, Scalar("integer")),
        (float, Scalar("number")),
        (bool, Scalar("boolean")),
        (Any, Scalar("any")),
        (date, Scalar("string", format="date")),
        (datetime, Scalar("string", format="date-time")),
        (UUID, Scalar("string", format="uuid")),
        (Decimal, Scalar("string", format="decimal")),
        (Law, LAWS),
        (Literal["a", "b"], Scalar("string", values=("a", "b"))),
        (Literal[1, "b"], Scalar("any", values=(1, "b"))),
        (Literal["a"] | None, Nullable(Scalar("string", values=("a",)))),
        (str | None, Nullable(Scalar("string"))),
        (int | str, Union((Scalar("integer"), Scalar("string")))),
        (int | str | None, Nullable(Union((Scalar("integer"), Scalar("string"))))),
        (list[int], Array(Scalar("integer"))),
        (set[str], Array(Scalar("string"))),
        (tuple[int, ...], Array(Scalar("integer"))),
        (dict[str, Decimal], Map(Scalar("string"), Scalar("string", format="decimal"))),
        (dict[Law, int], Map(LAWS, Scalar("integer"))),
        (dict[str, list[int]], Map(Scalar("string"), Array(Scalar("integer")))),
    ],
)
def test_each_type_has_its_node(annotation: Any, node: Node) -> None:
    found = node_of(annotation)
    if isinstance(found, Array):
        found = Array(found.items)  # a set also says that its items differ
    assert found == node


def test_a_tuple_has_a_node_for_each_of_its_places() -> None:
    node = node_of(tuple[int, str])
    assert isinstance(node, Array)
    assert (node.prefix, node.items) == ((Scalar("integer"), Scalar("string")), None)


def test_constraints_stay_beside_the_type_also_those_of_decimals_and_lists() -> None:
    node = node_of(Annotated[Decimal, Field(ge=0, lt=10)])
    assert node == Scalar(
        "string", "decimal", constraints={"minimum": 0.0, "exclusiveMaximum": 10.0}
    )
    assert node_of(str, pattern="^P", max_length=9) == Scalar(
        "string", constraints={"pattern": "^P", "maxLength": 9}
    )
    assert node_of(list[int], min_length=1) == Array(Scalar("integer"), constraints={"minItems": 1})


def test_a_field_with_a_default_is_not_required_and_one_that_may_be_null_can_be() -> None:
    class Terms(BaseModel):
        law: str = "Ireland"
        seat: str | None

    assert {name: member.required for name, member in fields(Terms).items()} == {
        "law": False,
        "seat": True,
    }


def test_a_description_within_a_type_of_several_is_kept() -> None:
    class Terms(BaseModel):
        term: Annotated[str | None, Field(description="How long it runs.")] | None = None

    node = fields(Terms)["term"].node
    while isinstance(node, Nullable):
        node = node.item
    assert node == Scalar("string", description="How long it runs.")


def test_a_single_allowed_value_is_a_constant() -> None:
    node = node_of(Literal["nda"])
    assert isinstance(node, Scalar)
    assert node.is_constant


def test_a_model_used_twice_is_one_definition() -> None:
    class Deal(BaseModel):
        buyer: Party
        seller: Party

    shape = compile_schema(Deal)
    assert [member.node for member in fields(Deal).values()] == [Reference("Party")] * 2
    assert shape.definitions == {
        "Party": Object(
            "Party",
            (ShapeField("name", "name", Scalar("string"), "Full legal name."),),
            "One of those bound.",
        )
    }


def test_recursion_goes_through_references() -> None:
    shape = compile_schema(Clause)
    assert isinstance(shape.root, Reference)
    assert shape.recursive_names() == {"Clause"}
    assert isinstance(shape.resolve(shape.root), Object)


def test_a_discriminated_union_keeps_its_discriminator() -> None:
    node = node_of(Annotated[Cash | Shares, Field(discriminator="kind")])
    assert node == Union((Reference("Cash"), Reference("Shares")), "kind")


def test_dataclasses_and_typed_dicts_are_objects() -> None:
    for annotation, name in ((Address, "street"), (Notice, "days")):
        node = node_of(annotation)
        assert isinstance(node, Object)
        assert [member.name for member in node.fields] == [name]


def test_a_root_model_is_what_it_wraps() -> None:
    class Parties(RootModel[list[Party]]):
        pass

    assert root_of(Parties) == Array(Reference("Party"))


def test_computed_fields_are_not_asked_for() -> None:
    class Terms(BaseModel):
        days: int

        @computed_field
        @property
        def weeks(self) -> int:
            return self.days // 7

    assert [*fields(Terms)] == ["days"]


def test_a_field_is_known_by_its_name_and_by_its_alias() -> None:
    class Terms(BaseModel):
        governing_law: str = Field(alias="governingLaw")

    member = fields(Terms)["governing_law"]
    assert member.alias == "governingLaw"
    assert set(member.names) == {"governing_law", "governingLaw"}


def test_aliases_of_inner_models_are_known_too() -> None:
    class Inner(BaseModel):
        law: str = Field(validation_alias="theLaw")

    class Outer(BaseModel):
        inner: Inner

    inner = compile_schema(Outer).definitions["Inner"]
    assert isinstance(inner, Object)
    assert inner.fields[0].names == ("law", "law", "theLaw")


def test_names_that_no_provider_takes_get_a_tag_that_every_one_does() -> None:
    asked: dict[str, Any] = {"späte Gebühr": (str, ...), "späte_Gebühr": (str, ...)}
    schema = create_model("Fees (€)", **asked)
    shape = compile_schema(schema)
    assert shape.name == "Fees"
    tags = [member.tag for member in fields(schema).values()]
    assert all(tag.isascii() and tag.replace("_", "").isalnum() for tag in tags)
    assert len(set(tags)) == 2


def test_safe_names_are_never_empty_too_long_or_taken() -> None:
    assert safe_name("€") == "field"
    assert len(safe_name("x" * 200)) == 60
    assert safe_name("a b", {"a_b"}.__contains__) == "a_b_2"


def test_a_generic_model_has_a_safe_name() -> None:
    assert compile_schema(Measured[date]).name == "Measured_date"


def test_a_model_that_takes_further_fields_is_open() -> None:
    class Terms(BaseModel):
        model_config = ConfigDict(extra="allow")
        law: str

    root = compile_schema(Terms).root
    assert isinstance(root, Object)
    assert root.open


def test_a_schema_is_compiled_once() -> None:
    assert compile_schema(Party) is compile_schema(Party)
    assert compile_schema(Party) is not compile_schema(Party, quotes=True)


def test_a_field_without_a_json_form_is_named_before_anything_is_sent() -> None:
    class Terms(BaseModel):
        law: str
        on_breach: Callable[[], None]

    with pytest.raises(ConfigurationError, match="on_breach") as caught:
        compile_schema(Terms)
    assert caught.value.hint


def test_a_model_without_fields_is_refused() -> None:
    class Nothing(BaseModel):
        pass

    with pytest.raises(ConfigurationError, match="Nothing has no fields"):
        compile_schema(Nothing)


def test_an_inner_object_without_fields_is_refused_and_named() -> None:
    class Nothing(BaseModel):
        pass

    class Terms(BaseModel):
        extra: Nothing

    with pytest.raises(ConfigurationError, match="Nothing"):
        compile_schema(Terms)


def test_a_default_that_is_no_json_does_no_harm() -> None:
    class Terms(BaseModel):
        law: Any = object()

    assert not fields(Terms)["law"].required


def test_a_name_that_no_provider_takes_is_told_in_words() -> None:
    schema = create_model(
        "Deed",
        住所=(str, ...),
        größe=(int, Field(description="in acres")),
        eff=(date, Field(alias="effective date ($)")),
        end_date=(date, Field(alias="endDate")),
    )
    top = compile_schema(schema).root
    assert isinstance(top, Object)
    told = {field.name: field.description for field in top.fields}
    assert told == {
        "住所": "住所",
        "größe": "in acres",
        "eff": "effective date ($)",
        "end_date": None,
    }


def test_the_places_of_a_decimal_are_told() -> None:
    schema = create_model("Fee", cap=(Decimal, Field(max_digits=12, decimal_places=2, ge=0)))
    top = compile_schema(schema).root
    assert isinstance(top, Object)
    cap = top.fields[0].node
    assert isinstance(cap, Scalar)
    assert cap.constraints == {"minimum": 0.0, "multipleOf": 0.01}

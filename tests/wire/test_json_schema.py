"""Shapes as the JSON Schema that a provider's constrained decoding accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, cast

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, create_model

from extractor.errors import ConfigurationError
from extractor.providers.profiles import ANTHROPIC_RULES, COMPATIBLE_RULES, OPENAI_RULES
from extractor.types import JsonObject, SchemaRules
from extractor.wire.compile import compile_schema
from extractor.wire.json_schema import wire_schema
from extractor.wire.limits import count_unions

BARE = SchemaRules()
"""A provider that takes no keyword at all."""


class Party(BaseModel):
    """One of those bound."""

    name: str = Field(description="Full legal name.")
    role: str | None = None


class Clause(BaseModel):
    title: str
    subclauses: list[Clause] = []


class Cash(BaseModel):
    amount: Decimal
    kind: Literal["cash"]


class Shares(BaseModel):
    count: int
    kind: Literal["shares"]


def written(
    schema: type[BaseModel], rules: SchemaRules = OPENAI_RULES, *, quotes: bool = False
) -> JsonObject:
    return wire_schema(compile_schema(schema, quotes=quotes), rules).schema


def written_field(
    annotation: Any, rules: SchemaRules = OPENAI_RULES, *, quotes: bool = False, **options: Any
) -> JsonObject:
    """The wire schema of a model's only field, references followed."""
    schema = written(
        create_model("Holder", it=(annotation, Field(**options))), rules, quotes=quotes
    )
    node: JsonObject = schema["properties"]["it"]
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return node


def parts(node: Any) -> Iterator[JsonObject]:
    """Every schema inside one, itself included."""
    if isinstance(node, list):
        for item in cast("Sequence[Any]", node):
            yield from parts(item)
    elif isinstance(node, dict):
        part = cast("JsonObject", node)
        if not part.keys().isdisjoint({"type", "anyOf", "$ref", "enum"}):
            yield part
        for key, inner in part.items():
            if key not in {"enum", "required", "description"}:
                yield from parts(inner)


def descriptions(node: Any) -> set[str]:
    return {part["description"] for part in parts(node) if "description" in part}


def many_fields() -> type[BaseModel]:
    """Sixty described fields of all kinds, among them one model used twenty times."""
    asked: dict[str, Any] = {}
    for number in range(20):
        about = f"What the contract says about matter {number}"
        asked[f"party_{number}"] = (Party, Field(description=f"{about}, by whom."))
        asked[f"text_{number}"] = (str | None, Field(None, description=f"{about}, in words."))
        asked[f"date_{number}"] = (date, Field(description=f"{about}, and when."))
    return create_model("Many", **asked)


@pytest.mark.parametrize("rules", [OPENAI_RULES, ANTHROPIC_RULES, COMPATIBLE_RULES, BARE])
@pytest.mark.parametrize("quotes", [True, False])
def test_every_object_is_closed_and_requires_all_it_has(
    rules: SchemaRules, *, quotes: bool
) -> None:
    class Deal(BaseModel):
        buyer: Party
        others: list[Party] = []
        fees: dict[str, Decimal] = {}
        span: tuple[int, str] | None = None
        price: Cash | Shares

    objects = [p for p in parts(written(Deal, rules, quotes=quotes)) if p.get("type") == "object"]
    assert len(objects) > 4
    for part in objects:
        assert part["additionalProperties"] is False
        assert part["required"] == [*part["properties"]]


def test_what_the_document_may_not_say_can_be_null() -> None:
    assert written_field(str | None) == {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_a_default_is_never_shown_and_never_needed() -> None:
    class Terms(BaseModel):
        law: str = "Ireland"

    schema = written(Terms)
    assert schema["properties"]["law"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert "Ireland" not in json.dumps(schema)


def test_a_list_with_a_default_stays_a_list_since_it_can_be_empty() -> None:
    class Terms(BaseModel):
        names: list[str] = []

    assert written(Terms)["properties"]["names"] == {"type": "array", "items": {"type": "string"}}


def test_a_choice_that_may_be_null_is_one_flat_choice() -> None:
    assert written_field(int | str | None) == {
        "anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]
    }


def test_a_dict_goes_out_as_a_list_of_pairs() -> None:
    node = written_field(dict[str, int])
    assert node["type"] == "array"
    assert node["items"]["properties"] == {"key": {"type": "string"}, "value": {"type": "integer"}}


def test_a_pair_of_a_dict_has_its_quote_between_key_and_value() -> None:
    assert [*written_field(dict[str, int], quotes=True)["items"]["properties"]] == [
        "key",
        "quote",
        "value",
    ]


def test_a_tuple_goes_out_as_an_object_of_numbered_items() -> None:
    assert written_field(tuple[int, str])["properties"] == {
        "item_1": {"type": "integer"},
        "item_2": {"type": "string"},
    }


@pytest.mark.parametrize(
    ("root", "name"), [(list[Party], "items"), (dict[str, int], "items"), (int, "value")]
)
def test_a_root_that_is_no_object_is_wrapped(root: Any, name: str) -> None:
    schema = written(RootModel[root])
    assert schema["type"] == "object"
    assert [*schema["properties"]] == [name]


def test_a_quote_comes_before_its_value_so_that_it_is_read_first() -> None:
    assert [*written_field(str, quotes=True)["properties"]] == ["quote", "value"]


def test_leaves_of_one_kind_share_one_definition() -> None:
    class Terms(BaseModel):
        law: str
        seat: str
        days: int

    schema = written(Terms, quotes=True)
    assert schema["properties"]["law"] == schema["properties"]["seat"]
    assert set(schema["$defs"]) == {"cited_string", "cited_integer"}


def test_the_constant_that_tells_a_union_apart_comes_first() -> None:
    assert [*written(Cash)["properties"]] == ["kind", "amount"]


def test_keywords_that_the_provider_takes_are_sent() -> None:
    node = written_field(Annotated[int, Field(ge=1, le=9)])
    assert node == {"type": "integer", "minimum": 1, "maximum": 9}


def test_keywords_that_it_does_not_take_are_said_in_words() -> None:
    node = written_field(Annotated[int, Field(ge=1)], BARE, description="Days of notice.")
    assert node == {"type": "integer", "description": "Days of notice. (minimum 1)"}
    assert written_field(date, BARE) == {"type": "string", "description": "date"}


def test_bounds_of_a_decimal_are_said_in_words_since_it_travels_as_text() -> None:
    node = written_field(Annotated[Decimal, Field(ge=0)])
    assert node == {"type": "string", "description": "decimal, minimum 0.0"}


def test_patterns_use_character_classes_that_every_grammar_enforces() -> None:
    assert written_field(Annotated[str, Field(pattern=r"^\d+$")])["pattern"] == "^[0-9]+$"


def test_patterns_that_look_around_are_only_said() -> None:
    class Terms(BaseModel):
        model_config = ConfigDict(regex_engine="python-re")
        code: str = Field(pattern="^(?!x)")

    node = written(Terms)["properties"]["code"]
    assert "pattern" not in node
    assert "(?!x)" in node["description"]


def test_a_description_beside_a_reference_wraps_it() -> None:
    class Deal(BaseModel):
        buyer: Party = Field(description="Who pays.")

    assert written(Deal)["properties"]["buyer"] == {
        "anyOf": [{"$ref": "#/$defs/Party"}],
        "description": "Who pays.",
    }


def test_descriptions_of_models_are_sent_with_them() -> None:
    assert written(Party)["description"] == "One of those bound."


@pytest.mark.parametrize("rules", [OPENAI_RULES, ANTHROPIC_RULES, COMPATIBLE_RULES])
@pytest.mark.parametrize("quotes", [True, False])
def test_sixty_of_sixty_descriptions_reach_the_model(rules: SchemaRules, *, quotes: bool) -> None:
    schema = many_fields()
    said = "\n".join(descriptions(written(schema, rules, quotes=quotes)))
    missing = [
        name for name, info in schema.model_fields.items() if (info.description or "") not in said
    ]
    assert missing == []


def test_nothing_is_written_out_twice() -> None:
    schema = many_fields()
    plain = len(json.dumps(schema.model_json_schema()))
    assert len(json.dumps(written(schema))) <= 1.2 * plain


def test_recursion_is_a_reference_where_it_is_allowed() -> None:
    schema = written(Clause)
    assert schema["properties"]["subclauses"]["items"] == {"$ref": "#/$defs/Clause"}
    assert schema["$defs"]["Clause"]["properties"]["subclauses"]["items"] == {
        "$ref": "#/$defs/Clause"
    }


def test_recursion_is_unrolled_where_it_is_refused_and_ends_in_json_as_text() -> None:
    schema = written(Clause, ANTHROPIC_RULES)
    seen: list[str] = []
    node = schema
    while "items" in (inner := node["properties"]["subclauses"]) and "$ref" in inner["items"]:
        seen.append(inner["items"]["$ref"])
        node = schema["$defs"][seen[-1].removeprefix("#/$defs/")]
    assert len(seen) == len(set(seen)) == 3
    assert node["properties"]["subclauses"]["items"] == {
        "type": "string",
        "description": "Clause as JSON text",
    }


def test_too_many_nullable_fields_become_lists_of_none_or_one() -> None:
    asked: dict[str, Any] = {
        f"f{number}": (str | None, Field(None, description=f"Matter {number}."))
        for number in range(17)
    }
    schema = written(create_model("Many", **asked), ANTHROPIC_RULES)
    assert count_unions(schema) == 0
    assert schema["properties"]["f3"] == {
        "type": "array",
        "items": {"type": "string"},
        "description": "Matter 3. (empty if not stated)",
    }


def test_as_many_nullable_fields_as_are_allowed_stay_choices() -> None:
    asked: dict[str, Any] = {f"f{number}": (str | None, None) for number in range(16)}
    assert count_unions(written(create_model("Sixteen", **asked), ANTHROPIC_RULES)) == 16


def test_a_described_reference_needs_no_choice_where_choices_are_scarce() -> None:
    asked: dict[str, Any] = {
        f"p{number}": (Party, Field(description=f"Party {number}.")) for number in range(20)
    }
    schema = written(create_model("Many", **asked), ANTHROPIC_RULES)
    assert count_unions(schema) == 0
    assert "p7: Party 7." in schema["description"]


def test_a_choice_that_no_rewriting_avoids_is_refused_and_named() -> None:
    asked: dict[str, Any] = {f"f{number}": (int | str, ...) for number in range(17)}
    shape = compile_schema(create_model("Choices", **asked))
    with pytest.raises(ConfigurationError, match="Choices: 17 properties with a choice of types"):
        wire_schema(shape, ANTHROPIC_RULES)


def test_a_model_open_to_further_fields_is_closed_with_a_warning() -> None:
    class Terms(BaseModel):
        model_config = ConfigDict(extra="allow")
        law: str

    result = wire_schema(compile_schema(Terms), OPENAI_RULES)
    assert result.schema["additionalProperties"] is False
    assert result.warnings == (
        "Terms accepts further fields, but only its named ones are asked for",
    )


def test_anything_is_any_single_value() -> None:
    kinds = [option["type"] for option in written_field(Any)["anyOf"]]
    assert kinds == ["string", "number", "boolean", "null"]


def test_literals_of_several_types_name_their_values_only() -> None:
    assert written_field(Literal["a", 1]) == {"enum": ["a", 1]}

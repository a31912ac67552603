"""Schemas that broke other tools: what is sent under both providers' rules, and what comes back."""

from __future__ import annotations

import datetime as dt
import enum
import json
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Generic, Literal, TypeVar, cast

import httpx2
import pytest
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, RootModel, SecretStr, create_model

from extractor import (
    ConfigurationError,
    Extractor,
    SchemaRefusedError,
    ScriptedProvider,
    extract,
)
from extractor.backends import BACKENDS
from extractor.backends.parse import Parsed, parse
from extractor.planning.plan import plan
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.profiles import ANTHROPIC_RULES, OPENAI_RULES, profile_for
from extractor.types import JsonObject, SchemaRules
from extractor.wire.compile import compile_schema
from extractor.wire.json_schema import wire_schema
from tests.loopback import REPLY

V = TypeVar("V")
BOTH = pytest.mark.parametrize("rules", [OPENAI_RULES, ANTHROPIC_RULES], ids=["strict", "native"])


class Fixed(BaseModel):
    ends: dt.date
    form: Literal["fixed"]


class Rolling(BaseModel):
    months: int
    form: Literal["rolling"]


class Guarantor(BaseModel):
    name: str
    town: str


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


class Rider(BaseModel):
    title: str
    riders: list[Rider] = []


class Found(BaseModel, Generic[V]):
    value: V | None


def one(kind: Any, field: Any = ...) -> type[BaseModel]:
    return create_model("Lease", x=(kind, field))


def sent(schema: type[BaseModel], rules: SchemaRules = OPENAI_RULES) -> JsonObject:
    return wire_schema(compile_schema(schema), rules).schema


def field(schema: type[BaseModel], rules: SchemaRules = OPENAI_RULES) -> JsonObject:
    """What is sent for the field `x`, a reference resolved."""
    wire = sent(schema, rules)
    found: JsonObject = wire["properties"]["x"]
    return wire["$defs"][found["$ref"].rpartition("/")[2]] if "$ref" in found else found


def read(schema: type[BaseModel], **answer: Any) -> Parsed[Any]:
    return parse(BACKENDS["strict"], schema, compile_schema(schema), json.dumps(answer))


def value(schema: type[BaseModel], **answer: Any) -> Any:
    parsed = read(schema, **answer)
    assert parsed.value is not None, parsed.problems
    return parsed.value


def parts(node: Any) -> Iterator[JsonObject]:
    """Every JSON object inside a schema."""
    if isinstance(node, dict):
        yield cast("JsonObject", node)
        node = list(cast("JsonObject", node).values())
    for part in cast("Sequence[Any]", node) if isinstance(node, list) else ():
        yield from parts(part)


def objects(wire: JsonObject) -> list[JsonObject]:
    return [part for part in parts(wire) if part.get("type") == "object"]


@BOTH
def test_a_default_is_never_sent_and_never_passes_for_a_fact(rules: SchemaRules) -> None:
    """schema-001: null comes back as the default, and the field's status stays `absent`.

    The case would tell the model of the default in the description. It is not told at all: a model
    that knows it gives it back as if the contract had said so.
    """
    lease = create_model("Lease", currency=(str, "EUR"), months=(int, 3))
    wire = sent(lease, rules)
    assert not any("default" in part for part in parts(wire))
    assert "EUR" not in json.dumps(wire)
    assert wire["required"] == ["currency", "months"]
    assert all({"type": "null"} in member["anyOf"] for member in wire["properties"].values())

    reply = '{"currency": null, "months": {"quote": "for five months", "value": 5}}'
    found = extract("It runs for five months.", lease, provider=ScriptedProvider([reply]))

    assert found.value == lease(currency="EUR", months=5)
    assert {path: result.status for path, result in found.fields.items()} == {
        "currency": "absent",
        "months": "found",
    }
    assert [(r.kind, r.path) for r in found.repairs] == [("default", ("currency",))]


@BOTH
def test_a_discriminated_union_is_a_plain_choice_of_closed_objects(rules: SchemaRules) -> None:
    """schema-002."""
    lease = one(Annotated[Fixed | Rolling, Field(discriminator="form")])
    wire = sent(lease, rules)

    assert not any(part.keys() & {"oneOf", "discriminator"} for part in parts(wire))
    assert all(part["additionalProperties"] is False for part in objects(wire))
    assert all(part["required"] == list(part["properties"]) for part in objects(wire))
    rolling = {"form": "rolling", "months": 6}
    assert value(lease, x=rolling).x == Rolling(form="rolling", months=6)


@pytest.mark.parametrize("quotes", [False, True])
def test_the_members_of_a_union_begin_with_what_tells_them_apart(*, quotes: bool) -> None:
    """schema-004: declared last, the constant is sent first, before quotes too.

    Members without a constant are sent as they are. The refusal that the case reports is in no
    provider's documented rules, and the reply is told apart by which member fits.
    """
    wire = wire_schema(compile_schema(one(list[Fixed | Rolling]), quotes=quotes), OPENAI_RULES)
    firsts = [next(iter(part["properties"].items())) for part in objects(wire.schema)[1:]]
    told = {name: member["enum"] for name, member in firsts if "enum" in member}
    assert [name for name, member in firsts if "enum" in member] == ["form", "form"]
    assert told == {"form": ["rolling"]}

    either = one(Guarantor | create_model("Bank", name=(str, ...), branch=(str, ...)))
    assert value(either, x={"name": "Erste", "branch": "Graben"}).x.branch == "Graben"


@BOTH
def test_a_dict_is_a_list_of_pairs_on_the_wire_and_a_dict_again_after_it(
    rules: SchemaRules,
) -> None:
    """schema-005: no open object, and none that can only be empty."""
    lease = one(dict[str, str])
    assert all(part["properties"] for part in objects(sent(lease, rules)))
    assert list(field(lease, rules)["items"]["properties"]) == ["key", "value"]
    assert value(lease, x=[{"key": "heating", "value": "gas"}]).x == {"heating": "gas"}


@BOTH
@pytest.mark.parametrize(
    ("kind", "answer"),
    [pytest.param(Any, 4, id="schema-007"), pytest.param(list, [4, "a", True], id="schema-008")],
)
def test_what_may_be_anything_is_asked_for_as_any_single_value(
    rules: SchemaRules, kind: Any, answer: Any
) -> None:
    """The second case would refuse a bare list. Its items are what Any is, so they get the same."""
    lease = one(kind)
    asked = field(lease, rules)
    asked = asked.get("items", asked)
    assert {option["type"] for option in asked["anyOf"]} == {"string", "number", "boolean", "null"}
    assert value(lease, x=answer).x == answer


@BOTH
def test_a_set_is_a_list_whose_repetitions_go(rules: SchemaRules) -> None:
    """schema-010."""
    assert field(one(set[str]), rules) == {"type": "array", "items": {"type": "string"}}
    assert value(one(set[str]), x=["attic", "attic", "cellar"]).x == {"attic", "cellar"}


@BOTH
def test_a_description_beside_a_reference_survives(rules: SchemaRules) -> None:
    """schema-011."""
    lease = create_model(
        "Lease",
        first=(Guarantor, Field(description="Who answers first")),
        second=(Guarantor, Field(description="Who answers after that")),
    )
    text = json.dumps(sent(lease, rules))
    assert "Who answers first" in text
    assert "Who answers after that" in text
    assert text.count('"town": {') == 1


@BOTH
def test_a_described_enum_keeps_its_description_and_is_sent_once(rules: SchemaRules) -> None:
    """schema-013."""
    lease = create_model(
        "Lease",
        door=(Colour, Field(description="Paint of the door")),
        gate=(Colour, Field(description="Paint of the gate")),
    )
    text = json.dumps(sent(lease, rules))
    assert "Paint of the door" in text
    assert "Paint of the gate" in text
    assert text.count('["red", "blue"]') == 1


def test_recursion_is_sent_where_it_is_allowed_and_unrolled_where_not() -> None:
    """schema-014: below three levels JSON is asked for as text, so no depth is lost.

    The case wants a reason logged. It is in the schema itself, which `extractor prompt show`
    prints; nothing is lost that a warning with every document could speak of.
    """
    assert {"$ref": "#/$defs/Rider"} in parts(sent(Rider, OPENAI_RULES))
    native = sent(Rider, ANTHROPIC_RULES)
    assert {"type": "string", "description": "Rider as JSON text"} in parts(native)

    inner = json.dumps({"title": "D", "riders": [{"title": "E", "riders": []}]})
    riders = [{"title": "B", "riders": [{"title": "C", "riders": [inner]}]}]
    rider = value(Rider, title="A", riders=riders)
    assert rider.riders[0].riders[0].riders[0].riders[0].title == "E"


GRAMMAR = {
    "type": "error",
    "error": {"type": "invalid_request_error", "message": "The compiled grammar is too large."},
}


def test_a_schema_too_complex_for_the_grammar_falls_back_once() -> None:
    """schema-016: sent once as it is, then without being enforced, and so for later documents."""
    requests: list[JsonObject] = []
    xml = "<Rider><title>A</title><riders></riders></Rider>"

    def answer(request: httpx2.Request) -> httpx2.Response:
        body: JsonObject = json.loads(request.content)
        requests.append(body)
        if "output_config" in body:
            return httpx2.Response(400, json=GRAMMAR)
        content = [{"type": "text", "text": xml}]
        return httpx2.Response(200, json={**REPLY, "content": content})

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as client:
        provider = AnthropicProvider(api_key="sk-ant-test-0123456789", http_client=client)
        with Extractor(Rider, provider=provider, model="claude-opus-5", evidence="none") as one:
            first, second = one.extract("A lease."), one.extract("Another lease.")

    assert [("output_config" in body) for body in requests] == [True, False, False]
    assert (first.backend, first.attempts, first.value.title) == ("xml", 2, "A")
    assert (second.backend, second.attempts) == ("xml", 1)
    told = "The provider refused to enforce the schema (native): asked by xml"
    assert told in first.warnings
    assert told in second.warnings


def test_a_technique_that_was_asked_for_is_not_left() -> None:
    """schema-016, where the caller has chosen: the error says what to choose instead."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(400, json=GRAMMAR)

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as client:
        provider = AnthropicProvider(api_key="sk-ant-test-0123456789", http_client=client)
        with pytest.raises(SchemaRefusedError) as caught:
            extract("A lease.", Rider, provider=provider, model="claude-opus-5", backend="native")

    assert caught.value.attempts == 1
    assert "json or xml" in (caught.value.hint or "")


def test_depth_is_counted_before_anything_is_sent_and_for_each_definition_alone() -> None:
    """schema-017: twelve models in one another are one level each; twelve dicts are twelve."""
    chain: type[BaseModel] = create_model("Level", x=(str, ...))
    nested: Any = str
    for _ in range(11):
        chain = create_model("Level", x=(chain, ...))
        nested = dict[str, nested]
    assert sent(chain)["type"] == "object"
    with pytest.raises(ConfigurationError, match=r"levels of nesting down x, but .* limit is 10"):
        sent(one(nested))
    profile = profile_for("openai", "gpt-5.4")
    assert plan(one(nested), model="gpt-5.4", profile=profile).backend.name == "json"


@pytest.mark.parametrize(
    ("rules", "kept"),
    [(OPENAI_RULES, {"pattern": "^[A-Z]+$"}), (ANTHROPIC_RULES, {})],
    ids=["strict", "native"],
)
def test_a_constraint_that_is_not_taken_is_said_in_words_and_enforced_afterwards(
    rules: SchemaRules, kept: JsonObject
) -> None:
    """schema-019."""
    lease = one(Annotated[str, Field(min_length=2, max_length=5, pattern="^[A-Z]+$")])
    asked = field(lease, rules)
    words = asked.pop("description")
    assert asked == {"type": "string"} | kept
    assert {"minLength 2", "maxLength 5"} <= set(words.split(", "))
    assert [p.kind for p in read(lease, x="toolong").problems] == ["string_too_long"]


@BOTH
def test_a_pattern_that_looks_around_is_not_sent(rules: SchemaRules) -> None:
    """schema-020."""
    asked = field(one(Annotated[str, Field(json_schema_extra={"pattern": r"^(?=.*\d)"})]), rules)
    assert asked == {"type": "string", "description": "pattern ^(?=.*[0-9])"}


def test_a_format_that_is_not_taken_is_only_a_hint() -> None:
    """schema-022: a length of time keeps its format, since the providers do know that one."""
    lease = create_model(
        "Lease",
        site=(HttpUrl, ...),
        runs=(dt.timedelta, ...),
        seal=(bytes, ...),
        pin=(SecretStr, ...),
    )
    asked = sent(lease)["properties"]
    assert {name: member.get("format") for name, member in asked.items()} == {
        "site": None,
        "runs": "duration",
        "seal": None,
        "pin": None,
    }
    assert [asked[name]["description"] for name in ("seal", "pin")] == ["binary", "password"]
    assert sent(lease, ANTHROPIC_RULES)["properties"]["site"]["format"] == "uri"


@BOTH
def test_a_root_list_is_wrapped_and_unwrapped(rules: SchemaRules) -> None:
    """schema-023."""
    schema = RootModel[list[Guarantor]]
    wire = sent(schema, rules)
    assert (wire["type"], list(wire["properties"])) == ("object", ["items"])
    guarantor = {"name": "Ada Byron", "town": "Wien"}
    assert value(schema, items=[guarantor]).root == [Guarantor(**guarantor)]


class Roomy(BaseModel):
    model_config = ConfigDict(extra="allow")

    subject: str


def test_a_schema_that_takes_further_fields_is_closed_with_a_warning() -> None:
    """schema-025."""
    assert sent(Roomy)["additionalProperties"] is False
    reply = '{"subject": {"quote": "a flat", "value": "a flat"}}'
    found = extract("For a flat.", Roomy, provider=ScriptedProvider([reply]))
    assert ["Roomy accepts further fields" in warning for warning in found.warnings] == [True]


@pytest.mark.parametrize("kind", [Found[dt.date], Found[list[dict[str, Guarantor]]]])
def test_a_schema_s_name_is_made_safe_for_every_provider(kind: type[BaseModel]) -> None:
    """schema-026."""
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", compile_schema(kind).name)
    assert all(re.fullmatch(r"[\w-]{1,64}", name) for name in sent(one(kind))["$defs"])


def test_a_literal_of_several_types_keeps_true_and_one_apart() -> None:
    """schema-028."""
    lease = one(Literal["a", 1, True] | None)
    assert field(lease) == {"anyOf": [{"enum": ["a", 1, True]}, {"type": "null"}]}
    for answer in ("a", 1, True, None):
        found = value(lease, x=answer).x
        assert (type(found), found) == (type(answer), answer)
    assert [p.kind for p in read(lease, x=2).problems] == ["not_allowed"]

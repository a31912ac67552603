"""Every feature of Pydantic that a schema may use: clean on the wire, and read back as it was.

The rules and the model that answers by a wire schema stand in conftest.py; neither shares code with
what it checks.
"""

from __future__ import annotations

import datetime as dt
import enum
import ipaddress
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, NamedTuple, NotRequired, TypeAlias, TypeVar
from uuid import UUID

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    HttpUrl,
    Json,
    PositiveInt,
    RootModel,
    SecretStr,
    StringConstraints,
    computed_field,
    create_model,
)
from typing_extensions import TypedDict

from extractor.backends import BACKENDS
from extractor.backends.parse import parse
from extractor.errors import ConfigurationError
from extractor.providers.profiles import ANTHROPIC_RULES, OPENAI_RULES
from extractor.types import JsonObject, SchemaRules
from extractor.wire.compile import compile_schema
from extractor.wire.json_schema import wire_schema
from extractor.wire.shape import Scalar

T = TypeVar("T")
JsonText: TypeAlias = Json[Any]


class Signatory(BaseModel):
    """Who signs."""

    name: str = Field(description="Name as printed below the line")
    side: Literal["landlord", "tenant"]


class Fee(BaseModel):
    sum: Decimal
    currency: str = "EUR"


class FixedTerm(BaseModel):
    ends: dt.date
    form: Literal["fixed"]


class OpenTerm(BaseModel):
    notice_days: int
    form: Literal["open"]


class Season(enum.Enum):
    SPRING = "spring"
    AUTUMN = "autumn"


class Section(BaseModel):
    title: str
    parts: list[Section] = Field(default_factory=list["Section"], description="Sections inside it")


class Assignment(BaseModel):
    holder: str
    before: Assignment | None = Field(None, description="The assignment that this one replaces")


class Finding(BaseModel, Generic[T]):
    value: T | None = None
    quote: str | None = Field(None, description="The words that say so")


class Pair(BaseModel):
    since: Finding[dt.date] = Field(description="When it starts")
    rent: Finding[Fee]


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")

    subject: str


class Renamed(BaseModel):
    model_config = ConfigDict(validate_by_name=True)

    since: dt.date = Field(alias="in force since (§)")


class Derived(BaseModel):
    rent: int

    @computed_field
    @property
    def yearly_rent(self) -> int:
        return 12 * self.rent


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    since: dt.date
    rent: Decimal
    months: tuple[int, ...]


class Area(NamedTuple):
    square_metres: float
    floor: int


class Deposit(TypedDict):
    months: int
    bank: NotRequired[str]


Hyphenated = TypedDict("Hyphenated", {"notice period": int, "notice-form": str})


@dataclass
class Address:
    """Where the premises are."""

    street: str
    town: str = "Graz"


def made(name: str, fields: dict[str, Any]) -> type[BaseModel]:
    return create_model(name, **fields)


def chain(length: int) -> type[BaseModel]:
    model = made("Level0", {"text": (str, ...)})
    for level in range(1, length):
        model = made(f"Level{level}", {"inner": (model, ...)})
    return model


@dataclass(frozen=True)
class Feature:
    model: type[BaseModel]
    data: Any


def of(data: Any, kind: Any, field: Any = ...) -> Feature:
    """One field named `x` and what the document says of it."""
    return Feature(made("Lease", {"x": (kind, field)}), {"x": data})


signatory = {"name": "Ada Byron", "side": "tenant"}
fee = {"sum": "1234567890.10", "currency": "CHF"}
fixed = {"form": "fixed", "ends": "2031-12-31"}
nested: JsonObject = {"title": "5", "parts": []}
for number in range(4, 0, -1):
    nested = {"title": str(number), "parts": [nested, {"title": "end", "parts": []}]}
deep: Any = str
for _ in range(11):
    deep = dict[str, deep]
held: JsonObject = {"holder": "A", "before": {"holder": "B", "before": {"holder": "C"}}}
many = {f"f{i}": f"value {i}" if i % 3 else None for i in range(120)}
literal_with_null = Literal["a", 1, True, None]  # noqa: PYI061 - people write it so
Discriminated = Annotated[FixedTerm | OpenTerm, Field(discriminator="form")]

FEATURES: dict[str, Feature] = {
    "text": of("law", str),
    "optional with a default": of("law", str | None, None),
    "optional with a default, not stated": of(None, str | None, None),
    "optional without a default": of(None, str | None),
    "text with a default": of("CHF", str, "EUR"),
    "number with a default": of(4, int, 3),
    "list with a default factory": of(["a", "b"], list[str], Field(default_factory=list)),
    "optional list": of(["a"], list[str] | None, None),
    "float": of(0.75, float),
    "flag": of(False, bool),
    "union of scalars": of("three", int | str),
    "union of scalars, the other": of(3, int | str),
    "union of a date and a text": of("2024-02-29", dt.date | str),
    "union of a date and a text, the other": of("29 February 2024", dt.date | str),
    "union of a number and a text": of("12.10", float | str),
    "union of models": of(fixed, FixedTerm | OpenTerm),
    "discriminated union": of({"form": "open", "notice_days": 30}, Discriminated),
    "list of a discriminated union": of([fixed], list[Discriminated]),
    "dict of texts": of({"rent": "due monthly", "late fee": "5 %"}, dict[str, str]),
    "dict of models": of({"rent": fee}, dict[str, Fee]),
    "dict of lists": of({"rent": ["a", "b"], "none": []}, dict[str, list[str]]),
    "dict with enum keys": of({"spring": 2}, dict[Season, int]),
    "dict with integer keys": of({"1": "first"}, dict[int, str]),
    "optional dict": of(None, dict[str, str] | None, None),
    "any": of("anything", Any),
    "bare list": of(["a", 1, True], list),
    "bare dict": of({"a": "b"}, dict),
    "tuple": of([2, "keys"], tuple[int, str]),
    "tuple of any length": of([2, 3], tuple[int, ...]),
    "tuple of models": of([signatory, fee], tuple[Signatory, Fee]),
    "named tuple": of([71.5, 2], Area),
    "set": of(["a", "b"], set[str]),
    "frozen set": of([1, 2], frozenset[int]),
    "decimal": of("1234567.10", Decimal),
    "bounded decimal": of("12.50", Decimal, Field(max_digits=12, decimal_places=2, ge=0)),
    "date": of("2024-02-29", dt.date),
    "date and time": of("2024-02-29T10:30:00Z", dt.datetime),
    "time": of("10:30:00", dt.time),
    "length of time": of("P30D", dt.timedelta),
    "uuid": of("6f1c1d5c-8f0a-4a43-9bb4-3a9f1f0b6b0e", UUID),
    "url": of("https://example.org/terms", HttpUrl),
    "email": of("office@example.org", EmailStr),
    "ip address": of("192.0.2.1", ipaddress.IPv4Address),
    "enum": of("autumn", Season),
    "described enum": of("autumn", Season, Field(description="When the lease may be ended")),
    "optional enum": of(None, Season | None),
    "literal": of("yes", Literal["yes", "no"]),
    "literal of several types": of(True, Literal["a", 1, True] | None),
    "literal of several types, a number": of(1, Literal["a", 1, True]),
    "literal with null in it": of(None, literal_with_null),
    "constant": of("lease", Literal["lease"]),
    "constrained text": of(
        "AT", Annotated[str, StringConstraints(min_length=2, max_length=5, pattern=r"^[A-Z]+$")]
    ),
    "pattern that looks ahead": of(
        "a1", Annotated[str, Field(json_schema_extra={"pattern": r"^(?=.*\d).+$"})]
    ),
    "constrained integer": of(4, Annotated[int, Field(ge=1, le=10, multiple_of=2)]),
    "positive integer": of(4, PositiveInt),
    "constrained list": of(["a", "b"], Annotated[list[str], Field(min_length=2, max_length=5)]),
    "described model": of(signatory, Signatory, Field(description="The tenant's signatory")),
    "optional described model": of(None, Fee | None, Field(None, description="The deposit")),
    "model with a default": of(fee, Fee, Fee(sum=Decimal(0))),
    "list of models": of([signatory, signatory], list[Signatory]),
    "list of lists": of([["a"], [], ["b", "c"]], list[list[str]]),
    "recursion through a list": Feature(Section, nested),
    "recursion below the root": of(nested, Section),
    "recursion through an optional": Feature(Assignment, held),
    "further fields allowed": Feature(Open, {"subject": "a flat"}),
    "root list": Feature(RootModel[list[Signatory]], [signatory]),
    "root union": Feature(RootModel[Discriminated], fixed),
    "root dict": Feature(RootModel[dict[str, Decimal]], {"2024": "900.50"}),
    "root scalar": Feature(RootModel[str], "Austria"),
    "alias of signs": Feature(Renamed, {"since": "2024-01-01"}),
    "computed field": Feature(Derived, {"rent": 900}),
    "strict and frozen": Feature(Strict, {"since": "2024-01-01", "rent": "1.10", "months": [3]}),
    "generics": Feature(
        Pair,
        {"since": {"value": "2024-01-01", "quote": "as of 1 January 2024"}, "rent": {"value": fee}},
    ),
    "generic root": Feature(Finding[dt.date], {"value": "2024-01-01", "quote": None}),
    "typed dict": of({"months": 3}, Deposit),
    "typed dict with spaces": of({"notice period": 3, "notice-form": "letter"}, Hyphenated),
    "dataclass": of({"street": "Ring 1", "town": "Wien"}, Address),
    "bytes": of("words", bytes),
    "secret": of("words", SecretStr),
    "json text": of('{"a": 1}', JsonText),
    "twelve levels": Feature(chain(12), json.loads('{"inner":' * 11 + '{"text":"x"}' + "}" * 11)),
    "120 optional fields": Feature(made("Many", dict.fromkeys(many, (str | None, None))), many),
    "30 fields with a choice": Feature(
        made("Choices", {f"f{i}": (int | str, ...) for i in range(30)}),
        {f"f{i}": i if i % 2 else f"word {i}" for i in range(30)},
    ),
    "1,000 allowed values": of("v0999", Literal[tuple(f"v{i:04}" for i in range(1000))]),
}


RULES: dict[str, SchemaRules] = {"strict": OPENAI_RULES, "native": ANTHROPIC_RULES}
REFUSED = {("native", "30 fields with a choice"): "f16"}
every_feature = pytest.mark.parametrize("name", FEATURES)
with_and_without_quotes = pytest.mark.parametrize("quotes", [False, True])
on_both = pytest.mark.parametrize("technique", RULES)


@every_feature
@with_and_without_quotes
@on_both
def test_a_feature_is_clean_on_the_wire_or_refused_by_the_name_of_its_field(
    technique: str, name: str, breaches: dict[str, Any], *, quotes: bool
) -> None:
    shape = compile_schema(FEATURES[name].model, quotes=quotes)
    if field := REFUSED.get((technique, name)):
        with pytest.raises(ConfigurationError, match=field):
            wire_schema(shape, RULES[technique])
    else:
        wire = wire_schema(shape, RULES[technique]).schema
        assert breaches[technique](wire) == []


@every_feature
@with_and_without_quotes
@on_both
def test_what_is_said_in_the_wire_s_form_comes_back_as_it_was(
    technique: str, name: str, reply_to: Callable[..., str], quoted: str, *, quotes: bool
) -> None:
    model, data = FEATURES[name].model, FEATURES[name].data
    rules = SchemaRules() if (technique, name) in REFUSED else RULES[technique]
    shape = compile_schema(model, quotes=quotes)

    reply = reply_to(wire_schema(shape, rules).schema, data)
    parsed = parse(BACKENDS[technique], model, shape, reply)

    assert parsed.problems == ()
    assert parsed.value == model.model_validate_json(json.dumps(data), by_name=True, by_alias=False)
    assert not any(repair.lossy for repair in parsed.repairs)
    facts = [
        leaf
        for leaf in parsed.restored.leaves.values()
        if leaf.value not in (None, [], {})
        and not (isinstance(leaf.node, Scalar) and leaf.node.is_constant)
    ]
    assert {leaf.quotes for leaf in facts} <= {(quoted,) if quotes else ()}


@pytest.mark.parametrize("name", sorted(FEATURES.keys() - {"bare list"}))  # tags have no types
@with_and_without_quotes
def test_what_is_said_in_tags_comes_back_as_it_was(
    name: str, xml_reply_to: Callable[..., str], *, quotes: bool
) -> None:
    model, data = FEATURES[name].model, FEATURES[name].data
    shape = compile_schema(model, quotes=quotes)

    reply = xml_reply_to(shape.name, wire_schema(shape, SchemaRules()).schema, data)
    parsed = parse(BACKENDS["xml"], model, shape, reply)

    assert parsed.problems == ()
    assert parsed.value == model.model_validate_json(json.dumps(data), by_name=True, by_alias=False)


@every_feature
@on_both
def test_every_description_reaches_the_model(
    technique: str, name: str, parts_of: Callable[..., Iterator[JsonObject]]
) -> None:
    model = FEATURES[name].model
    rules = SchemaRules() if (technique, name) in REFUSED else RULES[technique]
    wire = wire_schema(compile_schema(model, quotes=True), rules).schema
    said = "\n".join(part.get("description", "") for part in parts_of(wire))
    given = {part.get("description", "") for part in parts_of(model.model_json_schema())}
    assert [text for text in given if text not in said] == []


@pytest.mark.parametrize(
    "kind", [str, dt.date | None, Finding[str], Finding[dt.date] | None, Season, Signatory]
)
@with_and_without_quotes
@on_both
def test_sixty_descriptions_of_sixty_fields_reach_the_model_at_little_cost(
    technique: str, kind: Any, *, quotes: bool
) -> None:
    about = [f"Clause {i}: what the lease says of it, if it does." for i in range(60)]
    model = made("Sixty", {f"field_{i}": (kind, Field(description=about[i])) for i in range(60)})

    wire = wire_schema(compile_schema(model, quotes=quotes), RULES[technique]).schema

    text = json.dumps(wire)
    assert [description for description in about if description not in text] == []
    assert len(text) <= 1.2 * len(json.dumps(model.model_json_schema()))


Huge = enum.Enum("Huge", {f"V{i}": f"v{i}" for i in range(1200)})  # type: ignore[misc]


@pytest.mark.parametrize("kind", [Literal[tuple(map(str, range(1200)))], list[Huge], deep])
@with_and_without_quotes
def test_what_is_beyond_a_limit_is_refused_by_the_name_of_its_field(
    kind: Any, *, quotes: bool
) -> None:
    shape = compile_schema(of(None, kind).model, quotes=quotes)
    with pytest.raises(ConfigurationError, match=r" x\b.* limit is"):
        wire_schema(shape, OPENAI_RULES)


class Nothing(BaseModel): ...


@pytest.mark.parametrize("kind", [Callable[[], int], Nothing, list[Nothing], type])
def test_a_field_that_no_json_can_hold_is_refused_by_name(kind: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"\bx\b"):
        compile_schema(of(None, kind).model)

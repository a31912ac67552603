"""A wide schema, a long contract that states its values, and a model that answers what it is shown.

Everything is made by rule, the same each time: 369 values as in the widest schema of ExtractBench
(arXiv 2602.12247), in flat fields, objects within objects and lists, most of them optional.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias, cast

from pydantic import BaseModel, Field, create_model

from benchmarks.composed_contracts import contract
from extractor.types import JsonObject, JsonSchemaOutput, ModelRequest, ToolOutput

VALUES = 369
_WORDS = ("rent", "deposit", "notice", "insurance", "audit", "escrow", "cure", "renewal", "royalty")
_PARTS = ("amount", "period", "party", "start", "basis", "limit", "address")
_Basis: TypeAlias = Literal["monthly", "yearly", "once"]
_BASES = ("monthly", "yearly", "once")


@dataclass(frozen=True, slots=True)
class Fact:
    """A value and the sentence of the contract that states it."""

    value: str | int
    sentence: str


Truth: TypeAlias = "Fact | dict[str, Truth] | list[Truth]"
"""Facts where the schema has their fields."""


@dataclass(frozen=True, slots=True)
class WideCase:
    """A schema, a contract, and what the one finds in the other."""

    schema: type[BaseModel]
    text: str
    truth: dict[str, Truth]

    def value(self) -> JsonObject:
        """Return the truth as plain data, as a validated answer is dumped."""
        return cast("JsonObject", _plain(self.truth))


def wide_case(*, sections: int = 2_800) -> WideCase:
    """Make the schema, and a contract of so many sections: 2,800 are about 300 pages."""
    maker = _Maker()
    made = {f"{word}_{part}": maker.field(f"{word} {part}") for word in _WORDS for part in _PARTS}
    made |= {f"{word}_terms": maker.object(f"{word} terms", depth=3) for word in _WORDS}
    made |= {f"{word}_steps": maker.list(f"{word} step") for word in _WORDS[:6]}
    number = 0
    while maker.made < VALUES:
        number += 1
        made[f"extra_{number}"] = maker.field(f"extra term {number}")
    schema, truth = _model("WideContract", made)
    blocks = contract(7, sections=sections).rstrip().split("\n\n")
    sentences = [*dict.fromkeys(_sentences(truth))]
    apart = len(blocks) // len(sentences)
    for place, sentence in reversed([*enumerate(sentences, 1)]):
        blocks.insert(place * apart, sentence)
    return WideCase(schema, "\n\n".join(blocks) + "\n", truth)


def answers(case: WideCase) -> Callable[[ModelRequest], str]:
    """Return a model that answers from what a request shows of the contract, and nothing else.

    It reads the wire schema, so it needs a technique that sends one.
    """

    def answer(request: ModelRequest) -> str:
        output = request.output
        assert isinstance(output, JsonSchemaOutput | ToolOutput)  # noqa: S101 - said above
        shown = "\n".join(message.content for message in request.messages)
        reader = _Reader(shown, output.schema.get("$defs", {}))
        return json.dumps(reader.answer(output.schema, case.truth))

    return answer


_Made: TypeAlias = tuple[Any, Truth]
"""A field's definition for Pydantic, and what the contract says of it."""


class _Maker:
    """Makes one field after the other, each with a value and a sentence of its own."""

    def __init__(self) -> None:
        self.made = 0
        self._stated = 0

    def field(self, words: str) -> _Made:
        annotation, fact, _ = self._leaf(words)
        about = f"The {words}, as the contract states it."
        if self.made % 5 == 0:
            return (annotation, Field(description=about)), fact
        return (annotation | None, Field(default=None, description=about)), fact

    def object(self, words: str, *, depth: int) -> _Made:
        made = {part: self.field(f"{words} {part}") for part in _PARTS}
        if depth > 1:
            made["detail"] = self.object(f"{words} detail", depth=depth - 1)
        model, truth = _model(words.title().replace(" ", ""), made)
        return (model, Field(description=f"The {words}.")), truth

    def list(self, words: str) -> _Made:
        """Make a list of two items; each is stated by one sentence, and its fields count once."""
        items: list[Truth] = []
        fields: dict[str, Any] = {}
        for number in (1, 2):
            self.made -= len(fields)
            leaves = {part: self._leaf(f"{part} of {words} {number}") for part in _PARTS[:4]}
            said = "; ".join(clause for _, _, clause in leaves.values())
            sentence = f"In {words} {number}: {said}."
            items.append({p: Fact(fact.value, sentence) for p, (_, fact, _) in leaves.items()})
            fields = {part: (annotation, ...) for part, (annotation, _, _) in leaves.items()}
        item: Any = create_model(words.title().replace(" ", ""), **fields)
        listed: Any = list
        return (listed[item], Field(default=[], description=f"Each {words}.")), items

    def _leaf(self, words: str) -> tuple[Any, Fact, str]:
        """Make a type, a value of it, and the words that state it."""
        self.made += 1
        self._stated += 1  # a value is never stated twice, and its type is that of its place
        number = self._stated * 4 + self.made % 4
        day = date(2024, 1, 1) + timedelta(days=number)
        annotation, value, written = (
            (str, f"Quarry {number} Ltd", f"Quarry {number} Ltd"),
            (int, 1_000 + number, f"{1_000 + number} units"),
            (date, day.isoformat(), f"{day.day} {day:%B} {day.year}"),
            (_Basis, _BASES[number % 3], _BASES[number % 3]),
        )[number % 4]
        clause = f"the {words} is {written}"
        return annotation, Fact(value, f"Of item {number}, {clause}."), clause


def _model(name: str, made: Mapping[str, _Made]) -> tuple[type[BaseModel], dict[str, Truth]]:
    fields: dict[str, Any] = {part: field for part, (field, _) in made.items()}
    return create_model(name, **fields), {part: truth for part, (_, truth) in made.items()}


def _sentences(truth: Truth) -> Iterator[str]:
    if isinstance(truth, Fact):
        yield truth.sentence
        return
    for inner in truth.values() if isinstance(truth, dict) else truth:
        yield from _sentences(inner)


def _plain(truth: Truth) -> object:
    match truth:
        case Fact(value):
            return value
        case dict():
            return {name: _plain(inner) for name, inner in truth.items()}
        case list():
            return [_plain(inner) for inner in truth]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Answers a wire schema from a text."""

    text: str
    definitions: JsonObject

    def answer(self, schema: JsonObject, truth: Truth) -> object:
        if "$ref" in schema:
            return self.answer(self.definitions[schema["$ref"].rpartition("/")[2]], truth)
        if "anyOf" in schema:
            options = [option for option in schema["anyOf"] if option.get("type") != "null"]
            may_lack = len(options) < len(schema["anyOf"])
            return None if may_lack and not self._states(truth) else self.answer(options[0], truth)
        if schema.get("type") == "array":
            items = truth if isinstance(truth, list) else [truth]
            return [self.answer(schema["items"], item) for item in items if self._states(item)]
        if "properties" not in schema:
            return truth.value if isinstance(truth, Fact) else None
        return {name: self._member(name, m, truth) for name, m in schema["properties"].items()}

    def _member(self, name: str, schema: JsonObject, truth: Truth) -> object:
        if name == "quote":
            return next(_sentences(truth))
        return self.answer(schema, truth[name] if isinstance(truth, dict) else truth)

    def _states(self, truth: Truth) -> bool:
        return any(sentence in self.text for sentence in _sentences(truth))

"""Schemas in the words of a prompt."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, RootModel, create_model

from extractor.wire.compile import compile_schema
from extractor.wire.outline import json_outline, type_words, xml_outline
from extractor.wire.shape import Scalar


class Party(BaseModel):
    """One of those bound."""

    name: str = Field(description="Full legal name.")
    role: str | None = None


class Clause(BaseModel):
    title: str
    subclauses: list[Clause] = []


class Cash(BaseModel):
    kind: Literal["cash"]
    amount: Decimal


class Shares(BaseModel):
    kind: Literal["shares"]
    count: int


def as_json(schema: type[BaseModel], *, quotes: bool = False) -> str:
    return json_outline(compile_schema(schema, quotes=quotes))


def as_xml(schema: type[BaseModel], *, quotes: bool = False) -> str:
    return xml_outline(compile_schema(schema, quotes=quotes))


def holder(annotation: Any, **options: Any) -> type[BaseModel]:
    return create_model("Holder", it=(annotation, Field(**options)))


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (Scalar("string"), "string"),
        (Scalar("boolean"), "true or false"),
        (Scalar("string", format="date"), "date as YYYY-MM-DD"),
        (Scalar("string", format="decimal"), "decimal number in digits"),
        (Scalar("string", values=("a", "b")), '"a" or "b"'),
        (Scalar("any", values=("a", 1, True)), '"a" or 1 or true'),
        (
            Scalar("integer", constraints={"minimum": 1, "maximum": 9}),
            "integer, minimum 1, maximum 9",
        ),
        (Scalar("string", constraints={"pattern": "^P"}), "string, pattern ^P"),
    ],
)
def test_types_are_said_in_words(node: Scalar, words: str) -> None:
    assert type_words(node) == words


def test_a_json_outline_reads_like_the_object_that_is_wanted() -> None:
    assert as_json(Party).splitlines() == [
        "{  // One of those bound.",
        '  "name": string,  // Full legal name.',
        '  "role": string or null,',
        "}",
    ]


def test_an_xml_outline_reads_like_the_elements_that_are_wanted() -> None:
    assert as_xml(Party).splitlines() == [
        "Party: One of those bound.",
        "- name (string): Full legal name.",
        "- role (string, or empty)",
        "",
        "<Party>",
        "  <name>the value</name>",
        "  <role>the value</role>",
        "</Party>",
    ]


def test_quotes_are_asked_for_in_both() -> None:
    quote = "words copied from the document"
    assert f'"it": {{"quote": {quote}, "value": string}}' in as_json(holder(str), quotes=True)
    lines = [line.strip() for line in as_xml(holder(str), quotes=True).splitlines()]
    form = ["<it>", f"<quote>{quote}</quote>", "<value>the value</value>", "</it>"]
    assert lines == ["- it (string)", "", "<Holder>", *form, "</Holder>"]


def test_lists_and_items_of_models_are_shown_once_and_said_to_repeat() -> None:
    outline = as_json(holder(list[Party]), quotes=True)
    assert outline.count("Full legal name.") == 1
    assert "}, ...]" in outline
    lines = [line.strip() for line in as_xml(holder(list[Party]), quotes=True).splitlines()]
    assert lines[:2] == ["it: One of those bound.", "- it/name (string): Full legal name."]
    assert lines[5:7] == ["<it>", "<item>"]
    assert lines[-4:-1] == ["</item>", "...", "</it>"]


def test_dicts_are_lists_of_pairs_with_a_quote_for_each_value() -> None:
    outline = as_json(holder(dict[str, int]), quotes=True)
    assert [line.strip() for line in outline.splitlines()] == [
        "{",
        '"it": [{',
        '"quote": words copied from the document,',
        '"key": string,',
        '"value": integer,',
        "}, ...],",
        "}",
    ]


def test_tuples_are_numbered() -> None:
    outline = as_xml(holder(tuple[int, str]))
    assert "- it/item_1 (integer)" in outline
    assert "<item_2>the value</item_2>" in outline


@pytest.mark.parametrize("outline", [as_json, as_xml])
def test_each_option_of_a_choice_is_shown(outline: Any) -> None:
    text = outline(holder(Annotated[Cash | Shares, Field(discriminator="kind")]))
    assert '"cash"' in text
    assert '"shares"' in text
    assert " or" in text


@pytest.mark.parametrize("outline", [as_json, as_xml])
def test_a_model_that_is_used_twice_is_written_once_and_named(outline: Any) -> None:
    class Deal(BaseModel):
        buyer: Party
        seller: Party

    text = outline(Deal)
    assert text.count("Full legal name.") == 1
    assert text.count("Party") >= 3


@pytest.mark.parametrize("outline", [as_json, as_xml])
def test_recursion_ends_in_a_name(outline: Any) -> None:
    text = outline(Clause)
    assert len(text.splitlines()) < 20
    assert "Clause" in text


@pytest.mark.parametrize("outline", [as_json, as_xml])
def test_no_default_and_no_sample_value_is_shown_that_a_small_model_could_copy(
    outline: Any,
) -> None:
    class Terms(BaseModel):
        law: str = Field("Ireland", examples=["Scotland"])
        signed: date = date(2025, 3, 3)
        at: datetime | None = None
        fee: Decimal = Decimal(750)

    text = outline(Terms, quotes=True)
    assert not any(sample in text for sample in ("Ireland", "Scotland", "2025", "750"))


def test_what_has_a_default_may_be_null_or_empty() -> None:
    assert '"it": integer or null' in as_json(holder(int, default=3))
    assert "- it (integer, or empty)" in as_xml(holder(int, default=3))


@pytest.mark.parametrize("outline", [as_json, as_xml])
def test_a_description_stays_on_its_line_whatever_it_holds(outline: Any) -> None:
    text = outline(holder(str, description="Whose law\n\n  governs."))
    assert "Whose law governs." in text


def test_roots_that_are_no_objects_are_wrapped_as_on_the_wire() -> None:
    assert as_json(RootModel[list[str]]).startswith('{\n  "items": [string, ...],')
    assert "<value>the value</value>" in as_xml(RootModel[int])


@pytest.mark.parametrize("outline", [as_json, as_xml])
def test_sixty_of_sixty_descriptions_are_in_the_prompt(outline: Any) -> None:
    asked: dict[str, Any] = {
        f"field_{number}": (
            (Party, str | None, list[Party])[number % 3],
            Field(description=f"What the contract says about matter {number}."),
        )
        for number in range(60)
    }
    text = outline(create_model("Many", **asked), quotes=True)
    assert sum(f"about matter {number}." in text for number in range(60)) == 60

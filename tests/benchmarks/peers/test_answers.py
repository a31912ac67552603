"""What the mock answers, to schemas with quotes and without, right and spoiled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.peers import contracts
from benchmarks.peers.mock.answers import answer
from benchmarks.peers.mock.asked import Asked, read
from benchmarks.peers.mock.replies import NO_DATE, NO_TYPE, Reply, completion, reply
from benchmarks.peers.schema import Contract
from extractor import Extractor
from extractor.types import JsonObject, JsonSchemaOutput

FACTS = contracts.truth(7)
PLAIN = Contract.model_json_schema()


def cited(kind: str = "string") -> JsonObject:
    return {"type": "object", "properties": {"quote": {"type": "string"}, "value": {"type": kind}}}


def quoted_schema() -> JsonObject:
    """Return the schema that this project really asks with."""
    request = Extractor(Contract, model="openai:gpt-4o").first_request(contracts.contract(7, 60))
    assert isinstance(request.output, JsonSchemaOutput)
    return request.output.schema


def asked(schema: JsonObject | None, *, tool: str = "", prompt: str = "") -> Asked:
    return Asked("m", 7, prompt, schema, tool, 100)


def said(schema: JsonObject | None, fault: str) -> JsonObject:
    found: JsonObject = json.loads(reply(asked(schema), fault).text)
    return found


def test_a_plain_schema_is_answered_with_the_facts() -> None:
    assert answer(PLAIN, 7) == FACTS


def test_a_field_is_answered_by_its_name_even_if_it_is_the_only_one_asked_for() -> None:
    schema = {"properties": {"governing_law": {"anyOf": [{"type": "null"}, {"type": "string"}]}}}
    assert answer(schema, 7) == {"governing_law": FACTS["governing_law"]}


def test_a_field_that_is_no_fact_is_answered_all_the_same() -> None:
    schema = {"properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}
    assert answer(schema, 0) == {"name": "none", "age": 0}


def test_our_own_schema_is_answered_with_a_quote_for_each_value() -> None:
    found = answer(quoted_schema(), 7)
    assert found["effective_date"] == {
        "quote": contracts.quote("effective_date", FACTS["effective_date"]),
        "value": FACTS["effective_date"],
    }
    for name, values in (
        ("parties", FACTS["parties"]),
        ("key_obligations", FACTS["key_obligations"]),
    ):
        assert found[name] == [
            {"quote": contracts.quote(name, value), "value": value} for value in values
        ]


@pytest.mark.parametrize("is_referred_to", [True, False])
def test_items_with_quotes_may_stand_in_the_schema_or_be_referred_to(is_referred_to: bool) -> None:
    item = {"$ref": "#/$defs/cited"} if is_referred_to else cited()
    schema = {
        "properties": {"parties": {"type": "array", "items": item}},
        "$defs": {"cited": cited()},
    }
    assert answer(schema, 7) == {
        "parties": [{"quote": value, "value": value} for value in FACTS["parties"]]
    }


def test_langextract_is_answered_in_spans_whether_by_its_schema_or_its_prompt() -> None:
    by_schema = answer({"properties": {"extractions": {"type": "array"}}}, 7)
    by_prompt = reply(asked(None, prompt='{"extractions": []}'))
    assert json.loads(by_prompt.text) == by_schema
    assert by_schema["extractions"][0] == {
        "parties": FACTS["parties"][0],
        "parties_attributes": {},
    }


def test_a_question_without_a_schema_is_answered_with_the_facts() -> None:
    assert said(None, "") == FACTS


def test_a_bad_date_stands_where_the_date_should() -> None:
    assert said(PLAIN, "bad_date")["effective_date"] == NO_DATE
    right = answer(quoted_schema(), 7)["effective_date"]
    assert said(quoted_schema(), "bad_date")["effective_date"] == right | {"value": NO_DATE}


def test_where_no_date_was_asked_for_another_value_is_bad() -> None:
    schema = {"properties": {"governing_law": cited()}}
    assert said(schema, "bad_date")["governing_law"]["value"] == NO_DATE


def test_a_bad_type_stands_in_place_of_a_value_or_beside_its_quote() -> None:
    assert said(PLAIN, "bad_type")["parties"] == NO_TYPE
    assert said(quoted_schema(), "bad_type")["parties"] == NO_TYPE
    alone = {"properties": {"governing_law": cited()}}
    assert said(alone, "bad_type")["governing_law"]["value"] == NO_TYPE


@pytest.mark.parametrize("schema", [PLAIN, quoted_schema(), None], ids=["plain", "quoted", "none"])
def test_a_missing_field_is_the_last_one(schema: JsonObject | None) -> None:
    assert [*said(schema, "missing_field"), "governing_law"] == list(FACTS)


@pytest.mark.parametrize("fault", ["truncated", "truncated_silent"])
def test_a_truncated_answer_is_no_json(fault: str) -> None:
    cut = reply(asked(PLAIN), fault)
    with pytest.raises(ValueError, match=r"Unterminated|delimiter|Expecting"):
        json.loads(cut.text)
    assert cut.is_cut == (fault == "truncated")


@pytest.mark.parametrize("fault", ["fenced", "preamble"])
def test_talk_around_an_answer_leaves_the_answer_whole(fault: str) -> None:
    text = reply(asked(PLAIN), fault).text
    assert json.loads(text[text.index("{") : text.rindex("}") + 1]) == FACTS
    assert not text.startswith("{")


def test_a_tool_is_answered_by_a_call_and_all_else_by_content() -> None:
    by_tool = json.loads(completion(asked(PLAIN, tool="Contract"), Reply("{}")))["choices"][0]
    call = by_tool["message"]["tool_calls"][0]["function"]
    assert (by_tool["finish_reason"], call["name"], call["arguments"]) == (
        "tool_calls",
        "Contract",
        "{}",
    )
    plain = json.loads(completion(asked(PLAIN), Reply("{", is_cut=True)))["choices"][0]
    assert (plain["finish_reason"], plain["message"]["content"]) == ("length", "{")


FORMAT = {"type": "json_schema", "json_schema": {"name": "Contract", "schema": PLAIN}}
TOOL = {"type": "function", "function": {"name": "Contract", "parameters": PLAIN}}


@pytest.mark.parametrize(
    ("form", "schema", "tool"),
    [
        ({"response_format": FORMAT}, PLAIN, ""),
        ({"tools": [TOOL]}, PLAIN, "Contract"),
        ({"response_format": {"type": "json_object"}}, None, ""),
        ({}, None, ""),
    ],
)
def test_what_is_asked_is_read_from_every_form(
    form: JsonObject, schema: JsonObject | None, tool: str
) -> None:
    text = contracts.contract(7, 60)
    contents: Sequence[Any] = (text, [{"type": "text", "text": text}])
    for content in contents:
        sent = {"model": "m", "messages": [{"role": "user", "content": content}]} | form
        found = read(json.dumps(sent).encode())
        assert (found.document, found.schema, found.tool) == (7, schema, tool)
        length = (
            len("user") + len(text) + (len(json.dumps(next(iter(form.values())))) if form else 0)
        )
        assert found.input_tokens == length // 4

"""JSON in answer to a question for XML: what of it is read, and what only speaks of JSON."""

from __future__ import annotations

import time

import pytest
from pydantic import BaseModel

from extractor.backends.parse import Parsed, parse, parse_part
from extractor.backends.techniques import XmlBackend
from extractor.errors import ParseError
from extractor.wire.compile import compile_schema


class Terms(BaseModel):
    law: str | None = None
    days: int | None = None


def read(reply: str, *, quotes: bool = False) -> Parsed[Terms]:
    return parse(XmlBackend(), Terms, compile_schema(Terms, quotes=quotes), reply)


def kinds_of(parsed: Parsed[Terms]) -> set[str]:
    return {repair.kind for repair in parsed.repairs}


ANSWER = '{"law": "NY"}'


@pytest.mark.parametrize(
    ("reply", "kinds"),
    [
        (ANSWER, set[str]()),
        (f"<Terms>{ANSWER}</Terms>", set[str]()),
        (f"<Terms>\n{ANSWER}\n</Terms>", set[str]()),
        (f"<answer>{ANSWER}</answer>", set[str]()),
        (f'{{"Terms": {ANSWER}}}', {"outer_key"}),
        (f"```json\n{ANSWER}\n```", {"code_fence"}),
        (f"```json\n<Terms>{ANSWER}</Terms>\n```", {"code_fence"}),
        (f"<Terms>\n```json\n{ANSWER}\n```\n</Terms>", {"code_fence"}),
        (f"Here it is:\n{ANSWER}\nAnything else?", {"surrounding_text"}),
        (f'<thinking>or {{"law": "DE"}}?</thinking>{ANSWER}', {"surrounding_text"}),
    ],
)
def test_a_reply_that_is_json_is_read_as_such_and_said_to_be(reply: str, kinds: set[str]) -> None:
    parsed = read(reply)
    assert parsed.value == Terms(law="NY")
    assert kinds_of(parsed) == {"other_format", *kinds}
    assert not any(repair.lossy for repair in parsed.repairs)


def test_its_quotes_are_read_too() -> None:
    parsed = read('{"law": {"quote": "laws of NY", "value": "NY"}}', quotes=True)
    assert parsed.value == Terms(law="NY")
    assert parsed.restored.leaves["law",].quotes == ("laws of NY",)


def test_a_reply_in_json_that_breaks_off_says_so() -> None:
    assert {problem.kind for problem in read('{"law": "N').problems} == {"truncated"}


def test_elements_within_the_texts_of_json_are_words() -> None:
    reply = '{"law": {"quote": "the <law>DE</law> of <days>", "value": "NY"}}'
    for written in (reply, f"<Terms>{reply}</Terms>", f"```json\n{reply}\n```"):
        assert read(written, quotes=True).value == Terms(law="NY")


def test_xml_within_json_is_still_xml() -> None:
    assert read('{"answer": "<Terms><law>NY</law></Terms>"}').value == Terms(law="NY")


@pytest.mark.parametrize(
    "around",
    [
        '{"law": "DE"}\n<Terms><law>NY</law></Terms>',
        'At first {"law": "DE"}:\n<Terms><law>NY</law></Terms>',
        '<Terms><law>NY</law></Terms>\n```json\n{"law": "DE", "days": 5}\n```',
        '<Terms>\n{"law": "DE"}\n<law>NY</law></Terms>',
    ],
)
def test_json_beside_an_answer_in_xml_is_not_the_answer(around: str) -> None:
    assert read(around).value == Terms(law="NY")


@pytest.mark.parametrize(
    "reply",
    [
        'The document holds {"law": "NY"}, which I can\'t read.',
        '<Terms>The document holds {"law": "NY"}.</Terms>',
        '<Terms></Terms>\n{"law": "NY"}',
        '{"law": "NY"}\n<Terms></Terms>',
        '<document>\n{"law": "NY"}\n</document>',
        '<note>{"law": "NY"}</note>',
        '<!--\n{"law": "NY"}\n-->',
        "<!DOCTYPE x>\n" + ANSWER,
        '<thinking>\n{"law": "NY"}\n</thinking>',
        '<thinking>\n{"law": "NY"}',
        '{"law": "NY"}\nor\n{"law": "DE"}',
        '{"type": "object", "properties": {"law": {"type": "string"}}}',
        '{"error": "overloaded"}',
        "{}",
        "[1] See section 2.",
    ],
)
def test_json_that_is_not_the_answer_is_refused(reply: str) -> None:
    with pytest.raises(ParseError):
        read(reply)


def test_an_empty_object_says_that_a_part_holds_nothing() -> None:
    assert not parse_part(XmlBackend(), compile_schema(Terms), "{}").problems


@pytest.mark.parametrize(
    "unit",
    [
        "<Terms>",
        "<Terms>\n",
        "`",
        "```\n",
        "}",
        "} </x>",
        "</x>",
        "\n",
        " ",
        "\n{",
        "[1]\n",
        "<!--",
    ],
)
@pytest.mark.parametrize("before", ["", "{", "<Terms>"])
def test_a_hostile_reply_takes_no_time_to_speak_of(unit: str, before: str) -> None:
    reply = before + unit * (100_000 // len(unit))
    started = time.process_time()
    with pytest.raises(ParseError):
        read(reply)
    assert time.process_time() - started < 5

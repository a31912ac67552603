"""Quotes where none was asked for: a single value of a list's item that is quoted by itself."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from extractor.backends.parse import Parsed, parse
from extractor.backends.techniques import XmlBackend
from extractor.types import T
from extractor.wire.compile import compile_schema


class Party(BaseModel):
    name: str
    role: str | None = None
    tags: list[str] = []


class Deal(BaseModel):
    parties: list[Party] = []


class Law(BaseModel):
    law: str | None = None


class Amount(BaseModel):
    name: str | None = None
    value: str | None = None


class Amounts(BaseModel):
    amounts: list[Amount]


def read(schema: type[T], content: str, *, quotes: bool = True) -> Parsed[T]:
    reply = f"<{schema.__name__}>{content}</{schema.__name__}>"
    return parse(XmlBackend(), schema, compile_schema(schema, quotes=quotes), reply)


def party(content: str) -> Parsed[Deal]:
    return read(Deal, f"<parties><item>{content}</item></parties>")


def kinds_of(parsed: Parsed[T]) -> set[str]:
    return {repair.kind for repair in parsed.repairs}


def lossy(parsed: Parsed[T]) -> set[str]:
    return {repair.kind for repair in parsed.repairs if repair.lossy}


def test_a_value_may_be_quoted_in_place_of_its_item() -> None:
    parsed = party("<name><quote>q</quote><value>A</value></name>")
    assert parsed.value == Deal(parties=[Party(name="A")])
    assert parsed.restored.leaves["parties", 0, "name"].quotes == ("q",)
    assert not parsed.repairs


def test_a_value_may_be_quoted_beside_its_item() -> None:
    parsed = party(
        "<quote>q</quote><name>A</name><role><quote>r</quote><value>buyer</value></role>"
    )
    assert parsed.value == Deal(parties=[Party(name="A", role="buyer")])
    assert parsed.restored.leaves["parties", 0, "name"].quotes == ("q",)
    assert parsed.restored.leaves["parties", 0, "role"].quotes == ("r",)
    assert not parsed.repairs


def test_an_item_of_a_list_within_an_item_may_be_quoted() -> None:
    parsed = party("<name>A</name><tags><item><quote>q</quote><value>x</value></item></tags>")
    assert parsed.value == Deal(parties=[Party(name="A", tags=["x"])])


@pytest.mark.parametrize(
    ("role", "value", "kinds"),
    [
        ("<value>buyer</value>", "buyer", {"nested_value"}),
        ("<value>buyer</value><quote>r</quote>", "buyer", set[str]()),
        ("<quote>r</quote>buyer", "buyer", {"untagged_value"}),
        ("<quote>r<value>buyer</value>", "buyer", {"missing_close"}),
        ("<!-- clause 3 --><value>buyer</value>", "buyer", {"comment", "nested_value"}),
        ("<quote/><value/>", None, {"nested_value"}),
        ("<quote>r</quote><value/>", None, set[str]()),
        ("<quote/>", None, {"nested_value"}),
    ],
)
def test_the_halves_may_be_written_as_those_that_were_asked_for(
    role: str, value: str | None, kinds: set[str]
) -> None:
    parsed = party(f"<name>A</name><role>{role}</role>")
    assert parsed.value == Deal(parties=[Party(name="A", role=value)])
    assert kinds_of(parsed) == kinds
    assert not lossy(parsed)


def test_a_quote_without_its_value_is_no_value() -> None:
    assert party("<name><quote>q</quote></name>").value is None


def test_of_two_values_in_one_place_none_is_taken() -> None:
    parsed = party("<name><quote>q</quote><value>A</value><value>B</value></name>")
    assert [problem.path for problem in parsed.problems] == [("parties", 0, "name")]


def test_a_quote_behind_a_value_that_was_not_closed_is_the_items() -> None:
    parsed = party("<name>A<quote>q</quote>")
    assert parsed.value == Deal(parties=[Party(name="A")])
    assert parsed.restored.leaves["parties", 0, "name"].quotes == ("q",)


def test_a_field_called_value_stays_one_where_the_field_before_it_is_empty() -> None:
    parsed = read(Amounts, "<amounts><item><name><value>5</value></item></amounts>")
    assert parsed.value == Amounts(amounts=[Amount(value="5")])
    parsed = read(Amounts, "<amounts><item><name><value>A</value></name></item></amounts>")
    assert parsed.value == Amounts(amounts=[Amount(name="A")])


def test_quotes_may_be_given_where_the_schema_asks_for_none() -> None:
    parsed = read(Law, "<law><quote>laws of NY</quote><value>NY</value></law>", quotes=False)
    assert parsed.value == Law(law="NY")
    assert parsed.restored.leaves["law",].quotes == ("laws of NY",)
    assert read(Law, "<law><value>NY</value></law>", quotes=False).value == Law(law="NY")
    assert read(Law, "<law><value/><quote/></law>", quotes=False).value == Law()


@pytest.mark.parametrize(
    "text", ["<quote>NY</quote> law", "see <value>NY</value>", "the <quote> tag", "<value> NY"]
)
def test_tags_among_words_are_words_where_no_quotes_are_asked_for(text: str) -> None:
    parsed = read(Law, f"<law>{text}</law>", quotes=False)
    assert parsed.restored.leaves["law",].raw == text

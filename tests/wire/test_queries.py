"""What to look for in a contract to answer a schema."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from extractor.wire.compile import compile_schema
from extractor.wire.queries import queries


class Party(BaseModel):
    legal_name: str = Field(description="Full name.")
    role: Literal["buyer", "seller"] | None = None


class Node(BaseModel):
    title: str
    within: Node | None = None


class Deal(BaseModel):
    governing_law: str = Field(description="Whose law governs.")
    guarantor: Party | None = Field(None, description="Who guarantees.")
    parties: list[Party] = []


def asked(schema: type[BaseModel], *, quotes: bool = True) -> list[list[str]]:
    return [query.split() for query in queries(compile_schema(schema, quotes=quotes))]


def test_a_field_is_looked_for_by_its_name_and_its_description() -> None:
    (query, *_) = asked(Deal)
    assert query == ["governing", "law"] * 3 + ["Whose", "law", "governs."]


def test_fields_of_an_object_are_looked_for_one_by_one_with_what_they_are_of() -> None:
    name, role = asked(Deal)[1:3]
    assert {"guarantor", "guarantees.", "legal", "name", "Full"} <= set(name)
    assert {"guarantor", "role", "buyer", "seller"} <= set(role)


def test_a_list_is_one_query_with_the_words_of_its_items() -> None:
    assert len(asked(Deal)) == 4
    assert {"parties", "legal", "role", "seller"} <= set(asked(Deal)[3])


def test_a_recursive_schema_has_an_end() -> None:
    assert [query[0] for query in asked(Node)] == ["title", "within"]


def test_proof_that_is_asked_for_is_no_word_to_look_for() -> None:
    assert asked(Deal) == asked(Deal, quotes=False)

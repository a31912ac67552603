"""Lists as models write them: within an object, as a text, as a word for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.types import Repair
from extractor.wire.lists import Listed, as_list
from extractor.wire.reading import Lexeme
from extractor.wire.shape import Array, Field, Object, Scalar, Shape

NAMES = Array(Scalar("string"))
PARTIES = Array(Object("Party", (Field("name", "name", Scalar("string")),)))


def listed(node: Array, raw: Any) -> Listed:
    return as_list(Shape("It", node, {}), node, raw)


@pytest.mark.parametrize("key", ["item", "Items", "Party", "partys"])
def test_a_list_within_an_object_of_its_own_is_taken_out(key: str) -> None:
    given = {key: [{"name": "Acme"}]}
    assert listed(PARTIES, given) == Listed(given[key], (Repair("outer_key", detail=key),))


@pytest.mark.parametrize(
    "given",
    [{"name": ["Acme"]}, {"former": [{"name": "Acme"}]}, {"items": [], "more": 1}, {"items": "A"}],
)
def test_what_may_be_an_item_or_something_else_stays(given: Any) -> None:
    assert listed(PARTIES, given) == Listed(given)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('["Acme", "Bolt"]', "json_text"),
        ("['Acme', 'Bolt']", "json_text"),
        ("('Acme', \"Bolt\")", "json_text"),
        ("- Acme\n- Bolt", "text_as_list"),
    ],
)
def test_a_text_may_be_a_list(text: str, kind: str) -> None:
    assert listed(NAMES, text) == Listed(["Acme", "Bolt"], (Repair(kind),))


@pytest.mark.parametrize("said", [None, "", "N/A"])
def test_a_word_for_nothing_is_an_empty_list(said: str | None) -> None:
    assert listed(NAMES, said).raw == []


def test_what_is_no_list_stays_what_it_is() -> None:
    assert listed(NAMES, Lexeme("5")) == Listed(Lexeme("5"))
    assert listed(NAMES, ["Acme"]) == Listed(["Acme"])


def test_a_tuples_slots_are_put_in_a_row() -> None:
    pair = Array(Scalar("string"), (Scalar("string"), Scalar("integer")))
    assert listed(pair, {"item_2": "b", "item_1": "a", "items": ["c"]}) == Listed(["a", "b", "c"])


@pytest.mark.parametrize("text", ["[Company Name]", "['Acme', 5]", "['Acme'"])
def test_a_text_in_brackets_that_is_no_list_of_texts_stays_one(text: str) -> None:
    assert listed(NAMES, text) == Listed(text)

"""Which member of a union a reply means: the one that keeps what was written."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, create_model

from extractor.wire.compile import compile_schema
from extractor.wire.reading import Lexeme
from extractor.wire.restore import restore


class Party(BaseModel):
    name: str


def field(annotation: Any, value: Any) -> Any:
    restored = restore(compile_schema(create_model("One", it=(annotation, ...))), {"it": value})
    assert restored.problems == []
    return restored.data["it"]


@pytest.mark.parametrize(
    ("annotation", "raw", "value"),
    [
        (str | int, Lexeme("12"), 12),
        (int | str, Lexeme("12"), 12),
        (str | float, Lexeme("1.5"), 1.5),
        (str | bool, True, True),
        (str | int, "12", "12"),
        (float | str, "12.10", "12.10"),
        (str | int, "twelve", "twelve"),
    ],
)
def test_a_value_keeps_the_type_that_it_was_written_in(
    annotation: Any, raw: Any, value: Any
) -> None:
    read = field(annotation, raw)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("annotation", "raw"),
    [
        (Party | list[Party] | None, [{"name": "A"}, {"name": "B"}]),
        (list[str] | str | None, ["a", "b"]),
        (list[str] | str | None, ["a"]),
        (str | list[str] | None, "a"),
    ],
)
def test_a_list_may_be_what_an_optional_choice_means(annotation: Any, raw: Any) -> None:
    assert field(annotation, raw) == raw


def test_one_item_is_taken_out_of_a_list_that_nobody_asked_for() -> None:
    assert field(str, ["Delaware"]) == "Delaware"
    assert field(str | None, ["Delaware"]) == "Delaware"


@pytest.mark.parametrize(
    "text", ["- Acme\n- Bolt", " 1. Acme\n 2. Bolt\n", "\u2022 Acme\n\n\u2022 Bolt"]
)
def test_lines_behind_marks_are_the_items_of_a_list(text: str) -> None:
    assert field(list[str], text) == ["Acme", "Bolt"]


@pytest.mark.parametrize("text", ["Acme\nBolt", "- Acme", "- Acme\n1. Bolt", "1.5\n2.5"])
def test_other_lines_are_one_item(text: str) -> None:
    assert field(list[str], text) == [text]

"""A quote that was found nearly proves what the document says, and not what the quote adds."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any, Literal

import pytest
from pydantic import create_model

from extractor import FieldResult, ScriptedProvider, extract
from extractor.grounding.guards import own_words

QUOTE = (
    "The Seller shall deliver the cotton to the harbour in a sole capacity within 10 days of the "
    "order, and Acme Inc. shall pay the price upon its arrival on March 14, 2024."
)
Capacity = Literal["sole", "joint"]
When = Literal["in advance", "in arrears"]


def field(document: str, annotation: Any, value: Any, quote: str = QUOTE) -> FieldResult:
    schema = create_model("Holder", it=(annotation, ...))
    reply = json.dumps({"it": {"quote": quote, "value": value}})
    return extract(document, schema, provider=ScriptedProvider([reply])).fields["it"]


def other(old: str, new: str) -> str:
    """The document of which the quote has one word in another way."""
    assert old in QUOTE
    return f"Terms of sale.\n{QUOTE.replace(old, new)}\nEnd of terms."


@pytest.mark.parametrize(
    ("annotation", "value", "old", "new"),
    [
        (str, "cotton", "cotton", "copper"),
        (str, "harbour", "harbour", "station"),
        (Capacity, "sole", "sole", "joint"),
        (str, "upon its arrival", "arrival", "dispatch"),
    ],
)
def test_a_word_that_the_document_does_not_have_proves_nothing(
    annotation: Any, value: Any, old: str, new: str
) -> None:
    result = field(other(old, new), annotation, value)
    assert result.evidence[0].status == "fuzzy"
    assert result.status != "found" or result.note
    assert field(other(old, old), annotation, value).status == "found"


def test_an_allowed_value_that_only_the_quote_has_is_unverified() -> None:
    result = field(other("sole", "joint"), Capacity, "sole")
    assert (result.status, result.note) == ("unverified", "the quote names 'joint'")


def test_fees_in_advance_are_not_in_arrears() -> None:
    said = "Fees are due {} on the first day of each calendar month during the Term."
    document = f"1. Notice is given in writing.\n2. {said.format('in advance')}\n3. No waiver."
    assert field(document, When, "in arrears", said.format("in arrears")).status == "unverified"
    assert field(document, When, "in advance", said.format("in advancc")).status == "found"
    assert field(document, When, "in advance", said.format("in advance")).status == "found"


@pytest.mark.parametrize(
    ("annotation", "value", "old", "new"),
    [
        (str, "Acme Inc.", "Acme", "Acrne"),
        (int, 10, "10 days", "l0 days"),
        (str, "P10D", "within", "witlin"),
        (str, "cotton", "cotton", "cottou"),
        (Capacity, "sole", "sole", "so1e"),
        (date, "2024-03-14", "March 14", "Mareh 14"),
        (str, "the cotton", "the cotton", "thecotton"),
        (str, "Acme Inc.", "cotton", "copper"),
        (int, 10, "harbour", "station"),
        (str, "P10D", "sole", "joint"),
    ],
)
def test_noise_and_words_of_another_matter_leave_a_value_proved(
    annotation: Any, value: Any, old: str, new: str
) -> None:
    result = field(other(old, new), annotation, value)
    assert result.evidence[0].status in ("fuzzy", "normalized")
    assert (result.status, result.note) == ("found", None)


ELIDED = "The Seller shall deliver ... to the harbour in a sole capacity ... upon its arrival"


def test_a_quote_in_parts_proves_what_its_parts_say_in_the_document() -> None:
    assert field(other("sole", "joint"), Capacity, "sole", ELIDED).status == "unverified"
    assert field(other("sole", "so1e"), Capacity, "sole", ELIDED).status == "found"
    assert field(other("cotton", "copper"), Capacity, "sole", ELIDED).status == "found"
    assert field(other("sole", "joint"), str, "harbour", ELIDED).status == "found"


def test_one_place_with_the_quote_s_own_words_is_enough() -> None:
    document = other("cotton", "copper") + "\n" + other("price upon its", "price uqon its")
    assert field(document, str, "cotton").status == "found"


@pytest.mark.parametrize(
    ("quote", "passage", "said"),
    [
        ("the cotton is sold", "the cottou is sold", None),
        ("the cotton is sold", "The  copper is sold", "The  copper is sold"),
        ("the cotton is sold on land", "the copper is so1d on lamd", "the copper is sold on land"),
        ("the cotton is sold at sea", "the cotton is at sea", "the cotton is at sea"),
        (
            "assign the right for sole use",
            "assignthe right for joint use",
            "assign the right for joint use",
        ),
    ],
)
def test_a_passage_is_read_without_its_noise(quote: str, passage: str, said: str | None) -> None:
    assert own_words(quote, passage, Counter()) == said

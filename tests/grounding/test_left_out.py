"""What denies a value in its sentence, and was left out at the ends of its quote."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import create_model

from extractor import FieldResult, ScriptedProvider, extract
from extractor.grounding import supports

Kind = Literal["exclusive", "shared"]


def field(annotation: Any, value: Any, text: str, quote: str) -> FieldResult:
    """What is known of a single value after it was answered with a quote."""
    reply = {"it": {"quote": quote, "value": value}, "more": None}
    fields: dict[str, Any] = {"it": (annotation | None, None), "more": (str | None, None)}
    schema = create_model("Holder", **fields)
    return extract(text, schema, provider=ScriptedProvider([reply] * 3)).fields["it"]


@pytest.mark.parametrize(
    ("annotation", "value", "text", "quote"),
    [
        (str, "Ohio", "It shall not be governed by the laws of Ohio.", "by the laws of Ohio"),
        (str, "Ohio", "Any law other than the laws of Ohio applies.", "the laws of Ohio applies"),
        (str, "Ohio", "Ohio law shall not apply to it.", "Ohio law"),
        (str, "exclusive", "This is not an exclusive licence.", "exclusive licence"),
        (Kind, "exclusive", "This is not an exclusive licence.", "exclusive licence"),
        (Kind, "exclusive", "It ceases to be an exclusive licence.", "exclusive licence"),
    ],
)
def test_a_denial_counts_though_the_quote_leaves_it_out(
    annotation: Any, value: str, text: str, quote: str
) -> None:
    result = field(annotation, value, text, quote)
    assert result.status == "unverified"
    assert result.note is not None
    assert result.note.startswith("negation")


@pytest.mark.parametrize(
    ("value", "text", "quote"),
    [
        ("Ohio", "It is not a lease. The laws of Ohio apply.", "The laws of Ohio"),
        ("Ohio", "It is governed by the laws of Ohio, not by those of Utah.", "the laws of Ohio"),
        ("exclusive", "The exclusive licence is not for sale.", "exclusive licence"),
        ("Beta LLC", "Neither Acme Inc. nor Beta LLC shall sell it.", "Beta LLC"),
        ("Beta LLC", "It is not sold to anybody other than Beta LLC today.", "Beta LLC"),
    ],
)
def test_a_denial_of_something_else_in_the_sentence_does_not(
    value: str, text: str, quote: str
) -> None:
    assert field(str, value, text, quote).status == "found"


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("exclusive", "The licence is other than exclusive"),
        ("exclusive", "The licence is in no way exclusive"),
        ("refundable", "The fee isn't refundable"),
        ("exclusive", "The licence fails to be exclusive"),
        ("the Supplier shall pay", "It is not the case that the Supplier shall pay"),
    ],
)
def test_a_denial_has_many_words(value: str, quote: str) -> None:
    assert supports(value, quote).ok is False


def test_an_allowed_word_behind_the_not_of_another_word_is_left_open() -> None:
    allowed = ("automatically", "manually")
    verdict = supports("automatically", "It shall not renew automatically.", allowed)
    assert (verdict.status, verdict.ok) == ("found", None)
    assert supports("automatically", "It is not short, and renews automatically", allowed).ok

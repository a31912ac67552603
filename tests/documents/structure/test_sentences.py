"""The part of a sentence, and the whole, that a passage stands in."""

from __future__ import annotations

import pytest

from extractor.documents.structure.sentences import around, part_of_sentence, parts, whole_sentence
from extractor.types import Span

TEXT = (
    "Acme Inc. runs it for one year and shall end it then, or on notice. It is governed; by law."
    "\n\nHEADING\n\nThe rest follows"
)


def at(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


@pytest.mark.parametrize(
    ("words", "part", "whole"),
    [
        ("one year", "Acme Inc. runs it for one year", TEXT[: TEXT.index(". It")]),
        ("on notice", " on notice", TEXT[: TEXT.index(". It")]),
        ("by law", " by law", " It is governed; by law"),
        ("HEADING", "HEADING", "HEADING"),
        ("rest", "The rest follows", "The rest follows"),
    ],
)
def test_a_part_ends_where_the_sense_turns_and_a_sentence_at_its_stop(
    words: str, part: str, whole: str
) -> None:
    assert part_of_sentence(TEXT, at(words)) == part
    assert whole_sentence(TEXT, at(words)) == whole


def test_the_parts_of_a_range_are_all_of_it_but_for_what_parts_them() -> None:
    said = [TEXT[span.start : span.end] for span in parts(TEXT, Span(0, len(TEXT)))]
    assert [words.strip() for words in said if words.strip()] == [
        "Acme Inc. runs it for one year",
        "end it then",
        "on notice",
        "It is governed",
        "by law",
        "HEADING",
        "The rest follows",
    ]


def test_what_is_cut_by_the_reach_is_cut_between_words() -> None:
    text = "undertaking " * 100
    span = around(text, Span(600, 611))
    assert set(text[span.start : span.end].split()) == {"undertaking"}


@pytest.mark.parametrize("piece", [" ", ". ", ", a ", "and ", "\n", "\n \n"])
def test_a_text_of_nothing_else_takes_no_time(piece: str) -> None:
    text = piece * 50_000
    assert [*parts(text, Span(0, len(text)))][-1].end == len(text)

"""A text in labelled paragraphs, and the words that a label stands for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.grounding.paragraphs import Paragraphs
from extractor.wire.restored import Leaf, Restored

LEASE = """LEASE

This lease is made between Harbor Holdings LLC and Mill Tenants Inc. on the terms below.

1. Term
The term is two years and begins on March 1, 2024, unless the parties agree otherwise.
2. Law
2.1 This lease is governed by the laws of the State of Ohio, without regard to its conflicts.
(a) Each party submits to the courts of that state for every dispute under this lease."""


def test_paragraphs_end_at_empty_lines_and_before_numbered_clauses() -> None:
    firsts = [text.split(maxsplit=2)[:2] for text in Paragraphs.of(LEASE).texts]
    assert firsts == [["LEASE", "This"], ["1.", "Term"], ["2.", "Law"], ["(a)", "Each"]]


def test_paragraphs_are_the_same_whatever_the_lines_end_with() -> None:
    text = "\n\n".join(
        f"Paragraph {number} has words enough to stand by itself here, and to be one."
        for number in "abc"
    )
    there = [words.replace("\r", "") for words in Paragraphs.of(text.replace("\n", "\r\n")).texts]
    assert there == list(Paragraphs.of(text).texts)
    assert len(there) == 2


def test_a_label_stands_before_each_paragraph() -> None:
    shown = Paragraphs.of(LEASE).shown
    assert re.findall(r"\[P\d+\] \S+", shown) == [
        "[P1] LEASE",
        "[P2] 1.",
        "[P3] 2.",
        "[P4] (a)",
    ]


def test_a_long_piece_is_cut_between_sentences() -> None:
    sentence = "The tenant keeps the premises in good repair at its own cost and expense. "
    texts = Paragraphs.of(sentence * 20).texts
    assert len(texts) > 3
    assert all(len(text) <= 400 and text.endswith(".") for text in texts)


@given(st.text(alphabet="ab1.(); \n", max_size=2_000))
def test_the_labels_are_all_that_is_added(text: str) -> None:
    paragraphs = Paragraphs.of(text)
    assert re.sub(r"\[P\d+\] ", "", paragraphs.shown) == text
    assert all(words in text for words in paragraphs.texts)


@pytest.mark.parametrize("cited", ["P2", "[P2]", "[p2]", "2", " P2. ", "paragraph 2"])
def test_a_label_stands_for_its_paragraph(cited: str) -> None:
    paragraphs = Paragraphs.of(LEASE)
    assert paragraphs.words(cited) == (paragraphs.texts[1],)


@pytest.mark.parametrize("cited", ["P2, P3", "[P2] [P3]", "P2-P3", "2 and 3", "P2; P3; P2"])
def test_several_labels_stand_for_several_paragraphs(cited: str) -> None:
    paragraphs = Paragraphs.of(LEASE)
    assert paragraphs.words(cited) == paragraphs.texts[1:3]


def test_words_of_the_document_stay_what_they_are() -> None:
    paragraphs = Paragraphs.of(LEASE)
    assert paragraphs.words("The term is two years") == ("The term is two years",)
    assert paragraphs.words("[P2] The term is two years") == ("The term is two years",)


@pytest.mark.parametrize("cited", ["P0", "P5", "[P99]", "P2, P99", "999999"])
def test_a_label_that_does_not_exist_stands_for_nothing(cited: str) -> None:
    (words,) = Paragraphs.of(LEASE).words(cited)
    assert words not in LEASE


def test_an_answer_that_cites_is_read_as_one_that_quotes() -> None:
    paragraphs = Paragraphs.of(LEASE)
    cited = Restored(leaves={("law",): Leaf("Ohio", "Ohio", ("P3",))})
    quoted = paragraphs.quoted(cited)
    assert quoted.leaves[("law",)].quotes == (paragraphs.texts[2],)
    assert cited.leaves[("law",)].quotes == ("P3",)

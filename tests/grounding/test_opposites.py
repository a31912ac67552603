"""Words that turn a sentence round are no noise, however little they change its letters."""

from __future__ import annotations

from collections import Counter

import pytest

from extractor.grounding import Locator
from extractor.grounding.guards import difference
from extractor.types import EvidenceStatus

BEFORE = "The parties have agreed to all that follows in this document.\n"
AFTER = "\nThis document is governed by the laws of the State of New York."


def status(sentence: str, quote: str) -> EvidenceStatus:
    return Locator(BEFORE + sentence + AFTER).locate(quote).status


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("prior", "subsequent"), ("until", "from"), ("earlier", "later"), ("written", "oral"),
        ("advance", "arrears"), ("and", "or"), ("all", "any"), ("required", "permitted"),
        ("first", "last"), ("Either", "Neither"), ("Each", "Neither"), ("commence", "terminate"),
        ("express", "implied"), ("jointly", "severally"), ("buyer", "seller"),
        ("accepted", "rejected"), ("limited", "unlimited"), ("before", "after"),
        ("annual", "monthly"), ("to", "from"), ("written", "ora1"),
        ("employer", "employee"), ("licensors", "licensee"),
    ],
)  # fmt: skip
def test_a_quote_that_says_the_opposite_is_altered(old: str, new: str) -> None:
    sentence = f"The goods are {old} subject to the terms that the parties agreed upon in May."
    quote = sentence.replace(f" {old} ", f" {new} ")
    assert status(sentence, quote) == "altered"
    assert status(quote, sentence) == "altered"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("prior", "prlor"), ("subsequent", "subscquent"), ("written", "wrilten"),
        ("advance", "advancc"), ("required", "reguired"), ("and", "aud"), ("any", "anv"),
        ("either", "eithcr"), ("neither", "neithcr"), ("neither", "nelther"), ("later", "latcr"),
        ("10", "l0"), ("15", "1S"), ("2024", "2O24"), ("orderly", "ordcrly"), ("moral", "oral"),
    ],
)  # fmt: skip
def test_the_same_word_misread_is_noise(old: str, new: str) -> None:
    sentence = f"The goods are {old} subject to the terms that the parties agreed upon in May."
    quote = sentence.replace(f" {old} ", f" {new} ")
    assert status(sentence, quote) == "fuzzy"
    assert status(quote, sentence) == "fuzzy"


def test_neither_party_is_not_either_party() -> None:
    sentence = "Either party may terminate this Agreement for convenience upon due notice."
    found = Locator(BEFORE + sentence + AFTER).locate(sentence.replace("Either", "Neither"))
    assert found.status == "altered"
    assert found.note == "negation: the quote has 'neither' where the document has 'either'"


@pytest.mark.parametrize(
    ("old", "new"), [("10", "l1"), ("10", "16"), ("2024", "2O25"), ("5", "S8")]
)
def test_other_digits_are_no_noise(old: str, new: str) -> None:
    assert difference(f"within {old} days", f"within {new} days", Counter()) is not None


def test_words_that_one_side_lacks_are_no_opposites() -> None:
    sentence = "The buyer shall collect all the goods and pay the price upon written notice."
    assert status(sentence, sentence.replace(" written", "")) == "fuzzy"
    assert status(sentence, sentence.replace(" all", "")) == "fuzzy"

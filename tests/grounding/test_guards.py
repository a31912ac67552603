from collections import Counter

import pytest

from extractor.grounding.guards import critical_words, difference

PASSAGE = (
    "Unless the Supplier agrees otherwise, the Customer may not assign the Lease before March 14, "
    "2024, and shall pay at least one million dollars ($1,000,000) within thirty (30) days."
)
WORDS = Counter(PASSAGE.lower().split()) + Counter({"lessor": 3, "employer": 3, "employee": 3})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("30", "60"), ("30", "3"), ("30", "30.5"), ("thirty", "sixty"), ("one mill", "two mill"),
        ("$1,000,000", "$1,000,00"), ("$1", "\u20ac1"), ("2024", "2025"), ("March", "May"),
        ("14", "15"), ("Unless", "If"), (" not", ""), ("shall pay", "shall not pay"),
        ("may", "shall"), ("shall", "will"), ("Supplier", "Customer"), ("Lease", "Lessor"),
        ("Customer", "Borrower"), ("the Customer may", "may"), ("days", "months"),
        ("days", "business days"), ("at least", "at most"), ("before", "after"),
        ("agrees", "disagrees"), ("Lease", "Master Lease"),
    ],
)  # fmt: skip
def test_every_word_that_matters_is_guarded(old: str, new: str) -> None:
    quote = PASSAGE.replace(old, new, 1)
    assert quote != PASSAGE
    assert difference(quote, PASSAGE, WORDS) is not None
    assert difference(PASSAGE, quote, WORDS) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("otherwise", "otherwlse"),
        ("assign the", "assignthe"),
        ("agrees otherwise", "agrees"),
        ("Supplier", "Suppl1er"),
        ("Customer", "Custorner"),
        ("Supplier", "Suplier"),
        ("not", "n0t"),
        ("shall", "sha11"),
        ("the", "thc"),
        ("thirty", "thirly"),
        ("otherwise", "other-\nwise"),
        ("1,000,000", "1000000"),
    ],
)
def test_noise_is_let_through(old: str, new: str) -> None:
    passage = PASSAGE.replace(old, new, 1)
    assert passage != PASSAGE
    assert difference(PASSAGE, passage, WORDS) is None


def test_a_variant_that_the_document_uses_is_another_word() -> None:
    assert difference("the Manager signs", "the Managers signs", Counter()) is None
    used = Counter({"manager": 2, "managers": 2})
    assert difference("the Manager signs", "the Managers signs", used) is not None


@pytest.mark.parametrize(
    ("one", "other"), [("Employer", "Employee"), ("Licensor", "Licensee"), ("Lessor", "Lessee")]
)
def test_two_roles_of_one_kind_are_never_noise(one: str, other: str) -> None:
    note = difference(f"the {one} pays", f"the {other} pays", Counter())
    assert note == f"name: the quote has {one.lower()!r} where the document has {other.lower()!r}"


def test_another_spelling_of_a_role_is_noise() -> None:
    assert difference("the Adviser pays", "the Advisor pays", Counter()) is None


@pytest.mark.parametrize("word", ["solely ", "exclusively ", "up "])
def test_what_narrows_a_sentence_is_not_left_out(word: str) -> None:
    passage = f"the fee is paid {word}to the amount of the invoice"
    assert difference(passage.replace(word, ""), passage, Counter()) is not None


def test_swapped_parties_are_noticed_although_all_words_are_there() -> None:
    assert difference("Buyer pays Seller", "Seller pays Buyer", Counter()) is not None


def test_critical_words_can_be_asked_for_by_kind() -> None:
    assert critical_words("it shall not pay Acme 5") == ["shall", "not", "acme", "5"]
    assert critical_words("it shall not pay Acme 5", {"negation"}) == ["not"]

"""What an amendment deletes, what it changes, and what stays untouched by it."""

from __future__ import annotations

import pytest

from extractor.documents.read import read_document
from extractor.sets.changes import Change, changes, clause_spans
from extractor.sets.model import Stated
from extractor.sets.ordering import document_set
from tests.sets.documents import BASE, FIRST, OF_BASE, answer, named, run

ORIGINAL = (named(BASE, "base.txt"), OF_BASE)


def made(words: str) -> list[Change]:
    text = f"AMENDMENT NO. 1\n\nThis Amendment is made on 3 June 2021.\n\n{words}\n"
    found = document_set([(read_document(text), Stated(role="amendment"))])
    return list(changes(found.members[0]))


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("Section 7 of the Agreement is hereby deleted in its entirety.", ["7"]),
        ("Sections 7, 8.2 and 9(b) are hereby deleted.", ["7", "8.2", "9(b)"]),
        ("The parties hereby delete Section 7.", ["7"]),
    ],
)
def test_whole_clauses_are_deleted_by_number(words: str, numbers: list[str]) -> None:
    assert [(each.number, each.is_deletion) for each in made(words)] == [(n, True) for n in numbers]


@pytest.mark.parametrize(
    "words",
    [
        "Section 7 is deleted and replaced with the following: Nothing is due.",
        "Section 7 is hereby amended and restated in its entirety.",
        "The second sentence of Section 7 is deleted.",
        "In Section 7 the notice period is changed.",
    ],
)
def test_a_clause_that_is_changed_is_not_one_that_is_deleted(words: str) -> None:
    assert [(each.number, each.is_deletion) for each in made(words)] == [("7", False)]


@pytest.mark.parametrize(
    "words",
    [
        'In Section 7, "thirty (30) days" is replaced by "sixty (60) days".',
        'Section 7 is amended by deleting the words "thirty (30) days".',
    ],
)
def test_words_that_are_struck_out_are_told(words: str) -> None:
    assert [(each.is_deletion, each.struck) for each in made(words)] == [
        (False, ("thirty (30) days",))
    ]


def test_what_is_only_added_changes_nothing() -> None:
    assert made("Section 7 is amended by adding a new sentence at its end.") == []


def test_a_clause_is_found_inside_of_the_one_that_it_belongs_to() -> None:
    text = "AGREEMENT\n\n7. Term\n\n(a) It ends.\n\n8. Notice\n\n(a) It is written.\n"
    document = read_document(text)
    assert [text[s.start : s.end] for s in clause_spans(document, "8(a)")] == ["(a) It is written."]
    assert clause_spans(document, "9(a)") == []


def test_a_clause_that_is_replaced_without_a_new_value_is_ambiguous_and_the_words_are_cited() -> (
    None
):
    words = "Clause 3 is replaced in its entirety by the terms agreed in writing by the parties"
    result = run([ORIGINAL, (named(f"{FIRST}\n4. {words}.\n", "one.txt"), answer())])
    notice = result.fields["notice_days"]
    assert (result.value.notice_days, notice.status) == (30, "ambiguous")
    assert (notice.evidence[-1].document, words in notice.evidence[-1].quote) == ("one.txt", True)
    assert notice.note == "one.txt changes clause 3, which states it, and gives no other"


def test_a_value_whose_words_are_struck_out_without_a_new_one_is_ambiguous() -> None:
    result = run([ORIGINAL, (named(FIRST, "one.txt"), answer())])
    assert result.fields["notice_days"].status == "ambiguous"
    assert result.fields["law"].status == "ambiguous"


def test_a_value_in_another_part_of_the_clause_than_the_words_struck_out_stays_found() -> None:
    text = FIRST.replace('"thirty (30) days"', '"Either party"').replace("Clause 4", "Clause 2")
    result = run([ORIGINAL, (named(text, "one.txt"), answer())])
    assert result.fields["notice_days"].status == "found"
    assert result.fields["law"].status == "found"

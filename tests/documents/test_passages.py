"""The passages of a contract that likely answer some questions."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.composed_contracts import contract
from extractor.documents import Document, read_document
from extractor.documents.chunking import coverage_of
from extractor.documents.passages import Passages, passages

LAW = "This Agreement is governed by the laws of Ireland."
NOTICE = 'Either Party may end it by notice ("Notice") of sixty (60) days.'
MEANS = '"Working Day" means a day on which banks in Dublin are open.'
FILLER = "The Parties shall meet once a quarter and keep minutes of what they have said. " * 4
SIGNED = "IN WITNESS WHEREOF the Parties have signed.\n\nFor Quill Ltd: A. Quill"


def agreement(*clauses: str, before: int = 15) -> Document:
    texts = [*[FILLER] * before, *clauses, *[FILLER] * 15]
    numbered = [f"{number}. {text}" for number, text in enumerate(texts, 1)]
    head = "SERVICES AGREEMENT between Quill Ltd and Vane Ltd"
    return read_document("\n\n".join([head, *numbered, SIGNED]))


def words(text: str) -> int:
    return len(text.split())


def select(document: Document, *questions: str, budget: int = 400) -> Passages:
    found = passages(document, questions, budget=budget, count=words)
    assert found is not None
    return found


def shown(found: Passages, document: Document) -> str:
    return " ... ".join(document.text[span.start : span.end] for span in found.spans)


def test_the_passage_that_has_the_words_of_a_question_is_shown() -> None:
    document = agreement(LAW, FILLER, NOTICE)
    for question, sentence in (("governing law", LAW), ("notice period days", NOTICE)):
        assert sentence in shown(select(document, question, budget=300), document)


def test_the_beginning_and_the_signatures_are_always_shown() -> None:
    document = agreement(LAW)
    text = shown(select(document, "governing law"), document)
    assert text.startswith("SERVICES AGREEMENT between Quill Ltd and Vane Ltd")
    assert text.endswith(SIGNED)


def test_what_stands_around_an_answer_is_shown_with_it() -> None:
    beside = f"Save as said in the Schedule. {FILLER}"
    document = agreement(LAW, beside)
    assert "Save as said" in shown(select(document, "governing law"), document)


def test_a_term_that_a_passage_uses_is_shown_with_its_definition() -> None:
    used = "Notice is given on a Working Day and ends the Agreement after sixty days. " + FILLER
    document = agreement(MEANS + "\n\n" + FILLER, *[FILLER] * 5, used)
    assert MEANS in shown(select(document, "notice period"), document)
    other = agreement(MEANS + "\n\n" + FILLER, *[FILLER] * 5, NOTICE + FILLER)
    assert MEANS not in shown(select(other, "notice period"), other)


def test_each_question_has_its_best_passage_before_any_has_its_second() -> None:
    document = agreement(*[f"{LAW} {FILLER}"] * 12, NOTICE)
    assert NOTICE in shown(select(document, "governing law", "notice days"), document)


def test_a_document_within_the_budget_is_shown_as_a_whole() -> None:
    assert passages(read_document(LAW), ["law"], budget=100, count=words) is None


def test_a_question_that_shares_no_word_with_the_document_adds_nothing() -> None:
    document = agreement(LAW)
    assert select(document, "xylophone") == select(document)


def test_a_document_without_breaks_has_passages_too() -> None:
    document = read_document("word " * 3_000 + LAW + " word" * 3_000)
    assert LAW in shown(select(document, "governing law", budget=900), document)


def test_the_same_questions_select_the_same_passages() -> None:
    document = read_document(contract(3, sections=60))
    assert select(document, "liability cap") == select(document, "liability cap")


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 50),
    st.integers(200, 3_000),
    st.lists(st.sampled_from(["governing law", "fees", "term of the agreement", ""]), max_size=4),
)
def test_passages_stay_within_the_budget_and_are_parts_of_the_document_in_order(
    seed: int, budget: int, questions: list[str]
) -> None:
    document = read_document(contract(seed, sections=60))
    found = passages(document, questions, budget=budget, count=words)
    if found is None:
        assert words(document.text) <= budget
        return
    assert found.tokens <= budget
    ends = [offset for span in found.spans for offset in (span.start, span.end)]
    assert ends == sorted(set(ends))
    assert 0 < coverage_of(found.spans, document).share < 1

"""A quote from a sentence that speaks of something else than its field proves nothing."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from extractor import Extraction, ScriptedProvider, extract
from extractor.about import Wording
from extractor.documents.structure.sentences import part_of_sentence
from extractor.schemas.fields import GoverningLaw, Term
from extractor.types import Span


class Terms(BaseModel):
    term: Term = None
    governing_law: GoverningLaw = None


def extracted(text: str, **answers: tuple[str, str]) -> Extraction[Any]:
    reply = {name: {"value": value, "quote": quote} for name, (value, quote) in answers.items()}
    blank = dict.fromkeys(Terms.model_fields)
    return extract(text, Terms, provider=ScriptedProvider([json.dumps(blank | reply)]))


@pytest.mark.parametrize(
    "sentence",
    [
        "This Agreement shall terminate two (2) years from the date first written above.",
        "The provisions of this Agreement remain in full force for a period of two years.",
        "The term shall be two years, and secrets are kept for ten years after its termination.",
        "The Agreement begins on the Effective Date and ends two (2) years thereafter.",
        "Unless terminated on notice by either party, it runs for two years.",
        "The duties set out here survive the end of the talks and go on for two years from today.",
        "It is in force for two years after the Effective Date unless terminated earlier.",
        "Distributor is appointed within the Territory for a term of two years.",
        "Its term is two years and it shall not be renewed automatically.",
        "Services are performed in a competent manner for a term of two years.",
        "It runs for two years after its date, following which either party may terminate it.",
        "Acme employs Executive for two years and thereafter from year to year.",
        "This Non-Solicitation Agreement shall expire two years from its date.",
        "It ends two (2) years from today, or upon ten (10) days written notice by either party.",
        "The initial term is two years, with automatic renewal for successive one-year terms.",
    ],
)
def test_a_sentence_about_the_contract_s_own_time_proves_its_term(sentence: str) -> None:
    quote = re.search(r"two (?:\(2\) )?years", sentence)
    assert quote
    result = extracted(sentence, term=("P2Y", quote.group()))
    assert result.fields["term"].status == "found"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("He shall not compete for two years following the end of his employment.", "not compete"),
        ("During her employment and for two years thereafter she is bound.", "employment"),
        ("For two years after the termination of this Agreement duties go on.", "after the"),
        ("It is kept secret for two years from the date of its disclosure.", "from the date"),
        ("For two years from today neither party will hire the other's staff.", "neither"),
        ("For two years from the date hereof Recipient will not buy shares.", "not buy"),
        ("Within two years after a payment it is paid back.", "Within two"),
        ("Recipient agrees to a standstill of two years.", "standstill"),
        ("It renews for successive terms of two years.", "renews for successive"),
        ("It ends on two years' prior notice.", "years' prior notice"),
        ("The warranty period is two years.", "warranty"),
        ("Duties survive termination for two years.", "survive termination"),
        ("Supplier keeps its records for two years.", "records"),
    ],
)
def test_a_sentence_about_another_time_does_not(sentence: str, said: str) -> None:
    result = extracted(sentence, term=("P2Y", "two years"))
    field = result.fields["term"]
    assert (field.status, result.value.term) == ("unverified", None)
    assert field.note is not None
    assert field.note.startswith("its sentence speaks of something else: ")
    assert said in field.note


def test_a_law_is_proved_by_a_sentence_about_law_and_not_by_an_address() -> None:
    text = "Acme Inc. is at 5 Main Street, Denver, Colorado.\n\nColorado law governs this deed."
    address = extracted(text, governing_law=("Colorado", "5 Main Street, Denver, Colorado"))
    assert address.value.governing_law is None
    assert address.fields["governing_law"].note == (
        "its sentence does not speak of this field; left out of the value"
    )
    clause = extracted(text, governing_law=("Colorado", "Colorado law governs"))
    assert clause.fields["governing_law"].status == "found"


@pytest.mark.parametrize(
    "text",
    [
        "Governing Law: Delaware.",
        "9. Governing law. Delaware.",
        "Applicable Law\n\nDelaware",
        "14. GOVERNING LAW. This deed is subject to the statutes of the State of Delaware.",
    ],
)
def test_a_heading_says_that_a_law_is_meant(text: str) -> None:
    result = extracted(text, governing_law=("Delaware", "Delaware"))
    assert result.fields["governing_law"].status == "found"


@pytest.mark.parametrize(
    "text",
    [
        "Acme Construction Inc. is located in Denver, Delaware.",
        "Notices go to 5 Court Street, Dover, Delaware.",
        "Acme is a corporation organized under the laws of Delaware.",
        "Notices go to the Law Offices of Smith in Dover, Delaware.",
    ],
)
def test_words_that_only_look_like_law_do_not(text: str) -> None:
    result = extracted(text, governing_law=("Delaware", "Delaware"))
    assert result.fields["governing_law"].status == "unverified"


def test_of_a_quote_of_several_sentences_those_count_that_bear_the_value() -> None:
    text = (
        "This Agreement is in effect for two (2) years from the Effective Date. The duties of "
        "confidence survive termination for five years."
    )
    assert extracted(text, term=("P2Y", text)).fields["term"].status == "found"
    assert extracted(text, term=("P5Y", text)).fields["term"].status == "unverified"


def test_one_of_a_quote_s_places_is_enough() -> None:
    text = "Acme Inc. is at Denver, Colorado.\n\nGoverned by the law of Denver, Colorado."
    result = extracted(text, governing_law=("Colorado", "Denver, Colorado"))
    assert result.fields["governing_law"].status == "found"


def test_a_part_of_a_sentence_ends_at_its_stops_and_not_at_those_of_names() -> None:
    text = "First one. Acme Inc. pays X for a year; it ends. Another."
    span = Span(text.index("a year"), text.index("a year") + 6)
    assert part_of_sentence(text, span) == " Acme Inc. pays X for a year"


def test_a_wording_reaches_the_items_of_a_list_and_no_prompt() -> None:
    class Laws(BaseModel):
        laws: Annotated[list[str], Field(description="Laws."), Wording(says="law")]

    provider = ScriptedProvider(
        [json.dumps({"laws": [{"value": v, "quote": v} for v in ("Utah", "Ohio")]})]
    )
    result = extract("Acme of Utah.\n\nThe law of Ohio.", Laws, provider=provider)
    assert result.value.laws == ["Ohio"]
    assert "x-wording" not in str(provider.requests[0])


def test_a_wording_that_is_no_pattern_fails_where_it_is_written() -> None:
    with pytest.raises(re.error):
        Wording(never="(")


class Again(BaseModel):
    term: Term | None = None
    fees: list[Annotated[str, Wording(never="refund")]] | None = None


@pytest.mark.parametrize(
    ("event", "status"),
    [("the Effective Date", "derived"), ("the termination of this Agreement", "unverified")],
)
def test_a_term_is_not_proved_by_the_anniversary_of_its_end(event: str, status: str) -> None:
    quote = f"until the second anniversary of {event}"
    result = extracted(f"Secrets are kept {quote}.", term=("P2Y", quote))
    assert result.fields["term"].status == status


def test_a_wording_within_a_type_of_several_counts_too() -> None:
    text = "It renews for successive periods of one year each. A refund of $5 is due."
    reply = {
        "term": {"value": "P1Y", "quote": "successive periods of one year each"},
        "fees": [{"value": "$5", "quote": "refund of $5"}],
    }
    result = extract(text, Again, provider=ScriptedProvider([json.dumps(reply)] * 2))
    assert {name: field.status for name, field in result.fields.items()} == {
        "term": "unverified",
        "fees[0]": "unverified",
    }

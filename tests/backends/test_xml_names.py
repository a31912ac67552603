"""Tags that are not spelt as XML's names are, and tags that the schema does not know."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from extractor.backends.parse import Parsed, parse
from extractor.backends.techniques import XmlBackend
from extractor.types import T
from extractor.wire.compile import compile_schema


class LegalEntity(BaseModel):
    name: str


class Lease(BaseModel):
    governing_law: str | None = None
    q: str | None = None
    signed_by: list[LegalEntity] = []


def read(schema: type[T], reply: str, *, quotes: bool = False) -> Parsed[T]:
    return parse(XmlBackend(), schema, compile_schema(schema, quotes=quotes), reply)


def lease(content: str) -> Parsed[Lease]:
    return read(Lease, f"<Lease>{content}</Lease>")


def kinds_of(parsed: Parsed[T]) -> set[str]:
    return {repair.kind for repair in parsed.repairs}


def lossy(parsed: Parsed[T]) -> set[str]:
    return {repair.kind for repair in parsed.repairs if repair.lossy}


def lost_tags(parsed: Parsed[T]) -> list[str]:
    return [r.detail for r in parsed.repairs if r.kind == "unknown_tag" and r.lossy]


# --- blanks in tags ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "<Governing Law>DE</Governing Law>",
        "<governing  law >DE</ governing law>",
        "<Governing Law>DE</governing_law>",
        "< governing_law >DE</ governing_law >",
        "<governing_law>DE< / governing_law >",
        "<Governing Law value='DE'/>",
    ],
)
def test_a_tag_may_have_blanks_where_a_field_has_its_letters(content: str) -> None:
    parsed = lease(f"{content}<q>x</q>")
    assert parsed.value == Lease(governing_law="DE", q="x")
    assert kinds_of(parsed) <= {"tag_name", "attributes", "not_well_formed"}
    assert parsed.repairs
    assert not lossy(parsed)


def test_a_tag_with_blanks_may_be_the_first_of_a_reply_without_a_root() -> None:
    parsed = read(Lease, "<Governing Law>DE</Governing Law><q>x</q>")
    assert parsed.value == Lease(governing_law="DE", q="x")


def test_a_tag_with_blanks_may_have_an_attribute() -> None:
    parsed = lease("<Governing Law page=3>DE</Governing Law>")
    assert parsed.value == Lease(governing_law="DE")
    assert lossy(parsed) == {"attributes"}


def test_roots_and_items_may_have_blanks_in_their_names() -> None:
    reply = "< Lease ><Signed By><Legal Entity><name>A</name></Legal Entity></Signed By></ Lease >"
    assert read(Lease, reply).value == Lease(signed_by=[LegalEntity(name="A")])


@pytest.mark.parametrize(
    "text",
    [
        "if a < q > b then",
        "if a < b and c > d then",
        "a <governing body> of",
        "see <q of the lease>",
        "<note: q> below",
    ],
)
def test_an_inequality_in_a_text_is_words(text: str) -> None:
    parsed = lease(f"<governing_law>{text}</governing_law>")
    assert parsed.value == Lease(governing_law=text)
    assert kinds_of(parsed) == {"raw_markup"}


def test_a_text_that_is_cut_off_in_a_closing_tag_with_blanks_has_none_of_it() -> None:
    parsed = read(Lease, "<Lease><Governing Law>DE</Governing La")
    assert parsed.restored.data == {"governing_law": "DE"}


def test_a_misspelt_closing_tag_with_blanks_is_no_text() -> None:
    parsed = lease("<Governing Law>DE</Governing Lw><q>x</q>")
    assert parsed.value == Lease(governing_law="DE", q="x")
    assert lossy(parsed) == {"mismatched_close"}


# --- tags that the schema does not know ----------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "lost"),
    [
        ("<term>2 years</term>", "term"),
        ("<Late Fee>5</Late Fee>", "Late Fee"),
        ("< term >2 years</ term >", "term"),
        ("<term><years>2</years></term>", "years"),
        ("<term>about <years>2</years></term><fee>5</fee>", "years, term, fee"),
        ("<term>2<term>", ""),
        ("<term years='2'/>", "term"),
        ("<term/><fee></fee>", ""),
        ("<b>Note</b>", ""),
    ],
)
def test_an_unknown_tag_with_something_in_it_is_told_as_lost(content: str, lost: str) -> None:
    parsed = lease(f"<q>x</q>{content}")
    assert parsed.value == Lease(q="x")
    assert lost_tags(parsed) == ([lost] if lost else [])


def test_an_unknown_tag_around_known_ones_is_no_loss() -> None:
    parsed = lease("<terms>\n<part><q>x</q></part>\n<governing_law>DE</governing_law></terms>")
    assert parsed.value == Lease(governing_law="DE", q="x")
    assert "unknown_tag" in kinds_of(parsed)
    assert not lossy(parsed)


def test_words_beside_known_tags_in_an_unknown_one_are_lost_with_it() -> None:
    assert lost_tags(lease("<terms>all of <q>x</q></terms>")) == ["terms"]


def test_an_unknown_tag_behind_elements_without_a_root_is_told_as_lost() -> None:
    parsed = read(Lease, "<q>x</q>\n<term>2 years</term>\nI hope that <i>this</i> helps.")
    assert parsed.value == Lease(q="x")
    assert lost_tags(parsed) == ["term"]


def test_a_thought_behind_elements_without_a_root_is_no_loss() -> None:
    assert not lossy(read(Lease, "<q>x</q>\n<thinking>done</thinking>"))

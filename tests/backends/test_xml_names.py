"""Tags that are not spelt as XML's names are, or that the schema does not know."""

from __future__ import annotations

from decimal import Decimal

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


# --- elements that are named after the keys of a dict --------------------------------------------


class Fees(BaseModel):
    fees: dict[str, str]
    rates: dict[str, Decimal | None] | None = None
    note: str | None = None


def fees(content: str, *, quotes: bool = False) -> Parsed[Fees]:
    return read(Fees, f"<Fees><fees>{content}</fees><note>n</note></Fees>", quotes=quotes)


@pytest.mark.parametrize("quotes", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        "<late_fee>5</late_fee><Rent>6 &amp; more</Rent>",
        "\n<late_fee>5</late_fee>\n<!-- clause 3 -->\n<Rent>6 <![CDATA[&]]> more</Rent>\n",
    ],
)
def test_elements_in_a_dict_may_be_named_after_its_keys(content: str, *, quotes: bool) -> None:
    parsed = fees(content, quotes=quotes)
    assert parsed.value == Fees(fees={"late_fee": "5", "Rent": "6 & more"}, note="n")
    assert kinds_of(parsed) - {"comment"} == {"key_tags"}
    assert not lossy(parsed)


def test_such_an_element_may_hold_a_quote_and_a_value() -> None:
    parsed = fees("<late><quote>a fee of 5</quote><value>5</value></late><x>6</x>", quotes=True)
    assert parsed.value == Fees(fees={"late": "5", "x": "6"}, note="n")
    assert parsed.restored.leaves["fees", "late"].quotes == ("a fee of 5",)
    assert not lossy(parsed)


def test_such_an_element_may_be_empty() -> None:
    reply = "<Fees><fees><x>1</x></fees><rates><late/><x>5</x></rates></Fees>"
    assert read(Fees, reply).value == Fees(fees={"x": "1"}, rates={"late": None, "x": Decimal(5)})


def test_a_key_with_two_values_is_a_conflict() -> None:
    assert [problem.path for problem in fees("<x>5</x><x>6</x>").problems] == [("fees", "x")]


@pytest.mark.parametrize(
    "content",
    [
        "see <late>5</late>",
        "<late>5</late> per month",
        "<late>5 <i>per</i> month</late>",
        "<b>late</b>",
        "<p>late: 5</p><p>rent: 6</p>",
        "<entry>late: 5</entry>",
        "<late per='month'>5</late>",
        "<late><amount>5</amount></late>",
        "<late>5<rent>6</rent>",
        "<late><quote>a fee of 5</quote><value>5</value></late>",
    ],
)
def test_tags_in_the_text_of_a_dict_are_no_keys(content: str) -> None:
    parsed = fees(content)
    assert [(problem.kind, problem.path) for problem in parsed.problems][:1] == [
        ("wrong_type", ("fees",))
    ]


@pytest.mark.parametrize("quotes", [False, True])
def test_items_of_a_dict_stay_its_keys_and_values(*, quotes: bool) -> None:
    content = "<item><key>late</key><value>5</value></item>"
    parsed = fees(content, quotes=quotes)
    assert parsed.value == Fees(fees={"late": "5"}, note="n")
    assert not parsed.repairs


def test_an_element_beside_the_items_of_a_dict_is_told_as_lost() -> None:
    parsed = fees("<item><key>late</key><value>5</value></item><rent>6</rent>")
    assert parsed.value == Fees(fees={"late": "5"}, note="n")
    assert lost_tags(parsed) == ["rent"]


def test_a_dict_that_breaks_off_says_in_which_key() -> None:
    parsed = read(Fees, "<Fees><fees><late>5</late><rent>6")
    assert parsed.restored.data == {"fees": {"late": "5", "rent": "6"}}
    assert parsed.problems[0].path == ("fees", "rent")


def test_dicts_in_a_list_may_have_elements_for_their_keys() -> None:
    class Schedules(BaseModel):
        schedules: list[dict[str, str]]

    item = "<item><late>{}</late><x>1</x></item>".format
    reply = f"<Schedules><schedules>{item(5)}{item(6)}</schedules></Schedules>"
    values = [{"late": "5", "x": "1"}, {"late": "6", "x": "1"}]
    assert read(Schedules, reply).value == Schedules(schedules=values)

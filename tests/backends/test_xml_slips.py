"""What models write into XML that no schema asks for, and what it must come to all the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import BaseModel

from extractor.backends.parse import Parsed, parse
from extractor.backends.techniques import XmlBackend
from extractor.types import T
from extractor.wire.compile import compile_schema


class Terms(BaseModel):
    law: str | None = None
    cap: Decimal | None = None


def read(schema: type[T], reply: str, *, quotes: bool = False) -> Parsed[T]:
    return parse(XmlBackend(), schema, compile_schema(schema, quotes=quotes), reply)


def terms(content: str) -> Parsed[Terms]:
    return read(Terms, f"<Terms>{content}</Terms>")


def kinds_of(parsed: Parsed[T]) -> set[str]:
    return {repair.kind for repair in parsed.repairs}


def lossy(parsed: Parsed[T]) -> set[str]:
    return {repair.kind for repair in parsed.repairs if repair.lossy}


# --- comments and processing instructions --------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "law"),
    [
        ("<law><!-- not specified --></law>", None),
        ("<law> <!-- not --> <!-- specified --> </law>", None),
        ("<law>New York <!-- section 12 --></law>", "New York"),
        ("<law><!-- section 12 -->New York</law>", "New York"),
        ("<law>New <!-- section 12 --> York</law>", "New York"),
        ("<law>New<!-- section 12 --> York</law>", "New York"),
        ("<law>New<!-- section 12 -->ark</law>", "Newark"),
        ("<law>New <!-- a --> <!-- b -->York</law>", "New York"),
    ],
)
def test_a_comment_is_no_part_of_a_text(content: str, law: str | None) -> None:
    parsed = terms(content)
    assert parsed.value == Terms(law=law)
    assert kinds_of(parsed) == {"comment"}
    assert not lossy(parsed)


def test_a_comment_tells_its_place() -> None:
    assert [r.path for r in terms("<law>NY <!-- x --></law>").repairs] == [("law",)]


def test_a_comment_in_place_of_a_number_is_none() -> None:
    assert terms("<cap><!-- none --></cap>").value == Terms()


def test_a_comment_in_place_of_a_quoted_value_is_none() -> None:
    content = "<law><quote>q</quote><value><!-- x --></value></law>"
    assert read(Terms, f"<Terms>{content}</Terms>", quotes=True).value == Terms()


def test_a_comment_does_not_part_a_value_from_the_quote_beside_it() -> None:
    content = "<law><quote>q</quote>New <!-- section 12 --> York</law>"
    parsed = read(Terms, f"<Terms>{content}</Terms>", quotes=True)
    assert parsed.value == Terms(law="New York")
    assert kinds_of(parsed) == {"comment", "untagged_value"}


def test_a_processing_instruction_is_no_part_of_a_text() -> None:
    parsed = terms("<law>New <?page 12?> York</law>")
    assert parsed.value == Terms(law="New York")
    assert kinds_of(parsed) == {"instruction"}


def test_a_comment_that_never_ends_takes_no_element_along() -> None:
    parsed = terms("<law>NY <!-- section 12</law><cap>5</cap><!-- done -->")
    assert parsed.value == Terms(law="NY <!-- section 12", cap=Decimal(5))
    assert kinds_of(parsed) == {"raw_markup", "comment"}


def test_an_element_in_a_comment_is_told_to_be_lost() -> None:
    parsed = terms("<law>NY</law><!-- <cap>5</cap> -->")
    assert parsed.value == Terms(law="NY")
    assert lossy(parsed) == {"comment"}


def test_a_comment_in_a_cdata_section_is_words() -> None:
    assert terms("<law><![CDATA[<!-- x -->]]></law>").restored.data == {"law": "<!-- x -->"}


# --- opening tags where closing ones were meant --------------------------------------------------


class Party(BaseModel):
    name: str
    role: str | None = None


class Deal(BaseModel):
    parties: list[Party] = []
    tags: list[str] = []
    rates: list[Decimal | None] = []


def deal(content: str, *, quotes: bool = False) -> Parsed[Deal]:
    return read(Deal, f"<Deal>{content}</Deal>", quotes=quotes)


@pytest.mark.parametrize(
    "content",
    [
        "<law>NY<law><cap>5<cap>",
        "<law>NY<law>\n<cap>5</cap>\n",
        "<law>NY</law><cap>5<cap>\n",
        "<law>NY<law/><cap>5<cap/>",
        "<law>NY<law> <!-- clause 2 --> <cap>5<CAP>",
    ],
)
def test_an_empty_element_of_its_own_name_closes_a_text(content: str) -> None:
    parsed = terms(content)
    assert parsed.value == Terms(law="NY", cap=Decimal(5))
    assert kinds_of(parsed) - {"comment"} == {"open_for_close"}
    assert not lossy(parsed)


def test_so_it_closes_a_quote_and_the_value_beside_it() -> None:
    content = "<law><quote>laws of NY<quote><value>NY<value><law><cap/>"
    parsed = read(Terms, f"<Terms>{content}</Terms>", quotes=True)
    assert parsed.value == Terms(law="NY")
    assert parsed.restored.leaves["law",].quotes == ("laws of NY",)


def test_so_it_closes_items_of_lists() -> None:
    party = "<item><name>{}<name><role>buyer<role><item>".format
    parsed = deal(f"<parties>{party('A')}{party('B')}</parties><tags><item>x<item></tags>")
    parties = [Party(name="A", role="buyer"), Party(name="B", role="buyer")]
    assert parsed.value == Deal(parties=parties, tags=["x"])
    assert kinds_of(parsed) == {"open_for_close"}


@pytest.mark.parametrize(
    "content",
    [
        "<law>NY<law>DE<cap>5</cap>",
        "<law>NY<law><law>DE</law>",
        "<law>NY</law><law/><cap>5</cap>",
    ],
)
def test_what_may_be_a_second_value_closes_nothing(content: str) -> None:
    assert [problem.kind for problem in terms(content).problems] == ["conflict"]


def test_an_empty_item_is_a_second_value_where_items_may_be_null() -> None:
    assert deal("<rates><item>5<item></rates>").value == Deal(rates=[Decimal(5), None])


def test_an_open_element_at_the_end_of_a_reply_is_cut_off() -> None:
    parsed = read(Terms, "<Terms><law>NY<law>")
    assert {problem.kind for problem in parsed.problems} == {"truncated"}


def test_a_mention_of_its_own_tag_is_words_where_the_closing_tag_follows() -> None:
    assert terms("<law>the tag <law></law>").restored.data == {"law": "the tag <law>"}


# --- crossed tags ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "<law>NY<cap>5</law></cap>",
        "<law>NY <cap>\n5</law>\n</cap>",
        "<law>NY<cap>5</law><!-- clause 2 --></cap>",
    ],
)
def test_two_elements_that_cross_are_read_as_two(content: str) -> None:
    parsed = terms(content)
    assert parsed.value == Terms(law="NY", cap=Decimal(5))
    assert kinds_of(parsed) - {"comment"} == {"missing_close", "stray_close"}
    assert not lossy(parsed)


@pytest.mark.parametrize(
    "content",
    [
        "<law><quote>laws of NY<value>NY</quote></value></law>",
        "<law><value>NY<quote>laws of NY</value></quote></law>",
    ],
)
def test_a_quote_and_a_value_that_cross_are_read_as_two(content: str) -> None:
    parsed = read(Terms, f"<Terms>{content}</Terms>", quotes=True)
    assert parsed.value == Terms(law="NY")
    assert parsed.restored.leaves["law",].quotes == ("laws of NY",)


def test_fields_of_items_may_cross() -> None:
    parsed = deal("<parties><item><name>A<role>buyer</name></role></item></parties>")
    assert parsed.value == Deal(parties=[Party(name="A", role="buyer")])


def test_crossed_elements_of_which_one_is_given_again_are_a_conflict() -> None:
    parsed = terms("<cap>6</cap><law>the <cap> tag</law></cap>")
    assert [problem.kind for problem in parsed.problems] == ["conflict"]


@pytest.mark.parametrize(
    "content", ["<law>the <cap> tag</law>", "<law>the <cap> tag</law> (see </cap>)"]
)
def test_a_tag_whose_end_does_not_follow_the_texts_own_crosses_nothing(content: str) -> None:
    assert terms(content).value == Terms(law="the <cap> tag")


def test_the_end_of_an_element_around_crosses_nothing() -> None:
    class Inner(BaseModel):
        law: str

    class Outer(BaseModel):
        cap: Inner

    parsed = read(Outer, "<Outer><cap><law>the <cap> tag</law></cap></Outer>")
    assert parsed.value == Outer(cap=Inner(law="the <cap> tag"))


# --- attributes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attributes",
    [
        'xmlns="urn:x"',
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"',
        'xmlns:law="urn:law"',
        'xml:lang="en" xml:space="preserve"',
        'xsi:type="Terms"',
        'xsi:nil="false"',
    ],
)
def test_an_attribute_about_the_notation_is_no_loss(attributes: str) -> None:
    parsed = read(Terms, f"<Terms {attributes}><cap {attributes}>5</cap></Terms>")
    assert parsed.value == Terms(cap=Decimal(5))
    assert kinds_of(parsed) == {"attributes"}
    assert not lossy(parsed)


@pytest.mark.parametrize("nil", ['xsi:nil="true"', "xsi:nil='1'", 'nil="True"', 'null="true"'])
@pytest.mark.parametrize("element", ["<law {}/>", "<law {}></law>", "<law {}><!-- x --></law>"])
def test_an_empty_element_may_say_that_it_is_null(nil: str, element: str) -> None:
    parsed = terms(element.format(nil))
    assert parsed.value == Terms()
    assert parsed.restored.leaves["law",].given
    assert not lossy(parsed)


def test_a_list_that_says_that_it_is_null_is_no_empty_one() -> None:
    class Tagged(BaseModel):
        tags: list[str] = ["none"]

    assert read(Tagged, '<Tagged><tags xsi:nil="true"/></Tagged>').value == Tagged()
    assert read(Tagged, "<Tagged><tags/></Tagged>").value == Tagged(tags=[])


def test_a_value_contradicts_that_it_is_null() -> None:
    parsed = terms('<law xsi:nil="true">NY</law>')
    assert parsed.value == Terms(law="NY")
    assert lossy(parsed) == {"attributes"}


def test_a_type_may_be_a_fields() -> None:
    class Kind(BaseModel):
        type: str

    assert read(Kind, '<Kind xsi:type="lease"><x/></Kind>').value == Kind(type="lease")


@pytest.mark.parametrize("value", ["3", "3,4", "s.3(a)", "a/b", "https://x.org/a"])
def test_an_attribute_may_lack_its_quotation_marks(value: str) -> None:
    parsed = terms(f"<cap>5</cap><law page={value}>NY</law>")
    assert parsed.value == Terms(law="NY", cap=Decimal(5))
    assert [(r.kind, r.path, r.detail) for r in parsed.repairs if r.lossy] == [
        ("attributes", ("law",), "page")
    ]


def test_an_item_may_have_a_number_without_quotation_marks() -> None:
    parsed = deal(
        "<parties><party id=1><name>A</name></party><party id=2><name>B</party></parties>"
    )
    assert parsed.value == Deal(parties=[Party(name="A"), Party(name="B")])
    assert "attributes" in lossy(parsed)


def test_the_only_element_of_a_reply_may_have_a_bare_attribute() -> None:
    assert read(Terms, "<law page=3>NY</law>").value == Terms(law="NY")


@pytest.mark.parametrize("element", ["<law value=NY/>", "<law value=NY />", "<law value=NY></law>"])
def test_a_value_may_be_a_bare_attribute(element: str) -> None:
    parsed = terms(element)
    assert parsed.value == Terms(law="NY")
    assert not lossy(parsed)


@pytest.mark.parametrize("text", ["if <cap = 5> then", "the <cap of=a b> tag", "a <cap a==b> c"])
def test_an_inequality_in_a_text_is_no_attribute(text: str) -> None:
    assert terms(f"<law>{text}</law>").restored.data == {"law": text}

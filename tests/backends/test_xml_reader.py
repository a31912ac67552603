"""What a model may write for XML, and what must be read from it by the schema."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.backends.xml_reader import read_xml
from extractor.types import Repair
from extractor.wire.reading import Reading, Repeated
from extractor.wire.shape import (
    Array,
    Cited,
    Field,
    Map,
    Node,
    Null,
    Nullable,
    Object,
    Reference,
    Scalar,
    Shape,
    Union,
)

TEXT = Scalar("string")


def fields(**nodes: Node) -> tuple[Field, ...]:
    return tuple(Field(name, name, node) for name, node in nodes.items())


def shape(**nodes: Node) -> Shape:
    return Shape("contract", Object("contract", fields(**nodes)), {})


PAIR = shape(a=TEXT, b=TEXT)
QUOTED = shape(quote=TEXT, p=Scalar("integer"))
PARTIES = Shape(
    "contract",
    Object("contract", fields(parties=Array(Reference("Party")), law=TEXT)),
    {"Party": Object("Party", fields(name=TEXT, role=TEXT))},
)
CITED = shape(law=Cited(TEXT), cap=Nullable(Cited(Scalar("number"))))
TREE = Shape(
    "tree",
    Reference("Node"),
    {"Node": Object("Node", fields(name=TEXT, children=Array(Reference("Node"))))},
)


def only(text: str, by: Shape) -> Reading:
    readings = read_xml(text, by)
    assert len(readings) == 1, readings
    return readings[0]


def value_of(text: str, by: Shape) -> Any:
    return only(text, by).value


def kinds_of(reading: Reading) -> set[str]:
    return {repair.kind for repair in reading.repairs}


def lossy(reading: Reading) -> set[str]:
    return {repair.kind for repair in reading.repairs if repair.lossy}


# --- clean XML -----------------------------------------------------------------------------------


def test_a_clean_document_is_one_reading_without_repairs() -> None:
    text = """<?xml version="1.0"?>
<contract>
  <parties>
    <item><name>Smith &amp; Co</name><role>Buyer</role></item>
    <item><name>B</name><role/></item>
  </parties>
  <law> New&#32;York </law>
</contract>
"""
    value = {
        "parties": [{"name": "Smith & Co", "role": "Buyer"}, {"name": "B", "role": None}],
        "law": "New York",
    }
    assert read_xml(text, PARTIES) == [Reading(value)]


def test_a_cited_leaf_is_its_quote_and_its_value() -> None:
    text = "<contract><law><quote>laws of NY</quote><value>NY</value></law><cap/></contract>"
    assert read_xml(text, CITED) == [
        Reading({"law": {"quote": "laws of NY", "value": "NY"}, "cap": None})
    ]


def test_an_object_may_carry_its_quote() -> None:
    party = Object("Party", fields(name=TEXT), quote_tag="quote")
    text = "<contract><parties><item><quote>q</quote><name>A</name></item></parties></contract>"
    assert value_of(text, shape(parties=Array(party))) == {"parties": [{"quote": "q", "name": "A"}]}


def test_a_map_is_its_pairs() -> None:
    by = shape(fees=Map(TEXT, Scalar("number")), cited=Map(TEXT, Cited(TEXT)))
    text = (
        "<contract><fees><item><key>late</key><value>5</value></item></fees>"
        "<cited><item><key>k</key><quote>q</quote><value>v</value></item></cited></contract>"
    )
    assert value_of(text, by) == {
        "fees": [{"key": "late", "value": "5"}],
        "cited": [{"key": "k", "quote": "q", "value": "v"}],
    }


def test_a_tuple_is_its_slots() -> None:
    by = shape(span=Array(None, (TEXT, Scalar("integer"))))
    text = "<contract><span><item_1>a</item_1><item_2>2</item_2></span></contract>"
    assert value_of(text, by) == {"span": {"item_1": "a", "item_2": "2"}}
    text = "<contract><span><item>a</item><item>2</item></span></contract>"
    assert value_of(text, by) == {"span": {"items": ["a", "2"]}}


def test_a_union_knows_the_tags_of_all_its_options() -> None:
    fixed = Object("Fixed", fields(kind=Scalar("string", values=("fixed",)), length=TEXT))
    until = Object("Until", fields(kind=Scalar("string", values=("until",)), length=PARTIES.root))
    by = Shape(
        "contract", Object("c", fields(term=Union((fixed, until, TEXT)))), PARTIES.definitions
    )
    wrap = "<contract><term>{}</term></contract>".format
    assert value_of(wrap("<kind>fixed</kind><length>3</length>"), by) == {
        "term": {"kind": "fixed", "length": "3"}
    }
    assert value_of(wrap("<length><law>NY</law></length>"), by) == {
        "term": {"length": {"law": "NY"}}
    }
    assert value_of(wrap("three years"), by) == {"term": "three years"}


def test_a_recursive_schema_is_followed_as_deep_as_the_reply_goes() -> None:
    text = (
        "<tree><name>a</name><children><item><name>b</name><children>"
        "<item><name>c</name><children/></item></children></item></children></tree>"
    )
    assert value_of(text, TREE) == {
        "name": "a",
        "children": [{"name": "b", "children": [{"name": "c", "children": []}]}],
    }


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (TEXT, None),
        (Array(TEXT), []),
        (Nullable(Array(TEXT)), None),
        (Map(TEXT, TEXT), []),
        (Object("o", fields(x=TEXT)), None),
        (Cited(TEXT), None),
        (Null(), None),
    ],
)
@pytest.mark.parametrize("element", ["<a/>", "<a></a>", "<a>\n</a>"])
def test_an_empty_element_is_nothing_or_an_empty_list(node: Node, value: Any, element: str) -> None:
    assert read_xml(f"<contract>{element}</contract>", shape(a=node)) == [Reading({"a": value})]


def test_null_in_words_stays_words() -> None:
    text = "<contract><parties>null</parties><law>null</law></contract>"
    assert value_of(text, PARTIES) == {"parties": "null", "law": "null"}


# --- text that looks like markup -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "text", "kinds"),
    [
        ("Smith & Co, R&D, AT&T; terms", "Smith & Co, R&D, AT&T; terms", {"raw_markup"}),
        ("if x < 5 and y > 3 then pay", "if x < 5 and y > 3 then pay", {"raw_markup"}),
        ("A&nbsp;B &sect; 5 &mdash; x", "A\u00a0B \u00a7 5 \u2014 x", {"html_entity"}),
        ("&lt;b&gt; &quot;x&quot; &apos;&amp;amp;", '<b> "x" \'&amp;', set[str]()),
        ("&#167; &#xA7;", "\u00a7 \u00a7", set[str]()),
        ("a &#150; b", "a \u2013 b", {"html_entity"}),
        ("a <b>bold</b> word", "a <b>bold</b> word", {"raw_markup"}),
        ("array ]]> trap", "array ]]> trap", {"not_well_formed"}),
        ("<![CDATA[R&D <x> &amp; terms]]>", "R&D <x> &amp; terms", set[str]()),
        ("a <![CDATA[</quote>]]> b", "a </quote> b", set[str]()),
        ("<![CDATA[R&D", "R&D", {"raw_markup", "unclosed_cdata"}),
        ("a <!-- note b", "a <!-- note b", {"raw_markup"}),
        ("a <!DOCTYPE x> b", "a <!DOCTYPE x> b", {"raw_markup"}),
        ("a <?php x? b", "a <?php x? b", {"raw_markup"}),
        ("The tag </quote> is literal", "The tag </quote> is literal", {"raw_markup"}),
        ("the <quote> tag", "the <quote> tag", {"raw_markup"}),
        ("see <p> below", "see <p> below", {"raw_markup"}),
        ("the </contract> tag", "the </contract> tag", {"raw_markup"}),
        ("the </p> tag", "the </p> tag", {"raw_markup"}),
        ("<p of the agreement>", "<p of the agreement>", {"raw_markup"}),
    ],
)
def test_what_is_no_known_tag_at_its_place_is_text(
    written: str, text: str, kinds: set[str]
) -> None:
    reading = only(f"<contract><quote>{written}</quote><p>2</p></contract>", QUOTED)
    assert reading.value == {"quote": text, "p": "2"}
    assert kinds_of(reading) == kinds
    assert not lossy(reading)


def test_an_entity_for_no_character_is_a_loss() -> None:
    reading = only("<contract><a>x&#0;y&#xD800;z</a></contract>", PAIR)
    assert reading.value == {"a": "x\ufffdy\ufffdz"}
    assert lossy(reading) == {"invalid_entity"}


def test_characters_that_can_not_be_stored_are_replaced() -> None:
    reading = only("\ufeff<contract><a>x\x00y\ud83dz</a></contract>", PAIR)
    assert reading.value == {"a": "xy\ufffdz"}
    assert lossy(reading) == {"nul_character", "lone_surrogate"}


def test_nested_elements_may_share_a_name() -> None:
    inner = Object("Term", fields(term=TEXT))
    assert value_of("<term><term>Initial</term></term>", shape(term=inner)) == {
        "term": {"term": "Initial"}
    }
    assert value_of("<r><term><term>Initial</term></term></r>", shape(term=inner)) == {
        "term": {"term": "Initial"}
    }


# --- tags as models write them -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "kinds"),
    [
        ("<a>one<b>two</b>", {"a": "one", "b": "two"}, {"missing_close"}),
        ("<a>one</b><b>two</b>", {"a": "one", "b": "two"}, {"mismatched_close"}),
        ("<a>one<b>two", {"a": "one", "b": "two"}, {"missing_close"}),
        ("</b><a>one</a>", {"a": "one"}, {"stray_close"}),
        ("<a>one</a><!-- b is missing -->", {"a": "one"}, {"comment"}),
        ("<a>one</a><?x?>", {"a": "one"}, {"instruction"}),
        ("<A>one</A><B>two</b>", {"a": "one", "b": "two"}, {"tag_name"}),
        ("<x><a>one</a></x>", {"a": "one"}, {"raw_markup", "unknown_tag"}),
    ],
)
def test_broken_tags_lose_nothing(text: str, value: Any, kinds: set[str]) -> None:
    reading = only(f"<contract>{text}</contract>", PAIR)
    assert reading.value == value
    assert kinds_of(reading) == kinds
    assert not lossy(reading)
    assert not reading.cut


def test_missing_close_tags_lose_nothing_in_lists() -> None:
    text = "<contract><parties><item><name>A</item><item><name>B</name></parties><law>NY</contract>"
    reading = only(text, PARTIES)
    assert reading.value == {"parties": [{"name": "A"}, {"name": "B"}], "law": "NY"}
    assert {repair.path for repair in reading.repairs} == {
        ("parties", 0, "name"),
        ("parties", 1),
        ("law",),
    }
    text = "<contract><items><item>a<item>b</item></items></contract>"
    assert value_of(text, shape(items=Array(TEXT))) == {"items": ["a", "b"]}


def test_a_misspelt_close_tag_is_no_text() -> None:
    reading = only("<contract><a>one</aa><b>two</b></contract>", PAIR)
    assert reading.value == {"a": "one", "b": "two"}
    assert lossy(reading) == {"mismatched_close"}


@pytest.mark.parametrize("tag", ["Governing_Law", "governing-law", "GOVERNING_LAW", "governingLaw"])
def test_tags_may_drift_in_case_and_hyphens(tag: str) -> None:
    reading = only(f"<contract><{tag}>DE</{tag}></contract>", shape(governing_law=TEXT))
    assert reading == Reading(
        {"governing_law": "DE"},
        (Repair("tag_name", ("governing_law",), detail="for governing_law"),),
    )


def test_an_exact_tag_comes_before_one_that_is_only_alike() -> None:
    by = shape(ab=TEXT, a_b=TEXT)
    assert value_of("<contract><a_b>1</a_b><ab>2</ab></contract>", by) == {"a_b": "1", "ab": "2"}


@pytest.mark.parametrize(
    "items",
    [
        "<parties><item><name>A</name></item><item><name>B</name></item></parties>",
        "<parties><party><name>A</name></party><party><name>B</name></party></parties>",
        "<parties><Party><name>A</name></Party><item><name>B</name></item></parties>",
        "<parties><name>A</name></parties><parties><name>B</name></parties>",
        "<party><name>A</name></party><party><name>B</name></party>",
        "<parties><item><name>A</name></item></parties><party><name>B</name></party>",
    ],
)
def test_items_may_be_wrapped_in_many_ways(items: str) -> None:
    value = value_of(f"<contract>{items}<law>NY</law></contract>", PARTIES)
    assert value == {"parties": [{"name": "A"}, {"name": "B"}], "law": "NY"}


def test_items_may_be_named_after_their_definition() -> None:
    by = Shape(
        "c",
        Object("c", fields(signed_by=Array(Reference("LegalEntity")))),
        {"LegalEntity": Object("LegalEntity", fields(name=TEXT))},
    )
    text = "<c><signed_by><legal_entity><name>A</name></legal_entity></signed_by></c>"
    assert value_of(text, by) == {"signed_by": [{"name": "A"}]}


def test_texts_repeated_without_a_wrapper_are_a_list() -> None:
    by = shape(tags=Array(TEXT))
    assert value_of("<contract><tags>a</tags><tags>b</tags></contract>", by) == {"tags": ["a", "b"]}
    assert value_of("<contract><tag>a</tag></contract>", by) == {"tags": ["a"]}


def test_paths_count_the_items_of_all_wrappers() -> None:
    text = "<contract><party><name>A</name></party><party><name>x & y</name></party></contract>"
    assert Repair("raw_markup", ("parties", 1, "name")) in only(text, PARTIES).repairs


def test_a_value_without_its_tag_is_still_the_value() -> None:
    reading = only("<contract><law>NY<quote>laws of NY</quote></law></contract>", CITED)
    assert reading.value == {"law": {"quote": "laws of NY", "value": "NY"}}
    assert kinds_of(reading) == {"untagged_value"}
    assert value_of("<contract><law>NY</law></contract>", CITED) == {"law": "NY"}


def test_a_repeated_element_keeps_all_its_values() -> None:
    reading = only("<contract><law>NY</law><law>DE</law></contract>", PARTIES)
    assert reading.value == {"law": ["NY", "DE"]}
    assert isinstance(reading.value["law"], Repeated)
    assert kinds_of(reading) == {"repeated_key"}


def test_an_element_repeated_with_the_same_text_is_one() -> None:
    reading = only("<contract><law>NY</law><law>NY</law></contract>", PARTIES)
    assert reading.value == {"law": "NY"}
    assert kinds_of(reading) == {"repeated_key"}


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        ('<a id="1">one</a>', {"attributes"}),
        ("<a>one</a> and more", {"stray_text"}),
        ("<c>two</c><a>one</a>", {"stray_text", "unknown_tag"}),
    ],
)
def test_what_has_no_place_in_the_schema_is_recorded_as_lost(content: str, kinds: set[str]) -> None:
    reading = only(f"<contract>{content}</contract>", PAIR)
    assert reading.value == {"a": "one"}
    assert lossy(reading) == kinds


@pytest.mark.parametrize(
    "content",
    [
        "<law quote='laws of Ohio' value='Ohio'/>",
        "<law quote='laws of Ohio'>Ohio</law>",
        "<law value='Ohio'><quote>laws of Ohio</quote></law>",
        '<law Value = "Ohio"><quote>laws of Ohio</quote></law>',
        "<law><value>Ohio<quote>laws of Ohio</value></law>",
        "<law><quote>laws of Ohio<value>Ohio</quote></law>",
    ],
)
def test_a_value_and_its_quote_are_read_from_attributes_and_unclosed_halves(content: str) -> None:
    reading = only(f"<contract>{content}</contract>", CITED)
    assert reading.value == {"law": {"quote": "laws of Ohio", "value": "Ohio"}}
    assert lossy(reading) == set()
    assert kinds_of(reading)


def test_an_attribute_that_no_element_is_named_like_is_told_by_its_name() -> None:
    reading = only('<contract id="7"><a nature="x" value="R&amp;D"/></contract>', PAIR)
    assert reading.value == {"a": "R&D"}
    lost = [(r.path, r.detail) for r in reading.repairs if r.lossy]
    assert lost == [(("a",), "nature"), ((), "id")]


@pytest.mark.parametrize(
    "content",
    [
        "<quote>see <value> there</quote><value>Ohio</value>",
        "<value>Ohio</value><quote>see <value> there</quote>",
    ],
)
def test_a_tag_in_a_quote_is_words_where_its_element_is_given_apart(content: str) -> None:
    reading = only(f"<contract><law>{content}</law></contract>", CITED)
    assert reading.value == {"law": {"quote": "see <value> there", "value": "Ohio"}}

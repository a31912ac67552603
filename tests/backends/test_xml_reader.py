"""What a model may write for XML, and what must be read from it by the schema."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Iterable
from typing import Any, cast
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from extractor.backends.reading import MAX_DEPTH, MAX_READINGS
from extractor.backends.xml_reader import read_xml
from extractor.backends.xml_tokens import Token, check_xml, tokenize
from extractor.errors import ParseError
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
        ("a <!-- note --> b", "a <!-- note --> b", {"raw_markup"}),
        ("a <!DOCTYPE x> b", "a <!DOCTYPE x> b", {"raw_markup"}),
        ("a <?php x?> b", "a <?php x?> b", {"raw_markup"}),
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
        ("<c>two</c><a>one</a>", {"stray_text"}),
    ],
)
def test_what_has_no_place_in_the_schema_is_recorded_as_lost(content: str, kinds: set[str]) -> None:
    reading = only(f"<contract>{content}</contract>", PAIR)
    assert reading.value == {"a": "one"}
    assert lossy(reading) == kinds


# --- roots ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("<contract><a>1</a></contract>", set[str]()),
        ("<answer><a>1</a></answer>", {"root_tag"}),
        ("<extraction>\n<a>1</a>\n</extraction>", {"root_tag"}),
        ("<response><answer><a>1</a></answer></response>", {"root_tag", "surrounding_text"}),
        ("<a>1</a>", {"missing_root"}),
        ("Here it is:\n<r><a>1</a></r>\nDone.", {"root_tag", "surrounding_text"}),
        ("Here is <contract>\n<a>1</a></contract>", {"surrounding_text"}),
        ("```xml\n<contract><a>1</a></contract>\n```", {"code_fence"}),
        ("```xml\n<contract><a>1\n```\n", {"code_fence", "missing_close"}),
        (
            "<thinking>I will use <a> here</thinking><r><a>1</a></r>",
            {"root_tag", "surrounding_text"},
        ),
        (
            "<scratchpad><r><a>0</a></r></scratchpad><contract><a>1</a></contract>",
            {"surrounding_text"},
        ),
        ("I fill in <a> as asked:\n<a>1</a>", {"missing_root", "surrounding_text"}),
    ],
)
def test_the_root_is_found_whatever_it_is_called(text: str, kinds: set[str]) -> None:
    reading = only(text, PAIR)
    assert reading.value == {"a": "1"}
    assert kinds_of(reading) == kinds
    assert not lossy(reading)
    assert not reading.cut


def test_what_was_only_thought_is_marked_as_such() -> None:
    assert "only_thought" in lossy(only("<thinking><r><a>1</a></r></thinking>", PAIR))
    assert "only_thought" in lossy(only("<thinking><a>1</a>", PAIR))


def test_a_field_may_be_called_like_a_block_of_thought() -> None:
    text = "<contract><analysis>sound</analysis></contract>"
    assert read_xml(text, shape(analysis=TEXT)) == [Reading({"analysis": "sound"})]
    assert value_of("<analysis>sound</analysis>", shape(analysis=TEXT)) == {"analysis": "sound"}


def test_a_root_may_be_called_like_its_field() -> None:
    by = Shape("term", Object("term", fields(term=TEXT)), {})
    assert value_of("<term><term>Initial</term></term>", by) == {"term": "Initial"}
    assert value_of("<term>Initial</term>", by) == {"term": "Initial"}


def test_of_several_answers_all_are_offered_the_last_first() -> None:
    one = "<contract><law>{}</law></contract>".format
    readings = read_xml(f"{one('NY')}\nOn reflection:\n{one('DE')}", PARTIES)
    assert [reading.value for reading in readings] == [{"law": "DE"}, {"law": "NY"}]
    assert all("other_structure" in lossy(reading) for reading in readings)
    assert len(read_xml(one("NY") * 100, PARTIES)) == MAX_READINGS


def test_known_elements_after_the_root_are_recorded_as_lost() -> None:
    reading = only("<contract><a>1</a></contract> and <b>2</b>", PAIR)
    assert lossy(reading) == {"trailing_elements"}


@pytest.mark.parametrize(
    "text",
    [
        "<tags><items><item>a</item><item>b</item></items></tags>",
        "<tags><item>a</item><item>b</item></tags>",
        "<items><item>a</item><item>b</item></items>",
        "<item>a</item><item>b</item>",
    ],
)
def test_a_root_that_is_a_list_may_lack_its_wrapper(text: str) -> None:
    assert value_of(text, Shape("tags", Array(TEXT), {})) == {"items": ["a", "b"]}


@pytest.mark.parametrize("text", ["<n><value>5</value></n>", "<n>5</n>", "<value>5</value>"])
def test_a_root_that_is_a_value_may_lack_its_wrapper(text: str) -> None:
    assert value_of(text, Shape("n", Scalar("integer"), {})) == {"value": "5"}


def test_a_root_that_is_a_union_may_lack_its_wrapper() -> None:
    by = Shape("u", Union((Object("A", fields(x=TEXT)), Object("B", fields(y=TEXT)))), {})
    assert value_of("<u><y>1</y></u>", by) == {"value": {"y": "1"}}
    assert value_of("<u><value><y>1</y></value></u>", by) == {"value": {"y": "1"}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I'm sorry, but I can't help with that.",
        "<contract></contract>",
        "<contract/>",
        "<contract>nothing found</contract>",
        '{"a": 1}',
        "<html><body>502</body></html>",
    ],
)
def test_a_reply_without_known_elements_is_refused(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_xml(text, PAIR)
    assert f"{len(text)} characters" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><r><a>&x;</a></r>",
        "<?xml version='1.0'?>\n<!doctype contract>\n<contract><a>1</a></contract>",
    ],
)
def test_a_document_type_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="DTD refused"):
        read_xml(text, PAIR)


# --- truncation ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "cut"),
    [
        ("<contract><law>N", {"law": "N"}, (("law",), ())),
        ("<contract><law>NY</law>", {"law": "NY"}, ((),)),
        ("<contract><law>NY</l", {"law": "NY"}, ((),)),
        ("<contract><law>NY</", {"law": "NY"}, ((),)),
        ("<contract><law>NY</law><par", {"law": "NY"}, ((),)),
        ("<contract><law>", {}, (("law",), ())),
        (
            "<contract><parties><item><name>A</name></item><item><name>B",
            {"parties": [{"name": "A"}, {"name": "B"}]},
            (("parties", 1, "name"), ("parties", 1), ("parties",), ()),
        ),
        (
            "<contract><parties><item><name>A</name></item><ite",
            {"parties": [{"name": "A"}]},
            (("parties",), ()),
        ),
        (
            "<law>NY</law><parties><name>A",
            {"law": "NY", "parties": [{"name": "A"}]},
            (("parties", 0, "name"), ("parties", 0), ("parties",), ()),
        ),
    ],
)
def test_a_reply_that_breaks_off_says_where(text: str, value: Any, cut: Any) -> None:
    reading = only(text, PARTIES)
    assert reading.value == value
    assert reading.cut == cut
    assert "cut_off" in kinds_of(reading)


LEGAL = (
    "<contract><parties><item><name>Smith &amp; Co</name><role>Buyer</role></item>"
    "<item><name>B</name></item></parties><law>State of &quot;NY&quot;</law></contract>"
)


@given(st.integers(LEGAL.index("Smith"), len(LEGAL) - 1))
@settings(deadline=None)
def test_every_prefix_of_a_reply_is_read_and_flagged(length: int) -> None:
    reading = only(LEGAL[:length], PARTIES)
    assert reading.cut
    assert reading.cut[-1] == ()


# --- lxml has the last word ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_well_formed"),
    [
        ("<a>x</a>", True),
        ("<a>x &amp; y</a>", True),
        ("<a>x & y</a>", False),
        ("<a>x]]>y</a>", False),
        ("<a>x\x01y</a>", False),
        ("<a>&x;</a>", False),
        ("<!DOCTYPE a><a/>", False),
        ("<a b='1' b='2'/>", False),
        ("", False),
    ],
)
def test_lxml_judges_what_is_well_formed(text: str, is_well_formed: bool) -> None:
    assert check_xml(text) is is_well_formed


CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
)
MARKS = st.sampled_from(
    [*"ab &<>;/'\"!-[]", "\u00a7", "&amp;", "</law>", "<law>", "]]>", "<![CDATA[", "<!--"]
)
TEXTS = st.text(CHARACTERS, max_size=12) | st.lists(MARKS, max_size=8).map("".join)
WORDS: st.SearchStrategy[str] = TEXTS.map(str.strip).filter(bool)
RICH = Shape(
    "contract",
    Object(
        "contract",
        fields(
            parties=Array(Reference("Party")),
            law=Cited(TEXT),
            fees=Map(TEXT, Cited(TEXT)),
            tags=Array(TEXT),
            matrix=Array(Array(TEXT)),
            note=TEXT,
        ),
    ),
    {"Party": Object("Party", fields(name=TEXT, law=TEXT, agents=Array(Reference("Party"))))},
)
PARTY: st.SearchStrategy[Any] = st.recursive(
    st.tuples(WORDS, WORDS).map(lambda pair: {"name": pair[0], "law": pair[1]}),
    lambda inner: st.fixed_dictionaries(
        {"name": WORDS, "agents": st.lists(inner, min_size=1, max_size=2)}
    ),
    max_leaves=4,
)
PROOF = st.fixed_dictionaries({"quote": WORDS, "value": WORDS})
ANSWERS: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"note": WORDS},
    optional={
        "parties": st.lists(PARTY, min_size=1, max_size=3),
        "law": PROOF,
        "fees": st.lists(
            st.fixed_dictionaries({"key": WORDS, "quote": WORDS, "value": WORDS}),
            min_size=1,
            max_size=2,
        ),
        "tags": st.lists(WORDS, min_size=1, max_size=3),
        "matrix": st.lists(st.lists(WORDS, min_size=1, max_size=2), min_size=1, max_size=2),
    },
)


def written(tag: str, value: Any) -> str:
    if isinstance(value, str):
        return f"<{tag}>{escape(value)}</{tag}>"
    if isinstance(value, list):
        inner = "".join(written("item", item) for item in cast("Iterable[Any]", value))
    else:
        members = cast("dict[str, Any]", value).items()
        inner = "\n".join(written(key, member) for key, member in members)
    return f"<{tag}>{inner}</{tag}>"


def as_lxml_reads(element: Any) -> Any:
    children = list(element)
    if not children:
        return element.text.strip()
    if children[0].tag == "item":
        return [as_lxml_reads(child) for child in children]
    return {child.tag: as_lxml_reads(child) for child in children}


@given(ANSWERS)
@settings(max_examples=300, deadline=None)
def test_well_formed_xml_is_read_as_lxml_reads_it(answer: Any) -> None:
    text = written("contract", answer)
    assert as_lxml_reads(etree.fromstring(text)) == answer
    assert read_xml(text, RICH) == [Reading(answer)]


@given(ANSWERS)
@settings(max_examples=200, deadline=None)
def test_a_fence_and_prose_around_change_nothing(answer: Any) -> None:
    text = f"Here you are:\n```xml\n{written('contract', answer)}\n```\nAnything else?"
    reading = only(text, RICH)
    assert reading.value == answer
    assert kinds_of(reading) == {"code_fence", "surrounding_text"}


# --- nothing is invented -------------------------------------------------------------------------


def leaves_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [leaf for item in cast("Iterable[Any]", value) for leaf in leaves_of(item)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return [leaf for item in members.values() for leaf in leaves_of(item)]
    return []


def plain(text: str) -> str:
    """Undo entities and CDATA by another way than the reader's, as often as they can be undone."""
    for _ in range(5):
        text = text.replace("\x00", "").replace("<![CDATA[", "").replace("]]>", "")
        text = re.sub(r"&(#[0-9]+|#[xX][0-9a-fA-F]+|\w+);", lambda m: html.unescape(m[0]), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def assert_nothing_is_invented(text: str, readings: list[Reading]) -> None:
    words = plain(text)
    for reading in readings:
        for leaf in leaves_of(reading.value):
            assert plain(leaf) in words, (leaf, text)


REPLY = written(
    "contract",
    {
        "parties": [
            {"name": "Smith & Co", "law": "NY"},
            {"name": "R&D", "agents": [{"name": "X"}]},
        ],
        "law": {"quote": 'the "laws" of\nNew York < 5', "value": "NY"},
        "fees": [{"key": "late", "quote": "q", "value": "5"}],
        "tags": ["a", "b"],
        "note": "n",
    },
)
REPLIES = [REPLY, f"<thinking>hm <law></thinking>\n```xml\n{REPLY}\n```\nDone.", REPLY.lower(),
           REPLY.replace("&amp;", "&"), REPLY.replace("</name>", "")]  # fmt: skip
NOISE = st.sampled_from(
    ["<", "</", ">", "&", "&lt;", "<law>", "</law>", "<item>", "</item>", "<quote>", "</quote>",
     "<value/>", "<![CDATA[", "]]>", "<!--", "-->", "<x>", "</contract>", "<contract>", "<?x?>",
     "```\n", "\x00", "\ud83d", "&#0;", "<parties>", '<law a="1">', "<!DOCTYPE x>"]
)  # fmt: skip


@st.composite
def corrupted(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(REPLIES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        match draw(st.sampled_from(["delete", "insert", "duplicate", "truncate"])):
            case "delete":
                text = text[:start] + text[end:]
            case "insert":
                text = text[:start] + draw(NOISE | st.text(max_size=3)) + text[start:]
            case "duplicate":
                text = text[:end] + text[start:end] + text[end:]
            case _:
                text = text[: max(start, 1)]
    return text


@given(corrupted())
@settings(max_examples=1500, deadline=None)
def test_a_corrupted_reply_is_refused_or_read_without_inventing(text: str) -> None:
    try:
        readings = read_xml(text, RICH)
    except ParseError:
        return
    assert 1 <= len(readings) <= MAX_READINGS
    assert_nothing_is_invented(text, readings)


@given(st.lists(NOISE | st.sampled_from(["a ", "<tags>", "<name>", "<note>"]), max_size=25))
@settings(max_examples=500, deadline=None)
def test_no_text_at_all_makes_the_reader_fail_in_another_way(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        readings = read_xml(text, RICH)
    except ParseError:
        return
    assert_nothing_is_invented(text, readings)
    for reading in readings:
        if not reading.repairs:
            assert check_xml(text)


# --- hostile replies -----------------------------------------------------------------------------


def test_deep_nesting_is_refused_not_followed() -> None:
    with pytest.raises(ParseError, match="nested deeper"):
        read_xml("<tree>" + "<children><item>" * 100_000, TREE)
    deep = "<children><item>" * (MAX_DEPTH // 2 - 2)
    assert value_of(f"<tree>{deep}<name>x", TREE)


HOSTILE = [
    "<", "<law>", "<law>x", "</law>", "<law></law> y ", "<parties><item>", "<tree></tree>",
    "<contract></contract>", "<contract><note>x</note></contract>", "<x>", "<x><law>", "<!--",
    "<![CDATA[", "<![CDATA[ ]]><x>", "&", "&#", "<thinking>", "<thinking></thinking>", "<?",
    '<law a="', "<law></", "```\n<contract><note>x\n```\n", "<name><law>x</name>",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("before", ["", "<contract>", "<contract><note>", "<contract><parties>"])
def test_work_grows_with_the_length_of_a_hostile_reply_only(
    unit: str, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted are the tokens that the scanner looks at, not seconds."""
    text = before + unit * (50_000 // len(unit))
    looks = 0

    class Counted(list[Token]):
        def __getitem__(self, index: Any) -> Any:
            nonlocal looks
            looks += 1 if isinstance(index, int) else len(self)
            return super().__getitem__(index)

    def counting(text: str) -> list[Token]:
        return Counted(tokenize(text))

    monkeypatch.setattr("extractor.backends.xml_reader.tokenize", counting)
    with contextlib.suppress(ParseError):
        read_xml(text, RICH)
    assert looks <= 50 * (len(tokenize(text)) + 10)

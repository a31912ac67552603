"""Where in a reply the XML is, and what is read of it when it breaks off."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.backends.reading import MAX_READINGS
from extractor.backends.xml_reader import read_xml
from extractor.errors import ParseError
from extractor.wire.reading import Reading
from extractor.wire.shape import (
    Array,
    Cited,
    Field,
    Node,
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
PARTIES = Shape(
    "contract",
    Object("contract", fields(parties=Array(Reference("Party")), law=TEXT)),
    {"Party": Object("Party", fields(name=TEXT, role=TEXT))},
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


# --- a root without content, and a reply that is escaped ---------------------------------------


def test_a_root_may_say_all_in_its_attributes() -> None:
    reading = only("Here: <contract a='x' b=\"y\"/>", PAIR)
    assert reading.value == {"a": "x", "b": "y"}
    assert kinds_of(reading) == {"attributes", "surrounding_text"}


def test_a_root_that_says_nothing_is_no_answer() -> None:
    for text in ("<contract/>", "<contract other='x'/>"):
        with pytest.raises(ParseError):
            read_xml(text, PAIR)


def test_a_reply_that_is_escaped_as_a_whole_is_read_unescaped() -> None:
    reading = only("&lt;contract&gt;&lt;a&gt;R &amp;amp; D&lt;/a&gt;&lt;/contract&gt;", PAIR)
    assert reading.value == {"a": "R & D"}
    assert kinds_of(reading) == {"escaped_xml"}


def test_an_escaped_element_in_a_text_is_text() -> None:
    assert value_of("<contract><a>&lt;b&gt;x&lt;/b&gt;</a></contract>", PAIR) == {"a": "<b>x</b>"}


def test_a_values_quote_may_stand_beside_it() -> None:
    cited = shape(a=Cited(TEXT), b=TEXT)
    reading = only("<contract><a>x</a><a_quote>an x</a_quote></contract>", cited)
    assert reading.value == {"a": "x", "a_quote": "an x"}
    assert not lossy(reading)

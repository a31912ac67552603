"""What holds for every reply that is read as XML: lxml agrees, nothing invented, bounded work."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Callable, Iterable
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
from extractor.wire.reading import Reading
from extractor.wire.shape import (
    Array,
    Cited,
    Field,
    Map,
    Node,
    Object,
    Reference,
    Scalar,
    Shape,
)

TEXT = Scalar("string")


def fields(**nodes: Node) -> tuple[Field, ...]:
    return tuple(Field(name, name, node) for name, node in nodes.items())


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


def without_comments(text: str) -> str:
    text = re.sub(r"<!--(?:(?!<!--).)*?-->|<\?[^<>?]*\?>", "", text, flags=re.DOTALL)
    return " ".join(plain(text).split())


def assert_nothing_is_invented(text: str, readings: list[Reading]) -> None:
    words, joined = plain(text), without_comments(text)
    for reading in readings:
        for leaf in leaves_of(reading.value):
            told = plain(leaf)
            assert told in words or " ".join(told.split()) in joined, (leaf, text)


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
     "```\n", "\x00", "\ud83d", "&#0;", "<parties>", '<law a="1">', "<law a=1>", "< law >",
     "</ item >", "<LA W>", "<x y>", "<!DOCTYPE x>"]
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
    "<note><quote>", "<tags><item><value></value>", "<!-- <law> -->", "<note>x<!-- -->",
    "<note>x<note>", "<tags><item>x<item>", "<note>x<note><!-- -->",
    "<note>x<law>y</note></law>", "<note><law></note><!-- -->",
    "<law a=", "<law a=b ", "<law a=b/ ", "<law a=b>", "=b/",
    "< law >", "</ law >x", "<l a w>", "< law", "< x >", "<x y>a</x y>", "<law x ",
    "<fees><x>", "<fees><x>a</x>", "<fees><x>a</x></fees>", "<x><quote>a</quote></x>",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize(
    "before", ["", "<contract>", "<contract><note>", "<contract><parties>", "<contract><fees>"]
)
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

    def counting(text: str, is_name: Callable[[str], bool]) -> list[Token]:
        return Counted(tokenize(text, is_name))

    monkeypatch.setattr("extractor.backends.xml_reader.tokenize", counting)
    with contextlib.suppress(ParseError):
        read_xml(text, RICH)
    assert looks <= 50 * (len(tokenize(text, lambda _: True)) + 10)

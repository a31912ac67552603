"""What a model may write for JSON, and what must be read from it."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable
from typing import Any, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extractor.backends import json_candidates, json_scanner
from extractor.backends.json_reader import read_json
from extractor.backends.json_strict import read_clean
from extractor.backends.reading import MAX_DEPTH, MAX_READINGS, MAX_REPAIRS
from extractor.errors import ParseError
from extractor.types import Repair
from extractor.wire.reading import Lexeme, Reading, Repeated


def only(text: str) -> Reading:
    readings = read_json(text)
    assert len(readings) == 1, readings
    return readings[0]


def value_of(text: str) -> Any:
    return only(text).value


def values_of(text: str) -> list[Any]:
    return [reading.value for reading in read_json(text)]


def kinds_of(reading: Reading) -> set[str]:
    return {repair.kind for repair in reading.repairs}


def lossy(reading: Reading) -> set[str]:
    return {repair.kind for repair in reading.repairs if repair.lossy}


# --- clean JSON --------------------------------------------------------------------------------


def test_a_clean_document_is_one_reading_without_repairs() -> None:
    assert read_json('  {"a": [1, true, null, "x"]}\n') == [Reading({"a": ["1", True, None, "x"]})]


def test_numbers_stay_as_they_are_written() -> None:
    value = value_of(
        '{"section": 12.10, "amount": 1234567.10, "big": 123456789012345678901234567890}'
    )
    assert value == {
        "section": "12.10",
        "amount": "1234567.10",
        "big": "123456789012345678901234567890",
    }
    assert all(isinstance(number, Lexeme) for number in value.values())


def test_strings_are_never_lexemes() -> None:
    assert not isinstance(value_of('{"a": "12.10"}')["a"], Lexeme)
    assert not isinstance(value_of('{"a": "12.10",}')["a"], Lexeme)


@pytest.mark.parametrize("text", ["null", "true", "12.10", '"words"', "{}", "[]"])
def test_any_clean_value_is_a_document(text: str) -> None:
    assert only(text).repairs == ()


# --- replies with something around the JSON ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "kinds"),
    [
        (
            'Sure! Here is the JSON:\n```json\n{"a": 1}\n```\nLet me know!',
            {"a": "1"},
            {"code_fence", "surrounding_text"},
        ),
        ('``json\n{"status": "malformed"}\n``', {"status": "malformed"}, {"code_fence"}),
        ('```\n{"a": 1}\n```', {"a": "1"}, {"code_fence"}),
        ('~~~\n{"a": 1}\n~~~', {"a": "1"}, {"code_fence"}),
        ('Answer: {"a": 1}', {"a": "1"}, {"surrounding_text"}),
        ('\ufeff{"a":1}', {"a": "1"}, {"byte_order_mark"}),
        ('{"a": "x"}}', {"a": "x"}, {"surrounding_text"}),
        ('```json\n{"a": [1, 2\n```\n', {"a": ["1", "2"]}, {"code_fence", "missing_close"}),
    ],
)
def test_what_stands_around_the_json_is_left_out_and_recorded(
    text: str, value: Any, kinds: set[str]
) -> None:
    reading = only(text)
    assert reading.value == value
    assert kinds_of(reading) == kinds
    assert not lossy(reading)
    assert not reading.cut


def test_the_caller_gets_every_value_to_choose_from() -> None:
    readings = read_json('{"a": 1}\nNote: I ignored {"b": 2}')
    assert [reading.value for reading in readings] == [{"a": "1"}, {"b": "2"}]
    assert all("other_structure" in lossy(reading) for reading in readings)


def test_a_quoted_value_does_not_come_before_the_answer() -> None:
    text = 'Document says: {"governing_law":"Mars"} (quoted from the contract)\n'
    assert values_of(text + '{"governing_law":"DE"}')[0] == {"governing_law": "DE"}


def test_among_values_on_their_own_lines_the_later_comes_first() -> None:
    assert values_of('First:\n{"a": 1}\nOn reflection:\n{"a": 2}')[0] == {"a": "2"}


def test_footnotes_do_not_come_before_a_record() -> None:
    assert values_of('[1] says {"a": 1} as does [2]')[0] == {"a": "1"}


def test_what_was_thought_aloud_is_no_answer_beside_one() -> None:
    assert value_of('<think>maybe {"a": 0}</think>\n{"a": 1}') == {"a": "1"}
    assert value_of('<think>a</think><think>{"a": 0}</think>\n{"a": 1}') == {"a": "1"}


def test_what_was_only_thought_is_marked_as_such() -> None:
    assert "only_thought" in lossy(only('<think>so, {"a": 0}'))


def test_objects_one_after_the_other_are_also_offered_as_a_list() -> None:
    readings = read_json('{"a":1}\n{"a":2}')
    assert [reading.value for reading in readings] == [
        {"a": "2"},
        {"a": "1"},
        [{"a": "1"}, {"a": "2"}],
    ]
    assert readings[-1].repairs == (Repair("joined_objects"),)


def test_repairs_and_cuts_of_joined_objects_know_their_place() -> None:
    joined = read_json('{"a":1,}\n{"a":2')[-1]
    assert Repair("trailing_comma", (0,)) in joined.repairs
    assert joined.cut == ((1, "a"), (1,), ())


def test_objects_with_prose_between_are_not_joined() -> None:
    assert [{"a": "1"}, {"a": "2"}] not in values_of('{"a":1}\nand\n{"a":2}')


def test_json_in_a_json_string_is_read() -> None:
    inner, outer = read_json('"{\\"a\\": 1}"')
    assert inner.value == {"a": "1"}
    assert kinds_of(inner) == {"json_in_string"}
    assert outer.value == '{"a": 1}'


@pytest.mark.parametrize(
    "text", ['{\\"a\\": \\"b\\"}', '{\\n \\"a\\": \\"b\\"\\n}', 'So: "{\\"a\\": \\"b\\"}"']
)
def test_json_that_was_escaped_once_too_often_is_read(text: str) -> None:
    reading = only(text)
    assert reading.value == {"a": "b"}
    assert "escaped_json" in kinds_of(reading)


def test_an_opening_brace_lost_to_a_prefill_is_supplied() -> None:
    reading = only('"parties": [{"name": "A"}], "law": "NY"}')
    assert reading.value == {"parties": [{"name": "A"}], "law": "NY"}
    assert kinds_of(reading) == {"missing_open"}


def test_prose_with_a_brace_does_not_hide_the_answer_behind_it() -> None:
    assert values_of('The field {"x" is the key. Answer: {"x": 1}')[0] == {"x": "1"}
    assert values_of('Use {name for it. {"a": 1}')[0] == {"a": "1"}
    assert values_of('{{"a": 1}}')[0] == {"a": "1"}


@pytest.mark.parametrize(
    "text", ["", "  ", "I'm sorry, but I can't help with that.", "[Company Name]", "\ufeff"]
)
def test_a_reply_without_structure_is_refused(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_json(text)
    assert f"{len(text)} characters" in caught.value.message
    assert caught.value.hint


def test_the_error_does_not_repeat_the_reply() -> None:
    with pytest.raises(ParseError) as caught:
        read_json("the secret terms")
    assert "secret" not in caught.value.message


def test_an_object_of_which_nothing_is_left_is_no_answer() -> None:
    with pytest.raises(ParseError):
        read_json('{"a", "b"}')


# --- JSON as models write it ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "kinds"),
    [
        ('{"a": 1,}', {"a": "1"}, {"trailing_comma"}),
        ("[1, 2,]", ["1", "2"], {"trailing_comma"}),
        ("[1,,2]", ["1", "2"], {"extra_comma"}),
        ('{"a":1 "b":2}', {"a": "1", "b": "2"}, {"missing_comma"}),
        ('{"a":"x"\n"b":"y"}', {"a": "x", "b": "y"}, {"missing_comma"}),
        ('[{"a":1} {"a":2}]', [{"a": "1"}, {"a": "2"}], {"missing_comma"}),
        ('{"a" 1, "b": "x"}', {"a": "1", "b": "x"}, {"missing_colon"}),
        ('{"z": "x", "a" 1}', {"z": "x", "a": "1"}, {"missing_colon"}),
        (
            "{'a': True, 'b': None, 'c': (1,2)}",
            {"a": True, "b": None, "c": ["1", "2"]},
            {"quote_style", "python_literal", "tuple"},
        ),
        ("{'name': 'Macy's Inc.'}", {"name": "Macy's Inc."}, {"quote_style", "unescaped_quote"}),
        (
            "{'a': 'it's the parties' right', 'b': 'x'}",
            {"a": "it's the parties' right", "b": "x"},
            {"quote_style", "unescaped_quote"},
        ),
        ("{\u201ca\u201d: \u201cx\u201d}", {"a": "x"}, {"quote_style"}),
        ('{"a": 1, // effective\n "b": 2 /* x */}', {"a": "1", "b": "2"}, {"comment"}),
        ('{"a": "x", # "one"\n "b": 2}', {"a": "x", "b": "2"}, {"comment"}),
        ('{"a": "x" // one\n, "b": 2}', {"a": "x", "b": "2"}, {"comment"}),
        ('{"q":"line one\nline two"}', {"q": "line one\nline two"}, {"control_character"}),
        ('{"q":"a\tb"}', {"q": "a\tb"}, {"control_character"}),
        ('{a: 1, b: "x"}', {"a": "1", "b": "x"}, {"unquoted_key"}),
        ('{"a": "x", b: 2}', {"a": "x", "b": "2"}, {"unquoted_key"}),
        ('{1: "a"}', {"1": "a"}, {"unquoted_key"}),
        ('{"a": [1, 2}', {"a": ["1", "2"]}, {"missing_close"}),
        ('[{"a":1, {"a":2}]', [{"a": "1"}, {"a": "2"}], {"missing_close", "missing_comma"}),
        ('{"a": 1]}', {"a": "1"}, {"stray_close"}),
        (r'{"a": "\x41 \$5"}', {"a": r"\x41 \$5"}, {"bad_escape"}),
        (r'{"a": "Macy\'s",}', {"a": "Macy's"}, {"escaped_apostrophe", "trailing_comma"}),
    ],
)
def test_syntax_errors_lose_nothing(text: str, value: Any, kinds: set[str]) -> None:
    reading = only(text)
    assert reading.value == value
    assert kinds_of(reading) == kinds
    assert not lossy(reading)
    assert not reading.cut


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            '{"quote":"the "Effective Date" shall be March 1","page":2}',
            {"quote": 'the "Effective Date" shall be March 1', "page": "2"},
        ),
        (
            '{"quote": "the "A", "B" and "C" parties", "page": 2}',
            {"quote": 'the "A", "B" and "C" parties', "page": "2"},
        ),
        (
            '{"a": "He said: "stop", then: "go"", "b": 1}',
            {"a": 'He said: "stop", then: "go"', "b": "1"},
        ),
        ('{"q": "the set {"a"} is", "p": 1}', {"q": 'the set {"a"} is', "p": "1"}),
        ('["the "A", and B", "C"]', ['the "A", and B', "C"]),
        ('["the "A", "B" and C", "D"]', ['the "A", "B" and C', "D"]),
        ('["a", "the "B" c", "d"]', ["a", 'the "B" c', "d"]),
    ],
)
def test_quotes_inside_a_string_belong_to_it(text: str, value: Any) -> None:
    reading = only(text)
    assert reading.value == value
    assert kinds_of(reading) == {"unescaped_quote"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"cap": 1,000,000}', {"cap": "1,000,000"}),
        ('{"cap": 1,000,000, "page": 2}', {"cap": "1,000,000", "page": "2"}),
        ('{"cap": $5,000.00}', {"cap": "$5,000.00"}),
        ('{"cap": USD 1.5, "b": 1}', {"cap": "USD 1.5", "b": "1"}),
        ('{"cap": (1,000)}', {"cap": "(1,000)"}),
        ('{"section": 08.10}', {"section": "08.10"}),
        ('{"law": New York, NY, "b": 2}', {"law": "New York, NY", "b": "2"}),
        ('{"law": New York,\n "b": 2}', {"law": "New York", "b": "2"}),
        ('{"url": http://x.y/z, "b": 1}', {"url": "http://x.y/z", "b": "1"}),
        ('{"lot": #5}', {"lot": "#5"}),
        ('{"see": annex [2] below}', {"see": "annex [2] below"}),
        ('{"cap": NaN, "page": Infinity}', {"cap": "NaN", "page": "Infinity"}),
        ("[NaN, -Infinity]", ["NaN", "-Infinity"]),
    ],
)
def test_an_unquoted_scalar_is_kept_as_written(text: str, value: Any) -> None:
    reading = only(text)
    assert reading.value == value
    assert kinds_of(reading) == {"unquoted_scalar"}
    items = cast("dict[str, Any]", value).keys() if isinstance(value, dict) else range(len(value))
    assert isinstance(reading.value[next(iter(items))], Lexeme)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[250,500]", ["250", "500"]),
        ("[250,500,]", ["250", "500"]),
        ("[1,000]", ["1,000"]),
        ("[1,000, 2,500]", ["1,000", "2,500"]),
        ("[2,500, 1,000, 7]", ["2,500", "1,000", "7"]),
        ("[$5,000.00, $2,500]", ["$5,000.00", "$2,500"]),
    ],
)
def test_commas_in_a_list_separate_unless_the_items_would_be_no_numbers(
    text: str, value: Any
) -> None:
    assert value_of(text) == value


def test_a_repeated_key_keeps_all_its_values() -> None:
    reading = only('{"law": "NY", "b": 1, "law": "DE"}')
    assert reading.value == {"law": ["NY", "DE"], "b": "1"}
    assert isinstance(reading.value["law"], Repeated)
    assert reading.repairs == (Repair("repeated_key", ("law",), detail="2 differing values"),)


def test_a_key_repeated_with_the_same_value_is_one() -> None:
    reading = only('{"p": {"law": "NY", "law": "NY"}}')
    assert reading.value == {"p": {"law": "NY"}}
    assert [repair.path for repair in reading.repairs] == [("p", "law")]


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        (r'{"q":"\ud83d"}', "\ufffd", "lone_surrogate"),
        (r'{"q":"\ude00 x"}', "\ufffd x", "lone_surrogate"),
        ('{"q":"x\ud83dy"}', "x\ufffdy", "lone_surrogate"),
        (r'{"q":"a\u0000b"}', "ab", "nul_character"),
        ('{"q":"a\x00b"}', "ab", "nul_character"),
    ],
)
def test_what_can_not_be_stored_is_replaced_and_marked_lossy(
    text: str, value: str, kind: str
) -> None:
    reading = only(text)
    assert reading.value == {"q": value}
    assert lossy(reading) == {kind}


def test_a_surrogate_pair_is_one_character() -> None:
    assert only(r'{"q":"\ud83d\ude00"}') == Reading(
        {"q": "\U0001f600"}, only(r'{"q":"\ud83d\ude00"}').repairs
    )
    assert value_of(r'{"q":"\ud83d\ude00",}') == {"q": "\U0001f600"}


@pytest.mark.parametrize(
    "text", ['[{"a":1}, ...]', '{"a": 1, ...}', '{"a": , "b": 1}', '{"a": 1, oops}']
)
def test_what_is_dropped_is_recorded_as_lost(text: str) -> None:
    assert lossy(only(text))


# --- truncation ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "cut"),
    [
        (
            '{"governing_law":"State of New Yor',
            {"governing_law": "State of New Yor"},
            (("governing_law",), ()),
        ),
        ('{"cap": 1000', {"cap": "1000"}, (("cap",), ())),
        ('{"a" 1, "b": 2', {"a": "1", "b": "2"}, (("b",), ())),
        ('{"a": tru', {"a": "tru"}, (("a",), ())),
        ('{"a": true', {"a": True}, ((),)),
        ('{"a": "x"', {"a": "x"}, ((),)),
        ('{"a": [1, 2', {"a": ["1", "2"]}, (("a", 1), ("a",), ())),
        ('{"a": [1, ', {"a": ["1"]}, (("a",), ())),
        ('{"a": "x\\', {"a": "x"}, (("a",), ())),
        ('{"a": "x\\u00', {"a": "x"}, (("a",), ())),
        ('{"a": "x", "b', {"a": "x"}, ((),)),
        ('{"a":', {}, (("a",), ())),
        ('[{"a": "x"}, {"a', [{"a": "x"}, {}], ((1,), ())),
        ('{"a": {"b": {"c": "d"}', {"a": {"b": {"c": "d"}}}, (("a",), ())),
        ("[", [], ((),)),
    ],
)
def test_a_reply_that_breaks_off_says_where(text: str, value: Any, cut: Any) -> None:
    reading = only(text)
    assert reading.value == value
    assert reading.cut == cut
    assert "cut_off" in kinds_of(reading)


def test_a_key_without_its_value_is_recorded_as_lost() -> None:
    assert lossy(only('{"a": 1, "b')) == {"incomplete_member"}
    assert lossy(only('{"a": 1, "b":')) == {"incomplete_member"}


LEGAL = json.dumps(
    {
        "parties": [
            {"name": "Acme \u00a7 Co", "quote": 'the "Buyer"'},
            {"name": "B", "quote": None},
        ],
        "law": {"quote": "laws of\nNew York", "value": "NY"},
        "cap": 1500000.5,
        "signed": True,
    }
)


@given(st.integers(1, len(LEGAL) - 1))
@settings(deadline=None)
def test_every_prefix_of_a_reply_is_read_and_flagged(length: int) -> None:
    reading = only(LEGAL[:length])
    assert reading.cut
    assert reading.cut[-1] == ()


# --- properties ----------------------------------------------------------------------------------

SYNTAX = st.sampled_from([*"ab ,:\"'{}[]()\\/\n\t#*1.-_$`", "\u00e9", "\u201c", "\u201d", "\ud83d"])
TEXT = st.text(SYNTAX, max_size=12) | st.text(max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT
VALUES = st.recursive(
    SCALARS.filter(lambda value: value not in (float("inf"), float("-inf"))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
STORABLE = re.compile("[\x00\ud800-\udfff]")


def as_read(value: Any) -> Any:
    """A value as it must come back: numbers as text, without what can't be stored."""
    if isinstance(value, str):
        joined = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return joined.replace("\x00", "")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [as_read(item) for item in cast("Iterable[Any]", value)]
    if isinstance(value, dict):
        return {as_read(k): as_read(v) for k, v in cast("dict[str, Any]", value).items()}
    return json.dumps(value)


@given(VALUES)
@settings(deadline=None)
def test_what_is_written_is_what_is_read(value: Any) -> None:
    text = json.dumps(value)
    if len({*re.findall(r"\\u0000|\\ud...", text)}) == 0:
        assert read_json(text)[-1] == Reading(as_read(value))


CONTAINERS = st.lists(VALUES, max_size=4) | st.dictionaries(TEXT, VALUES, max_size=4)


@given(
    CONTAINERS.map(as_read),
    st.sampled_from([None, 1]),
    st.sampled_from(["", "\nDone.", "\n```\n"]),
)
@settings(max_examples=400, deadline=None)
def test_the_forgiving_scanner_forgives_nothing_in_clean_json(
    value: Any, indent: int | None, after: str
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    scanned = json_scanner.scan(text + after, 0)
    assert (scanned.value, scanned.end) == (read_clean(text), len(text))
    assert (scanned.repairs, scanned.cut) == ((), ())


def leaves_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [leaf for item in cast("Iterable[Any]", value) for leaf in leaves_of(item)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return [*members, *(leaf for item in members.values() for leaf in leaves_of(item))]
    return []


def unescaped(text: str) -> str:
    """Undo JSON's escapes, by another way than the reader's."""

    def plain(match: re.Match[str]) -> str:
        escape = match[0]
        if re.fullmatch(r"\\u[0-9a-fA-F]{4}", escape):
            return chr(int(escape.removeprefix("\\u"), base=16))
        return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(escape[1:], escape[1:])

    decoded = re.sub(r"""\\(?:u[0-9a-fA-F]{4}|["'\\/bfnrt])""", plain, text)
    joined = decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\x00", "")


def assert_nothing_is_invented(text: str, readings: list[Reading]) -> None:
    raw = as_read(text)
    known = [raw, unescaped(raw), unescaped(unescaped(raw)), unescaped(unescaped(unescaped(raw)))]
    for reading in readings:
        for leaf in leaves_of(reading.value):
            assert any(leaf in words for words in known), (leaf, text)


REPLIES = [
    LEGAL,
    f"Here you are:\n```json\n{LEGAL}\n```\nDone.",
    json.dumps(json.loads(LEGAL), indent=2, ensure_ascii=False),
    str(json.loads(LEGAL)),
    json.dumps(LEGAL),
]
NOISE = st.text(SYNTAX, max_size=4) | st.sampled_from(['{"', '": ', "```", "//", "/*", "\\u00"])


@st.composite
def corrupted(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(REPLIES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        match draw(st.sampled_from(["delete", "insert", "duplicate", "truncate"])):
            case "delete":
                text = text[:start] + text[end:]
            case "insert":
                text = text[:start] + draw(NOISE) + text[start:]
            case "duplicate":
                text = text[:end] + text[start:end] + text[end:]
            case _:
                text = text[: max(start, 1)]
    return text


@given(corrupted())
@settings(max_examples=1500, deadline=None)
@example('{"a": "x\\"y')
@example("{'a': \"b'}")
def test_a_corrupted_reply_is_refused_or_read_without_inventing(text: str) -> None:
    try:
        readings = read_json(text)
    except ParseError:
        return
    assert 1 <= len(readings) <= MAX_READINGS
    assert_nothing_is_invented(text, readings)


@given(st.text(SYNTAX, max_size=60))
@settings(max_examples=500, deadline=None)
def test_no_text_at_all_makes_the_reader_fail_in_another_way(text: str) -> None:
    try:
        readings = read_json(text)
    except ParseError:
        return
    assert_nothing_is_invented(text, readings)


# --- hostile replies -----------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["[", '{"a":', '{"a":[', '[{"a":'])
def test_deep_nesting_is_refused_not_followed(unit: str) -> None:
    with pytest.raises(ParseError, match="nested deeper"):
        read_json(unit * 100_000)


def test_nesting_up_to_the_limit_is_read_by_both_paths() -> None:
    for depth, closing in ((MAX_DEPTH, "]"), (MAX_DEPTH, ",]")):
        text = "[" * depth + "1" + closing + "]" * (depth - 1)
        assert value_of(text)
    with pytest.raises(ParseError):
        read_json("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


def test_the_number_of_readings_is_bounded() -> None:
    assert len(read_json('{"a":1}\n' * 1000)) == MAX_READINGS


def test_the_number_of_repairs_is_bounded_and_the_rest_is_counted() -> None:
    reading = only("[" + '{"a":1,},' * 1000 + "]")
    assert len(reading.repairs) == MAX_REPAIRS + 1
    assert reading.repairs[-1] == Repair("trailing_comma", detail=f"{1001 - MAX_REPAIRS} more")


HOSTILE = [
    "{",
    '"',
    '{"',
    '{"a" x ',
    '{"a":"x" ',
    "{}",
    '{"a":1}',
    "/*",
    '{"//"',
    '["/*"',
    '[",',
    '{"a":"\\",',
    "[1,000,",
    "{'a':'",
    "<think>",
    "```json\n",
    "}{",
    "{a:b,",
    '{"a":[1}',
    "\\u",
    '"," ',
]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("before", ["", '{"a":"', '["'])
def test_work_grows_with_the_length_of_a_hostile_reply_only(
    unit: str, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted are the characters handed to the scanner, not seconds."""
    text = before + unit * (100_000 // len(unit))
    work = 0
    scan = json_scanner.scan

    def counting(text: str, start: int, *, opened: bool = True) -> json_scanner.Scanned:
        nonlocal work
        scanned = scan(text, start, opened=opened)
        work += scanned.end - start
        return scanned

    monkeypatch.setattr(json_candidates, "scan", counting)
    with contextlib.suppress(ParseError):
        read_json(text)
    assert work <= 8 * len(text)

"""What a model may write for JSON, and what must be read from it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from extractor.backends.json_reader import read_json
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
            {"quote_style", "foreign_literal", "tuple"},
        ),
        ('{"a": undefined, "b": "x"}', {"a": None, "b": "x"}, {"foreign_literal"}),
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

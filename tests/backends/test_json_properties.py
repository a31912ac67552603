"""What holds for every reply that is read as JSON: nothing invented, no crash, bounded work."""

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
from extractor.wire.reading import Reading


def only(text: str) -> Reading:
    readings = read_json(text)
    assert len(readings) == 1, readings
    return readings[0]


def value_of(text: str) -> Any:
    return only(text).value


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

"""Files of results are cut at line feeds only, and replies in them stay what they were."""

from __future__ import annotations

import json

import pytest

from extractor.providers.batches.lines import LONGEST, lines, members


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
def test_lines_are_the_same_however_they_come(size: int) -> None:
    text = json.dumps({"a": "one\u2028two\x85three"}, ensure_ascii=False)
    whole = f"{text}\r\n\n  \n{text}\n{text}".encode()
    chunks = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert list(lines(chunks)) == [text.encode()] * 3


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    endless = (b"x" * 1_000_000 for _ in range(LONGEST // 1_000_000 + 20))
    (line,) = lines(endless)
    assert len(line) <= LONGEST


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a"', '{"a": }', '{"a": 1', '{"a": 1,', "{a: 1}", '{"a" 1}', "null"]
)
def test_what_is_no_object_has_no_members(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its message is nobody's
        members(text)


def test_members_keep_their_numbers() -> None:
    assert members(" { } ") == {}
    assert members('{"a": {"b": 12.10} , "c":[1.00]}') == {"a": '{"b": 12.10}', "c": "[1.00]"}

"""Where in a reply an answer is looked for, when most of the reply is hardly JSON."""

from __future__ import annotations

import pytest

from extractor.backends import json_candidates
from extractor.backends.json_reader import read_json
from extractor.types import Repair

ANSWER = {"a": "b"}


def values(text: str) -> list[object]:
    return [reading.value for reading in read_json(text)]


@pytest.mark.parametrize("drafts", [1, 5, 6, 50, 500])
def test_an_answer_is_found_after_any_number_of_broken_drafts(drafts: int) -> None:
    text = '{"draft": 1, then ' * drafts + '\n```json\n{"a": "b"}\n```'
    assert ANSWER in values(text)


def test_a_text_that_took_many_steps_is_read_once_but_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    swallowed = '{"draft" of {"x": 1} \n```\n{"a": "b"}'
    assert {"x": "1"} in values(swallowed)
    monkeypatch.setattr(json_candidates, "_STEPS", 0)
    assert {"x": "1"} not in values(swallowed)
    assert ANSWER in values(swallowed)


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ('{"a": 1,, ,\n,"c": 2}', Repair("extra_comma")),
        ('{"a": 1]]] ] , "c": 2}', Repair("stray_close")),
        ('{"a": 1, [[ ({ : "c": 2}', Repair("skipped_text", lossy=True)),
        ('{{[ {( "a": 1, "c": 2}', Repair("skipped_text", lossy=True)),
    ],
)
def test_a_row_of_stray_signs_is_one_repair(text: str, repair: Repair) -> None:
    reading = next(one for one in read_json(text) if one.value == {"a": "1", "c": "2"})
    assert reading.repairs.count(repair) == 1


def test_the_next_item_is_found_after_one_that_was_not_closed_and_is_followed_by_junk() -> None:
    assert [{"a": "1"}, {"a": "2"}] in values('[{"a": 1, : [( {"a": 2}]')


def test_an_unquoted_value_ends_before_a_key_with_escapes() -> None:
    text = '{"a": over there, "say \\"it\\"": "b"}'
    assert values(text) == [{"a": "over there", 'say "it"': "b"}]
    text = '{"a": over there "say \\"it\\"": "b"}'
    assert values(text) == [{"a": "over there", 'say "it"': "b"}]


def test_a_string_ends_before_comments_over_many_lines() -> None:
    comments = "\n// as the contract says" * 20
    assert values(f'{{"a": "b"{comments}\n, "c": "d"}}') == [{"a": "b", "c": "d"}]


def test_a_repair_within_a_string_is_listed_once_at_its_path() -> None:
    reading = read_json('[["x"], ["a\tb\tc \\q \\q"]]')[0]
    assert reading.repairs == (Repair("control_character", (1, 0)), Repair("bad_escape", (1, 0)))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}\n{"b": {"c": "x\ty"}}',
        '{"a": 1}, {"b": {"c": "x\ty"}}',
        '```json\n{"a": 1}\n```\n\n```json\n{"b": {"c": "x\ty"}}\n```',
    ],
)
def test_objects_that_follow_each_other_may_be_parts_of_one(text: str) -> None:
    *_, items, whole = read_json(text)
    assert items.value == [{"a": "1"}, {"b": {"c": "x\ty"}}]
    assert whole.value == {"a": "1", "b": {"c": "x\ty"}}
    assert Repair("control_character", (1, "b", "c")) in items.repairs
    assert Repair("control_character", ("b", "c")) in whole.repairs


@pytest.mark.parametrize("text", ['{"a": 1}\n{"a": 2, "b": 3}', '{"a": 1}\nand then\n{"b": 2}'])
def test_a_second_answer_and_a_quoted_one_are_no_parts(text: str) -> None:
    assert {"a": "1", "b": "2"} not in values(text)
    assert {"a": "1", "b": "3"} not in values(text)

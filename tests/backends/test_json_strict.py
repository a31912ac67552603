"""Clean JSON within a reply, of which the standard library is given a stretch at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.backends import json_strict
from extractor.backends.json_strict import NotCleanError, read_clean, read_container_at

TOKENS = '"caf\\u00e9\\" x": [true, false, null, -12.50e+10, {"": "y"}]'


@pytest.mark.parametrize("before", range(930, 1030))
def test_a_value_is_read_whole_wherever_the_first_stretch_ends(before: int) -> None:
    text = f'{{"a": "{"x" * before}", {TOKENS}}}'
    assert read_container_at(f"see {text} there", 4) == (read_clean(text), 4 + len(text))


@given(st.integers(0, 70_000), st.sampled_from(["x", "\u00e9", '\\"', "]}"]))
@settings(max_examples=60, deadline=None)
def test_a_value_of_any_length_is_read_whole(length: int, piece: str) -> None:
    text = f'["{piece * length}", {{{TOKENS}}}]'
    assert read_container_at(text + "```", 0) == (read_clean(text), len(text))


@pytest.mark.parametrize(
    "text", ["{", "[", "[1", '{"a', '{"a":', "{a: 1}", "[NaN]", "[tru]", '["\n"]', '{"a":1,"a":2}']
)
@pytest.mark.parametrize("after", ["", " " * 5000, "x" * 5000])
def test_what_is_no_clean_value_is_refused(text: str, after: str) -> None:
    with pytest.raises(NotCleanError):
        read_container_at(text + after, 0)


def test_of_broken_json_no_more_is_looked_at_than_its_first_stretch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths: list[int] = []

    class Counting(json.JSONDecoder):
        def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
            lengths.append(len(s))
            return super().raw_decode(s, idx)

    monkeypatch.setattr(json_strict, "_DECODER", Counting())
    for broken in ('{"a" 1}', "[1 2]", '["x" "y"]', '{"a":}', "[\u201c"):
        with pytest.raises(NotCleanError):
            read_container_at(broken + ", " + "9" * 1_000_000, 0)
    assert len(lengths) >= 4
    assert max(lengths) <= 1024

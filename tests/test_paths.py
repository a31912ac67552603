from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.paths import Path, format_path, parse_path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "$"),
        (("law",), "law"),
        (("parties", 0, "name"), "parties[0].name"),
        ((2,), "[2]"),
        (("fees", "late fee"), 'fees["late fee"]'),
        (("fees", ""), 'fees[""]'),
        (("a", "b", 3, 4), "a.b[3][4]"),
    ],
)
def test_paths_are_written_as_people_read_them(path: Path, text: str) -> None:
    assert format_path(path) == text


@given(
    st.lists(
        st.integers(0, 99)
        | st.text(min_size=1).filter(lambda key: '"' not in key and "]" not in key),
        max_size=4,
    )
)
def test_a_path_is_read_as_it_was_written(steps: list[str | int]) -> None:
    assert parse_path(format_path(tuple(steps))) == tuple(steps)


@pytest.mark.parametrize("text", ["a b", "[x]", "a..b", "", "a[1"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no path"):
        parse_path(text)

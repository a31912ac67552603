"""Times of day as contracts write them."""

from datetime import time

import pytest

from extractor.normalizers import read_time, times_in


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("5:00 p.m.", time(17)),
        ("12 a.m.", time(0)),
        ("17:30", time(17, 30)),
        ("1700 hours", time(17)),
        ("Noon", time(12)),
    ],
)
def test_one_time_is_read(text: str, read: time) -> None:
    assert read_time(text) == read


@pytest.mark.parametrize("text", ["13 p.m.", "25:00", "Section 5.10", "9 a.m. to 5 p.m.", ""])
def test_what_is_no_time_or_several_is_none(text: str) -> None:
    assert read_time(text) is None


def test_a_sentence_may_name_several() -> None:
    assert list(times_in("between 9:00 a.m. and 5 p.m., at noon")) == [time(9), time(17), time(12)]

"""Numbers that are labels: their zeros count."""

from __future__ import annotations

import pytest

from extractor.grounding import supports


@pytest.mark.parametrize(
    ("value", "quote", "written"),
    [
        ("4.10", "Release 4.1 of the Software", "4.1"),
        ("2.0", "version 2", "2"),
        ("5.1", "as Section 5.10 provides", "5.10"),
        ("2134", "Boston, MA 02134", "02134"),
        ("4711", "lot number 04711", "04711"),
    ],
)
def test_another_label_of_the_same_number_is_no_proof(value: str, quote: str, written: str) -> None:
    support = supports(value, quote)
    assert (support.status, support.reason) == ("ambiguous", f"the quote writes {written}")


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("4.10", "Release 4.10 of the Software"),
        ("02134", "Boston, MA 02134"),
        ("5000", "a fee of $5,000.00"),
        ("1.50", "1.5 times"),
        ("10.50%", "10.5% interest"),
        ("4.10", "Release 4.1, later Release 4.10"),
    ],
)
def test_amounts_and_the_same_label_are_proved(value: str, quote: str) -> None:
    assert supports(value, quote).ok

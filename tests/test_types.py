"""Values that every layer shares."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.types import (
    Evidence,
    FieldResult,
    Message,
    ModelRequest,
    ModelResponse,
    Repair,
    Span,
    StopReason,
    TextOutput,
    Usage,
)

USAGES = st.builds(Usage, *[st.integers(0, 10**6)] * 5)


@given(USAGES, USAGES, USAGES)
def test_usages_add_up_in_any_order(one: Usage, two: Usage, three: Usage) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + Usage() == one
    assert (one + two).total_tokens == one.total_tokens + two.total_tokens


def test_cached_and_reasoning_tokens_are_parts_and_no_additions() -> None:
    usage = Usage(100, 50, cache_read_input_tokens=80, reasoning_tokens=40)
    assert usage.total_tokens == 150


@pytest.mark.parametrize(
    "value",
    [
        Span(0, 1),
        Usage(),
        Repair("x"),
        Evidence("q", "exact"),
        FieldResult("absent"),
        ModelResponse("x"),
        ModelRequest("m", (Message("user", "x"),), TextOutput(), 1),
    ],
)
def test_values_cannot_be_changed_behind_anybodys_back(value: Any) -> None:
    name = next(iter(value.__slots__))
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)


def test_a_response_that_does_not_say_its_usage_has_an_unknown_one() -> None:
    assert ModelResponse("x").usage is None


def test_a_response_ended_well_unless_it_says_otherwise() -> None:
    assert ModelResponse("x").stop_reason is StopReason.END
    assert StopReason("length") is StopReason.LENGTH
    assert f"{StopReason.REFUSAL}" == "refusal"

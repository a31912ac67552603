"""Corrupted replies: nothing is raised but `ResponseError`, and nothing is ever invented.

The replies and the promise are those of the benchmark, which tries many more of them.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.hostile_replies import Hostile, Lease, hostile_replies, outcome
from benchmarks.inventions import Text, unrecorded_defaults
from extractor.backends import BACKENDS
from extractor.backends.parse import Parsed, parse
from extractor.wire.compile import compile_schema


@settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(hostile_replies())
def test_no_corruption_brings_out_an_exception_or_a_value_that_was_not_there(
    reply: Hostile,
) -> None:
    assert outcome(reply).violations == ()


# --- the promise itself ----------------------------------------------------------------------


REPLY = json.dumps(
    {
        "sides": [{"name": "B\u00fcrger & Co"}],
        "begins": "1 March 2024",
        "rent": "CHF 12,500.50",
        "furnished": "no",
    }
)


def parsed_reply() -> Parsed[Any]:
    return parse(BACKENDS["json"], Lease, compile_schema(Lease), REPLY)


@pytest.mark.parametrize(
    ("value", "is_there"),
    [
        ("B\u00fcrger & Co", True),
        ("b\u00fcrger co", True),
        ("Berger", False),
        ("Co B\u00fcrger", False),
        (dt.date(2024, 3, 1), True),
        (dt.date(2024, 4, 1), False),
        (dt.date(2023, 3, 1), False),
        (Decimal("12500.50"), True),
        (12500.5, True),
        (Decimal("12500.51"), False),
        (Decimal("-12500.50"), False),
        (2, False),
        (250, False),
        (False, True),
        (True, False),
        (None, True),
    ],
)
def test_a_value_was_in_the_reply_if_its_letters_digits_or_words_were(
    value: Any, *, is_there: bool
) -> None:
    assert Text(REPLY).has(value) is is_there


def test_an_invented_value_and_a_silent_default_are_noticed() -> None:
    parsed = parsed_reply()
    assert parsed.value is not None
    assert [*Text(REPLY).inventions(parsed), *unrecorded_defaults(parsed)] == []

    invented = replace(parsed, value=parsed.value.model_copy(update={"currency": "USD"}))
    assert list(Text(REPLY).inventions(invented)) == ["value 'USD'"]

    silent = replace(parsed, changed={})
    assert "an unrecorded default at ('currency',)" in list(unrecorded_defaults(silent))

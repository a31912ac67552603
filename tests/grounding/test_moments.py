"""Times of day, alone or on a day, and lengths of time: none that a quote does not say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from extractor import ScriptedProvider, extract
from extractor.grounding.support import supports

MEETING = "on June 3, 2024 at 10:00"


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (time(14, 30), "The gate opens at 14:30"),
        ("14:30:00", "The gate opens at 14:30"),
        ("14:30", "The gate opens at 2:30 p.m."),
        ("09:00:00", "from 9 am to 5:30 pm"),
        ("17:30:00", "from 9 am to 5:30 pm"),
        ("12:00:00", "by noon on the Closing Date"),
        ("00:00", "until midnight"),
        ("00:15:00", "at 12:15 a.m."),
        ("17:00:00", "no later than 1700 hours"),
        ("10:00:05", "at 10:00:05"),
        ("17:00", "from 9:00-17:00"),
        ("2024-06-03T17:00:12.345Z", "Signed: 2024-06-03T17:00:12.345Z"),
        (datetime(2018, 6, 21, tzinfo=UTC), "1.12 means the agreement dated June 21, 2018"),
        ("2024-06-03T10:00:00", MEETING),
        (datetime(2024, 6, 3, 10, tzinfo=UTC), f"{MEETING} GMT"),
        (datetime(2024, 6, 3, tzinfo=UTC), "June 3, 2024"),
        ("2024-06-03T10:00:00Z", f"{MEETING} UTC"),
    ],
)
def test_a_time_that_the_quote_says_is_borne(value: Any, quote: str) -> None:
    verdict = supports(value, quote)
    assert (verdict.ok, verdict.reason) == (True, None)


@pytest.mark.parametrize(
    ("value", "quote", "reason"),
    [
        ("2024-06-03T22:15:00", MEETING, "the quote has another time"),
        ("2024-06-03T17:45:00-07:00", "on June 3, 2024", "the quote has no time of day"),
        ("2024-06-04T10:00:00", MEETING, "the quote has another date"),
        ("22:00:00", "at 10:00", "the quote has another time"),
        ("14:30:00", "at 14.30.15, or 25:70, or 14:30:15", "the quote has another time"),
        ("03:15:00", "a share of 3.15%", "the quote has no time of day"),
        (time(9, 30), "Section 9.301", "the quote has no time of day"),
        ("00:00:00", "thirty (30) days", "the quote has no time of day"),
        ("12:50", "$12.50 per share", "the quote has no time of day"),
        ("12:00:00", "at 12:00 midnight", "the quote has another time"),
    ],
)
def test_a_time_that_the_quote_does_not_say_is_not_borne(
    value: Any, quote: str, reason: str
) -> None:
    verdict = supports(value, quote)
    assert (verdict.ok, verdict.reason) == (False, reason)


@pytest.mark.parametrize("zone", ["-04:00", "+02:00", "Z"])
def test_a_zone_that_the_quote_names_in_words_is_left_open(zone: str) -> None:
    verdict = supports(f"2024-06-03T17:00:00{zone}", "June 3, 2024, 5 p.m. New York time")
    assert (verdict.ok, verdict.status) == (None, "found")
    assert "zone" in (verdict.reason or "")


class Service(BaseModel):
    response: timedelta | None = None


@pytest.mark.parametrize(
    ("value", "status"),
    [("04:00:00", "found"), ("PT14400S", "found"), ("PT4H", "found"), ("00:04:00", "unverified")],
)
def test_a_length_of_time_is_proved_in_whatever_form_it_is_answered(
    value: str, status: str
) -> None:
    reply = json.dumps({"response": {"value": value, "quote": "within 4 hours"}})
    text = "The Supplier answers within 4 hours."
    result = extract(text, Service, provider=ScriptedProvider([reply]))
    assert result.fields["response"].status == status

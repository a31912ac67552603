"""What people are told while an extraction takes its time."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from pydantic import BaseModel

from extractor import Extractor, RetryPolicy, ScriptedProvider, ServerError


class Terms(BaseModel):
    law: str


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_retry_is_told_with_its_reason_and_then_the_post_itself(asynchronous: bool) -> None:
    told: list[str] = []
    replies: list[Any] = [
        ServerError("down", provider="openai", status=500),
        "no",
        '{"law": {"quote": "laws of Ireland", "value": "Ireland"}}',
    ]
    options: dict[str, Any] = {
        "provider": ScriptedProvider(replies),
        "retry": RetryPolicy(initial=0),
        "progress": told.append,
    }
    with Extractor(Terms, model="m", **options) as extractor:
        contract = "The laws of Ireland apply."
        if asynchronous:
            asyncio.run(extractor.aextract(contract))
        else:
            extractor.extract(contract)
    assert [line.partition(" with ")[0] for line in told] == [
        "Asking scripted:m (strict)",
        "500 from openai: trying again in 0 s (2 of 5)",
        "Asking scripted:m (strict) again,",
        "Asking scripted:m (strict) again,",
    ]


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_display_that_fails_costs_no_extraction(
    asynchronous: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(message: str) -> None:
        raise BrokenPipeError(message)

    caplog.set_level(logging.ERROR, "extractor")
    replies: list[Any] = [
        ServerError("down", provider="openai", status=500),
        '{"law": {"quote": "laws of Ireland", "value": "Ireland"}}',
    ]
    with Extractor(
        Terms,
        model="m",
        provider=ScriptedProvider(replies),
        retry=RetryPolicy(initial=0),
        progress=gone,
    ) as extractor:
        contract = "The laws of Ireland apply."
        done = (
            asyncio.run(extractor.aextract(contract))
            if asynchronous
            else extractor.extract(contract)
        )
    assert (done.value.law, done.attempts) == ("Ireland", 2)
    assert {each.message for each in caplog.records} == {
        "The progress function failed: BrokenPipeError"
    }

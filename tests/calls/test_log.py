"""One line for each attempt, and nothing in it that is not a record's."""

from __future__ import annotations

import json
import logging

import pytest

from extractor.calls.log import log_record, record_line
from extractor.types import Usage
from tests.recorded_calls import EPOCH, sent, settled


def test_a_record_is_one_line_of_json(caplog: pytest.LogCaptureFixture) -> None:
    record = settled(sent(1, metadata={"user": "a\nb"}), 812, usage=Usage(100, 20, 30, 40, 5))
    with caplog.at_level(logging.INFO, logger="extractor.calls"):
        log_record(record)
    (line,) = caplog.messages
    assert "\n" not in line
    assert json.loads(line) == record_line(record)


def test_the_keys_of_a_line_stay_as_they_are() -> None:
    assert record_line(sent(1)) == {
        "id": "call-000001",
        "extraction": "extraction-1",
        "provider": "openai",
        "model": "gpt-5.4-mini",
        "account": "hash",
        "technique": "strict",
        "attempt": 1,
        "started_at": EPOCH + 1,
        "state": "sent",
        "latency": None,
        "input_tokens": None,
        "output_tokens": None,
        "cache_read_input_tokens": None,
        "cache_creation_input_tokens": None,
        "reasoning_tokens": None,
        "response_model": None,
        "stop_reason": None,
        "error_type": None,
        "status": None,
        "request_id": None,
        "response_id": None,
        "retry_cause": None,
        "reserved_usd": 0.001,
        "cost_usd": None,
        "metadata": {"user": "ada"},
    }


def test_nothing_is_logged_that_nobody_listens_to(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="extractor.calls"):
        log_record(sent(1))
    assert not caplog.records

"""What a document may take of tokens, across all requests about it."""

from __future__ import annotations

import json

from extractor import ModelResponse, ScriptedProvider, TokenLimitError, Usage
from tests.services_agreement import BAD_NOTICE, GOOD, NOTICE_AGAIN, SMALL, failure, script


def test_the_tokens_of_a_document_are_capped_before_anything_is_sent() -> None:
    provider = script(GOOD)
    error = failure(provider, TokenLimitError, max_tokens=1000)
    assert provider.requests == []
    assert (error.attempts, error.usage, error.limit) == (0, Usage(), 1000)


def test_the_cap_counts_what_earlier_requests_have_used() -> None:
    greedy = ModelResponse(json.dumps(BAD_NOTICE), Usage(50_000, 50_000))
    provider = ScriptedProvider([greedy, json.dumps(NOTICE_AGAIN)], profile=SMALL)
    error = failure(provider, TokenLimitError, max_tokens=100_000)
    assert len(provider.requests) == error.attempts == 1
    assert error.spent == 100_000


def test_by_default_a_document_is_capped_too() -> None:
    greedy = ModelResponse(json.dumps(BAD_NOTICE), Usage(10_000_000, 0))
    assert failure(script(greedy, NOTICE_AGAIN), TokenLimitError).spent == 10_000_000

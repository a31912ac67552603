"""What a document may take, across all requests about it: tokens, and attempts that help nobody."""

from __future__ import annotations

import json

from pydantic import model_validator

from extractor import ExtractionError, ModelResponse, ScriptedProvider, TokenLimitError, Usage
from tests.services_agreement import BAD_NOTICE, GOOD, NOTICE_AGAIN, SMALL, Terms, failure, script


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


class Broken(Terms):
    """A schema whose own code is wrong."""

    @model_validator(mode="after")
    def look_up(self) -> Broken:
        raise KeyError(self.law)


def test_a_validator_that_fails_on_two_answers_is_not_paid_for_a_third_time() -> None:
    provider = script(GOOD, GOOD, GOOD, GOOD)
    error = failure(provider, ExtractionError, schema=Broken)
    assert "KeyError" in error.problems[0].message
    assert len(provider.requests) == error.attempts == 2
    assert error.hint is not None
    assert "ValueError" in error.hint

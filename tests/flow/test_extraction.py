"""The ladder from a reply to a valid, proved value."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from extractor import (
    ConfigurationError,
    ContextWindowError,
    ExtractionError,
    ExtractorError,
    ModelResponse,
    ParseError,
    RateLimitError,
    RefusalError,
    RetryPolicy,
    SchemaMismatchError,
    StoppedError,
    StopReason,
    TruncatedError,
    Usage,
)
from tests.services_agreement import (
    BAD_NOTICE,
    GOOD,
    LAW,
    NO_START,
    NOTICE_AGAIN,
    SMALL,
    START,
    TERMS,
    Consistent,
    Terms,
    cut,
    failure,
    fields_of,
    run,
    script,
)

# --- a valid reply --------------------------------------------------------------------------------


def test_a_valid_first_reply_is_the_answer() -> None:
    provider = script(GOOD)
    result = run(provider)
    assert result.value == TERMS
    assert {path: field.status for path, field in result.fields.items()} == dict.fromkeys(
        Terms.model_fields, "found"
    )
    assert (result.attempts, result.repairs, result.warnings) == (1, (), ())
    assert (result.model, result.backend) == ("scripted:scripted", "strict")
    assert (result.cost_usd, result.coverage) == (Decimal(0), 1.0)
    assert len(provider.requests) == 1


def test_what_is_repaired_while_reading_is_not_asked_again() -> None:
    fenced = "Here you are:\n```json\n" + json.dumps(
        GOOD | {"start": {"quote": "takes effect on 1 April 2025", "value": "1 April 2025"}}
    )
    result = run(script(fenced))
    assert result.value == TERMS
    assert result.attempts == 1
    assert "date_from_text" in {repair.kind for repair in result.repairs}


def test_the_bill_is_the_sum_of_all_replies() -> None:
    first = ModelResponse(json.dumps(BAD_NOTICE), Usage(1000, 50, cache_creation_input_tokens=900))
    second = ModelResponse(json.dumps(NOTICE_AGAIN), Usage(200, 10, cache_read_input_tokens=100))
    result = run(script(first, second))
    assert result.usage == Usage(
        1200, 60, cache_read_input_tokens=100, cache_creation_input_tokens=900
    )
    assert result.attempts == 2


# --- the whole again ------------------------------------------------------------------------------


def test_what_is_wrong_with_the_answer_as_a_whole_is_asked_again_with_the_errors() -> None:
    provider = script(NO_START, GOOD)
    result = run(provider, Consistent)
    first, second = provider.requests
    assert second.messages[:2] == first.messages
    assert [message.role for message in second.messages[2:]] == ["assistant", "user"]
    assert second.messages[2].content == json.dumps(NO_START)
    assert "there is a notice period, but no start" in second.messages[3].content
    assert second.output == first.output
    assert result.value == Consistent(**TERMS.model_dump())


def test_the_conversation_never_grows_beyond_the_last_reply() -> None:
    replies = [NO_START | {"law": {"quote": LAW, "value": f"Ireland {n}"}} for n in range(3)]
    provider = script(*replies, GOOD)
    run(provider, Consistent)
    assert [len(request.messages) for request in provider.requests] == [2, 4, 4, 4]
    for reply, request in zip(replies, provider.requests[1:], strict=True):
        assert request.messages[2].content == json.dumps(reply)


def test_a_reply_in_prose_is_asked_again_and_told_why() -> None:
    provider = script("Which document do you mean?", GOOD)
    result = run(provider)
    assert result.value == TERMS
    assert provider.requests[1].messages[2].content == "Which document do you mean?"
    assert "can't be used" in provider.requests[1].messages[3].content


def test_an_empty_reply_is_asked_again_without_repeating_it() -> None:
    provider = script(ModelResponse("  "), GOOD)
    assert run(provider).value == TERMS
    assert [len(request.messages) for request in provider.requests] == [2, 2]


# --- out of room ----------------------------------------------------------------------------------


def test_a_reply_that_was_cut_off_gets_more_room_and_never_the_same_again() -> None:
    half = cut(json.dumps(GOOD), '"notice_days"')
    provider = script(half, GOOD, profile=SMALL)
    result = run(provider)
    room = [request.max_tokens for request in provider.requests]
    assert room[0] < room[1] <= SMALL.max_output_tokens
    assert provider.requests[1].messages == provider.requests[0].messages
    assert result.value == TERMS
    assert "more_room" in {repair.kind for repair in result.repairs}


def test_a_reply_that_the_most_room_cuts_off_is_asked_for_its_rest() -> None:
    half = cut(json.dumps(GOOD), '"notice_days"')
    provider = script(half, half, NOTICE_AGAIN, profile=SMALL)
    result = run(provider)
    assert [fields_of(request) for request in provider.requests] == [
        [*GOOD],
        [*GOOD],
        ["notice_days"],
    ]
    assert len({request.max_tokens for request in provider.requests[:2]}) == 2
    assert result.value == TERMS


def test_a_value_that_was_cut_in_the_middle_is_asked_for_too() -> None:
    half = cut(json.dumps(GOOD), "of Ireland")
    rest = script(half, half, GOOD, profile=SMALL)
    result = run(rest)
    assert set(fields_of(rest.requests[2])) == {"law", "start", "notice_days"}
    assert result.value == TERMS


def test_the_room_that_was_needed_once_is_kept_for_what_is_asked_after() -> None:
    provider = script(cut(json.dumps(GOOD), '"start"'), NO_START, GOOD, profile=SMALL)
    run(provider, Consistent)
    room = [request.max_tokens for request in provider.requests]
    assert room[0] < room[1] == room[2]


def test_an_answer_that_never_fits_is_a_truncated_error_with_the_bill() -> None:
    nothing = ModelResponse("{", Usage(100, 1000), StopReason.LENGTH)
    error = failure(script(nothing, nothing, nothing, profile=SMALL), TruncatedError)
    assert "1,200 output tokens" in error.message
    assert error.hint
    assert (error.attempts, error.usage) == (2, Usage(200, 2000))


@pytest.mark.parametrize("fence", ["{}", "{}\n\n \n", "```json\n{}\n```"])
def test_an_answer_that_ends_where_the_room_does_is_taken(fence: str) -> None:
    whole = ModelResponse(fence.format(json.dumps(GOOD)), stop_reason=StopReason.LENGTH)
    if fence == "{}":
        assert run(script(whole, profile=SMALL)).repairs == ()
    result = run(script(whole, profile=SMALL))
    assert (result.value, result.attempts) == (TERMS, 1)


@pytest.mark.parametrize("more", [" Wait,", '\n{"law":', '\n{"law": {', "\n[]"])
def test_an_answer_behind_which_more_was_begun_gets_more_room(more: str) -> None:
    draft = ModelResponse(json.dumps(NO_START) + more, stop_reason=StopReason.LENGTH)
    result = run(script(draft, GOOD, profile=SMALL))
    assert (result.value, result.attempts) == (TERMS, 2)


def test_a_whole_answer_in_tags_is_taken_too_and_one_without_its_end_is_not() -> None:
    tags = f"<Terms><law><quote>{LAW}</quote><value>Ireland</value></law></Terms>"
    whole = ModelResponse(tags, stop_reason=StopReason.LENGTH)
    assert run(script(whole), backend="xml").attempts == 1
    half = ModelResponse(tags.removesuffix("</Terms>"), stop_reason=StopReason.LENGTH)
    assert run(script(half, whole), backend="xml").attempts == 2


def test_attempts_that_more_room_used_up_end_as_a_truncated_error() -> None:
    half = cut(json.dumps(GOOD), 'land"}')
    error = failure(script(half, half, profile=SMALL), TruncatedError, max_attempts=2)
    assert "1,200 output tokens" in error.message
    assert {problem.kind for problem in error.problems} == {"truncated"}
    assert error.partial == {"law": "Ire"}
    assert isinstance(error.__cause__, ExtractionError)
    assert error.attempts == 2
    assert error.__notes__[0] == error.hint


def stopped(reason: StopReason) -> StoppedError:
    """A provider that tells as a 400 why the model stopped."""
    return StoppedError("openai answered 400: no", status=400, stop_reason=reason)


def test_a_reply_that_is_refused_for_want_of_room_is_asked_for_with_more() -> None:
    provider = script(stopped(StopReason.LENGTH), GOOD, profile=SMALL)
    result = run(provider)
    assert result.value == TERMS
    assert provider.requests[0].max_tokens < provider.requests[1].max_tokens
    assert "more_room" in {repair.kind for repair in result.repairs}


def test_an_answer_that_is_always_refused_for_want_of_room_is_a_truncated_error() -> None:
    nothing = stopped(StopReason.LENGTH)
    error = failure(script(nothing, nothing, nothing, profile=SMALL), TruncatedError)
    assert "1,200 output tokens" in error.message
    assert error.attempts == 2


# --- the end without an answer --------------------------------------------------------------------


@pytest.mark.parametrize("reason", [StopReason.REFUSAL, StopReason.CONTENT_FILTER])
def test_a_refusal_ends_it_at_once_and_is_billed(reason: StopReason) -> None:
    provider = script(ModelResponse("I can't.", Usage(500, 7), reason), GOOD)
    error = failure(provider, RefusalError)
    assert len(provider.requests) == 1
    assert (error.attempts, error.usage, error.cost_usd) == (1, Usage(500, 7), Decimal(0))
    assert error.hint


def test_a_request_that_a_filter_stopped_is_a_refusal_and_says_what_the_provider_said() -> None:
    provider = script(stopped(StopReason.CONTENT_FILTER), GOOD)
    error = failure(provider, RefusalError)
    assert len(provider.requests) == 1
    assert (error.attempts, error.partial) == (1, None)
    assert str(error.__cause__) == "openai answered 400: no"


def test_a_full_context_window_ends_it_at_once_and_is_billed() -> None:
    full = ModelResponse("{", Usage(900, 1), StopReason.CONTEXT_WINDOW)
    error = failure(script(full, GOOD), ContextWindowError)
    assert (error.attempts, error.usage) == (1, Usage(900, 1))


class Strict(BaseModel):
    law: str
    start: date | None
    notice_days: int


def test_attempts_that_are_used_up_tell_everything_that_was_paid_for() -> None:
    reply = ModelResponse(json.dumps(BAD_NOTICE), Usage(100, 10))
    still = ModelResponse(json.dumps({"notice_days": BAD_NOTICE["notice_days"]}), Usage(100, 10))
    options: dict[str, Any] = {"schema": Strict, "max_attempts": 3}
    error = failure(script(reply, still, reply), ExtractionError, **options)
    assert "3 attempts" in error.message
    assert [problem.path for problem in error.problems] == [("notice_days",)]
    assert error.partial["law"] == "Ireland"
    assert (error.attempts, error.usage, error.cost_usd) == (3, Usage(300, 30), Decimal(0))
    assert isinstance(error.__cause__, SchemaMismatchError)
    assert error.hint


def test_prose_to_the_end_has_a_parse_error_as_its_cause() -> None:
    error = failure(script("no", "no"), ExtractionError, max_attempts=2)
    assert isinstance(error.__cause__, ParseError)
    assert error.problems == ()


def test_one_attempt_is_one_request() -> None:
    provider = script(BAD_NOTICE, NOTICE_AGAIN)
    failure(provider, ExtractionError, schema=Strict, max_attempts=1)
    assert len(provider.requests) == 1


def test_an_optional_field_that_stays_wrong_does_not_cost_the_others() -> None:
    two_days = GOOD | {"start": {"quote": "takes effect on 1 April 2025", "value": "01/04/2025"}}
    result = run(script(two_days | {"notice_days": BAD_NOTICE["notice_days"]}), max_attempts=1)
    assert result.value == Terms(law="Ireland")
    assert {path: (field.status, field.raw) for path, field in result.fields.items()} == {
        "law": ("found", "Ireland"),
        "start": ("ambiguous", "01/04/2025"),
        "notice_days": ("invalid", "soon"),
    }
    assert {(repair.kind, repair.path, repair.lossy) for repair in result.repairs} == {
        ("given_up", ("start",), True),
        ("given_up", ("notice_days",), True),
    }


class Optional(BaseModel):
    law: str | None = None
    start: date | None = None


NEITHER: dict[str, Any] = {"law": None, "start": None}
IRELAND = {"quote": "governed by the laws of Ireland", "value": "Ireland"}
MAINE = {"quote": "governed by the laws of Maine", "value": "Maine"}


@pytest.mark.parametrize(
    ("field", "said", "status", "raw"),
    [
        ("law", [IRELAND, MAINE], "conflict", [IRELAND, MAINE]),
        ("law", ["Ireland", "Maine"], "conflict", ["Ireland", "Maine"]),
        ("law", [None, MAINE], "conflict", [None, MAINE]),
        ("start", {"quote": START, "value": "01/04/2025"}, "ambiguous", "01/04/2025"),
    ],
)
def test_several_answers_to_the_only_field_that_has_any_are_told_as_such(
    field: str, said: Any, status: str, raw: Any
) -> None:
    whole, alone = NEITHER | {field: said}, {field: said}
    result = run(script(whole, alone, whole, alone), Optional)
    assert result.value == Optional()
    told = result.fields[field]
    assert (told.status, told.value, told.raw) == (status, None, raw)
    assert {other.status for name, other in result.fields.items() if name != field} == {"absent"}
    assert ("given_up", (field,), True) in {(r.kind, r.path, r.lossy) for r in result.repairs}


@pytest.mark.parametrize("reply", ["No idea.", "{}", json.dumps(NEITHER | {"start": "spring"})])
def test_where_nothing_was_answered_to_the_purpose_there_is_no_answer(reply: str) -> None:
    provider = script(*[reply] * 4)
    error = failure(provider, ExtractionError, schema=Optional)
    assert len(provider.requests) == error.attempts
    assert error.partial is not None


def test_a_failure_of_the_provider_passes_through_with_what_was_billed() -> None:
    first = ModelResponse(json.dumps(BAD_NOTICE), Usage(100, 10))
    provider = script(first, RateLimitError("come back tomorrow", retry_after=86_400))
    error = failure(provider, RateLimitError)
    assert error.retry_after == 86_400
    assert (error.attempts, error.usage) == (2, Usage(100, 10))


def test_transient_failures_are_retried_and_counted() -> None:
    provider = script(RateLimitError("a moment", retry_after=0), GOOD)
    assert run(provider, retry=RetryPolicy(attempts=2)).attempts == 2


CUT = json.dumps(GOOD)[:40]
PARTIAL = {"law": "Ireland", "start": "2025-04-01", "notice_days": "soon"}


@pytest.mark.parametrize(
    ("replies", "reason", "partial"),
    [
        ([BAD_NOTICE], SchemaMismatchError, PARTIAL),
        (["no idea"], ParseError, "no idea"),
        ([ModelResponse(CUT, stop_reason=StopReason.LENGTH)], TruncatedError, CUT),
        (["no idea", BAD_NOTICE, "no idea", "none"], ParseError, PARTIAL),
        ([BAD_NOTICE, ModelResponse(CUT, stop_reason=StopReason.LENGTH)], TruncatedError, PARTIAL),
    ],
)
def test_what_ends_a_later_request_says_why_it_was_made_and_keeps_what_had_come(
    replies: list[Any], reason: type[ExtractorError], partial: Any
) -> None:
    error = failure(script(*replies), ConfigurationError, max_attempts=9)
    assert "no reply left" in error.message
    assert error.partial == partial
    assert error.__cause__ is None
    (why,) = [note for note in error.__notes__ if note.startswith("It was asked again because: ")]
    told: dict[type[ExtractorError], str] = {
        SchemaMismatchError: "does not satisfy",
        ParseError: "No JSON",
        TruncatedError: "cut off",
    }
    assert told[reason] in why


def test_what_ends_the_first_request_has_no_reason_but_itself() -> None:
    error = failure(script(), ConfigurationError)
    assert (error.partial, error.problems) == (None, ())
    assert error.__notes__ == [error.hint]


def test_the_words_of_a_refusal_are_kept() -> None:
    refusal = ModelResponse("", refusal="I won't read this.", stop_reason=StopReason.REFUSAL)
    assert failure(script(refusal), RefusalError).partial == "I won't read this."
    assert failure(script(BAD_NOTICE, refusal), RefusalError).partial == PARTIAL

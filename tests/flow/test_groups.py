"""A schema in groups of fields: one answer in the end, judged as a whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydantic import BaseModel

from extractor import ExtractionError, RefusalError
from extractor.types import ModelResponse, StopReason
from tests.services_agreement import (
    CONTRACT,
    GOOD,
    SMALL,
    Consistent,
    Terms,
    asked,
    cited,
    failure,
    fields_of,
    run,
    script,
)

NARROW = replace(SMALL, max_output_tokens=96)  # two values an answer
FIRST = {name: GOOD[name] for name in ("law", "start")}
SECOND = {"notice_days": GOOD["notice_days"]}


def test_what_one_group_lacks_another_has_and_validators_see_them_all() -> None:
    """Alone, the notice period would have no start."""
    provider = script(FIRST, SECOND, profile=NARROW)
    result = run(provider, Consistent)
    assert [fields_of(request) for request in provider.requests] == [["law", "start"], [*SECOND]]
    assert result.value.model_dump(mode="json") == {
        "law": "Ireland",
        "start": "2025-04-01",
        "notice_days": 60,
    }


def test_what_the_whole_refuses_is_told_of_all_groups() -> None:
    nothing = FIRST | {"start": None}
    error = failure(
        script(nothing, SECOND, profile=NARROW), ExtractionError, schema=Consistent, max_attempts=2
    )
    assert "The answers about 2 groups of fields make no valid value" in error.message
    assert "there is a notice period, but no start" in error.problems[0].message
    assert error.partial == {"law": "Ireland", "notice_days": 60}


def test_a_failing_field_is_asked_for_again_alone() -> None:
    wrong = {"notice_days": cited("soon", "sixty (60) days' written notice")}
    provider = script(FIRST, wrong, SECOND, profile=NARROW)
    assert run(provider, Terms).value.model_dump()["notice_days"] == 60
    assert fields_of(provider.requests[2]) == ["notice_days"]
    assert "PASSAGE" in asked(provider.requests[2])


def test_a_failing_field_without_a_passage_is_asked_of_the_whole_document() -> None:
    wrong = {"notice_days": cited("soon", "whenever they like")}
    provider = script(FIRST, wrong, SECOND, profile=NARROW)
    assert run(provider, Terms).attempts == 3
    assert CONTRACT in asked(provider.requests[2])


def test_a_required_value_that_its_group_lacks_is_asked_for_again() -> None:
    provider = script(FIRST | {"law": None}, SECOND, {"law": GOOD["law"]}, profile=NARROW)
    assert run(provider, Terms).value.model_dump()["law"] == "Ireland"


def test_all_groups_show_the_same_document_before_their_questions() -> None:
    provider = script(FIRST, SECOND, profile=NARROW)
    run(provider, Terms)
    one, other = (request.messages for request in provider.requests)
    assert one[0] == other[0]
    shared = one[1].content[: one[1].shared]
    assert (one[1].shared, CONTRACT in shared) == (other[1].shared, True)
    assert other[1].content.startswith(shared)


def test_a_refusal_about_one_group_says_which() -> None:
    refused = ModelResponse("", refusal="No.", stop_reason=StopReason.REFUSAL)
    error = failure(script(FIRST, refused, profile=NARROW), RefusalError)
    assert error.__notes__[-1] == "This was group 2 of 2."


def test_that_there_were_groups_is_told() -> None:
    result = run(script(FIRST, SECOND, profile=NARROW), Terms)
    (told,) = result.warnings
    assert told.startswith("The fields were asked for in 2 groups: they are too many")
    assert (result.coverage, result.repairs) == (1.0, ())


class Owner(BaseModel):
    name: str
    city: str


class Deed(BaseModel):
    owner: Owner | None = None
    law: str


@pytest.mark.parametrize("city", ["Cork", None])
def test_an_object_that_was_taken_apart_is_one_again(city: str | None) -> None:
    """It is missing only where all of its groups say so."""
    quote = "governed by the laws of Ireland"
    replies = (
        {"owner": {"name": cited("Ireland", quote)}},
        {"owner": {"city": cited(city, quote)} if city else None},
        {"law": GOOD["law"]},
        {"owner_city": cited("Cork", quote)},
    )
    profile = replace(SMALL, max_output_tokens=48)
    provider = script(*map(json.dumps, replies), profile=profile)
    result = run(provider, Deed)
    assert result.value.model_dump()["owner"] == {"name": "Ireland", "city": "Cork"}
    assert result.attempts == (3 if city else 4)

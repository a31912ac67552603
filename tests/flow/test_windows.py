"""A contract that is too long for one request: asked about window by window, one answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from itertools import repeat
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, Field

from extractor import (
    ExtractionError,
    Extractor,
    ModelRequest,
    ModelResponse,
    RefusalError,
    ScriptedProvider,
    StopReason,
    TokenLimitError,
    aextract,
    extract,
)
from extractor.calls.metering.tokens import TokenCounter
from extractor.calls.steps import Target
from tests.services_agreement import FILLER, LAW, NOTICE, SMALL, START, TERMS, Terms, cited

LONG = "\n\n".join(
    [
        "SERVICES AGREEMENT",
        f"1. Beginning. {START}",
        *(f"{n}. Meetings. {FILLER}" for n in range(2, 9)),
        f"9. Notice. {NOTICE}",
        *(f"{n}. Meetings. {FILLER}" for n in range(10, 16)),
        f"16. Law. {LAW}",
    ]
)
TIGHT = replace(SMALL, context_window=5_000)
NOTHING: dict[str, Any] = {"law": None, "start": None, "notice_days": None}
SAID = {
    START: {"start": cited("2025-04-01", "takes effect on 1 April 2025")},
    NOTICE: {"notice_days": cited(60, "sixty (60) days' written notice")},
    LAW: {"law": cited("Ireland", "governed by the laws of Ireland")},
}


def asked(request: ModelRequest) -> str:
    return request.messages[-1].content


def answers(said: Mapping[str, Mapping[str, Any]]) -> Callable[[ModelRequest], str]:
    """A model that answers what a request's text states and nothing else."""

    def answer(request: ModelRequest) -> str:
        found = [given for sentence, given in said.items() if sentence in asked(request)]
        return json.dumps({key: v for one in (NOTHING, *found) for key, v in one.items()})

    return answer


def provider_of(*replies: Any) -> ScriptedProvider:
    return ScriptedProvider(replies[0] if len(replies) == 1 else replies, profile=TIGHT)


def test_each_window_is_asked_about_and_their_answers_are_one() -> None:
    provider = provider_of(repeat(answers(SAID)))
    result = extract(LONG, Terms, provider=provider)
    assert result.value == TERMS
    assert {field.status for field in result.fields.values()} == {"found"}
    assert result.attempts == len(provider.requests) > 2
    assert (result.coverage, result.repairs) == (1.0, ())
    assert f"was read in {result.attempts} windows" in result.warnings[-1]


def test_every_sentence_is_shown_in_some_window_and_no_window_is_too_long() -> None:
    provider = provider_of(repeat(answers(SAID)))
    extract(LONG, Terms, provider=provider)
    shown = [asked(request) for request in provider.requests]
    assert all(any(line in text for text in shown) for line in LONG.split("\n") if line)
    assert max(map(len, shown)) < len(LONG) / 2


def test_a_window_says_which_part_it_is_and_where_it_begins() -> None:
    provider = provider_of(repeat(answers(SAID)))
    extract(LONG, Terms, provider=provider)
    total = len(provider.requests)
    for number, request in enumerate(provider.requests, 1):
        assert f"[Part {number} of {total} of the contract" in asked(request)


def test_evidence_leads_to_the_whole_document() -> None:
    result = extract(LONG, Terms, provider=provider_of(repeat(answers(SAID))))
    (law,) = result.fields["law"].evidence
    assert law.span is not None
    assert LONG[law.span.start : law.span.end] == "governed by the laws of Ireland"


def test_a_short_contract_is_asked_about_once() -> None:
    provider = ScriptedProvider([json.dumps({k: v for s in SAID.values() for k, v in s.items()})])
    result = extract(LONG, Terms, provider=provider)
    assert (result.attempts, result.value, result.warnings) == (1, TERMS, ())


async def test_on_an_event_loop_it_is_the_same() -> None:
    one = extract(LONG, Terms, provider=provider_of(repeat(answers(SAID))))
    other = await aextract(LONG, Terms, provider=provider_of(repeat(answers(SAID))))
    assert one == other


def test_two_values_from_two_windows_are_asked_about_with_both_passages() -> None:
    other = "The parties may give thirty (30) days' notice."
    said = SAID | {other: {"notice_days": cited(30, "thirty (30) days' notice")}}
    again = json.dumps({"notice_days": SAID[NOTICE]["notice_days"]})

    def answer(request: ModelRequest) -> str:
        return again if "PASSAGE" in asked(request) else answers(said)(request)

    provider = provider_of(repeat(answer))
    result = extract(f"{LONG}\n\n17. Other. {other}", Terms, provider=provider)
    assert result.value == TERMS
    last = asked(provider.requests[-1])
    assert "different values: 60 | 30" in last
    assert NOTICE in last
    assert other in last


def test_two_values_that_nobody_settles_are_a_conflict() -> None:
    other = "The parties may give thirty (30) days' notice."
    said = SAID | {other: {"notice_days": cited(30, "thirty (30) days' notice")}}

    def answer(request: ModelRequest) -> str:
        return "No idea." if "PASSAGE" in asked(request) else answers(said)(request)

    document = f"{LONG}\n\n17. Other. {other}"
    result = extract(document, Terms, provider=provider_of(repeat(answer)))
    notice = result.fields["notice_days"]
    assert (result.value.notice_days, notice.status, notice.raw) == (None, "conflict", [60, 30])


@pytest.mark.parametrize("again", ["both", "No idea."])
def test_two_values_for_the_only_field_that_has_any_are_a_conflict_too(again: str) -> None:
    class Law(BaseModel):
        law: str | None = None
        notice_days: int | None = None

    other = "This Agreement is governed by the laws of Maine."
    irish, maine = SAID[LAW]["law"], cited("Maine", "governed by the laws of Maine")
    said = {LAW: {"law": irish}, other: {"law": maine}}
    reply = json.dumps({"law": [irish, maine]}) if again == "both" else again

    def answer(request: ModelRequest) -> str:
        return reply if "PASSAGE" in asked(request) else answers(said)(request)

    document = LONG.replace("2. Meetings", f"{other}\n\n2. Meetings")
    result = extract(document, Law, provider=provider_of(repeat(answer)))
    law = result.fields["law"]
    assert (result.value, law.status, law.raw) == (Law(), "conflict", ["Maine", "Ireland"])


def test_a_required_value_that_no_window_has_ends_the_extraction() -> None:
    without = {sentence: said for sentence, said in SAID.items() if sentence != LAW}
    provider = provider_of(repeat(answers(without)))
    with pytest.raises(ExtractionError, match="windows make no valid value") as caught:
        extract(LONG, Terms, provider=provider)
    assert caught.value.attempts == len(provider.requests)
    assert caught.value.partial == {"start": "2025-04-01", "notice_days": 60}


def test_a_refusal_about_one_window_ends_the_extraction_and_says_which() -> None:
    refused = ModelResponse("", refusal="No.", stop_reason=StopReason.REFUSAL)
    provider = provider_of(json.dumps(NOTHING), refused)
    with pytest.raises(RefusalError) as caught:
        extract(LONG, Terms, provider=provider)
    assert "This was window 2 of" in caught.value.__notes__[-1]
    assert caught.value.attempts == 2


def test_a_reply_about_one_window_that_can_t_be_read_is_asked_for_again() -> None:
    def answer(request: ModelRequest) -> str:
        first = len(request.messages) == 2 and LAW in asked(request)
        return "I can't." if first else answers(SAID)(request.__class__(**_parts(request)))

    provider = provider_of(repeat(answer))
    result = extract(LONG, Terms, provider=provider)
    assert result.value == TERMS
    assert result.attempts == len(provider.requests)


def _parts(request: ModelRequest) -> dict[str, Any]:
    """The request as it was before the correction."""
    return {
        "model": request.model,
        "messages": request.messages[:2],
        "output": request.output,
        "max_tokens": request.max_tokens,
    }


class Deal(BaseModel):
    law: str | None = None
    parties: list[str] = []


ACME, BETA = "Acme Inc. signs below.", "Beta LLC signs below."
DEAL = LONG.replace("2. Meetings", f"{ACME}\n\n2. Meetings") + f"\n\n17. {BETA}"
SIGNED = {
    ACME: {"parties": [cited("Acme Inc.", ACME)]},
    BETA: {"parties": [cited("Beta LLC", BETA)]},
}
BROKEN = f'{{"law": null, "parties": [{{"quote": "{BETA}", "value": "Beta'


def test_a_reply_about_one_window_that_breaks_off_is_asked_for_once_more() -> None:
    def answer(request: ModelRequest) -> str:
        if len(request.messages) > 2:
            return json.dumps(SIGNED[BETA])
        return BROKEN if BETA in asked(request) else answers(SIGNED)(request)

    provider = provider_of(repeat(answer))
    result = extract(DEAL, Deal, provider=provider)
    assert result.value == Deal(parties=["Acme Inc.", "Beta LLC"])
    assert {result.fields[f"parties[{i}]"].status for i in (0, 1)} == {"found"}
    again = [request for request in provider.requests if len(request.messages) > 2]
    assert [request.messages[2].content for request in again] == [BROKEN]
    assert "ends in the middle of this value" in asked(again[0])


@pytest.mark.parametrize(
    "again", [BROKEN, "I can't.", ModelResponse("{", stop_reason=StopReason.LENGTH)]
)
def test_a_second_reply_that_is_no_better_costs_no_more_than_itself(
    again: str | ModelResponse,
) -> None:
    said = SIGNED | {ACME: SIGNED[ACME] | SAID[LAW]}
    seconds: list[ModelRequest] = []

    def answer(request: ModelRequest) -> str | ModelResponse:
        if len(request.messages) > 2:
            seconds.append(request)
            return again
        return BROKEN if BETA in asked(request) else answers(said)(request)

    result = extract(DEAL, Deal, provider=provider_of(repeat(answer)))
    assert result.value == Deal(law="Ireland")
    assert ("given_up", ("parties",)) in {(r.kind, r.path) for r in result.repairs}
    assert seconds


def test_a_reply_that_breaks_off_is_not_asked_for_again_without_attempts_left() -> None:
    def answer(request: ModelRequest) -> str:
        return BROKEN if BETA in asked(request) else answers(SIGNED)(request)

    provider = provider_of(repeat(answer))
    with pytest.raises(ExtractionError, match="windows make no valid value"):
        extract(DEAL, Deal, provider=provider, max_attempts=1)
    assert {len(request.messages) for request in provider.requests} == {2}


def test_an_empty_object_says_that_a_window_has_nothing_of_it() -> None:
    def terse(request: ModelRequest) -> str:
        said = json.loads(answers(SAID)(request))
        return json.dumps({key: value for key, value in said.items() if value})

    provider = provider_of(repeat(terse))
    result = extract(LONG, Terms, provider=provider)
    assert result.value == TERMS
    assert len(provider.requests) == int(asked(provider.requests[0]).split(" of ")[1].split()[0])


def test_a_limit_on_tokens_that_the_windows_exceed_is_told_before_anything_is_spent() -> None:
    provider = provider_of(repeat(answers(SAID)))
    with pytest.raises(TokenLimitError) as caught:
        extract(LONG, Terms, provider=provider, max_tokens=10_000)
    assert provider.requests == []
    assert caught.value.attempts == 0


def test_an_estimate_counts_every_window() -> None:
    provider = provider_of(repeat(answers(SAID)))
    with Extractor(Terms, provider=provider) as extractor:
        told = extractor.estimate(LONG)
        assert provider.requests == []
        result = extractor.extract(LONG)
    assert told.requests == len(provider.requests)
    target = Target("scripted", "scripted")
    counts = [TokenCounter().count(request, target).expected for request in provider.requests]
    assert told.low.input_tokens == pytest.approx(sum(counts), rel=0.05)
    assert told.expected.total_tokens < told.maximum.total_tokens
    assert result.usage.total_tokens < told.maximum.total_tokens


class Vital(BaseModel):
    vital: ClassVar[tuple[str, ...]] = ("start",)

    law: str | None = None
    start: date | None = Field(default=None, description="Day on which it takes effect.")
    notice_days: int | None = None


def test_a_second_look_after_the_windows_shows_the_likely_clauses_of_all_of_it() -> None:
    windows = len(windows_of(answers({})))
    provider = provider_of([*[answers({})] * windows, json.dumps({"start": SAID[START]["start"]})])
    result = extract(LONG, Vital, provider=provider)
    assert result.value.start == TERMS.start
    assert START in asked(provider.requests[-1])
    assert result.attempts == windows + 1


def test_a_single_attempt_leaves_none_for_a_second_look() -> None:
    provider = provider_of(repeat(answers({})))
    result = extract(LONG, Vital, provider=provider, max_attempts=1)
    assert result.attempts == len(windows_of(answers({})))


def windows_of(answer: Callable[[ModelRequest], str]) -> list[ModelRequest]:
    provider = provider_of(repeat(answer))
    extract(LONG, Vital, provider=provider, second_look=False)
    return list(provider.requests)

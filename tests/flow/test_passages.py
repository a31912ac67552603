"""A contract of which the model is shown only the passages that likely state the answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import repeat
from typing import Any

import pytest
from pydantic import BaseModel, Field

from extractor import (
    ConfigurationError,
    ExtractionError,
    Extractor,
    ModelRequest,
    ScriptedProvider,
    aextract,
    extract,
)
from extractor.planning.layout import PASSAGE_TOKENS
from extractor.providers.profiles import profile_for
from tests.services_agreement import LAW, NOTICE, START, cited

FILLER = "The Parties shall meet once a quarter and keep minutes of what they have said. " * 6
FAR = "The colour of the cover is green."
LONG = "\n\n".join(
    [
        "SERVICES AGREEMENT between Quill Ltd and Vane Ltd",
        *(f"{n}. Meetings. {FILLER}" for n in range(1, 150)),
        f"150. Law. {LAW}",
        f"151. Cover. {FAR}",
        *(f"{n}. Meetings. {FILLER}" for n in range(152, 300)),
        f"300. Notice. {NOTICE}",
        *(f"{n}. Meetings. {FILLER}" for n in range(301, 400)),
    ]
)


class Deal(BaseModel):
    law: str | None = Field(None, description="Whose law governs the agreement.")
    notice_days: int | None = Field(None, description="Days of notice to terminate it.")
    penalty: str | None = Field(None, description="Sum forfeited.")


SAID = {
    LAW: {"law": cited("Ireland", "governed by the laws of Ireland")},
    NOTICE: {"notice_days": cited(60, "sixty (60) days' written notice")},
}
NOTHING: dict[str, Any] = dict.fromkeys(Deal.model_fields)


def answer(request: ModelRequest) -> str:
    found = [said for text, said in SAID.items() if text in request.messages[-1].content]
    return json.dumps({key: value for one in (NOTHING, *found) for key, value in one.items()})


def provider(reply: Callable[[ModelRequest], str] = answer) -> ScriptedProvider:
    return ScriptedProvider(repeat(reply))


def test_a_little_of_the_contract_is_shown_and_the_answers_are_found_in_it() -> None:
    scripted = provider()
    result = extract(LONG, Deal, provider=scripted, coverage="passages")
    assert (result.value.law, result.value.notice_days, result.attempts) == ("Ireland", 60, 1)
    (request,) = scripted.requests
    shown = request.messages[-1].content
    assert len(shown) < len(LONG) / 4
    assert shown.count("[...]") > 2
    assert "SERVICES AGREEMENT between Quill Ltd and Vane Ltd" in shown


def test_what_was_not_found_is_not_searched_and_never_absent() -> None:
    result = extract(LONG, Deal, provider=provider(), coverage="passages")
    statuses = {name: field.status for name, field in result.fields.items()}
    assert statuses == {"law": "found", "notice_days": "found", "penalty": "not_searched"}
    assert "passages" in str(result.fields["penalty"].note)
    whole = extract(LONG, Deal, provider=provider())
    assert whole.fields["penalty"].status == "absent"


def test_the_share_that_was_shown_is_told() -> None:
    scripted = provider()
    result = extract(LONG, Deal, provider=scripted, coverage="passages")
    shown = sum(line in scripted.requests[0].messages[-1].content for line in LONG.split("\n\n"))
    assert result.coverage == pytest.approx(shown / 401, abs=0.03)
    assert "Only passages of the document were read" in result.warnings[0]


def test_a_quote_is_looked_for_in_the_whole_document() -> None:
    """A model may remember what it was not shown; what counts is whether the document has it."""
    remembered = json.dumps(NOTHING | {"penalty": cited("green", "cover is green")})
    shown: list[bool] = []

    def remember(request: ModelRequest) -> str:
        shown.append(f"399. Meetings. {FILLER}" in request.messages[-1].content)
        return remembered

    result = extract(LONG, Deal, provider=provider(remember), coverage="passages")
    (evidence,) = result.fields["penalty"].evidence
    assert evidence.span is not None
    assert LONG[evidence.span.start : evidence.span.end] == "cover is green"


def test_a_contract_that_is_no_longer_than_its_passages_is_shown_as_a_whole() -> None:
    short = f"AGREEMENT\n\n1. {LAW}\n\n2. {START}"
    result = extract(short, Deal, provider=provider(), coverage="passages")
    assert (result.coverage, result.warnings) == (1.0, ())
    assert result.fields["penalty"].status == "absent"


def test_a_required_value_that_no_passage_has_is_never_asked_of_the_whole_contract() -> None:
    class Strict(BaseModel):
        law: str
        penalty: str = Field(description="Sum forfeited.")

    scripted = provider()
    with pytest.raises(ExtractionError, match="passages make no valid value") as caught:
        extract(LONG, Strict, provider=scripted, coverage="passages")
    assert "coverage='full'" in str(caught.value.hint)
    assert max(len(request.messages[-1].content) for request in scripted.requests) < len(LONG) / 4


async def test_on_an_event_loop_it_is_the_same() -> None:
    one = extract(LONG, Deal, provider=provider(), coverage="passages")
    assert one == await aextract(LONG, Deal, provider=provider(), coverage="passages")


def test_an_estimate_tells_both_plans_and_what_each_shows() -> None:
    with Extractor(Deal, model="openai:gpt-5.4-mini") as extractor:
        whole, passages = extractor.estimates(LONG)
        assert extractor.estimate(LONG) == whole
    assert (whole.plan, whole.coverage, whole.requests) == ("whole", 1.0, 1)
    assert (passages.plan, passages.requests) == ("passages", 1)
    assert 0 < passages.coverage < 0.25
    assert passages.low.input_tokens < PASSAGE_TOKENS + 2_000 < whole.low.input_tokens
    costs = [told.expected.cost_usd for told in (passages, whole)]
    assert costs == sorted(costs, key=lambda cost: cost or 0)


def test_the_plan_that_is_asked_for_comes_first() -> None:
    with Extractor(Deal, provider=provider(), coverage="passages") as extractor:
        assert [told.plan for told in extractor.estimates(LONG)] == ["passages", "whole"]


def test_a_context_that_the_contract_does_not_fit_is_told_as_windows() -> None:
    local = ScriptedProvider([], profile=profile_for("local", "qwen2.5-coder-1.5b"))
    with Extractor(Deal, provider=local) as extractor:
        assert [told.plan for told in extractor.estimates(LONG)] == ["windows", "passages"]


@pytest.mark.parametrize("coverage", ["some", None, []])
def test_another_coverage_is_refused(coverage: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"coverage is .* it is full or passages"):
        Extractor(Deal, provider=provider(), coverage=coverage)

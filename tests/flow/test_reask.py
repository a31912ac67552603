"""Asking again for what is wrong, and for nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, RootModel

from extractor import (
    ExtractionError,
    ModelRequest,
    ModelResponse,
    ScriptedProvider,
    StopReason,
    TruncatedError,
    extract,
)
from extractor.providers.scripted import Reply
from tests.services_agreement import (
    BAD_NOTICE,
    CONTRACT,
    GOOD,
    LAW,
    NO_START,
    NOTICE,
    NOTICE_AGAIN,
    SMALL,
    START,
    TERMS,
    UNQUOTED_NOTICE,
    Consistent,
    Terms,
    asked,
    fields_of,
    run,
    script,
)


def test_only_the_failing_field_is_asked_again_with_the_passage_it_was_quoted_from() -> None:
    provider = script(BAD_NOTICE, NOTICE_AGAIN)
    result = run(provider)
    first, second = provider.requests
    assert fields_of(first) == ["law", "start", "notice_days"]
    assert fields_of(second) == ["notice_days"]
    assert CONTRACT in asked(first)
    assert NOTICE in asked(second)
    assert LAW not in asked(second)
    assert START not in asked(second)
    assert "soon" in asked(second)
    assert len(asked(second)) < len(asked(first)) / 2
    assert result.value == TERMS


def test_the_answer_to_a_re_ask_is_proved_like_any_other() -> None:
    result = run(script(BAD_NOTICE, NOTICE_AGAIN))
    field = result.fields["notice_days"]
    assert (field.status, field.value, field.raw) == ("found", 60, "60")
    assert [CONTRACT[e.span.start : e.span.end] for e in field.evidence if e.span] == [
        "sixty (60) days' written notice"
    ]
    assert ("field_reask", ("notice_days",)) in {(r.kind, r.path) for r in result.repairs}


def test_a_failing_item_of_a_list_is_asked_for_and_put_back_in_its_place() -> None:
    class Step(BaseModel):
        what: str
        days: int

    class Steps(BaseModel):
        steps: list[Step]

    step = {"quote": "meet once a quarter and keep minutes", "what": "meet", "days": 90}
    wrong = {"quote": "sixty (60) days' written notice", "what": "notice", "days": "many"}
    right = {"steps_1_days": 60}
    provider = script({"steps": [step, wrong, step]}, right)
    result = run(provider, Steps)
    assert fields_of(provider.requests[1]) == ["steps_1_days"]
    assert result.value.model_dump()["steps"] == [
        {"what": "meet", "days": 90},
        {"what": "notice", "days": 60},
        {"what": "meet", "days": 90},
    ]
    assert result.fields["steps[1].days"].status == "found"


def test_several_failing_fields_are_asked_for_together_with_all_their_passages() -> None:
    both = BAD_NOTICE | {"start": {"quote": "takes effect on 1 April 2025", "value": "spring"}}
    provider = script(both, {"start": GOOD["start"], "notice_days": GOOD["notice_days"]})
    result = run(provider)
    again = provider.requests[1]
    assert sorted(fields_of(again)) == ["notice_days", "start"]
    assert NOTICE in asked(again)
    assert START in asked(again)
    assert LAW not in asked(again)
    assert result.value == TERMS


def test_an_answer_quoted_from_nowhere_is_asked_again_of_the_whole_document() -> None:
    provider = script(UNQUOTED_NOTICE, NOTICE_AGAIN)
    result = run(provider)
    again = provider.requests[1]
    assert fields_of(again) == ["notice_days"]
    assert CONTRACT in asked(again)
    assert result.value == TERMS


def test_tags_climb_the_same_ladder() -> None:
    first = f"""<Terms>
      <law><quote>{LAW}</quote><value>Ireland</value></law>
      <start><quote>{START}</quote><value>2025-04-01</value></start>
      <notice_days><quote>sixty (60) days' written notice</quote><value>soon</value></notice_days>
    </Terms>"""
    again = first[first.index("<notice_days>") :].replace("soon", "60").replace("</Terms>", "")
    provider = script(first, again)
    result = run(provider, backend="xml")
    assert CONTRACT not in asked(provider.requests[1])
    assert "<law>" not in asked(provider.requests[1])
    assert result.value == TERMS
    assert result.fields["notice_days"].status == "found"


def test_the_callers_words_are_said_again() -> None:
    provider = script(BAD_NOTICE, NOTICE_AGAIN)
    run(provider, instructions="Count notice in days.")
    assert [asked(request).count("Count notice in days.") for request in provider.requests] == [
        1,
        1,
    ]


def test_half_a_character_in_a_reply_is_not_sent_back() -> None:
    provider = script("I can't \ud800 read this.", GOOD)
    assert run(provider).value == TERMS
    assert "can't \ufffd read" in asked(provider.requests[1])


def test_an_answer_that_is_taken_back_stays_on_record() -> None:
    result = run(script(BAD_NOTICE, {"notice_days": None}))
    assert result.value == Terms(law="Ireland", start=date(2025, 4, 1))
    field = result.fields["notice_days"]
    assert (field.status, field.value, field.raw) == ("invalid", None, "soon")
    assert field.note == "'soon' is not one number"
    assert ("taken_back", ("notice_days",), True) in {
        (repair.kind, repair.path, repair.lossy) for repair in result.repairs
    }


class Brief(BaseModel):
    law: str
    notice_days: int | None = Field(default=None, le=30)


@pytest.mark.parametrize("again", [[NOTICE_AGAIN] * 3, [{"notice_days": None}]])
def test_what_the_schema_itself_refuses_is_invalid_however_it_ends(again: list[Any]) -> None:
    provider = script({"law": GOOD["law"], "notice_days": GOOD["notice_days"]}, *again)
    field = extract(CONTRACT, Brief, provider=provider).fields["notice_days"]
    assert (field.status, field.raw) == ("invalid", "60")
    assert field.note == "Input should be less than or equal to 30"


def test_an_answer_that_the_whole_takes_back_stays_on_record_too() -> None:
    two = GOOD | {"start": {"quote": "takes effect on 1 April 2025", "value": "01/04/2025"}}
    last = GOOD | {"start": None, "notice_days": None}
    result = run(script(two, "I don't know.", last))
    start, notice = result.fields["start"], result.fields["notice_days"]
    assert (start.status, start.raw) == ("ambiguous", "01/04/2025")
    assert (notice.status, notice.raw) == ("conflict", "60")
    assert notice.note == "the model first wrote 60"
    assert [r.path for r in result.repairs if r.kind == "taken_back"] == [
        ("start",),
        ("notice_days",),
    ]


def test_a_day_that_could_be_two_stays_ambiguous_when_it_is_taken_back() -> None:
    two = GOOD | {"start": {"quote": "takes effect on 1 April 2025", "value": "01/04/2025"}}
    result = run(script(two, {"start": None}))
    assert result.value.model_dump()["start"] is None
    assert (result.fields["start"].status, result.fields["start"].raw) == (
        "ambiguous",
        "01/04/2025",
    )


def test_what_a_re_ask_leaves_out_is_still_wrong_and_the_whole_is_asked() -> None:
    both = BAD_NOTICE | {"start": {"quote": "takes effect on 1 April 2025", "value": "spring"}}
    provider = script(both, {"start": GOOD["start"]}, NOTICE_AGAIN)
    result = run(provider)
    assert [sorted(fields_of(request)) for request in provider.requests[1:]] == [
        ["notice_days", "start"],
        ["notice_days"],
    ]
    assert result.value == TERMS


def test_a_re_ask_that_holds_nothing_leaves_the_rest_as_it_was_and_the_whole_is_asked() -> None:
    provider = script(BAD_NOTICE, "I don't know.", GOOD)
    result = run(provider)
    assert [len(fields_of(request)) for request in provider.requests] == [3, 1, 3]
    assert result.value == TERMS


class Nested(BaseModel):
    """Places of every sort, to be asked for again."""

    law: str
    terms: Terms | None = None
    steps: list[Terms] = []
    fees: dict[str, int] = {}
    span: tuple[int, date] | None = None


ITEM = {"quote": NOTICE, "law": "Ireland", "start": "2025-04-01", "notice_days": 60}
PAIR = {"key": "late", "quote": "sixty (60)", "value": 60}
SPAN = {"quote": START, "value": {"item_1": 1, "item_2": "2025-04-01"}}
LISTS: list[Any] = [
    [],
    [[]],
    [ITEM, ITEM | {"notice_days": 0}],
    [ITEM | {"start": "soon"}],
    [PAIR, PAIR],
]
LEAVES = [None, "x", 60, {}, *GOOD.values(), *BAD_NOTICE.values()]
VALUES: list[Any] = [*LEAVES, *LISTS, GOOD, NO_START, ITEM, SPAN]
EDITS = ["", "null", "{", "]", '"', ",", "[]"]


@st.composite
def answers(draw: st.DrawFn) -> Reply:
    """A reply with something in every field that it is asked for, and perhaps something broken."""
    values = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=4))
    edit = draw(st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1), st.sampled_from(EDITS)))
    reason = draw(st.sampled_from([StopReason.END, StopReason.END, StopReason.LENGTH]))

    def answer(request: ModelRequest) -> ModelResponse:
        names = fields_of(request)
        text = json.dumps({name: values[i % len(values)] for i, name in enumerate(names)})
        if edit:
            start, end = sorted(int(place * len(text)) for place in edit[:2])
            text = text[:start] + edit[2] + text[end:]
        return ModelResponse(text, stop_reason=reason)

    return answer


@settings(max_examples=100, deadline=None)
@given(st.lists(answers(), min_size=4, max_size=4), st.sampled_from([Terms, Consistent, Nested]))
def test_no_replies_make_an_extraction_fail_but_for_its_own_errors(
    replies: list[Reply], schema: type[BaseModel]
) -> None:
    provider = ScriptedProvider(replies, profile=SMALL)
    try:
        result = extract(CONTRACT, schema, provider=provider)
    except (ExtractionError, TruncatedError) as error:
        attempts = error.attempts
    else:
        attempts = result.attempts
        assert schema.model_validate(result.value.model_dump()) == result.value
    assert attempts == len(provider.requests) <= 4


def test_failing_places_of_any_depth_are_each_asked_for_once() -> None:
    inner = {"law": None, "start": {"quote": START, "value": "x"}, "notice_days": None}
    provider = script(
        {"law": GOOD["law"], "terms": inner, "steps": [], "fees": [], "span": None},
        {"terms_start": GOOD["start"], "terms_law": GOOD["law"]},
    )
    result = run(provider, Nested)
    assert sorted(fields_of(provider.requests[1])) == ["terms_law", "terms_start"]
    assert result.value == Nested(law="Ireland", terms=Terms(law="Ireland", start=date(2025, 4, 1)))


class Pair(RootModel[tuple[int, str]]):
    pass


class Held(BaseModel):
    held: dict[str, int] | list[int]


def test_a_tuple_at_the_root_is_asked_for_as_a_whole() -> None:
    provider = script({"item_1": "x", "item_2": "a"}, {"items": {"item_1": 5, "item_2": "a"}})
    assert run(provider, Pair, evidence="none").value == Pair((5, "a"))


@pytest.mark.parametrize(
    ("first", "again", "value"),
    [
        ({"late": "soon"}, {"held": {"late": 5}}, {"late": 5}),
        (["soon"], {"held": [5]}, [5]),
        ({"late": "soon"}, {"held": [5]}, [5]),
        (True, {"held": {"late": 5}}, {"late": 5}),
    ],
)
def test_a_choice_of_containers_is_asked_for_as_a_whole(first: Any, again: Any, value: Any) -> None:
    result = run(script({"held": first}, again), Held, evidence="none")
    assert result.value.model_dump() == {"held": value}
    assert result.attempts == 2


class Required(BaseModel):
    """A field that may be null, and has to be said to be."""

    law: str
    start: date | None


def test_null_answers_a_field_that_has_no_default_too() -> None:
    soon = {"law": GOOD["law"], "start": {"quote": "takes effect on 1 April 2025", "value": "soon"}}
    provider = script(soon, {"start": None})
    result = run(provider, Required)
    assert result.value == Required(law="Ireland", start=None)
    assert len(provider.requests) == 2


def test_such_a_field_is_given_up_like_any_optional_one() -> None:
    soon = {"law": GOOD["law"], "start": {"quote": "takes effect on 1 April 2025", "value": "soon"}}
    result = run(script(soon, {"start": soon["start"]}, soon, {"start": soon["start"]}), Required)
    assert result.value == Required(law="Ireland", start=None)
    assert result.fields["start"].status == "invalid"
    assert "given_up" in {repair.kind for repair in result.repairs}


class Day(BaseModel):
    date: date
    event: str | None = None


class Calendar(BaseModel):
    days: list[Day] = []


def test_a_field_of_an_item_is_asked_of_the_items_passage_and_proved_by_its_quote() -> None:
    start = {"quote": "takes effect on 1 April 2025", "date": None, "event": "takes effect"}
    provider = script({"days": [start]}, {"days_0_date": "2025-04-01"})
    result = run(provider, Calendar)
    assert LAW not in asked(provider.requests[1])
    assert result.fields["days[0].date"].status == "found"


class Fixed(BaseModel):
    kind: Literal["fixed"]
    days: int | None


class Open(BaseModel):
    kind: Literal["open"]


class Chosen(BaseModel):
    notice: Fixed | Open = Field(discriminator="kind")


def test_null_answers_such_a_field_of_one_of_several_objects_too() -> None:
    kind = {"quote": "sixty (60) days' written notice", "value": "fixed"}
    wrong = {"quote": "sixty (60) days' written notice", "value": "soon"}
    provider = script({"notice": {"kind": kind, "days": wrong}}, {"notice_days": None})
    assert run(provider, Chosen).value == Chosen(notice=Fixed(kind="fixed", days=None))


def test_such_a_field_without_proof_is_left_out_as_null() -> None:
    kind = {"quote": "sixty (60) days' written notice", "value": "fixed"}
    invented = {"quote": "as they like", "value": 7}
    result = run(script({"notice": {"kind": kind, "days": invented}}), Chosen)
    assert result.value == Chosen(notice=Fixed(kind="fixed", days=None))
    assert result.fields["notice.days"].status == "unverified"

"""A reply to a validated value, without asking anybody again."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, Field, create_model

from extractor.backends import BACKENDS
from extractor.backends.parse import Parsed, parse
from extractor.errors import ParseError
from extractor.wire.compile import compile_schema


class Party(BaseModel):
    name: str = Field(min_length=1)


class Terms(BaseModel):
    law: str
    signed: date | None = None
    days: int | None = Field(default=None, ge=1)
    parties: list[Party] = []


def parsed(
    reply: str, schema: type[BaseModel] = Terms, *, backend: str = "json", quotes: bool = False
) -> Parsed[BaseModel]:
    return parse(BACKENDS[backend], schema, compile_schema(schema, quotes=quotes), reply)


def problems(result: Parsed[BaseModel]) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(problem.kind, problem.path) for problem in result.problems]


def test_a_clean_reply_is_a_value_without_repairs() -> None:
    result = parsed('{"law": "Ireland", "signed": "2025-03-03", "days": 30, "parties": []}')
    assert result.value == Terms(law="Ireland", signed=date(2025, 3, 3), days=30)
    assert (result.problems, result.repairs) == ((), ())


def test_a_reply_in_tags_is_read_by_the_same_rules() -> None:
    result = parsed(
        "<Terms><law>Ireland</law><signed>3 March 2025</signed><days></days></Terms>", backend="xml"
    )
    assert result.value == Terms(law="Ireland", signed=date(2025, 3, 3))
    assert "date_from_text" in {repair.kind for repair in result.repairs}


def test_what_was_done_to_get_a_value_is_recorded_with_its_place() -> None:
    result = parsed('Here it is:\n```json\n{"law": "Ireland", "days": "thirty",}\n```')
    assert result.value == Terms(law="Ireland", days=30)
    assert {repair.path for repair in result.repairs} >= {(), ("days",)}
    assert not any(repair.lossy for repair in result.repairs)


VALID = '{"law": "Ireland", "days": 30}'
INVALID = '{"law": "Scotland", "days": "soon", "signed": "2022-06-14"}'


@pytest.mark.parametrize(
    "reply",
    [
        f"{VALID}\nbut the old agreement said {INVALID}",
        f"The old agreement said {INVALID}\nthis one says {VALID}",
        f"From {INVALID} I conclude {VALID}, not {INVALID}.",
    ],
)
def test_the_candidate_that_is_valid_is_taken_wherever_it_stands(reply: str) -> None:
    assert parsed(reply).value == Terms(law="Ireland", days=30)


def test_without_a_valid_candidate_the_one_with_most_answers_is_kept() -> None:
    result = parsed(f'{{"days": "never"}} and {INVALID}')
    assert result.value is None
    assert result.restored.data["law"] == "Scotland"
    assert problems(result) == [("not_a_number", ("days",))]


DRAFT = '{"law": "Mars", "signed": "2025-03-04", "days": 5}'


@pytest.mark.parametrize(
    "reply",
    [
        f'The document says {DRAFT} in a rider.\n{{"law": "Ireland"}}',
        f'It holds: {DRAFT}\n\n```json\n{{"law": "Ireland", "days": null}}\n```',
        f'{DRAFT}\nNo days, I see. So:\n{{"law": "Ireland", "signed": null, "days": null}}',
    ],
    ids=["a sentence's", "before a fence", "taken back"],
)
def test_of_valid_candidates_the_fullest_is_not_taken_for_the_answer(reply: str) -> None:
    assert parsed(reply).value == Terms(law="Ireland")


def test_a_note_that_names_fewer_fields_does_not_replace_the_answer() -> None:
    reply = '{"law": "Ireland", "days": 30}\n\nIn short:\n{"law": "Irish"}'
    assert parsed(reply).value == Terms(law="Ireland", days=30)


def test_our_own_words_for_a_problem_come_before_pydantics() -> None:
    result = parsed('{"law": "Ireland", "signed": "03/04/2025"}')
    assert problems(result) == [("ambiguous_date", ("signed",))]
    assert result.problems[0].message == "'03/04/2025' can mean 2025-03-04 or 2025-04-03"


def test_pydantics_problems_are_added_where_ours_are_silent() -> None:
    result = parsed('{"days": 0, "parties": [{"name": "A"}, {"name": "", "role": "x"}]}')
    assert set(problems(result)) == {
        ("missing", ("law",)),
        ("greater_than_equal", ("days",)),
        ("string_too_short", ("parties", 1, "name")),
    }
    assert result.value is None


def test_a_value_that_the_end_of_the_reply_cut_off_is_a_problem_at_its_place() -> None:
    result = parsed('{"law": "Ireland", "parties": [{"name": "Pellworth"}, {"name": "Sund')
    assert result.value is None
    assert ("truncated", ("parties", 1, "name")) in problems(result)
    assert result.restored.data["parties"][0] == {"name": "Pellworth"}


def test_places_are_said_in_the_names_of_the_schema() -> None:
    asked: dict[str, Any] = {"late fee (€)": (int, ...)}
    result = parsed('{"late_fee": "five or six"}', create_model("Fees", **asked))
    assert problems(result) == [("not_a_number", ("late fee (€)",))]


@pytest.mark.parametrize("reply", ["I can't help with that.", "", '{"weather": "fine"}', "[]"])
def test_a_reply_with_nothing_of_the_schema_is_no_answer(reply: str) -> None:
    with pytest.raises(ParseError):
        parsed(reply)


@pytest.mark.parametrize("opening", ['{"law": ', "[", '{"parties": [{"name": '])
def test_a_reply_nested_beyond_reason_is_no_answer(opening: str) -> None:
    with pytest.raises(ParseError):
        parsed(opening * 50_000)


def test_quotes_are_kept_with_their_values() -> None:
    reply = {"law": {"quote": "the laws of Ireland", "value": "Ireland"}}
    leaves = parsed(json.dumps(reply), quotes=True).restored.leaves
    assert leaves[("law",)].quotes == ("the laws of Ireland",)


@settings(deadline=None)
@given(st.text(), st.sampled_from([*BACKENDS]))
def test_no_reply_makes_reading_fail_but_for_parse_errors(reply: str, backend: str) -> None:
    try:
        result = parsed(reply, backend=backend)
    except ParseError:
        return
    assert (result.value is None) == bool(result.problems)


@settings(deadline=None)
@given(st.data(), st.sampled_from([*BACKENDS]))
def test_a_valid_reply_with_anything_changed_is_read_or_refused(
    data: st.DataObject, backend: str
) -> None:
    reply = (
        "<Terms><law>Ireland</law><days>30</days></Terms>"
        if backend == "xml"
        else '{"law": "Ireland", "days": 30, "parties": [{"name": "Pellworth"}]}'
    )
    start = data.draw(st.integers(0, len(reply)))
    end = data.draw(st.integers(start, min(len(reply), start + 9)))
    changed = reply[:start] + data.draw(st.text(max_size=5)) + reply[end:]
    try:
        result = parsed(changed, backend=backend)
    except ParseError:
        return
    assert (result.value is None) == bool(result.problems)


CUT = '{"law": "Scotland", "days": 60, "signed": "2022-0'


def test_an_answer_that_is_cut_off_comes_before_the_draft_that_it_corrects() -> None:
    result = parsed(f"Draft: {VALID}\nNo, wait:\n{CUT}")
    assert result.value is None
    assert problems(result)[0] == ("truncated", ("signed",))
    assert (result.restored.data["law"], result.restored.data["days"]) == ("Scotland", 60)


def test_a_whole_answer_that_begins_to_repeat_itself_is_an_answer() -> None:
    result = parsed(VALID + "\n" + VALID[:-4])
    assert result.value == Terms(law="Ireland", days=30)


def test_a_default_and_what_a_validator_makes_are_on_record() -> None:
    class Defaults(BaseModel):
        law: Annotated[str, BeforeValidator(lambda text: {"Eire": "Ireland"}.get(text, text))]
        currency: str | None = "EUR"
        tags: list[str] = ["draft"]

    result = parsed('{"law": "Eire", "currency": null}', Defaults)
    assert result.value == Defaults(law="Ireland")
    assert [(r.kind, r.path, r.lossy) for r in result.repairs] == [
        ("validator", ("law",), True),
        ("default", ("currency",), False),
        ("default", ("tags",), False),
    ]
    assert result.changed == {("law",): "Ireland", ("currency",): "EUR", ("tags",): ["draft"]}


class Spans(BaseModel):
    spans: dict[str, tuple[int, str] | None]


@pytest.mark.parametrize(
    "value",
    [
        "<quote>q</quote><value><item_1>5</item_1><item_2>x</item_2></value>",
        "<value><quote>q</quote><value><item_1>5</item_1><item_2>x</item_2></value></value>",
    ],
)
def test_a_tuple_in_a_dict_is_read_with_its_quote_beside_or_around_it(value: str) -> None:
    reply = f"<Spans><spans><item><key>k</key>{value}</item></spans></Spans>"
    result = parsed(reply, Spans, backend="xml", quotes=True)
    assert result.value == Spans(spans={"k": (5, "x")})
    assert result.restored.leaves["spans", "k"].quotes == ("q",)


def test_a_key_around_the_answer_is_taken_off_and_what_is_cut_is_still_known() -> None:
    result = parsed('{"Terms": {"law": "Ireland", "days": 30}}')
    assert result.value == Terms(law="Ireland", days=30)
    assert ("outer_key", "Terms") in {(repair.kind, repair.detail) for repair in result.repairs}
    cut_off = parsed('{"Terms": {"law": "Ireland", "days": 3')
    assert {path for _, path in problems(cut_off)} >= {("days",)}
    assert ("law",) not in {path for _, path in problems(cut_off)}


def test_two_texts_that_were_read_as_one_are_a_problem() -> None:
    class Names(BaseModel):
        names: list[str]

    assert problems(parsed('{"names": ["say "yes", or "no"", "Bolt"]}', Names)) == []
    joined = parsed('{"names": ["Acme", "the 6" Fund", "Bolt"]}', Names)
    assert problems(joined) == [("swallowed", ("names", 0))]


@pytest.mark.parametrize(
    "reply",
    [
        '{"law": "Ireland", days: $30}',
        "{law: 'Ireland', days: $30}",
        '{"note": "{"law": "Ireland", "days": 30}"}',
    ],
)
def test_a_key_that_ended_up_in_a_text_is_a_problem_and_not_absent(reply: str) -> None:
    class Law(BaseModel):
        law: str | None = None
        days: int | None = None

    kinds = {kind for kind, _ in problems(parsed(reply, Law))}
    assert kinds >= {"swallowed"}


def test_a_key_that_ended_up_in_a_text_without_marks_is_a_problem_too() -> None:
    schema = create_model("Lease", town=(str, ...), law=(str | None, None))
    result = parse(BACKENDS["json"], schema, compile_schema(schema), "{town: Cork city,law: Irish}")
    assert result.value is None
    assert ("swallowed", ("law",)) in problems(result)

"""A second look for fields of high value: what it asks, what it may change, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, model_validator

from extractor import (
    BadRequestError,
    ConfigurationError,
    Extraction,
    Extractor,
    ScriptedProvider,
    SqliteReplyCache,
    TokenLimitError,
)
from extractor.calls.cache.replies import CacheMode
from extractor.calls.core import CallCore
from extractor.flow.second_look import SHOWN
from extractor.providers.profiles import profile_for
from extractor.schemas import Party
from tests.services_agreement import CONTRACT, FILLER, LAW, START, run, script


class Terms(BaseModel):
    """Terms of which two matter most."""

    vital: ClassVar[tuple[str, ...]] = ("law", "start")

    law: str | None = None
    start: date | None = None
    notice_days: int | None = None


NOTHING: dict[str, Any] = {"law": None, "start": None, "notice_days": None}
IRELAND = {"quote": "governed by the laws of Ireland", "value": "Ireland"}
FIRST = {"quote": "takes effect on 1 April 2025", "value": "2025-04-01"}


def looked(
    first: Mapping[str, Any], *second: Any, schema: type[BaseModel] = Terms, **options: Any
) -> tuple[Extraction[Any], ScriptedProvider]:
    provider = script(first, *second)
    return run(provider, schema, **options), provider


def test_what_was_not_found_is_looked_for_in_the_likely_clauses_and_taken_where_proved() -> None:
    result, provider = looked(NOTHING, {"law": IRELAND, "start": FIRST})
    assert result.value == Terms(law="Ireland", start=date(2025, 4, 1))
    assert {name: field.status for name, field in result.fields.items()} == {
        "law": "found",
        "start": "found",
        "notice_days": "absent",
    }
    assert [(repair.kind, repair.path) for repair in result.repairs] == [
        ("second_look", ("law",)),
        ("second_look", ("start",)),
    ]
    assert (result.attempts, result.warnings) == (2, ())
    asked = provider.requests[1].messages[-1].content
    assert LAW in asked
    assert START in asked
    assert len(asked) < len(CONTRACT)
    assert "notice_days" not in str(provider.requests[1].output)


def test_what_was_found_is_not_asked_for_again() -> None:
    first = NOTHING | {"law": IRELAND}
    _, provider = looked(first, {"start": FIRST})
    asked = str(provider.requests[1].output)
    assert "'start'" in asked
    assert "'law'" not in asked


def test_an_invention_of_the_second_look_changes_nothing() -> None:
    invented = {"law": {"quote": "the law of Ohio", "value": "Ohio"}, "start": None}
    result, _ = looked(NOTHING, invented)
    assert result.value == Terms()
    assert result.fields["law"].status == "absent"
    assert result.repairs == ()


def test_each_field_is_taken_for_itself() -> None:
    wrong = {"quote": "takes effect on 1 April 2025", "value": "2026-04-01"}
    result, _ = looked(NOTHING, {"law": IRELAND, "start": wrong})
    assert result.value == Terms(law="Ireland")
    assert result.fields["start"].status == "absent"


def test_a_value_without_proof_is_looked_for_and_stays_on_record_where_that_finds_nothing() -> None:
    first = NOTHING | {"law": {"quote": "by the law of Utah", "value": "Utah"}}
    result, _ = looked(first, {"law": None, "start": None})
    assert result.value.law is None
    field = result.fields["law"]
    assert (field.status, field.raw) == ("unverified", "Utah")
    kept, _ = looked(first, {"law": IRELAND, "start": None}, unverified="keep")
    assert (kept.value.law, kept.fields["law"].status) == ("Ireland", "found")


class Needed(BaseModel):
    """Terms without which there is no contract, none of them vital by name."""

    law: str
    duties: list[str] = []
    notice_days: int | None = None


GOOD: dict[str, Any] = {"law": IRELAND, "duties": [], "notice_days": None}
INVENTED = {"quote": "governed by the laws of Ireland", "value": "in the first week of the month"}


def test_a_value_that_the_schema_needs_is_looked_for_again_where_nothing_proves_it() -> None:
    result, provider = looked(GOOD | {"law": INVENTED}, {"law": IRELAND}, schema=Needed)
    assert (result.value.law, result.fields["law"].status) == ("Ireland", "found")
    assert (result.attempts, result.warnings) == (2, ())
    asked = str(provider.requests[1].output)
    assert "'law'" in asked
    assert "'notice_days'" not in asked


def test_what_is_still_not_proved_after_that_stays_with_its_warning() -> None:
    result, _ = looked(GOOD | {"law": INVENTED}, {"law": INVENTED}, schema=Needed)
    assert result.value.law == INVENTED["value"]
    assert result.fields["law"].status == "unverified"
    assert any("No quote proves law" in warning for warning in result.warnings)


def test_a_list_of_which_nothing_is_proved_is_looked_for_again() -> None:
    duty = {"quote": "takes effect on 1 April 2025", "value": "takes effect on 1 April 2025"}
    result, _ = looked(GOOD | {"duties": [INVENTED]}, {"duties": [duty]}, schema=Needed)
    assert result.value.duties == ["takes effect on 1 April 2025"]
    assert result.attempts == 2


@pytest.mark.parametrize(
    "first",
    [
        GOOD,
        GOOD | {"notice_days": {"quote": "upon notice", "value": 30}},
        GOOD | {"duties": [INVENTED, IRELAND]},
    ],
)
def test_what_the_schema_can_do_without_is_not(first: dict[str, Any]) -> None:
    result, _ = looked(first, schema=Needed)
    assert result.attempts == 1


def test_what_stays_wrong_is_looked_for_in_place_of_asking_for_everything_again() -> None:
    wrong = {"quote": "takes effect on 1 April 2025", "value": "the first day of spring"}
    first = NOTHING | {"law": IRELAND, "start": wrong}
    result, provider = looked(first, {"start": wrong}, {"start": FIRST})
    assert result.value == Terms(law="Ireland", start=date(2025, 4, 1))
    assert result.fields["start"].status == "found"
    assert [repair.kind for repair in result.repairs] == ["given_up", "second_look"]
    assert all(len(request.messages) == 2 for request in provider.requests)  # no whole again


def test_what_stays_wrong_without_a_second_look_is_asked_for_with_everything() -> None:
    wrong = {"quote": "takes effect on 1 April 2025", "value": "the first day of spring"}
    first = NOTHING | {"law": IRELAND, "start": wrong}
    good = NOTHING | {"law": IRELAND, "start": FIRST}
    result, provider = looked(first, {"start": wrong}, good, second_look=False)
    assert result.value == Terms(law="Ireland", start=date(2025, 4, 1))
    assert len(provider.requests[-1].messages) == 4


@pytest.mark.parametrize("vital", [("lwa",), "lwa", (3,), (["law"],)])
def test_a_slip_in_what_is_vital_is_an_error_before_any_call(vital: Any) -> None:
    schema = type("Slip", (Terms,), {"vital": vital, "__annotations__": {"vital": ClassVar[Any]}})
    provider = script()
    with pytest.raises(ConfigurationError, match="which is no field of the schema"):
        run(provider, schema)
    assert provider.requests == []


def test_fields_that_are_valid_only_together_are_taken_together() -> None:
    class Both(Terms):
        @model_validator(mode="after")
        def both_or_none(self) -> Both:
            if (self.law is None) != (self.start is None):
                raise ValueError("both or none")
            return self

    result = run(script(NOTHING, {"law": IRELAND, "start": FIRST}), Both)
    assert result.value == Both(law="Ireland", start=date(2025, 4, 1))


def test_nothing_of_an_item_without_proof_sticks_to_the_one_in_its_place() -> None:
    class Parties(BaseModel):
        vital: ClassVar[tuple[str, ...]] = ("parties",)
        parties: list[Party]

    invented = {"quote": "Foo Incorporated", "name": "Foo Incorporated", "role": "Guarantor"}
    item = {"quote": "between Acme Ltd", "name": "Acme Ltd", "role": None}
    provider = script({"parties": [invented]}, {"parties": [item]})
    with Extractor(Parties, provider=provider) as extractor:
        result = extractor.extract(f"Made between Acme Ltd and Bolt Inc.\n\n{FILLER}")
    assert result.value.parties == [Party(name="Acme Ltd")]
    assert result.fields["parties[0].role"].status == "absent"


def test_a_recorded_run_whose_second_look_failed_can_be_replayed(tmp_path: Path) -> None:
    def core(mode: CacheMode) -> CallCore:
        return CallCore(cache=SqliteReplyCache(tmp_path / "replies.sqlite", mode=mode))

    recorded, _ = looked(NOTHING | {"law": IRELAND}, BadRequestError("No."), core=core("record"))
    replayed = run(script(), Terms, core=core("replay"))
    assert replayed.value == recorded.value == Terms(law="Ireland")
    assert [len(done.warnings) for done in (recorded, replayed)] == [1, 1]


def test_what_a_reask_made_a_conflict_stays_one() -> None:
    unclear = NOTHING | {"start": {"quote": "takes effect on 1 April 2025", "value": "04/01/2025"}}
    blank = {"law": IRELAND, "start": None}
    result, provider = looked(unclear | blank | {"start": unclear["start"]}, {"start": None})
    assert result.fields["start"].status in {"ambiguous", "conflict"}
    assert len(provider.requests) == 2


def test_a_list_of_which_nothing_is_proved_is_looked_for() -> None:
    class Parties(BaseModel):
        vital: ClassVar[tuple[str, ...]] = ("parties",)
        parties: list[Party]

    text = f"Made between Acme Ltd and Bolt Inc.\n\n{FILLER}"
    item = {"quote": "between Acme Ltd", "name": "Acme Ltd", "role": None}
    provider = script({"parties": []}, {"parties": [item]})
    with Extractor(Parties, provider=provider) as extractor:
        result = extractor.extract(text)
    assert result.value.parties == [Party(name="Acme Ltd")]
    assert result.fields["parties[0].name"].status == "found"


@pytest.mark.parametrize(
    ("first", "options"),
    [
        ({"law": IRELAND, "start": FIRST, "notice_days": None}, {}),  # nothing vital is missing
        (NOTHING, {"second_look": False}),
        (NOTHING, {"max_attempts": 1}),
    ],
)
def test_there_is_no_second_look_without_need_leave_or_attempts(
    first: Mapping[str, Any], options: dict[str, Any]
) -> None:
    result, provider = looked(first, **options)
    assert len(provider.requests) == result.attempts == 1


def test_without_quotes_nothing_could_prove_it_and_there_is_none() -> None:
    provider = script(NOTHING)
    run(provider, Terms, evidence="none")
    assert len(provider.requests) == 1


def test_a_schema_that_names_no_vital_fields_has_none() -> None:
    class Plain(Terms):
        vital: ClassVar[tuple[str, ...]] = ()

    provider = script(NOTHING)
    assert run(provider, Plain).attempts == 1


@pytest.mark.parametrize(
    "failure", [BadRequestError("No."), TokenLimitError(estimate=9, spent=1, limit=5)]
)
def test_a_second_look_that_fails_costs_no_answer(failure: Exception) -> None:
    first = NOTHING | {"notice_days": {"quote": "sixty (60) days' written notice", "value": 60}}
    result, _ = looked(first, failure)
    assert result.value == Terms(notice_days=60)
    assert [warning for warning in result.warnings if "second look" in warning] == [
        f"The second look for law, start failed: {failure}"
    ]


def test_rubbish_as_a_second_answer_changes_nothing() -> None:
    result, _ = looked(NOTHING, "I am sorry, but I can't find it.")
    assert result.value == Terms()
    assert result.attempts == 2


def test_a_model_that_says_null_wherever_it_may_is_not_offered_it_again() -> None:
    profile = replace(profile_for("scripted", ""), says_null_early=True)
    provider = script(NOTHING, {"law": IRELAND, "start": FIRST}, profile=profile)
    result = run(provider, Terms)
    assert result.value == Terms(law="Ireland", start=date(2025, 4, 1))
    first, second = (str(request.output) for request in provider.requests)
    assert "null" in first
    assert "null" not in second


def test_it_works_by_xml_tags_too() -> None:
    blank = "<quote></quote><value></value>"
    first = (
        f"<Terms><law>{blank}</law><start>{blank}</start><notice_days>{blank}</notice_days></Terms>"
    )
    second = (
        "<Terms_corrected><law><quote>the laws of Ireland</quote><value>Ireland</value></law>"
        f"<start>{blank}</start></Terms_corrected>"
    )
    result = run(script(first, second), Terms, backend="xml")
    assert result.value == Terms(law="Ireland")


def test_the_estimate_counts_it_and_its_maximum_covers_it() -> None:
    with Extractor(Terms, provider=script()) as extractor:
        with_it = extractor.estimate(CONTRACT)
    with Extractor(Terms, provider=script(), second_look=False) as extractor:
        without = extractor.estimate(CONTRACT)
    assert with_it.low == without.low
    assert with_it.expected.input_tokens > without.expected.input_tokens + SHOWN // 10
    result, provider = looked(NOTHING, {"law": IRELAND, "start": FIRST})
    used = sum(len(json.dumps(str(request))) for request in provider.requests) // 4
    assert used + result.usage.total_tokens < with_it.maximum.total_tokens

"""What will be asked of whom, settled before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, create_model

from extractor import (
    ConfigurationError,
    ContextWindowError,
    Extractor,
    ScriptedProvider,
    extract,
    read_document,
)
from extractor.documents.chunking import Chunk, coverage
from extractor.planning.plan import WIDEST, can_ask, plan, questions, windows
from extractor.providers.profiles import ANTHROPIC_RULES, OPENAI_RULES, profile_for
from extractor.schemas import NDA, Contract
from extractor.types import ModelProfile, SchemaRules
from extractor.wire.groups import asked_values
from extractor.wire.shape import Nullable, Object

PROFILE = ModelProfile(100_000, 8_000, ("strict", "tools", "json", "xml"), OPENAI_RULES)


class Terms(BaseModel):
    law: str


class Clause(BaseModel):
    title: str
    subclauses: list[Clause] = []


def many(count: int, annotation: Any = str) -> type[BaseModel]:
    asked: dict[str, Any] = {f"field_{number}": (annotation, ...) for number in range(count)}
    return create_model("Many", **asked)


def single(item: type[BaseModel]) -> type[BaseModel]:
    """A schema whose only field is a list, and so can't be asked for in groups."""
    listed: Any = list
    return create_model("Single", items=(listed[item], ...))


def backend_of(profile: ModelProfile, schema: type[BaseModel] = Terms, name: str = "auto") -> str:
    return plan(schema, model="m", profile=profile, backend=name).backend.name


def test_a_model_without_a_technique_can_not_be_asked() -> None:
    with pytest.raises(ConfigurationError, match="offers no technique"):
        backend_of(replace(PROFILE, techniques=()))


def test_auto_takes_the_first_technique_of_the_model() -> None:
    assert backend_of(PROFILE) == "strict"
    assert backend_of(replace(PROFILE, techniques=("xml", "json"))) == "xml"


@pytest.mark.parametrize(
    ("provider", "model", "backend"),
    [
        ("openai", "gpt-5.4-mini", "strict"),
        ("anthropic", "claude-sonnet-5", "native"),
        ("anthropic", "claude-sonnet-4-0", "tools"),
        ("compatible", "some-model", "strict"),
        ("local", "qwen2.5-coder-1.5b", "strict"),
    ],
)
@pytest.mark.parametrize("schema", [Contract, NDA])
def test_our_schemas_go_by_the_best_technique_of_every_provider(
    provider: str, model: str, backend: str, schema: type[BaseModel]
) -> None:
    assert backend_of(profile_for(provider, model), schema) == backend


def test_auto_passes_over_a_technique_that_cannot_carry_the_schema_and_says_why() -> None:
    limited = replace(PROFILE, techniques=("native", "tools", "xml"), rules=ANTHROPIC_RULES)
    chosen = plan(many(20, int | str), model="m", profile=limited)
    assert chosen.backend.name == "xml"
    assert [reason.partition(":")[0] for reason in chosen.skipped] == ["native", "tools"]
    assert all("Many" in reason for reason in chosen.skipped)


def test_a_technique_that_is_asked_for_is_taken_or_refused_never_replaced() -> None:
    assert backend_of(PROFILE, name="json") == "json"
    with pytest.raises(ConfigurationError, match="'native'") as caught:
        backend_of(PROFILE, name="native")
    assert caught.value.hint == "It offers: strict, tools, json, xml."
    limited = replace(PROFILE, rules=ANTHROPIC_RULES)
    assert backend_of(limited, many(20, int | str), "strict") == "strict"
    with pytest.raises(ConfigurationError, match="Single"):
        backend_of(limited, single(many(20, int | str)), "strict")


def test_a_schema_that_no_technique_of_the_model_carries_is_refused_with_all_reasons() -> None:
    limited = replace(PROFILE, techniques=("native", "tools"), rules=ANTHROPIC_RULES)
    with pytest.raises(ConfigurationError) as caught:
        backend_of(limited, single(many(20, int | str)))
    assert caught.value.message.startswith("None of the techniques native, tools can carry")
    assert caught.value.message.count("limit is 16") == 2
    assert isinstance(caught.value.__cause__, ConfigurationError)


def test_quotes_are_part_of_the_shape_or_not() -> None:
    quoted = plan(Terms, model="m", profile=PROFILE)
    bare = plan(Terms, model="m", profile=PROFILE, evidence="none")
    assert quoted.shape != bare.shape
    assert (quoted.evidence, bare.evidence) == ("quotes", "none")


def test_room_grows_with_what_is_asked_and_never_beyond_the_models_most() -> None:
    rooms = [plan(many(count), model="m", profile=PROFILE).room for count in (1, 10, 30, 500)]
    assert rooms == sorted(rooms)
    assert rooms[0] < rooms[1]
    assert rooms[-1] == PROFILE.max_output_tokens


def test_a_schema_within_all_limits_is_asked_for_whole() -> None:
    for schema in (Terms, NDA, many(WIDEST), single(many(500))):
        asked = plan(schema, model="m", profile=replace(PROFILE, max_output_tokens=64_000))
        assert asked.groups == (asked.shape,)


def test_a_schema_that_is_too_wide_to_be_answered_well_is_asked_for_in_even_groups() -> None:
    roomy = replace(PROFILE, max_output_tokens=64_000)
    groups = plan(many(369), model="m", profile=roomy).groups
    assert [asked_values(group) for group in groups] == [92, 93, 92, 92]
    assert plan(many(369), model="m", profile=roomy).groups == groups


def test_groups_are_no_wider_than_an_answer_has_room_for() -> None:
    small = replace(PROFILE, max_output_tokens=2_400)
    groups = plan(many(120), model="m", profile=small).groups
    assert [asked_values(group) for group in groups] == [40, 40, 40]


def test_auto_takes_what_carries_the_schema_in_no_more_groups_than_its_width_asks_for() -> None:
    limited = replace(PROFILE, techniques=("native", "tools", "xml"), rules=ANTHROPIC_RULES)
    chosen = plan(many(240, int | str), model="m", profile=limited)
    assert (chosen.backend.name, len(chosen.groups)) == ("xml", 4)
    alone = plan(many(240, int | str), model="m", profile=limited, backend="native")
    assert len(alone.groups) == 15


def test_where_no_technique_carries_the_schema_whole_the_first_takes_it_in_groups() -> None:
    limited = replace(PROFILE, techniques=("native", "tools"), rules=ANTHROPIC_RULES)
    chosen = plan(many(20, int | str), model="m", profile=limited)
    assert (chosen.backend.name, chosen.skipped) == ("native", ())
    assert [asked_values(group) for group in chosen.groups] == [20, 20]


def test_of_a_part_of_a_document_everything_may_be_missing() -> None:
    chosen = plan(many(20), model="m", profile=replace(PROFILE, rules=ANTHROPIC_RULES))
    (part,) = questions(chosen, of_part=True)
    root = part.shape.root
    assert isinstance(root, Object)
    assert [isinstance(field.node, Nullable) for field in root.fields] == [True] * 20


def test_a_question_is_one_request_only_within_the_width_and_the_limits() -> None:
    rules = SchemaRules(max_properties=30)
    chosen = plan(many(10), model="m", profile=replace(PROFILE, rules=rules))
    assert can_ask(chosen, chosen.shape)
    for schema in (many(40), many(WIDEST + 1)):
        assert not can_ask(chosen, plan(schema, model="m", profile=PROFILE).shape)


def test_a_list_is_given_room_for_several_items() -> None:
    one = plan(many(10), model="m", profile=PROFILE).room
    lists = plan(many(10, list[str]), model="m", profile=PROFILE).room
    assert lists > one


def test_models_that_write_much_are_given_much_room_at_once() -> None:
    generous = replace(PROFILE, max_output_tokens=128_000)
    assert plan(Terms, model="m", profile=generous).room == 16_000


def test_room_for_a_recursive_schema_is_finite() -> None:
    assert plan(Clause, model="m", profile=PROFILE).room <= PROFILE.max_output_tokens


def test_what_a_schema_loses_on_the_wire_is_a_warning() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        law: str

    assert "further fields" in plan(Open, model="m", profile=PROFILE).warnings[0]
    assert plan(Terms, model="m", profile=PROFILE).warnings == ()


def windows_for(document: str, *, context: int, overhead: int = 100) -> tuple[Chunk, ...]:
    """Windows where every character is a token."""
    asking = plan(Terms, model="m", profile=replace(PROFILE, context_window=context))
    return windows(asking, read_document(document), overhead=lambda: overhead, count=len)


def test_a_document_that_fills_little_of_the_context_window_is_shown_as_a_whole() -> None:
    assert windows_for("x " * 1_450, context=5_000) == ()


def test_a_longer_one_is_cut_into_windows_that_have_all_of_it() -> None:
    text = "The parties shall meet. " * 1_000
    found = windows_for(text, context=5_000)
    assert len(found) > 8
    assert coverage(found, read_document(text)).missing == 0
    assert all(window.tokens <= 5_000 * 0.6 - 100 for window in found)


@pytest.mark.parametrize(("characters", "is_counted_whole"), [(45_000, False), (50_000, True)])
def test_only_a_text_that_may_be_too_long_is_counted_whole(
    characters: int, is_counted_whole: bool
) -> None:
    counted: list[int] = []
    document = read_document("A sentence of it.\n" * (characters // 18))
    asking = plan(Terms, model="m", profile=PROFILE)  # of which a request may fill 60,000

    def count(text: str) -> int:
        counted.append(len(text))
        return len(text)

    assert windows(asking, document, overhead=lambda: 0, count=count) == ()
    assert (len(document.text) in counted) is is_counted_whole


def test_questions_that_leave_no_room_for_the_document_are_refused() -> None:
    with pytest.raises(ContextWindowError, match="leave 400 tokens") as caught:
        windows_for("x" * 5_000, context=2_000, overhead=800)
    assert "smaller schema" in str(caught.value.hint)


def test_a_profile_without_any_rule_takes_any_schema() -> None:
    free = replace(PROFILE, rules=SchemaRules())
    assert backend_of(free, many(200, int | str)) == "strict"


@pytest.mark.parametrize("schema", [dict, "nda", list[int], None])
def test_what_is_no_model_class_is_refused_before_anything_is_sent(schema: Any) -> None:
    with pytest.raises(ConfigurationError, match="is not a Pydantic model class"):
        extract("A contract between two parties.", schema, provider=ScriptedProvider([]))


def test_unknown_evidence_is_refused() -> None:
    schema = create_model("Law", law=(str, ...))
    anything: Any = "maybe"
    with pytest.raises(ConfigurationError, match="maybe"):
        extract("A contract.", schema, provider=ScriptedProvider([]), evidence=anything)


# --- reasoning effort -----------------------------------------------------------------------------


def test_a_reasoning_effort_that_the_model_does_not_take_is_refused_with_those_that_it_takes() -> (
    None
):
    claude = profile_for("anthropic", "claude-opus-5")
    with pytest.raises(ConfigurationError, match="does not take the reasoning effort") as caught:
        plan(Terms, model="claude-opus-5", profile=claude, reasoning_effort="minimal")
    assert caught.value.hint == "It takes low, medium, high, xhigh, max."


def test_one_for_a_model_that_takes_none_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ConfigurationError) as caught:
        extract("A contract.", Terms, model="openai:gpt-4o", reasoning_effort="low")
    assert caught.value.hint == "It takes none at all: leave it out."


def test_every_request_of_an_extraction_has_the_effort_that_was_asked_for() -> None:
    provider = ScriptedProvider(
        ["no answer", '{"law": {"quote": "Irish law", "value": "Irish law"}}']
    )
    extract("Irish law governs.", Terms, provider=provider, reasoning_effort="high")
    assert [asked.reasoning_effort for asked in provider.requests] == ["high", "high"]


def test_runs_with_another_effort_are_told_apart() -> None:
    def told(effort: Any) -> Any:
        return Extractor(
            Terms, provider=ScriptedProvider([]), reasoning_effort=effort
        ).configuration

    assert told("low") != told("high")
    assert told(None)["reasoning_effort"] is None

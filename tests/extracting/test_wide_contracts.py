"""369 fields and 300 pages: planned, priced, run, and no provider's limit broken on the way.

The limits are counted here once more, by code of the tests' own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import repeat
from typing import Any, cast

import pytest

from benchmarks.wide_contract import VALUES, WideCase, answers, wide_case
from extractor import (
    Extraction,
    ExtractionError,
    Extractor,
    ModelProfile,
    ModelRequest,
    ModelResponse,
    ScriptedProvider,
    TokenLimitError,
    Usage,
)
from extractor.calls.core import CallCore
from extractor.calls.metering.pricing import Price, Pricing
from extractor.calls.metering.tokens import TokenCounter
from extractor.calls.steps import Target
from extractor.planning.plan import plan, shares_prefix
from extractor.providers.profiles import ANTHROPIC_RULES, profile_for
from extractor.providers.scripted import Reply
from extractor.types import (
    JsonObject,
    JsonObjectOutput,
    JsonSchemaOutput,
    SchemaRules,
    ToolOutput,
)

MODELS = [("openai", "gpt-5.4-mini"), ("anthropic", "claude-sonnet-4-5")]
NARROW = replace(profile_for("anthropic", "claude-sonnet-4-5"), context_window=40_000)


@cache
def long_case() -> WideCase:
    return wide_case()


@cache
def middle_case() -> WideCase:
    return wide_case(sections=300)


@cache
def short_case() -> WideCase:
    return wide_case(sections=40)


def provider_of(case: WideCase, profile: ModelProfile) -> ScriptedProvider:
    return ScriptedProvider(repeat(answers(case)), profile=profile)


def run(case: WideCase, provider: ScriptedProvider, **options: Any) -> Extraction[Any]:
    with Extractor(case.schema, provider=provider, **options) as extractor:
        return extractor.extract(case.text)


# --- what a schema has, counted anew --------------------------------------------------------------


def schemas_in(node: object) -> Iterator[JsonObject]:
    """Every object of a JSON Schema that is one, definitions included, each once."""
    if isinstance(node, list):
        for item in cast("list[object]", node):
            yield from schemas_in(item)
    if isinstance(node, dict):
        made = cast("JsonObject", node)
        if "type" in made or "anyOf" in made or "$ref" in made or "enum" in made:
            yield made
        for key, inner in made.items():
            named = key in {"properties", "$defs"}
            for member in inner.values() if named else [inner]:
                yield from schemas_in(member)


def depth_of(node: JsonObject, definitions: JsonObject) -> int:
    """Levels of objects, references followed."""
    if "$ref" in node:
        return depth_of(definitions[node["$ref"].split("/")[-1]], definitions)
    inner = [*node.get("properties", {}).values(), *node.get("anyOf", [])]
    inner += [node["items"]] if "items" in node else []
    below = max((depth_of(one, definitions) for one in inner), default=0)
    return below + ("properties" in node)


def broken_limits(schema: JsonObject, rules: SchemaRules) -> dict[str, int]:
    """The limits that a schema breaks, with what it has."""
    parts = [*schemas_in(schema)]
    properties = [item for part in parts for item in part.get("properties", {}).items()]
    required = sum(len(part.get("required", ())) for part in parts)
    enums = [len(part["enum"]) for part in parts if "enum" in part]
    unions = sum(
        "anyOf" in member or isinstance(member.get("type"), list) for _, member in properties
    )
    found = {
        "max_properties": len(properties),
        "max_unions": unions,
        "max_optionals": len(properties) - required,
        "max_enum_values": max(enums, default=0),
        "max_depth": depth_of(schema, schema.get("$defs", {})),
        "max_name_chars": sum(len(name) for name, _ in properties),
    }
    limits = {name: getattr(rules, name) for name in found}
    return {n: count for n, count in found.items() if limits[n] is not None and count > limits[n]}


def schema_of(request: ModelRequest) -> JsonObject:
    assert isinstance(request.output, JsonSchemaOutput | ToolOutput)
    return request.output.schema


def test_the_counter_sees_what_breaks_a_limit() -> None:
    leaf: JsonObject = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    schema: JsonObject = {"type": "object", "properties": {f"p{n}": leaf for n in range(25)}}
    assert broken_limits(schema, ANTHROPIC_RULES) == {"max_unions": 25, "max_optionals": 25}
    deep: JsonObject = {"type": "string"}
    for _ in range(11):
        deep = {"type": "object", "properties": {"in": deep}, "required": ["in"]}
    assert broken_limits(deep, SchemaRules(max_depth=10)) == {"max_depth": 11}


# --- the trial ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("provider", "model"), MODELS)
def test_369_fields_of_300_pages_are_all_found_within_every_limit(
    provider: str, model: str
) -> None:
    case = long_case()
    assert len(case.text) > 300 * 2_900
    check(case, profile_for(provider, model), "auto")


@pytest.mark.parametrize(("provider", "model"), MODELS)
def test_tools_break_no_limit_either(provider: str, model: str) -> None:
    requests = check(short_case(), profile_for(provider, model), "tools")
    assert {type(request.output) for request in requests} == {ToolOutput}


def test_369_fields_are_found_within_a_small_context_too() -> None:
    profile = profile_for("local", "qwen2.5-coder-1.5b")
    requests = check(middle_case(), profile, "auto")
    shown = {request.messages[-1].content[: request.messages[-1].shared] for request in requests}
    assert len(shown) > 1  # windows, since the whole has no room


def check(case: WideCase, profile: ModelProfile, backend: str) -> Sequence[ModelRequest]:
    """Extract a case, hold it to all that is promised, and return what was asked."""
    scripted = provider_of(case, profile)
    result = run(case, scripted, backend=backend)
    assert result.value.model_dump(mode="json") == case.value()
    assert result.coverage == 1.0
    assert {field.status for field in result.fields.values()} == {"found"}
    assert len(result.fields) >= VALUES
    for request in scripted.requests:
        assert broken_limits(schema_of(request), profile.rules) == {}
        assert request.max_tokens <= profile.max_output_tokens
    return scripted.requests


def test_all_groups_are_asked_of_a_window_before_the_next_one_is_shown() -> None:
    case = middle_case()
    scripted = provider_of(case, NARROW)
    result = run(case, scripted)
    shared = [r.messages[-1].content[: r.messages[-1].shared] for r in scripted.requests]
    windows = [*dict.fromkeys(shared)]
    groups = len(shared) // len(windows)
    assert (groups, len(windows) > 1) == (4, True)
    assert shared == [window for window in windows for _ in range(groups)]
    assert f"asked for in {groups} groups" in result.warnings[0]
    assert f"read in {len(windows)} windows" in result.warnings[1]


def test_a_short_document_is_shown_whole_to_each_group() -> None:
    case = short_case()
    scripted = provider_of(case, profile_for("openai", "gpt-5.4-mini"))
    result = run(case, scripted)
    assert result.value.model_dump(mode="json") == case.value()
    assert len(scripted.requests) == result.attempts == 4
    assert all(case.text.strip() in request.messages[-1].content for request in scripted.requests)
    asked = [name for request in scripted.requests for name in schema_of(request)["properties"]]
    assert [*dict.fromkeys(asked)] == list(case.truth)


@pytest.mark.parametrize("context_window", [200_000, NARROW.context_window])
def test_an_estimate_counts_every_group_of_every_window(context_window: int) -> None:
    case = middle_case()
    scripted = provider_of(case, replace(NARROW, context_window=context_window))
    with Extractor(case.schema, provider=scripted) as extractor:
        told = extractor.estimate(case.text)
        result = extractor.extract(case.text)
        assert told.requests == len(scripted.requests) == told.windows * told.groups
    target, counter = Target("scripted", "scripted"), TokenCounter()
    counted = sum(counter.count(request, target).expected for request in scripted.requests)
    assert told.low.input_tokens == pytest.approx(counted, rel=0.03)
    assert told.low.total_tokens < told.expected.total_tokens < told.maximum.total_tokens
    assert result.usage.total_tokens < told.maximum.total_tokens


# --- what goes wrong ------------------------------------------------------------------------------


def test_a_limit_on_tokens_that_the_groups_exceed_is_told_before_anything_is_spent() -> None:
    case = short_case()
    scripted = provider_of(case, profile_for("openai", "gpt-5.4-mini"))
    with pytest.raises(TokenLimitError):
        run(case, scripted, max_tokens=20_000)
    assert scripted.requests == []


def test_a_reply_that_can_t_be_read_is_asked_for_again_in_its_group_alone() -> None:
    case = short_case()
    answer = answers(case)
    replies: list[Reply] = [answer, "No idea.", *repeat(answer, 3)]
    scripted = ScriptedProvider(replies, profile=profile_for("openai", "gpt-5.4-mini"))
    assert run(case, scripted).value.model_dump(mode="json") == case.value()
    assert [len(request.messages) for request in scripted.requests] == [2, 2, 4, 2, 2]


def test_failing_fields_are_asked_for_again_as_many_at_a_time_as_one_request_carries() -> None:
    case = short_case()
    profile = replace(profile_for("openai", "gpt-5.4-mini"), max_output_tokens=700)
    answer = answers(case)

    def without_required(request: ModelRequest) -> str:
        """Leave out what has no null, the first time."""
        given, members = json.loads(answer(request)), schema_of(request)["properties"]
        if "PROBLEMS" in request.messages[-1].content:
            return json.dumps(given)
        needed = [n for n in given if {"type": "null"} not in members[n].get("anyOf", ())]
        lost = [name for name in needed if "quote" in given[name]]
        return json.dumps(given | dict.fromkeys(lost))

    scripted = ScriptedProvider(repeat(without_required), profile=profile)
    result = run(case, scripted, max_attempts=9)
    assert result.value.model_dump(mode="json") == case.value()
    again = [r for r in scripted.requests if "PROBLEMS" in r.messages[-1].content]
    asked = [name for request in again for name in schema_of(request)["properties"]]
    assert len(asked) == len(set(asked)) > 14
    assert max(len(schema_of(request)["properties"]) for request in again) <= 14


def test_an_error_says_which_group_of_which_window_it_was() -> None:
    case = short_case()
    profile = replace(NARROW, context_window=20_000)
    replies: list[Reply] = [answers(case), answers(case), *repeat("No.", 20)]
    scripted = ScriptedProvider(replies, profile=profile)
    with pytest.raises(ExtractionError) as caught:
        run(case, scripted)
    assert caught.value.__notes__[-1].startswith("This was window 1 of ")
    assert caught.value.__notes__[-1].endswith(", group 3 of 4.")


# --- what it costs --------------------------------------------------------------------------------


def test_groups_that_share_the_document_in_the_prompt_cache_are_told_as_the_cheaper_plan() -> None:
    """A schema beside the messages stands before the document: another one, and nothing is read."""
    case = short_case()
    for model, taken, left in (
        ("openai:gpt-5.4-mini", "json", ["strict", "xml"]),
        ("anthropic:claude-sonnet-4-5", "xml", ["native"]),
    ):
        with Extractor(case.schema, model=model) as extractor:
            first, passages, *others = extractor.estimates(case.text)
            assert extractor.estimate(case.text) == first
        assert (first.plan, first.backend, first.coverage) == ("groups", taken, 1.0)
        assert (passages.plan, passages.coverage < 1) == ("passages and groups", True)
        assert [(told.backend, told.coverage) for told in others] == [(b, 1.0) for b in left]
        for told in others:
            assert told.expected.cost_usd is not None
            assert first.expected.cost_usd is not None
            assert first.expected.cost_usd < told.expected.cost_usd


def test_a_technique_that_is_asked_for_stays_whatever_it_costs() -> None:
    case = short_case()
    with Extractor(case.schema, model="openai:gpt-5.4-mini", backend="strict") as extractor:
        first, _, *others = extractor.estimates(case.text)
    assert first.backend == "strict"
    assert [told.backend for told in others] == ["json", "xml"]


def test_for_a_document_that_no_cache_keeps_the_schema_stays_enforced() -> None:
    case = short_case()
    with Extractor(case.schema, model="openai:gpt-5.4-mini") as extractor:
        told = extractor.estimate("A lease of a quarry.")
    assert (told.plan, told.backend) == ("groups", "strict")


def test_the_cheapest_technique_is_the_one_that_asks_and_is_told_as_such() -> None:
    case, told = short_case(), list[str]()
    priced = CallCore(pricing=Pricing({"openai:m": Price(Decimal(1), Decimal(5), Decimal("0.1"))}))
    scripted = provider_of(case, profile_for("openai", "gpt-5.4-mini"))
    scripted.name = "openai"
    with Extractor(
        case.schema, model="m", provider=scripted, core=priced, progress=told.append
    ) as extractor:
        request = extractor.first_request(case.text)
        with pytest.raises(AssertionError):  # the script can't read this technique's questions
            extractor.extract(case.text)
    assert isinstance(request.output, JsonObjectOutput)
    assert scripted.requests[0].messages[0] == request.messages[0]
    assert "(json)" in told[0]


def test_a_cached_document_costs_what_the_list_says() -> None:
    case, target = short_case(), Target("openai", "gpt-5.4-mini")
    with Extractor(case.schema, model=str(target), backend="json") as extractor:
        told = extractor.estimate(case.text)
        asked = extractor.first_request(case.text).messages[-1]
    read = 3 * TokenCounter().text(asked.content[: asked.shared], target)
    usage = Usage(told.low.input_tokens, told.low.output_tokens, cache_read_input_tokens=read)
    assert told.low.cost_usd == Pricing().cost(target, usage)


def test_the_model_on_this_machine_never_reads_a_document_twice_for_its_groups() -> None:
    local = profile_for("local", "qwen2.5-coder-1.5b")
    assert shares_prefix(plan(short_case().schema, model="m", profile=local))


@pytest.mark.parametrize("context_window", [400_000, 30_000])
def test_the_default_limit_has_room_for_every_attempt_at_every_part(context_window: int) -> None:
    case = short_case()
    profile = replace(profile_for("openai", "gpt-5.4-mini"), context_window=context_window)
    answer, counter, target = answers(case), TokenCounter(), Target("scripted", "scripted")

    def worst(request: ModelRequest) -> ModelResponse:
        """Fail three times at each part, and take all that a request can take."""
        most = Usage(counter.count(request, target).upper, request.max_tokens)
        return ModelResponse(answer(request) if request.turn == 4 else "No " * 500, most)

    scripted = ScriptedProvider(repeat(worst), profile=profile)
    result = run(case, scripted)
    assert result.value.model_dump(mode="json") == case.value()
    with Extractor(case.schema, provider=scripted) as extractor:
        told = extractor.estimate(case.text)
    assert result.attempts == 4 * told.requests
    assert result.usage.total_tokens < told.maximum.total_tokens

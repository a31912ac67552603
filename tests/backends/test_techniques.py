"""The five techniques: what each puts into the API, what into the prompt, and how it reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel, create_model

from extractor.backends import BACKENDS, backend_named
from extractor.backends.base import request
from extractor.errors import ConfigurationError
from extractor.providers.profiles import ANTHROPIC_RULES, OPENAI_RULES
from extractor.types import (
    JsonObjectOutput,
    JsonSchemaOutput,
    Message,
    ModelProfile,
    TextOutput,
    ToolOutput,
)
from extractor.wire.compile import compile_schema
from extractor.wire.json_schema import wire_schema
from extractor.wire.outline import json_outline, xml_outline

PROFILE = ModelProfile(100_000, 4_000, tuple(BACKENDS), OPENAI_RULES)
BLIND = replace(PROFILE, shows_schema=False)
"""A server that constrains decoding by the schema, but never shows it to the model."""


class Terms(BaseModel):
    law: str
    days: int | None = None


SHAPE = compile_schema(Terms, quotes=True)
WIRE = wire_schema(SHAPE, OPENAI_RULES).schema


def test_there_are_five() -> None:
    assert [*BACKENDS] == ["strict", "json", "xml", "native", "tools"]
    assert all(backend_named(name).name == name for name in BACKENDS)


def test_an_unknown_technique_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(ConfigurationError, match="'yaml'") as caught:
        backend_named("yaml")
    assert caught.value.hint == "There are auto, strict, json, xml, native, tools."


@pytest.mark.parametrize("name", ["strict", "native"])
def test_structured_outputs_put_the_schema_into_the_api(name: str) -> None:
    assert BACKENDS[name].output(SHAPE, PROFILE) == JsonSchemaOutput("Terms", WIRE)


def test_tools_put_it_into_the_arguments_of_a_tool_that_must_be_called() -> None:
    output = BACKENDS["tools"].output(SHAPE, PROFILE)
    assert isinstance(output, ToolOutput)
    assert (output.name, output.schema, output.strict) == ("Terms", WIRE, True)
    assert "Terms" in output.description


def test_json_mode_asks_for_some_object_and_xml_for_text() -> None:
    assert BACKENDS["json"].output(SHAPE, PROFILE) == JsonObjectOutput()
    assert BACKENDS["xml"].output(SHAPE, PROFILE) == TextOutput()


@pytest.mark.parametrize("name", ["strict", "native", "tools"])
def test_a_schema_that_the_api_shows_is_not_said_again_in_the_prompt(name: str) -> None:
    assert BACKENDS[name].outline(SHAPE, PROFILE) is None


@pytest.mark.parametrize("name", ["strict", "native", "tools"])
def test_a_schema_that_only_constrains_is_said_in_the_prompt_too(name: str) -> None:
    assert BACKENDS[name].outline(SHAPE, BLIND) == json_outline(SHAPE)


@pytest.mark.parametrize("profile", [PROFILE, BLIND])
def test_json_mode_and_xml_say_it_in_the_prompt_alone(profile: ModelProfile) -> None:
    assert BACKENDS["json"].outline(SHAPE, profile) == json_outline(SHAPE)
    assert BACKENDS["xml"].outline(SHAPE, profile) == xml_outline(SHAPE)


def test_a_schema_beyond_the_apis_limits_is_refused_where_the_api_would_enforce_it() -> None:
    asked: dict[str, Any] = {f"f{number}": (int | str, ...) for number in range(20)}
    shape = compile_schema(create_model("Choices", **asked))
    limited = replace(PROFILE, rules=ANTHROPIC_RULES)
    for name in ("strict", "native", "tools"):
        with pytest.raises(ConfigurationError, match="Choices"):
            BACKENDS[name].output(shape, limited)
    for name in ("json", "xml"):
        output = BACKENDS[name].output(shape, limited)
        assert isinstance(output, JsonObjectOutput | TextOutput)


@pytest.mark.parametrize("name", ["strict", "json", "native", "tools"])
def test_json_techniques_read_json(name: str) -> None:
    readings = BACKENDS[name].read(
        SHAPE, '{"law": {"quote": "laws of Ireland", "value": "Ireland"}}'
    )
    assert [reading.value for reading in readings] == [
        {"law": {"quote": "laws of Ireland", "value": "Ireland"}}
    ]


def test_xml_reads_tags() -> None:
    reply = "<Terms><law><quote>laws of R&D</quote><value>Ireland</value></law></Terms>"
    reading, *_ = BACKENDS["xml"].read(SHAPE, reply)
    assert reading.value == {"law": {"quote": "laws of R&D", "value": "Ireland"}}


@pytest.mark.parametrize(("takes", "sent"), [(True, 0.0), (False, None)])
def test_the_temperature_is_zero_where_the_model_takes_one(takes: bool, sent: float | None) -> None:
    messages = (Message("user", "Which law?"),)
    profile = replace(PROFILE, takes_temperature=takes)
    output = BACKENDS["json"].output(SHAPE, profile)
    asked = request(output, messages, model="m", profile=profile, max_tokens=99)
    assert (asked.model, asked.messages, asked.max_tokens) == ("m", messages, 99)
    assert asked.temperature == sent
    assert asked.output == JsonObjectOutput()

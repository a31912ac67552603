from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import InvalidResponseError
from extractor.providers.openai import OpenAIProvider
from extractor.types import (
    JsonObjectOutput,
    JsonSchemaOutput,
    Message,
    ModelRequest,
    ModelResponse,
    OutputFormat,
    StopReason,
    TextOutput,
    ToolOutput,
    Usage,
)

if TYPE_CHECKING:
    from tests.providers.conftest import Serve

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {},
    "required": [],
    "additionalProperties": False,
}


def completion(**changes: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "model": "gpt-5.4-2026-03-05",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"content": "{}"}}],
        "usage": {
            "prompt_tokens": 100,
            "completion_tokens": 40,
            "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 20},
            "completion_tokens_details": {"reasoning_tokens": 30},
        },
    } | changes


def choice(message: dict[str, Any], finish_reason: str | None = "stop") -> dict[str, Any]:
    return completion(choices=[{"finish_reason": finish_reason, "message": message}])


def request(output: OutputFormat | None = None, **changes: Any) -> ModelRequest:
    messages = (Message("system", "Extract."), Message("user", "The contract. What law?"))
    asked = ModelRequest("gpt-5.4", messages, output or TextOutput(), 500)
    return replace(asked, **changes)


# --- the request ----------------------------------------------------------------------------------


def test_one_post_carries_the_messages_and_asks_not_to_be_stored(serve: Serve, how: str) -> None:
    server = serve(OpenAIProvider, httpx2.Response(200, json=completion()))
    server.ask(request(), how)
    assert [str(asked.url) for asked in server.requests] == [
        "https://api.openai.com/v1/chat/completions"
    ]
    assert server.requests[0].headers["authorization"] == "Bearer sk-test-0123456789abcdef"
    assert server.body == {
        "model": "gpt-5.4",
        "messages": [
            {"role": "system", "content": "Extract."},
            {"role": "user", "content": "The contract. What law?"},
        ],
        "max_completion_tokens": 500,
        "store": False,
    }


def test_what_is_encoded_is_what_is_sent(serve: Serve, how: str) -> None:
    asked = request(JsonSchemaOutput("Nda", SCHEMA), temperature=0.0)
    server = serve(OpenAIProvider, httpx2.Response(200, json=completion()))
    server.ask(asked, how)
    assert server.body == OpenAIProvider().encode(asked)


def test_structured_outputs_carry_the_schema_strictly() -> None:
    body = OpenAIProvider().encode(request(JsonSchemaOutput("Nda", SCHEMA)))
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "Nda", "strict": True, "schema": SCHEMA},
    }


def test_json_mode_carries_no_schema() -> None:
    body = OpenAIProvider().encode(request(JsonObjectOutput()))
    assert body["response_format"] == {"type": "json_object"}


def test_a_tool_is_forced_strict_and_called_once() -> None:
    body = OpenAIProvider().encode(request(ToolOutput("save", "Save it.", SCHEMA)))
    function = {"name": "save", "description": "Save it.", "parameters": SCHEMA, "strict": True}
    assert body["tools"] == [{"type": "function", "function": function}]
    assert body["tool_choice"] == {"type": "function", "function": {"name": "save"}}
    assert body["parallel_tool_calls"] is False


def test_free_text_asks_for_no_format() -> None:
    assert not {"response_format", "tools"} & OpenAIProvider().encode(request()).keys()


def test_a_temperature_is_sent_only_when_there_is_one() -> None:
    assert "temperature" not in OpenAIProvider().encode(request())
    assert OpenAIProvider().encode(request(temperature=0.0))["temperature"] == 0.0


def test_a_reasoning_effort_is_sent_only_when_there_is_one() -> None:
    assert "reasoning_effort" not in OpenAIProvider().encode(request())
    assert OpenAIProvider().encode(request(reasoning_effort="low"))["reasoning_effort"] == "low"


def test_a_conversation_keeps_its_turns() -> None:
    turns = (Message("user", "a"), Message("assistant", "b"), Message("user", "c"))
    body = OpenAIProvider().encode(request(messages=turns))
    assert [turn["role"] for turn in body["messages"]] == ["user", "assistant", "user"]


# --- the reply ------------------------------------------------------------------------------------


def test_a_reply_becomes_a_response(serve: Serve, how: str) -> None:
    headers = {"x-request-id": "req_9"}
    server = serve(OpenAIProvider, httpx2.Response(200, json=completion(), headers=headers))
    assert server.ask(request(), how) == ModelResponse(
        text="{}",
        usage=Usage(100, 40, 60, 20, 30),
        stop_reason=StopReason.END,
        model="gpt-5.4-2026-03-05",
        response_id="chatcmpl-1",
        request_id="req_9",
    )


def decode(body: dict[str, Any]) -> ModelResponse:
    return OpenAIProvider().decode(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("finish_reason", "stop_reason"),
    [
        ("stop", StopReason.END),
        ("length", StopReason.LENGTH),
        ("model_length", StopReason.LENGTH),
        ("tool_calls", StopReason.TOOL_USE),
        ("function_call", StopReason.TOOL_USE),
        ("content_filter", StopReason.CONTENT_FILTER),
        ("a_reason_of_next_year", StopReason.END),
        (None, StopReason.END),
    ],
)
def test_finish_reasons_map(finish_reason: str | None, stop_reason: StopReason) -> None:
    assert decode(choice({"content": "x"}, finish_reason)).stop_reason is stop_reason


def test_a_refusal_is_returned_with_its_words_and_its_bill() -> None:
    response = decode(choice({"content": None, "refusal": "I can't help with that."}))
    assert response.stop_reason is StopReason.REFUSAL
    assert response.refusal == "I can't help with that."
    assert (response.text, response.usage) == ("", Usage(100, 40, 60, 20, 30))


def test_a_tool_calls_arguments_are_the_text() -> None:
    call = {
        "id": "c",
        "type": "function",
        "function": {"name": "save", "arguments": '{"a": 12.10}'},
    }
    response = decode(choice({"content": "Sure.", "tool_calls": [call]}, "tool_calls"))
    assert response.text == '{"a": 12.10}'
    two = decode(choice({"content": None, "tool_calls": [call, call]}, "tool_calls"))
    assert two.text == '{"a": 12.10}\n{"a": 12.10}'


def test_arguments_that_are_an_object_are_its_text_with_numbers_as_they_were_written() -> None:
    body = json.dumps(choice({"tool_calls": [{"function": {"arguments": {"a": ["é", None]}}}]}))
    raw = body.replace("null]", "12.10, true]").encode()
    assert OpenAIProvider().decode(raw).text == '{"a": ["é", 12.10, true]}'


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('{"a": {"b": "c"}} ', '{"a": {"b": "c'),
        ({"a": {"b": "c"}}, '{"a": {"b": "c'),
        ('{"a": {"b": "c"}', '{"a": {"b": "c"}'),
        ('{"a": "x}', '{"a": "x}'),
    ],
)
def test_arguments_that_were_cut_off_never_look_whole(arguments: Any, told: str) -> None:
    calls = [{"function": {"arguments": one}} for one in ('{"a": 1}', arguments)]
    assert decode(choice({"tool_calls": calls}, "length")).text == '{"a": 1}\n' + told


def test_arguments_that_are_neither_are_no_reply() -> None:
    with pytest.raises(InvalidResponseError):
        decode(choice({"tool_calls": [{"function": {"arguments": ["a"]}}]}))


def test_content_is_the_text_where_a_forced_call_was_not_made() -> None:
    assert decode(choice({"content": '{"a": 1}', "tool_calls": []})).text == '{"a": 1}'


def test_content_in_parts_is_joined_without_the_thinking() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": '{"a":'},
        {"type": "text", "text": " 1}"},
    ]
    assert decode(choice({"content": parts})).text == '{"a": 1}'


def test_reasoning_that_used_up_all_tokens_is_a_truncation_not_a_crash() -> None:
    response = decode(choice({"content": None}, "length"))
    assert (response.text, response.stop_reason) == ("", StopReason.LENGTH)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        [],
        {"prompt_tokens": None, "completion_tokens": 1},
        {"prompt_tokens": "9", "completion_tokens": 1},
        {"prompt_tokens": True, "completion_tokens": 1},
        {"prompt_tokens": -9, "completion_tokens": 1},
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": 9},
    ],
)
def test_odd_usage_is_unknown_and_does_not_lose_the_reply(usage: Any) -> None:
    response = decode(completion(usage=usage))
    assert (response.text, response.usage) == ("{}", None)


def test_usage_without_details_is_known() -> None:
    assert decode(completion(usage={"prompt_tokens": 9, "completion_tokens": 0})).usage == Usage(9)


def test_what_a_broken_reply_cost_is_kept() -> None:
    with pytest.raises(InvalidResponseError) as caught:
        decode(completion(choices=None))
    assert caught.value.usage == Usage(100, 40, 60, 20, 30)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
odd_messages: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {}, optional={"content": json_values, "refusal": json_values, "tool_calls": json_values}
)
odd_choices: st.SearchStrategy[Any] = st.lists(
    st.fixed_dictionaries({}, optional={"message": odd_messages, "finish_reason": json_values}),
    max_size=2,
)


@given(
    st.binary()
    | st.fixed_dictionaries(
        {}, optional={"choices": odd_choices | json_values, "usage": json_values, "id": json_values}
    ).map(lambda body: json.dumps(body).encode())
)
def test_no_body_raises_anything_but_the_typed_error(raw: bytes) -> None:
    try:
        response = OpenAIProvider().decode(raw)
    except InvalidResponseError:
        return
    assert isinstance(response.text, str)

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import httpx2
import pytest
from anthropic.types import StopReason as Theirs
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import (
    AuthenticationError,
    ConfigurationError,
    InvalidResponseError,
)
from extractor.providers.anthropic import CACHED_FROM, AnthropicProvider
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

SCHEMA: dict[str, Any] = {"type": "object", "properties": {"law": {"type": "string"}}}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def reply(*content: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-5",
        "content": list(content) or [text("{}")],
        "stop_reason": "end_turn",
        "usage": {
            "input_tokens": 20,
            "cache_read_input_tokens": 60,
            "cache_creation_input_tokens": 20,
            "output_tokens": 40,
            "output_tokens_details": {"thinking_tokens": 30},
        },
    } | changes


def request(output: OutputFormat | None = None, **changes: Any) -> ModelRequest:
    messages = (Message("system", "Extract."), Message("user", "The contract. What law?"))
    asked = ModelRequest("claude-opus-5", messages, output or TextOutput(), 64_000)
    return replace(asked, **changes)


# --- the request ----------------------------------------------------------------------------------


def test_one_post_carries_the_system_prompt_apart_from_the_turns(serve: Serve, how: str) -> None:
    server = serve(AnthropicProvider, httpx2.Response(200, json=reply()))
    server.ask(request(), how)
    assert [str(asked.url) for asked in server.requests] == [
        "https://api.anthropic.com/v1/messages"
    ]
    assert server.body == {
        "model": "claude-opus-5",
        "max_tokens": 64_000,
        "system": "Extract.",
        "messages": [{"role": "user", "content": [text("The contract. What law?")]}],
    }


@pytest.mark.parametrize(
    "output",
    [TextOutput(), JsonSchemaOutput("Nda", SCHEMA), ToolOutput("save", "Save it.", SCHEMA)],
)
def test_what_is_encoded_is_what_is_sent(serve: Serve, how: str, output: OutputFormat) -> None:
    asked = request(output, temperature=0.0)
    server = serve(AnthropicProvider, httpx2.Response(200, json=reply()))
    server.ask(asked, how)
    assert server.body == AnthropicProvider().encode(asked)
    assert server.body["temperature"] == 0.0


def test_native_structured_outputs_carry_the_schema() -> None:
    body = AnthropicProvider().encode(request(JsonSchemaOutput("Nda", SCHEMA)))
    assert body["output_config"] == {"format": {"type": "json_schema", "schema": SCHEMA}}
    assert "temperature" not in body


def test_a_reasoning_effort_stands_beside_the_format_or_alone() -> None:
    format_ = {"type": "json_schema", "schema": SCHEMA}
    asked = request(JsonSchemaOutput("Nda", SCHEMA), reasoning_effort="low")
    body = AnthropicProvider().encode(asked)
    assert body["output_config"] == {"format": format_, "effort": "low"}
    alone = AnthropicProvider().encode(request(TextOutput(), reasoning_effort="max"))
    assert alone["output_config"] == {"effort": "max"}


def test_a_tool_is_forced_strict_and_called_once() -> None:
    body = AnthropicProvider().encode(request(ToolOutput("save", "Save it.", SCHEMA)))
    assert body["tools"] == [
        {"name": "save", "description": "Save it.", "input_schema": SCHEMA, "strict": True}
    ]
    assert body["tool_choice"] == {
        "type": "tool",
        "name": "save",
        "disable_parallel_tool_use": True,
    }


def test_a_tool_is_only_offered_to_models_that_refuse_to_be_forced() -> None:
    asked = request(ToolOutput("save", "Save it.", SCHEMA), model="claude-sonnet-5-5")
    assert AnthropicProvider().encode(asked)["tool_choice"] == {
        "type": "auto",
        "disable_parallel_tool_use": True,
    }


def test_a_tool_is_not_strict_for_models_from_before_structured_outputs() -> None:
    asked = request(ToolOutput("save", "Save it.", SCHEMA), model="claude-3-5-sonnet-20241022")
    assert "strict" not in AnthropicProvider().encode(asked)["tools"][0]


def test_json_mode_does_not_exist_here() -> None:
    with pytest.raises(ConfigurationError, match="no JSON mode") as caught:
        AnthropicProvider().encode(request(JsonObjectOutput()))
    assert "native" in str(caught.value.hint)


def test_consecutive_messages_of_a_role_are_one_turn() -> None:
    said = (
        Message("user", "document"),
        Message("user", "question"),
        Message("assistant", "answer"),
        Message("user", "again"),
    )
    body = AnthropicProvider().encode(request(messages=said))
    assert body["messages"] == [
        {"role": "user", "content": [text("document"), text("question")]},
        {"role": "assistant", "content": [text("answer")]},
        {"role": "user", "content": [text("again")]},
    ]
    assert "system" not in body


def test_blank_messages_which_the_api_refuses_are_left_out() -> None:
    said = (Message("user", "question"), Message("assistant", " \n"), Message("user", "again"))
    body = AnthropicProvider().encode(request(messages=said))
    assert body["messages"] == [{"role": "user", "content": [text("question"), text("again")]}]


def test_all_system_messages_come_together() -> None:
    said = (Message("system", "a"), Message("user", "q"), Message("system", "b"))
    assert AnthropicProvider().encode(request(messages=said))["system"] == "a\n\nb"


def test_a_long_document_is_marked_for_the_cache_once() -> None:
    long = "x" * (CACHED_FROM + 1)
    roles: tuple[Literal["user", "assistant"], ...] = ("user", "assistant", "user")
    said = tuple(Message(role, f"{long}?", shared=len(long)) for role in roles)
    turns = AnthropicProvider().encode(request(messages=said))["messages"]
    blocks = [block for turn in turns for block in turn["content"]]
    marked = text(long) | {"cache_control": {"type": "ephemeral"}}
    assert blocks == [marked, text("?"), text(f"{long}?"), text(f"{long}?")]


def test_a_document_without_a_question_has_no_blank_block() -> None:
    long = "x" * (CACHED_FROM + 1)
    said = (Message("user", f"{long}\n", shared=len(long)),)
    (turn,) = AnthropicProvider().encode(request(messages=said))["messages"]
    assert [block["text"] for block in turn["content"]] == [long]


def test_a_short_document_is_not_cached() -> None:
    said = (Message("user", "x" * CACHED_FROM + "?", shared=CACHED_FROM),)
    body = AnthropicProvider().encode(request(messages=said))
    assert body["messages"] == [{"role": "user", "content": [text("x" * CACHED_FROM + "?")]}]


# --- the reply ------------------------------------------------------------------------------------


def test_a_reply_becomes_a_response_with_inclusive_usage(serve: Serve, how: str) -> None:
    server = serve(
        AnthropicProvider, httpx2.Response(200, json=reply(), headers={"request-id": "req_9"})
    )
    assert server.ask(request(), how) == ModelResponse(
        text="{}",
        usage=Usage(100, 40, 60, 20, 30),
        stop_reason=StopReason.END,
        model="claude-opus-5",
        response_id="msg_1",
        request_id="req_9",
    )


def decode(body: dict[str, Any]) -> ModelResponse:
    return AnthropicProvider().decode(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("told", "stop_reason"),
    [
        ("end_turn", StopReason.END),
        ("stop_sequence", StopReason.END),
        ("max_tokens", StopReason.LENGTH),
        ("tool_use", StopReason.TOOL_USE),
        ("pause_turn", StopReason.PAUSE),
        ("refusal", StopReason.REFUSAL),
        ("model_context_window_exceeded", StopReason.CONTEXT_WINDOW),
        ("a_reason_of_next_year", StopReason.END),
        (None, StopReason.END),
    ],
)
def test_stop_reasons_map(told: str | None, stop_reason: StopReason) -> None:
    assert decode(reply(stop_reason=told)).stop_reason is stop_reason


def test_every_stop_reason_of_the_sdk_is_known() -> None:
    for told in get_args(Theirs):
        known = decode(reply(stop_reason=told)).stop_reason
        assert told in {"end_turn", "stop_sequence"} or known is not StopReason.END


def test_text_is_joined_and_thinking_is_not_text() -> None:
    thinking = {"type": "thinking", "thinking": "hm", "signature": "s"}
    response = decode(
        reply(thinking, text("<law>"), {"type": "redacted_thinking"}, text("NY</law>"))
    )
    assert response.text == "<law>NY</law>"


def test_a_tools_input_is_the_text_with_its_numbers_as_they_were_written() -> None:
    raw = json.dumps(reply({"type": "tool_use", "id": "t", "name": "save", "input": "INPUT"}))
    written = (
        '{"section": 12.10, "fee": 1e3, "n": 900719925474099312, "who": ["Caf\u00e9", null, true]}'
    )
    response = AnthropicProvider().decode(raw.replace('"INPUT"', written).encode())
    assert response.text == written


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_tools_input_survives(value: Any) -> None:
    call = {"type": "tool_use", "id": "t", "name": "save", "input": value}
    try:
        response = decode(reply(text("Sure."), call))
    except InvalidResponseError:
        pytest.fail("a valid input was refused")
    assert json.loads(response.text) == value


def call(given: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": "t", "name": "save", "input": given}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"who": {"quote": "by Ada }", "value": "Ada"}},
            '{"who": {"quote": "by Ada }", "value": "Ada',
        ),
        ({"who": "Ada }"}, '{"who": "Ada }'),
        ({"who": 'the "first"'}, '{"who": "the \\"first\\"'),
        ({"parties": [{"name": "Ada"}]}, '{"parties": [{"name": "Ada'),
        ({"fee": 120}, '{"fee": 120'),
        ({"law": "NY", "fee": None}, '{"law": "NY", "fee": nul'),
        ({"open": True}, '{"open": tru'),
        ({"parties": []}, '{"parties": ['),
        ({}, "{"),
    ],
)
def test_a_tools_input_that_was_cut_off_is_open_where_it_ends(given: Any, told: str) -> None:
    body = reply(text("Sure."), call({"a": 1}), call(given), stop_reason="max_tokens")
    assert decode(body).text == '{"a": 1}\n' + told


def test_a_tools_input_before_a_text_that_was_cut_off_is_whole() -> None:
    body = reply(call({"law": "NY"}), text("As you can s"), stop_reason="max_tokens")
    assert decode(body).text == '{"law": "NY"}'


def test_a_text_that_was_cut_off_is_as_it_came() -> None:
    assert decode(reply(text('{"law": "NY"}'), stop_reason="max_tokens")).text == '{"law": "NY"}'


def test_a_refusal_is_returned_with_its_explanation_and_its_bill() -> None:
    body = reply(
        stop_reason="refusal",
        content=[],
        stop_details={"type": "refusal", "category": "cyber", "explanation": "Not allowed."},
    )
    response = decode(body)
    assert response.stop_reason is StopReason.REFUSAL
    assert (response.refusal, response.text) == ("Not allowed.", "")
    assert response.usage == Usage(100, 40, 60, 20, 30)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        [],
        {"input_tokens": None, "output_tokens": 1},
        {"input_tokens": "9", "output_tokens": 1},
        {"input_tokens": 0, "output_tokens": 0},
        {"input_tokens": 9},
    ],
)
def test_odd_usage_is_unknown_and_does_not_lose_the_reply(usage: Any) -> None:
    response = decode(reply(usage=usage))
    assert (response.text, response.usage) == ("{}", None)


def test_a_question_that_was_read_from_the_cache_alone_is_known() -> None:
    usage = {"input_tokens": 0, "cache_read_input_tokens": 9, "output_tokens": 1}
    assert decode(reply(usage=usage)).usage == Usage(9, 1, 9)


def test_a_refusal_without_explanation_has_its_text_for_one() -> None:
    assert decode(reply(text("I can't."), stop_reason="refusal")).refusal == "I can't."
    assert decode(reply(stop_reason="refusal", content=[])).refusal is None
    assert decode(reply(text("fine"))).refusal is None


@pytest.mark.parametrize("depth", [50, 300, 600, 900, 1200, 100_000])
def test_a_tools_input_nested_without_end_is_no_crash(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    raw = '{"content": [{"type": "tool_use", "input": ' + nested + "}]}"
    try:
        told = AnthropicProvider().decode(raw.encode()).text
    except InvalidResponseError:
        told = nested if depth > 50 else "refused"
    assert told == nested


def test_what_a_broken_reply_cost_is_kept() -> None:
    with pytest.raises(InvalidResponseError) as caught:
        decode(reply(content=None))
    assert caught.value.usage == Usage(100, 40, 60, 20, 30)


@given(
    st.binary() | st.from_type(dict[str, int | str | None]).map(lambda b: json.dumps(b).encode())
)
def test_no_body_raises_anything_but_the_typed_error(raw: bytes) -> None:
    with pytest.raises(InvalidResponseError):
        AnthropicProvider().decode(raw)


# --- credentials ----------------------------------------------------------------------------------


@pytest.mark.parametrize("variable", ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"])
def test_credentials_come_from_the_sdks_own_variables(
    serve: Serve, how: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "secret-7")
    refused = httpx2.Response(401, json={"error": {"message": "bad secret-7"}})
    server = serve(AnthropicProvider, refused)
    with pytest.raises(AuthenticationError) as caught:
        server.ask(request(), how, api_key=None)
    assert "secret-7" in str(server.requests[0].headers.raw)
    assert "secret-7" not in str(caught.value)


def test_a_broken_profile_of_the_sdk_is_a_configuration_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "work.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("ANTHROPIC_PROFILE", "work")
    with pytest.raises(ConfigurationError, match="no API key"):
        AnthropicProvider().send(request())

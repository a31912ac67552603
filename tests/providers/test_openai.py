from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any, TypeAlias

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    ConfigurationError,
    InvalidResponseError,
    OverloadedError,
    ProviderError,
    RateLimitError,
)
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

KEY = "sk-test-0123456789abcdef"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {},
    "required": [],
    "additionalProperties": False,
}
Answer: TypeAlias = httpx2.Response | Exception


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


class Server:
    """Answers every POST with the next answer, and remembers the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []

    def __call__(self, asked: httpx2.Request) -> httpx2.Response:
        self.requests.append(asked)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def body(self) -> Any:
        return json.loads(self.requests[-1].content)

    def ask(self, how: str, asked: ModelRequest) -> ModelResponse:
        transport = httpx2.MockTransport(self)
        if how == "send":
            with httpx2.Client(transport=transport) as client:
                return OpenAIProvider(api_key=KEY, http_client=client).send(asked)

        async def run() -> ModelResponse:
            async with httpx2.AsyncClient(transport=transport) as client:
                return await OpenAIProvider(api_key=KEY, async_http_client=client).asend(asked)

        return asyncio.run(run())


both = pytest.mark.parametrize("how", ["send", "asend"])


# --- the request ----------------------------------------------------------------------------------


@both
def test_one_post_carries_the_messages_and_asks_not_to_be_stored(how: str) -> None:
    server = Server(httpx2.Response(200, json=completion()))
    server.ask(how, request())
    assert [str(asked.url) for asked in server.requests] == [
        "https://api.openai.com/v1/chat/completions"
    ]
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert server.body == {
        "model": "gpt-5.4",
        "messages": [
            {"role": "system", "content": "Extract."},
            {"role": "user", "content": "The contract. What law?"},
        ],
        "max_completion_tokens": 500,
        "store": False,
    }


@both
def test_what_is_encoded_is_what_is_sent(how: str) -> None:
    asked = request(JsonSchemaOutput("Nda", SCHEMA), temperature=0.0)
    server = Server(httpx2.Response(200, json=completion()))
    server.ask(how, asked)
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


def test_a_conversation_keeps_its_turns() -> None:
    turns = (Message("user", "a"), Message("assistant", "b"), Message("user", "c"))
    body = OpenAIProvider().encode(request(messages=turns))
    assert [turn["role"] for turn in body["messages"]] == ["user", "assistant", "user"]


# --- the reply ------------------------------------------------------------------------------------


@both
def test_a_reply_becomes_a_response(how: str) -> None:
    headers = {"x-request-id": "req_9"}
    server = Server(httpx2.Response(200, json=completion(), headers=headers))
    assert server.ask(how, request()) == ModelResponse(
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


RUBBISH = [
    b"",
    b"null",
    b"{}",
    b"[]",
    b'"text"',
    b"<html><body>Welcome</body></html>",
    b'{"choices": [{"message": {"content": "hal',
    b'{"choices": null}',
    b'{"choices": []}',
    b'{"choices": [null]}',
    b'{"choices": [{"finish_reason": "stop"}]}',
    b'{"choices": [{"message": {"content": 7}}]}',
    b'{"error": {"message": "upstream failed", "code": 502}}',
    b'{"error": "upstream failed"}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"a": ' + b"9" * 5000 + b"}",
    b'data: {"choices": []}\n\n',
]


@both
@pytest.mark.parametrize("raw", RUBBISH)
def test_a_200_that_is_no_reply_is_a_typed_error(how: str, raw: bytes) -> None:
    headers = {"x-request-id": "req_9"}
    server = Server(httpx2.Response(200, content=raw, headers=headers))
    with pytest.raises(InvalidResponseError, match="openai answered 200 with") as caught:
        server.ask(how, request())
    assert (caught.value.status, caught.value.request_id) == (200, "req_9")
    assert caught.value.retryable
    assert len(server.requests) == 1


def test_html_and_error_bodies_are_named() -> None:
    with pytest.raises(InvalidResponseError, match="with HTML"):
        OpenAIProvider().decode(b"  <!doctype html>")
    with pytest.raises(InvalidResponseError, match="an error: upstream failed"):
        OpenAIProvider().decode(b'{"error": {"message": "upstream failed"}}')


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


# --- errors ---------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_nothing_is_ever_retried_here(how: str, status: int) -> None:
    server = Server(httpx2.Response(status, json={"error": {"message": "no"}}))
    with pytest.raises(ProviderError) as caught:
        server.ask(how, request())
    assert caught.value.retryable
    assert len(server.requests) == 1


@both
def test_the_sdks_exception_can_not_be_reached_from_ours(how: str) -> None:
    server = Server(httpx2.Response(429, json={}, headers={"retry-after-ms": "1500"}))
    with pytest.raises(RateLimitError) as caught:
        server.ask(how, request())
    assert caught.value.retry_after == 1.5
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@both
def test_neither_key_nor_document_is_in_an_error(how: str) -> None:
    said = {"error": {"message": f"Incorrect API key provided: {KEY}."}}
    server = Server(httpx2.Response(401, json=said))
    with pytest.raises(AuthenticationError) as caught:
        server.ask(how, request())
    shown = f"{caught.value!s} {caught.value!r} {caught.value.facts()} {vars(caught.value)}"
    assert KEY not in shown
    assert "The contract" not in shown


@both
@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx2.ReadTimeout("slow"), APITimeoutError),
        (httpx2.ConnectTimeout("slow"), APITimeoutError),
        (httpx2.ConnectError("[Errno 111] Connection refused"), APIConnectionError),
        (httpx2.RemoteProtocolError("cut off"), APIConnectionError),
        (httpx2.ReadError("reset"), APIConnectionError),
        (RuntimeError("a bug in a transport"), ProviderError),
    ],
)
def test_transport_errors_translate(how: str, raised: Exception, kind: type[ProviderError]) -> None:
    server = Server(raised)
    with pytest.raises(kind) as caught:
        server.ask(how, request())
    assert isinstance(caught.value, kind)
    assert len(server.requests) == 1


def test_a_connection_error_says_why() -> None:
    with pytest.raises(APIConnectionError, match="Connection refused"):
        Server(httpx2.ConnectError("[Errno 111] Connection refused")).ask("send", request())


def test_an_html_error_page_is_not_shown() -> None:
    server = Server(httpx2.Response(503, html="<h1>nginx</h1>"))
    with pytest.raises(OverloadedError) as caught:
        server.ask("send", request())
    assert str(caught.value) == "openai answered 503 Service Unavailable"


# --- configuration --------------------------------------------------------------------------------


@both
def test_a_missing_key_is_refused_before_anything_is_sent(how: str) -> None:
    provider = OpenAIProvider()
    with pytest.raises(ConfigurationError, match="no API key") as caught:
        provider.send(request()) if how == "send" else asyncio.run(provider.asend(request()))
    assert caught.value.hint == "Set OPENAI_API_KEY."


@pytest.mark.parametrize("key", ["sk-caf\u00e9", "sk-a\nb", "sk-\u2019x"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigurationError, match="no HTTP header") as caught:
        OpenAIProvider(api_key=key).send(request())
    assert key not in str(caught.value)


def test_a_key_with_a_line_break_at_its_end_is_used_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n")
    server = Server(httpx2.Response(200, json=completion()))
    with httpx2.Client(transport=httpx2.MockTransport(server)) as client:
        OpenAIProvider(http_client=client).send(request())
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_the_base_url_comes_from_the_argument_the_environment_or_the_api(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert OpenAIProvider().base_url == "https://api.openai.com/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.test/openai/v1")
    assert OpenAIProvider().base_url == "https://gateway.test/openai/v1"
    assert OpenAIProvider(base_url="http://10.0.0.1/v1").base_url == "http://10.0.0.1/v1"


def test_requests_go_to_the_base_url_that_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.test/openai/v1")
    server = Server(httpx2.Response(200, json=completion()))
    server.ask("send", request())
    assert str(server.requests[0].url) == "https://gateway.test/openai/v1/chat/completions"

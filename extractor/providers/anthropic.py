"""Claude through the Messages API."""

from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypedDict

from pydantic import BaseModel, ValidationError

from extractor.errors import ConfigurationError, ProviderError
from extractor.providers.failures import Failures
from extractor.providers.http import HttpProvider
from extractor.providers.rate_headers import rate_limits
from extractor.providers.replies import as_json, count_at, no_reply, read_object, unclosed
from extractor.types import (
    CountedTokens,
    JsonObject,
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
    import anthropic
    import httpx2

    from extractor.providers.aio import Answered


_COUNT = "/v1/messages/count_tokens"
_STOP_REASONS: Mapping[str | None, StopReason] = {
    "end_turn": StopReason.END,
    "stop_sequence": StopReason.END,
    "max_tokens": StopReason.LENGTH,
    "tool_use": StopReason.TOOL_USE,
    "pause_turn": StopReason.PAUSE,
    "refusal": StopReason.REFUSAL,
    "model_context_window_exceeded": StopReason.CONTEXT_WINDOW,
}

CACHED_FROM = 4096
"""Characters from which what the first user message shares is marked for Claude's prompt cache.

That is the document, and other questions about it repeat it unchanged: marked, it is read again at
a tenth of the price or less, while writing it costs a quarter more, once. Below about a thousand
tokens Claude would not cache it anyway.
"""


class AnthropicProvider(HttpProvider["anthropic.Anthropic", "anthropic.AsyncAnthropic"]):
    """Claude; credentials and base URL are found as the SDK finds them.

    That is `ANTHROPIC_API_KEY`, `ANTHROPIC_AUTH_TOKEN` or a profile of the SDK, and
    `ANTHROPIC_BASE_URL`.
    """

    sdk = "anthropic"
    default_name = "anthropic"
    default_base_url = "https://api.anthropic.com"
    base_url_variable = "ANTHROPIC_BASE_URL"
    api_key_variable = "ANTHROPIC_API_KEY"
    secret_variables = ("ANTHROPIC_AUTH_TOKEN",)
    path = "/v1/messages"
    request_id_header = "request-id"

    def encode(self, request: ModelRequest, /) -> JsonObject:
        """Write the body of the POST.

        Raises:
            ConfigurationError: JSON mode was asked for, which this API does not have.
        """
        body: JsonObject = {
            "model": request.model,
            "max_tokens": request.max_tokens,
            "messages": _turns(request.messages),
        }
        if system := [m.content for m in request.messages if m.role == "system"]:
            body["system"] = "\n\n".join(system)
        if request.temperature is not None:
            body["temperature"] = request.temperature
        body |= self._output(request.model, request.output)
        if request.reasoning_effort is not None:
            effort = {"effort": request.reasoning_effort}
            body["output_config"] = body.get("output_config", {}) | effort
        return body

    def _decode(self, raw: bytes, failures: Failures) -> ModelResponse:
        body = read_object(raw, failures)
        usage = _usage(body)
        try:
            reply = _Reply.model_validate(body)
            stop_reason = _STOP_REASONS.get(reply.stop_reason, StopReason.END)
            text = reply.text(is_cut_off=stop_reason is StopReason.LENGTH)
        except (ValidationError, RecursionError):
            raise no_reply(body, usage, failures) from None
        refusal = None
        if stop_reason is StopReason.REFUSAL:
            refusal = (reply.stop_details and reply.stop_details.explanation) or text or None
        return ModelResponse(
            text=text,
            usage=usage,
            stop_reason=stop_reason,
            model=reply.model or "",
            response_id=reply.id,
            refusal=refusal,
        )

    def _translate(self, error: Exception, failures: Failures) -> ProviderError:
        import anthropic
        from anthropic.lib.credentials import WorkloadIdentityError

        match error:
            case anthropic.CredentialsError() | WorkloadIdentityError():
                return failures.credentials(error)
            case anthropic.APIResponseValidationError():
                return failures.invalid("an object that is no reply", error.status_code)
            case anthropic.APIStatusError():
                return failures.status(error.response)
            case anthropic.APITimeoutError():
                return failures.timeout(error.__cause__ or error)
            case anthropic.APIConnectionError():
                return failures.connection(error.__cause__ or error)
            case _:
                return failures.other(error)

    def _output(self, model: str, output: OutputFormat) -> JsonObject:
        match output:
            case TextOutput():
                return {}
            case JsonObjectOutput():
                raise ConfigurationError(
                    "Claude has no JSON mode.",
                    hint="Use the backend native, tools or xml with an Anthropic model.",
                )
            case JsonSchemaOutput(_, schema):
                return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}
            case ToolOutput(name, description, schema, strict):
                profile = self.profile(model)
                tool: JsonObject = {
                    "name": name,
                    "description": description,
                    "input_schema": schema,
                }
                if strict and "native" in profile.techniques:
                    tool["strict"] = True
                choice = (
                    {"type": "tool", "name": name} if profile.forces_tools else {"type": "auto"}
                )
                return {
                    "tools": [tool],
                    "tool_choice": choice | {"disable_parallel_tool_use": True},
                }

    def _connect(self, http: httpx2.Client) -> anthropic.Anthropic:
        import anthropic

        try:
            client = anthropic.Anthropic(http_client=http, **self._options())
        except anthropic.AnthropicError as error:
            raise self._no_credentials(str(error)) from None
        self._check_credentials(client)
        return client

    def _aconnect(self, http: httpx2.AsyncClient) -> anthropic.AsyncAnthropic:
        import anthropic

        try:
            client = anthropic.AsyncAnthropic(http_client=http, **self._options())
        except anthropic.AnthropicError as error:
            raise self._no_credentials(str(error)) from None
        self._check_credentials(client)
        return client

    def _options(self) -> _Options:
        return {
            "api_key": self._key(),
            "base_url": self._endpoint,  # else a profile of the SDK could name another
            "timeout": self._timeout(),
            "max_retries": 0,
        }

    def _check_credentials(self, client: anthropic.Anthropic | anthropic.AsyncAnthropic) -> None:
        if not (client.api_key or client.auth_token or client.credentials):
            raise self._no_credentials("none was given and none found")

    def _has_key(self, client: anthropic.Anthropic | anthropic.AsyncAnthropic) -> bool:
        return bool(client.api_key or client.auth_token)  # else the SDK renews what it found

    def _no_credentials(self, reason: str) -> ConfigurationError:
        return ConfigurationError(
            f"There is no API key for {self.name}: {self._failures().clean(reason)}",
            hint=f"Set {self.api_key_variable}.",
        )

    def count_tokens(
        self, request: ModelRequest, /, *, timeout: float | None = None
    ) -> CountedTokens:
        """Ask how many input tokens a request would have; it has a rate limit of its own."""
        answer = self._exchange(request, self._question, _COUNT, timeout)
        return self._read_count(answer, request)

    async def acount_tokens(
        self, request: ModelRequest, /, *, timeout: float | None = None
    ) -> CountedTokens:
        """Ask the same from a coroutine."""
        answer = await self._aexchange(request, self._question, _COUNT, timeout)
        return self._read_count(answer, request)

    def _question(self, request: ModelRequest) -> JsonObject:
        """Write a request without what only concerns its answer."""
        body = self.encode(request)
        return {k: v for k, v in body.items() if k not in ("max_tokens", "temperature")}

    def _read_count(
        self, answer: httpx2.Response | Answered, request: ModelRequest
    ) -> CountedTokens:
        failures = self._failures(request, answer.status_code)
        limits = rate_limits(answer.headers, time.time())
        count = count_at(read_object(answer.content, failures), "input_tokens")
        if count is None:
            raise failures.invalid("an object without a count")
        return CountedTokens(count, answer.headers.get(self.request_id_header), limits)


class _Options(TypedDict):
    api_key: str | None
    base_url: str | None
    timeout: httpx2.Timeout
    max_retries: int


def _turns(messages: tuple[Message, ...]) -> list[JsonObject]:
    """Write the conversation, one block a message, consecutive ones of a role as one turn.

    What the first question shares with others is a block of its own: the cache goes by blocks.
    Blank messages are left out: the API refuses a block without text, and they say nothing.
    """
    spoken = [m for m in messages if m.role != "system" and m.content.strip()]
    document = next((m for m in spoken if m.role == "user"), None)
    turns: list[JsonObject] = []
    for role, said in groupby(spoken, key=lambda message: message.role):
        blocks: list[JsonObject] = []
        for message in said:
            rest = message.content
            if message is document and message.shared > CACHED_FROM:
                head, rest = rest[: message.shared], rest[message.shared :]
                blocks.append(_text(head) | {"cache_control": {"type": "ephemeral"}})
            if rest.strip():
                blocks.append(_text(rest))
        turns.append({"role": role, "content": blocks})
    return turns


def _text(text: str) -> JsonObject:
    return {"type": "text", "text": text}


def _usage(body: JsonObject) -> Usage | None:
    fresh = count_at(body, "usage", "input_tokens")
    answered = count_at(body, "usage", "output_tokens")
    read = count_at(body, "usage", "cache_read_input_tokens") or 0
    written = count_at(body, "usage", "cache_creation_input_tokens") or 0
    if fresh is None or answered is None or not fresh + read + written:
        return None  # no question takes no tokens: a 0 is not counted either
    return Usage(
        # This API counts uncached tokens only; ours is the inclusive total.
        input_tokens=fresh + read + written,
        output_tokens=answered,
        cache_read_input_tokens=read,
        cache_creation_input_tokens=written,
        reasoning_tokens=count_at(body, "usage", "output_tokens_details", "thinking_tokens") or 0,
    )


# The part of a reply that is read. The SDK's own models accept any JSON without complaint.


class _Block(BaseModel):
    type: str
    text: str = ""
    input: Any = None


class _StopDetails(BaseModel):
    explanation: str | None = None


class _Reply(BaseModel):
    content: list[_Block]
    stop_reason: str | None = None
    stop_details: _StopDetails | None = None
    id: str | None = None
    model: str | None = None

    def text(self, *, is_cut_off: bool) -> str:
        """Return the tool call's input, or the text where there was no call; never the thinking.

        Cut off, a reply ends in its last block: if that is a call, its input is not whole.
        """
        if calls := [as_json(block.input) for block in self.content if block.type == "tool_use"]:
            if is_cut_off and self.content[-1].type == "tool_use":
                calls[-1] = unclosed(calls[-1])
            return "\n".join(calls)
        return "".join(block.text for block in self.content if block.type == "text")

"""OpenAI through Chat Completions, and the wire format that every compatible server speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from pydantic import BaseModel, Field, ValidationError

from extractor.errors import ConfigurationError, ProviderError
from extractor.providers.failures import Failures
from extractor.providers.http import HttpProvider
from extractor.providers.replies import as_json, count_at, no_reply, read_object, unclosed
from extractor.types import (
    JsonObject,
    JsonObjectOutput,
    JsonSchemaOutput,
    ModelRequest,
    ModelResponse,
    OutputFormat,
    StopReason,
    TextOutput,
    ToolOutput,
    Usage,
)

if TYPE_CHECKING:
    import httpx2
    import openai


_STOP_REASONS: Mapping[str | None, StopReason] = {
    "stop": StopReason.END,
    "length": StopReason.LENGTH,
    "model_length": StopReason.LENGTH,  # Mistral's
    "tool_calls": StopReason.TOOL_USE,
    "function_call": StopReason.TOOL_USE,
    "content_filter": StopReason.CONTENT_FILTER,
}


class OpenAIProvider(HttpProvider["openai.OpenAI", "openai.AsyncOpenAI"]):
    """OpenAI's Chat Completions; key and base URL from `OPENAI_API_KEY` and `OPENAI_BASE_URL`.

    Replies are asked not to be stored, which new accounts otherwise do, since contracts are
    confidential.
    """

    sdk = "openai"
    default_name = "openai"
    default_base_url: str | None = "https://api.openai.com/v1"
    base_url_variable = "OPENAI_BASE_URL"
    api_key_variable = "OPENAI_API_KEY"
    path = "/chat/completions"
    request_id_header = "x-request-id"

    def encode(self, request: ModelRequest, /) -> JsonObject:
        body: JsonObject = {
            "model": request.model,
            "messages": [{"role": m.role, "content": m.content} for m in request.messages],
            "max_completion_tokens": request.max_tokens,
            "store": False,
        }
        if request.temperature is not None:
            body["temperature"] = request.temperature
        if request.reasoning_effort is not None:
            body["reasoning_effort"] = request.reasoning_effort
        return body | self._output(request.model, request.output)

    def _decode(self, raw: bytes, failures: Failures) -> ModelResponse:
        body = read_object(raw, failures)
        usage = _usage(body)
        try:
            reply = _Completion.model_validate(body)
            choice = reply.choices[0]
            stop_reason = _STOP_REASONS.get(choice.finish_reason, StopReason.END)
            text = choice.message.text(is_cut_off=stop_reason is StopReason.LENGTH)
        except (ValidationError, RecursionError):
            raise no_reply(body, usage, failures) from None
        if choice.message.refusal:
            stop_reason = StopReason.REFUSAL
        return ModelResponse(
            text=text,
            usage=usage,
            stop_reason=stop_reason,
            model=reply.model or "",
            response_id=reply.id,
            refusal=choice.message.refusal or None,
        )

    def _translate(self, error: Exception, failures: Failures) -> ProviderError:
        import openai

        match error:
            case openai.APIResponseValidationError():
                return failures.invalid("an object that is no reply", error.status_code)
            case openai.APIStatusError():
                return failures.status(error.response)
            case openai.APITimeoutError():
                return failures.timeout(error.__cause__ or error)
            case openai.APIConnectionError():
                return failures.connection(error.__cause__ or error)
            case _:
                return failures.other(error)

    def _output(self, model: str, output: OutputFormat) -> JsonObject:
        match output:
            case TextOutput():
                return {}
            case JsonObjectOutput():
                return {"response_format": {"type": "json_object"}}
            case JsonSchemaOutput(name, schema, strict):
                wanted = {"name": name, "strict": strict, "schema": schema}
                return {"response_format": {"type": "json_schema", "json_schema": wanted}}
            case ToolOutput(name, description, schema, strict):
                strict = strict and "strict" in self.profile(model).techniques
                function = {
                    "name": name,
                    "description": description,
                    "parameters": schema,
                    "strict": strict,
                }
                return {
                    "tools": [{"type": "function", "function": function}],
                    "tool_choice": {"type": "function", "function": {"name": name}},
                    "parallel_tool_calls": False,
                }

    def _connect(self, http: httpx2.Client) -> openai.OpenAI:
        import openai

        return openai.OpenAI(http_client=http, **self._options())

    def _aconnect(self, http: httpx2.AsyncClient) -> openai.AsyncOpenAI:
        import openai

        return openai.AsyncOpenAI(http_client=http, **self._options())

    def _options(self) -> Options:
        key = self._key()
        if key is None:
            raise ConfigurationError(
                f"There is no API key for {self.name}.", hint=f"Set {self.api_key_variable}."
            )
        return {
            "api_key": key,
            "base_url": self._endpoint,
            "timeout": self._timeout(),
            "max_retries": 0,
            "default_headers": {},
        }


class Options(TypedDict):
    """What both of the SDK's clients are made with."""

    api_key: str
    base_url: str | None
    timeout: httpx2.Timeout
    max_retries: int
    default_headers: Mapping[str, str]


def _usage(body: JsonObject) -> Usage | None:
    asked = count_at(body, "usage", "prompt_tokens")
    answered = count_at(body, "usage", "completion_tokens")
    if not asked or answered is None:  # no question takes no tokens: a 0 is not counted either
        return None
    details = ("usage", "prompt_tokens_details")
    return Usage(
        input_tokens=asked,
        output_tokens=answered,
        cache_read_input_tokens=count_at(body, *details, "cached_tokens") or 0,
        cache_creation_input_tokens=count_at(body, *details, "cache_write_tokens") or 0,
        reasoning_tokens=count_at(body, "usage", "completion_tokens_details", "reasoning_tokens")
        or 0,
    )


# The part of a reply that is read. The SDK's own models accept any JSON without complaint.


class _Function(BaseModel):
    arguments: str | dict[str, Any]  # some servers write the object itself, not as a text

    def text(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else as_json(self.arguments)


class _ToolCall(BaseModel):
    function: _Function


class _Part(BaseModel):
    type: str
    text: str = ""


class _Message(BaseModel):
    content: str | list[_Part] | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None

    def text(self, *, is_cut_off: bool) -> str:
        """Return the tool call's arguments, or the content where the model made no call.

        Some servers read the arguments and write them anew: of a reply that was cut off, those that
        look whole may have been closed by them.
        """
        if calls := [call.function.text() for call in self.tool_calls or ()]:
            if is_cut_off:
                calls[-1] = unclosed(calls[-1])
            return "\n".join(calls)
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    id: str | None = None
    model: str | None = None

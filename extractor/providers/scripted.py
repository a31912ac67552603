"""A provider that replays replies: for tests (yours too) and for trying out prompts offline."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import to_json

from extractor.errors import ConfigurationError
from extractor.providers.profiles import profile_for
from extractor.types import (
    JsonObject,
    ModelProfile,
    ModelRequest,
    ModelResponse,
    StopReason,
    Usage,
)

_Answer: TypeAlias = str | Mapping[str, Any] | ModelResponse
Reply: TypeAlias = _Answer | Exception | Callable[[ModelRequest], _Answer]
"""A text, an object to be written as JSON, a whole response, an exception to raise, or a function
that answers the request."""


class ScriptedProvider:
    """Answers each request with the next reply, and remembers the requests.

    A reply that does not say its usage gets an estimate (four characters a token, at least one), so
    that budgets and bills can be tested too. `replies` is read lazily, one a request, under a lock:
    threads and coroutines may share one, and `itertools.repeat(answer)` makes one that never ends.

    Args:
        replies: what to answer, in order; one alone in a list.
        profile: the facts to report for every model; by default those of a large and able one.
        keep: how many of the last requests are remembered; None for all.

    Attributes:
        requests: the requests so far, in the order in which they came.

    Raises:
        ConfigurationError: `replies` is a single one: of a text each letter would be a reply, and
            of an object each name.
    """

    name = "scripted"
    base_url = None
    account = ""

    def __init__(
        self,
        replies: Iterable[Reply],
        *,
        profile: ModelProfile | None = None,
        keep: int | None = None,
    ) -> None:
        if isinstance(replies, str | Mapping | ModelResponse):
            raise ConfigurationError("replies is a single reply.", hint="Put it in a list.")
        self.requests: list[ModelRequest] = []
        self._keep, self._count = keep, 0
        self._replies = iter(replies)
        self._profile = profile or profile_for(self.name, "")
        self._lock = threading.Lock()

    @classmethod
    def from_file(cls, path: str | Path) -> ScriptedProvider:
        """Read a script: a `.json` list, a `.jsonl` file, or any other text as the one reply.

        Items are strings, objects {"text", "stop_reason", "refusal", "usage"}, or else the objects
        that are to be replied.

        Raises:
            ConfigurationError: there is no such file, or it is no script.
        """
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:  # no UTF-8, or no name that a file can have
            raise ConfigurationError(f"The script {path} can't be read: {error}") from error
        try:
            match path.suffix.lower():
                case ".json":
                    replies = [_scripted(item) for item in _SCRIPT.validate_json(text)]
                case ".jsonl":
                    lines = [line for line in text.split("\n") if line.strip()]
                    replies = [_scripted(_ITEM.validate_json(line)) for line in lines]
                case _:
                    replies = [text]
        except ValidationError as error:
            raise ConfigurationError(
                f"The script {path} can't be read: {error.errors()[0]['msg']}",
                hint='Its items are texts, objects {"text": ..., "stop_reason": "end"}, or the '
                "objects that are to be replied themselves.",
            ) from error
        return cls(replies)

    def profile(self, model: str, /) -> ModelProfile:
        return self._profile

    def send(self, request: ModelRequest, /, *, timeout: float | None = None) -> ModelResponse:
        """Return the next reply, or raise it if it is an exception; nothing takes time here.

        Raises:
            ConfigurationError: the script is at its end, or the reply is none.
        """
        with self._lock:
            self.requests.append(request)
            if self._keep is not None:
                del self.requests[: -self._keep or None]
            self._count += 1
            number = self._count
            try:
                reply = next(self._replies)
            except StopIteration:
                raise ConfigurationError(
                    f"The script has no reply left for request {number}.",
                    hint="Add a reply, or mend the one before: `problems` says what it lacks.",
                ) from None
        if isinstance(reply, Exception):
            raise reply
        answer = reply(request) if callable(reply) else reply
        response = _response(answer, number)
        return replace(
            response,
            usage=response.usage or _estimate(request, response),
            model=response.model or request.model,
        )

    async def asend(
        self, request: ModelRequest, /, *, timeout: float | None = None
    ) -> ModelResponse:
        return self.send(request)

    def close(self) -> None:
        """Do nothing: there is nothing to give back."""


def _response(answer: object, number: int) -> ModelResponse:
    match answer:
        case ModelResponse():
            return answer
        case str():
            return ModelResponse(answer)
        case Mapping():
            return ModelResponse(to_json(answer).decode())
        case _:
            raise ConfigurationError(
                f"Reply {number} of the script is of the type {type(answer).__name__}.",
                hint="A reply is a text, a dict, a ModelResponse, an exception, or a function.",
            )


def _estimate(request: ModelRequest, response: ModelResponse) -> Usage:
    asked = sum(len(message.content) for message in request.messages)
    return Usage(max(1, asked // 4), max(1, len(response.text) // 4))


class _Usage(BaseModel):
    model_config = ConfigDict(extra="forbid")

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int = 0
    cache_creation_input_tokens: int = 0
    reasoning_tokens: int = 0


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    stop_reason: StopReason = StopReason.END
    refusal: str | None = None
    usage: _Usage | None = None

    def response(self) -> ModelResponse:
        return ModelResponse(
            self.text,
            Usage(**self.usage.model_dump()) if self.usage else None,
            stop_reason=self.stop_reason,
            refusal=self.refusal,
        )


def _scripted(item: str | JsonObject) -> Reply:
    """Read an item of a script: a text, a response by its parts, or the object to be replied."""
    if isinstance(item, str):
        return item
    if item.keys() & _Item.model_fields.keys():
        return _Item.model_validate(item).response()
    return json.dumps(item, ensure_ascii=False)


_ITEM: TypeAdapter[str | JsonObject] = TypeAdapter(str | dict[str, Any])
_SCRIPT: TypeAdapter[list[str | JsonObject]] = TypeAdapter(list[str | dict[str, Any]])

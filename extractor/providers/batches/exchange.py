"""What both Batch APIs are asked through: an SDK's client for its keys, and plain JSON.

The SDKs' own methods would parse results with models that accept anything, and follow an address
that the server names for them, with the key.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import IO, TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from extractor.errors import InvalidResponseError, ProviderError
from extractor.providers.batches.base import BatchFailure
from extractor.providers.batches.lines import lines
from extractor.types import ModelRequest, ModelResponse

if TYPE_CHECKING:
    import anthropic
    import openai

    from extractor.providers.anthropic import AnthropicProvider
    from extractor.providers.openai import OpenAIProvider

_log = logging.getLogger("extractor.batches")

QUICK = 120.0
"""Seconds that a question may take."""

SLOW = 3_600.0
"""Seconds that a batch may take on its way up, or its results on their way down."""

PAGE = 100
"""Batches that are listed at once."""

_RESULTS = 4 * 1024**3
"""Bytes of all results of a batch."""

_IN_MEMORY = 32 * 1024**2
"""Bytes of results that need no file."""

ModelT = TypeVar("ModelT", bound=BaseModel)
ValueT = TypeVar("ValueT")


def _or_none(value: Any, read_it: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read_it(value)
    except ValidationError:
        return None


Readable: TypeAlias = Annotated[ValueT | None, WrapValidator(_or_none)]
"""A value, or None for anything else: in a list of an account's batches are those of strangers."""


class SdkBatches:
    """What both APIs share: requests and replies are those of the provider one by one.

    Args:
        provider: who is asked; its key and base URL are used.
    """

    def __init__(self, provider: AnthropicProvider | OpenAIProvider) -> None:
        self._translator = provider

    @property
    def name(self) -> str:
        """The provider's name."""
        return self._translator.name

    def encode(self, request: ModelRequest, /) -> bytes:
        """Write the body of a request."""
        return json.dumps(self._translator.encode(request)).encode()

    def decode(self, reply: bytes, /) -> ModelResponse:
        """Read the body of a 200; `InvalidResponseError` if it is no reply."""
        return self._translator.decode(reply)

    def error(
        self, failure: BatchFailure, /, *, request: ModelRequest | None = None
    ) -> ProviderError:
        """Say as one of our errors what came instead of a reply."""
        if failure.status == 200:
            try:
                self.decode(failure.body.encode())
            except ProviderError as error:
                return error
        asked = httpx2.Request("POST", self._translator.base_url)
        response = httpx2.Response(failure.status, text=failure.body, request=asked)
        raised = httpx2.HTTPStatusError("", request=asked, response=response)
        return self._translator.translate(raised, request=request)


def get(
    provider: AnthropicProvider | OpenAIProvider,
    path: str,
    kind: type[ModelT],
    params: Mapping[str, object] | None = None,
) -> ModelT:
    """Ask, and read the answer as one of our models.

    Raises:
        ProviderError: it failed; an `InvalidResponseError` if the answer is something else.
    """
    query = dict(params or {})
    response = provider.perform(
        lambda client: client.get(path, cast_to=httpx2.Response, options={"params": query}),
        timeout=QUICK,
    )
    return read(provider, response, kind)


def read(
    provider: AnthropicProvider | OpenAIProvider, response: httpx2.Response, kind: type[ModelT]
) -> ModelT:
    """Read a 2xx as one of our models.

    Raises:
        InvalidResponseError: it is something else.
    """
    try:
        return kind.model_validate_json(response.content)
    except ValidationError:
        pass
    raise no_batch(provider, response.status_code)


def no_batch(
    provider: AnthropicProvider | OpenAIProvider, status: int = 200
) -> InvalidResponseError:
    """Say that what was answered can't be read."""
    return InvalidResponseError(
        f"{provider.name} answered {status} with something that is no batch",
        provider=provider.name,
        status=status,
    )


def results(provider: AnthropicProvider | OpenAIProvider, path: str) -> Iterator[bytes]:
    """Fetch a file of results, and yield its lines.

    All of it is here before the first one comes: no connection has to last while they are saved.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        provider.perform(
            lambda client: _download(client, path, file), timeout=SLOW, reply_limit=_RESULTS
        )
        file.seek(0)
        yield from lines(iter(lambda: file.read(65_536), b""))


def _download(client: anthropic.Anthropic | openai.OpenAI, path: str, file: IO[bytes]) -> None:
    is_streamed: bool = True  # not a literal: then a class of events would be asked for
    response = client.get(path, cast_to=httpx2.Response, stream=is_streamed)
    with closing(response):
        for chunk in response.iter_bytes():
            file.write(chunk)


def unreadable(id_: str) -> None:
    """Note a line of results that tells nothing; its request is asked again."""
    _log.error("A line of the results of batch %s can't be read, and is left out", id_)

"""What every provider is: a translator between our values and one API, and its only I/O."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from extractor.errors import ProviderError
from extractor.types import JsonObject, ModelProfile, ModelRequest, ModelResponse

Progress: TypeAlias = Callable[[str], None]
"""Is told, in a short sentence for people, what a long step is doing."""


def silent(_message: str, /) -> None:
    """Report no progress."""


class Provider(Protocol):
    """Who answers. `encode`, `decode` and `translate` are pure; `send` and `asend` do one POST.

    Both raise only `ProviderError` subclasses (and `ConfigurationError` for a missing key) and
    never retry: waiting and trying again are the call core's affair.
    """

    @property
    def name(self) -> str: ...

    @property
    def base_url(self) -> str | None:
        """Where requests go, for `doctor`; None when nothing leaves the process."""
        ...

    def profile(self, model: str, /) -> ModelProfile:
        """Return what is known of a model."""
        ...

    def encode(self, request: ModelRequest, /) -> JsonObject:
        """Write the body of the POST."""
        ...

    def decode(self, raw: bytes, /) -> ModelResponse:
        """Read the body of an HTTP 200; `InvalidResponseError` if it is no reply."""
        ...

    def translate(self, error: Exception, /) -> ProviderError:
        """Turn any exception of the SDK or the transport into ours, without keys or bodies."""
        ...

    def send(self, request: ModelRequest, /) -> ModelResponse: ...

    async def asend(self, request: ModelRequest, /) -> ModelResponse: ...

    def close(self) -> None:
        """Give back connections and processes."""
        ...

"""What every provider is: a translator between our values and one API, and its only I/O."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol, TypeAlias, runtime_checkable

from extractor.types import CountedTokens, ModelProfile, ModelRequest, ModelResponse

_log = logging.getLogger("extractor")

Progress: TypeAlias = Callable[[str], None]
"""Is told, in a short sentence for people, what a long step is doing."""


def silent(_message: str, /) -> None:
    """Report no progress."""


def unfailing(progress: Progress) -> Progress:
    """Log what a progress function raises, and go on: a display must not cost an extraction."""

    def tell(message: str, /) -> None:
        try:
            progress(message)
        except Exception as error:
            _log.error("The progress function failed: %s", type(error).__name__)

    return tell


class Provider(Protocol):
    """Who answers. `send` and `asend` do one POST.

    Both raise only `ProviderError` subclasses (and `ConfigurationError` for a missing key) and
    never retry: waiting and trying again are the call core's affair.
    """

    @property
    def name(self) -> str: ...

    @property
    def base_url(self) -> str | None:
        """Where requests go, for `doctor`; None when nothing leaves the process."""
        ...

    @property
    def account(self) -> str:
        """What limits and bills are kept for, as a hash; "" where there is one account only."""
        ...

    def profile(self, model: str, /) -> ModelProfile:
        """Return what is known of a model."""
        ...

    def send(self, request: ModelRequest, /, *, timeout: float | None = None) -> ModelResponse:
        """Do one POST, blocking.

        Args:
            request: what is asked.
            timeout: the most seconds that all of it may take, connecting and reading included;
                past it, `APITimeoutError`. None leaves the provider's own timeouts.
        """
        ...

    async def asend(
        self, request: ModelRequest, /, *, timeout: float | None = None
    ) -> ModelResponse:
        """Do one POST on an event loop; otherwise as `send`."""
        ...

    def close(self) -> None:
        """Give back connections and processes."""
        ...


@runtime_checkable
class CountsTokens(Protocol):
    """A provider that can be asked how many input tokens a request would have, free of charge.

    Both raise what `Provider.send` raises.
    """

    def count_tokens(
        self, request: ModelRequest, /, *, timeout: float | None = None
    ) -> CountedTokens:
        """Ask, blocking."""
        ...

    async def acount_tokens(
        self, request: ModelRequest, /, *, timeout: float | None = None
    ) -> CountedTokens:
        """Ask on an event loop."""
        ...

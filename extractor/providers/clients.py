"""Where clients live: made on first use, closed with the loop or provider they serve."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import AsyncGenerator, Callable
from typing import Generic, Protocol, TypeVar

from extractor.errors import ConfigurationError, ExtractorError


class _Client(Protocol):
    def close(self) -> None: ...


class _AsyncClient(Protocol):
    async def close(self) -> None: ...


LinkT = TypeVar("LinkT", bound=_Client)
AsyncLinkT = TypeVar("AsyncLinkT", bound=_AsyncClient)
MadeT = TypeVar("MadeT")


class Clients(Generic[LinkT, AsyncLinkT]):
    """A provider's clients: one for all threads, and one for each event loop, made on first use.

    An asynchronous client lives inside a suspended asynchronous generator: whoever ends the event
    loop (`asyncio.run`, a test runner, a web server) finishes its generators first, and so closes
    the client's connections while the loop they belong to still runs.
    """

    def __init__(
        self,
        make: Callable[[], LinkT],
        make_async: Callable[[], AsyncLinkT],
        *,
        owns_client: bool,
        owns_async_client: bool,
    ) -> None:
        self._make = make
        self._make_async = make_async
        self._owns_client = owns_client
        self._owns_async_client = owns_async_client
        self._lock = threading.Lock()
        self._client: LinkT | None = None
        self._end: weakref.finalize[..., Clients[LinkT, AsyncLinkT]] | None = None
        self._process = os.getpid()
        self._running: weakref.WeakKeyDictionary[
            asyncio.AbstractEventLoop, tuple[AsyncLinkT, AsyncGenerator[None, None]]
        ] = weakref.WeakKeyDictionary()

    def get(self) -> LinkT:
        with self._lock:
            if self._process != os.getpid():
                self._disown()
            if self._client is None:
                self._client = _made(self._make)
                if self._owns_client:  # also a forgotten one has its connections closed
                    self._end = weakref.finalize(self, self._client.close)
            return self._client

    async def aget(self) -> AsyncLinkT:
        loop = asyncio.get_running_loop()
        with self._lock:
            if loop in self._running:
                return self._running[loop][0]
            # A client's connections keep their loop alive, so weak keys alone forget nothing.
            for ended in [other for other in self._running if other.is_closed()]:
                del self._running[ended]
            client = _made(self._make_async)
            keeper = self._keep(client)
            self._running[loop] = client, keeper
        await anext(keeper)
        return client

    def close(self) -> None:
        with self._lock:
            self._client = None
            self._running.clear()
            end, self._end = self._end, None
        if end is not None:
            end()

    def _disown(self) -> None:
        """Leave a client to the process that this one was forked from."""
        self._process = os.getpid()
        self._client = None
        if self._end is not None:
            self._end.detach()
            self._end = None

    async def _keep(self, client: AsyncLinkT) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            if self._owns_async_client:
                await client.close()


def _made(make: Callable[[], MadeT]) -> MadeT:
    """Make a client; nothing has been sent yet, so that what fails is a setting.

    Raises:
        ConfigurationError: a proxy, a certificate or an address that the HTTP library refuses.
    """
    try:
        return make()
    except ExtractorError:
        raise
    except Exception as error:
        raise ConfigurationError(
            f"No HTTP client can be made ({type(error).__name__}).",
            hint="Look at HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE, and at the base URL.",
        ) from error

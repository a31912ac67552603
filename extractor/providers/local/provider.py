"""`local:`, the embedded model: nothing leaves the machine, and nothing is billed."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

from extractor.errors import APIConnectionError, ConfigurationError
from extractor.providers.base import Progress, silent
from extractor.providers.bounds import Post
from extractor.providers.compatible import CompatibleProvider
from extractor.providers.local.server import LocalServer, shared_server
from extractor.providers.local.weights import QWEN_CODER, find_weights
from extractor.providers.profiles import profile_for
from extractor.types import ModelProfile, ModelRequest, ModelResponse

EMBEDDED = "http://127.0.0.1"
_READ_TIMEOUT = 1800.0
"""Seconds: on two cores a full context is read in ten minutes, and others may be in the queue."""

_BUSY = f"{QWEN_CODER.name} is reading and answering on this processor; it may take minutes"
_NAMES = frozenset({"", "default", "local", QWEN_CODER.name})


class LocalProvider:
    """The embedded model, served by a process of its own that all users in this process share.

    The server is started by the first request, which may have to make the weights' file first, and
    ends with the process. It answers one request at a time; others wait in its queue.

    Args:
        weights: a GGUF file to use; by default it is found, see `find_weights`.
        progress: is told what a start is doing, which may take a minute.
    """

    name = "local"
    account = ""

    def __init__(self, *, weights: Path | None = None, progress: Progress = silent) -> None:
        self._weights = weights
        self._progress = progress
        self._lock = threading.Lock()
        self._connected: tuple[LocalServer, _Loopback] | None = None

    @property
    def base_url(self) -> str:
        """The running server's URL, or the host it will have a port on."""
        connected = self._connected
        return f"{EMBEDDED} (embedded)" if connected is None else connected[0].url

    def profile(self, model: str, /) -> ModelProfile:
        return profile_for(self.name, _checked(model))

    def send(self, request: ModelRequest, /, *, timeout: float | None = None) -> ModelResponse:
        """Send one request; a start of the server takes part of `timeout`, and is never cut off."""
        request = replace(request, model=_checked(request.model))
        post = Post(timeout)
        server, api = self._connect()
        self._progress(_BUSY)
        try:
            return api.send(request, timeout=post.left)
        except APIConnectionError as error:
            raise _explained(error, server) from None

    async def asend(
        self, request: ModelRequest, /, *, timeout: float | None = None
    ) -> ModelResponse:
        request = replace(request, model=_checked(request.model))
        post = Post(timeout)
        server, api = await asyncio.to_thread(self._connect)
        self._progress(_BUSY)
        try:
            return await api.asend(request, timeout=post.left)
        except APIConnectionError as error:
            raise _explained(error, server) from None

    def close(self) -> None:
        """Give back connections; the server goes on for others and ends with the process."""
        with self._lock:
            connected, self._connected = self._connected, None
        if connected is not None:
            connected[1].close()

    def _connect(self) -> tuple[LocalServer, _Loopback]:
        with self._lock:
            server = shared_server(self._start)
            if self._connected is None or self._connected[0] is not server:
                if self._connected is not None:
                    self._connected[1].close()
                self._connected = server, _Loopback(server.url)
            return self._connected

    def _start(self) -> LocalServer:
        weights = find_weights(path=self._weights, progress=self._progress)
        self._progress(f"Starting {QWEN_CODER.name}")
        return LocalServer(weights, name=QWEN_CODER.name)


class _Loopback(CompatibleProvider):
    """The wire format and the connections."""

    def __init__(self, url: str) -> None:
        super().__init__(
            LocalProvider.name, api_key="none", base_url=f"{url}/v1", read_timeout=_READ_TIMEOUT
        )


def _checked(model: str) -> str:
    if model not in _NAMES:
        raise ConfigurationError(
            f"There is no embedded model {model!r}.",
            hint=f"There is local:{QWEN_CODER.name}, also written local:default.",
        )
    return QWEN_CODER.name


def _explained(error: APIConnectionError, server: LocalServer) -> APIConnectionError:
    """Say that the server has died, where that is why the connection broke."""
    if server.alive:
        return error
    return APIConnectionError(
        f"The embedded model's process died: {server.last_words()}",
        provider=LocalProvider.name,
        hint="It needs about 3 GB of memory; the next request starts it again.",
    )

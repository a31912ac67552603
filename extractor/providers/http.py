"""What the providers behind an SDK share: one POST, blocking or not, and reading a 200.

An SDK is imported when the first request is sent, so that `import extractor` stays quick, and its
own retries are off. Translating values and errors stays with each provider; the I/O is here.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from extractor.errors import (
    APITimeoutError,
    ConfigurationError,
    InvalidResponseError,
    ProviderError,
)
from extractor.providers.addresses import checked_base_url
from extractor.providers.bounds import REPLY_LIMIT, Post, ReplyTooLargeError, posting
from extractor.providers.clients import Clients
from extractor.providers.confidential import keep_bodies_out_of_log, unlogged_bodies
from extractor.providers.failures import Failures
from extractor.providers.link import AsyncClientT, AsyncLink, ClientT, Link
from extractor.providers.profiles import profile_for
from extractor.providers.rate_headers import rate_limits
from extractor.types import JsonObject, ModelProfile, ModelRequest, ModelResponse

if TYPE_CHECKING:
    import httpx2

    from extractor.providers.aio import Answered

R = TypeVar("R")

READ_TIMEOUT = 120.0
"""Seconds without a byte before a call is given up; the other timeouts are fixed."""


class HttpProvider(ABC, Generic[ClientT, AsyncClientT]):
    """Base of the providers that speak HTTP through an SDK.

    Args:
        name: the provider's name in errors and in the table of profiles, if not the usual one.
        api_key: the key; by default the SDK's own environment variable.
        base_url: where requests go; by default the SDK's own environment variable or default.
        base_url_origin: where `base_url` comes from, for messages and `doctor`.
        allow_http: let requests go over http to other machines than this, unencrypted.
        api_key_variable: the environment variable that holds the key, and no other place does.
        http_client: a ready-made client for blocking calls (proxies, tests); never closed here. It
            keeps its own rules: no limit on a reply, and a call's `timeout` is one for each read.
        async_http_client: the same for asynchronous calls; it then serves one event loop only.
        read_timeout: seconds without a byte before a call is given up.
        reply_limit: bytes of a reply, decompressed, before it is given up.

    Raises:
        ConfigurationError: there is no base URL, or none that requests may go to.
    """

    sdk: str
    default_name: str
    default_base_url: str | None = None
    base_url_variable: str
    api_key_variable: str
    secret_variables: tuple[str, ...] = ()
    path: str
    """Where calls to a model are POSTed, below the base URL."""
    request_id_header: str

    def __init__(
        self,
        name: str | None = None,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        base_url_origin: str = "base_url",
        allow_http: bool = False,
        api_key_variable: str | None = None,
        http_client: httpx2.Client | None = None,
        async_http_client: httpx2.AsyncClient | None = None,
        read_timeout: float = READ_TIMEOUT,
        reply_limit: int = REPLY_LIMIT,
    ) -> None:
        self._name = name or self.default_name
        self._api_key = api_key
        self._only_variable = api_key_variable
        if api_key_variable is not None:
            self.api_key_variable = api_key_variable
        found = os.environ.get(self.base_url_variable)
        if base_url:
            self._origin = base_url_origin
        else:
            self._origin = self.base_url_variable if found else "default"
        self._endpoint = checked_base_url(
            base_url or found or self.default_base_url,
            provider=self._name,
            setting=self.base_url_variable if self._origin == "default" else self._origin,
            allow_http=allow_http,
        )
        self._http_client = http_client
        self._async_http_client = async_http_client
        self._read_timeout = read_timeout
        self._reply_limit = reply_limit
        key = next(filter(None, self._secrets()), "")
        identity = f"{self._endpoint}\n{key}".encode(errors="surrogatepass")
        self._account = blake2b(identity, digest_size=8, key=b"extractor account").hexdigest()
        keep_bodies_out_of_log(self.sdk)
        self._clients = Clients(
            self._link,
            self._async_link,
            owns_client=http_client is None,
            owns_async_client=async_http_client is None,
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def base_url(self) -> str:
        return self._endpoint

    @property
    def base_url_origin(self) -> str:
        """Where the base URL comes from: a setting, a variable's name, or `default`."""
        return self._origin

    @property
    def account(self) -> str:
        """What limits and bills are kept for: a hash of base URL and key, which tells neither."""
        return self._account

    def profile(self, model: str, /) -> ModelProfile:
        return profile_for(self._name, model)

    def send(self, request: ModelRequest, /, *, timeout: float | None = None) -> ModelResponse:
        """Send one request, blocking; `timeout` is the most seconds that all of it may take."""
        return self._read(self._exchange(request, self.encode, self.path, timeout), request)

    async def asend(
        self, request: ModelRequest, /, *, timeout: float | None = None
    ) -> ModelResponse:
        """Send one request from a coroutine; `timeout` as in `send`."""
        response = await self._aexchange(request, self.encode, self.path, timeout)
        return self._read(response, request)

    def _exchange(
        self,
        request: ModelRequest,
        encode: Callable[[ModelRequest], JsonObject],
        path: str,
        timeout: float | None,
    ) -> httpx2.Response:
        """Do one POST, blocking, and translate what it raises."""
        with unlogged_bodies(), posting(timeout) as post:
            body, link = encode(request), self._clients.get()
            self._check(post)
            try:
                return link.post(path, body, self._timeout(post.left), self._extra_headers())
            except Exception as error:
                failure = self._failure(error, self._failures(request), post)
        # Raised outside the handler: nothing of ours then leads to the SDK's exception, which
        # carries the request with its headers, and so the key.
        raise failure

    async def _aexchange(
        self,
        request: ModelRequest,
        encode: Callable[[ModelRequest], JsonObject],
        path: str,
        timeout: float | None,
    ) -> httpx2.Response | Answered:
        with unlogged_bodies(), posting(timeout) as post:
            if self.sdk not in sys.modules:  # seconds in which a loop must not stand
                await asyncio.to_thread(import_module, self.sdk)
            body, link = encode(request), await self._clients.aget()
            self._check(post)
            try:
                async with asyncio.timeout(post.left):
                    return await link.post(path, body, self._timeout(), self._extra_headers())
            except Exception as error:
                failure = self._failure(error, self._failures(request), post)
        raise failure  # see _exchange

    def perform(
        self,
        act: Callable[[ClientT], R],
        *,
        sent: Iterable[str] = (),
        timeout: float,
        reply_limit: int | None = None,
    ) -> R:
        """Do what is no call to a model, such as handing in a batch; translate what it raises.

        Args:
            act: is given the SDK's blocking client.
            sent: texts that no message of an error may repeat.
            timeout: the most seconds that all of it may take.
            reply_limit: bytes of a reply, if not the provider's own limit.

        Raises:
            ProviderError: it failed.
            ConfigurationError: there is no key.
        """
        with unlogged_bodies(), posting(timeout, reply_limit=reply_limit) as post:
            client = self._clients.get().sdk
            try:
                return act(client)
            except Exception as error:
                failures = replace(self._failures(), sent=tuple(sent))
                failure = self._failure(error, failures, post)
        raise failure  # see _exchange

    def decode(self, raw: bytes, /) -> ModelResponse:
        return self._decode(raw, self._failures())

    def translate(
        self, error: Exception, /, *, request: ModelRequest | None = None
    ) -> ProviderError:
        return self._translate(error, self._failures(request))

    def close(self) -> None:
        """Give back connections; those of a running event loop are closed by that loop."""
        self._clients.close()

    @abstractmethod
    def encode(self, request: ModelRequest, /) -> JsonObject: ...

    @abstractmethod
    def _decode(self, raw: bytes, failures: Failures) -> ModelResponse: ...

    @abstractmethod
    def _translate(self, error: Exception, failures: Failures) -> ProviderError: ...

    @abstractmethod
    def _connect(self, http: httpx2.Client) -> ClientT:
        """Make the SDK's blocking client; `ConfigurationError` if there is no key."""

    @abstractmethod
    def _aconnect(self, http: httpx2.AsyncClient) -> AsyncClientT:
        """Make the SDK's asynchronous client; `ConfigurationError` if there is no key."""

    def _extra_headers(self) -> Mapping[str, Any]:
        """Return headers that the SDK would not send, or would have sent."""
        return {}

    def _has_key(self, client: ClientT | AsyncClientT) -> bool:
        """Whether an SDK's client has a key that stays the same."""
        return True

    def _link(self) -> Link[ClientT]:
        from extractor.providers import transport

        if self._http_client is not None:
            return Link(self._connect(self._http_client), None)
        http = transport.client(self._endpoint, reply_limit=self._reply_limit)
        client = self._connect(http)
        return Link(client, http if self._has_key(client) else None)

    def _async_link(self) -> AsyncLink[AsyncClientT]:
        import httpx2

        from extractor.providers import transport

        if self._async_http_client is not None:
            return AsyncLink(self._aconnect(self._async_http_client), None)
        own = transport.async_transport(self._endpoint, reply_limit=self._reply_limit)
        client = self._aconnect(httpx2.AsyncClient(transport=own))
        return AsyncLink(client, own if self._has_key(client) else None)

    def _check(self, post: Post) -> None:
        if post.is_over:
            raise APITimeoutError(
                f"No time was left to ask {self._name}; nothing was sent.", provider=self._name
            )

    def _failure(self, error: Exception, failures: Failures, post: Post) -> ProviderError:
        for raised in (error, error.__cause__):  # one SDK wraps it, the other does not
            if isinstance(raised, ReplyTooLargeError):
                return failures.invalid(str(raised), raised.status)
        if isinstance(error, TimeoutError) and post.is_over:  # asyncio's, which knows no phase
            return failures.late(post, may_be_billed=post.sent)
        failure = self._translate(error, failures)
        if isinstance(failure, APITimeoutError) and post.is_over:
            return failures.late(post, may_be_billed=failure.may_be_billed)
        return failure

    def _read(self, answer: httpx2.Response | Answered, request: ModelRequest) -> ModelResponse:
        limits = rate_limits(answer.headers, time.time())
        request_id = answer.headers.get(self.request_id_header)
        try:
            response = self._decode(answer.content, self._failures(request, answer.status_code))
        except InvalidResponseError as error:
            error.request_id, error.rate_limits = request_id, limits
            raise
        return replace(response, request_id=request_id, rate_limits=limits)

    def _key(self) -> str | None:
        """Return the key from the argument or the environment; None if there is none.

        A line break at its end, the usual trace of a secrets file, is dropped.

        Raises:
            ConfigurationError: the key holds what no header can, or a variable was named for it
                that is not set: no other key is used, and billed, in its place.
        """
        key = (self._api_key or os.environ.get(self.api_key_variable) or "").strip() or None
        if key is None and self._only_variable is not None:
            raise ConfigurationError(
                f"There is no API key for {self._name}: {self._only_variable} is not set.",
                hint=f"Set {self._only_variable}; api_key_variable names it.",
            )
        if key is not None and not (key.isascii() and key.isprintable()):
            raise ConfigurationError(
                f"The API key for {self._name} holds characters that no HTTP header can carry."
            )
        return key

    def _failures(self, request: ModelRequest | None = None, status: int = 200) -> Failures:
        # A shorter one is a placeholder such as "none", and would strike out ordinary words.
        return Failures(
            self._name,
            tuple(secret for secret in self._secrets() if len(secret) > 5),
            () if request is None else tuple(message.content for message in request.messages),
            status,
        )

    def _secrets(self) -> list[str]:
        """Return all that may be a key here, the one that is used first."""
        variables = (self.api_key_variable, *self.secret_variables)
        found = [self._api_key or "", *(os.environ.get(name, "") for name in variables)]
        return [secret.strip() for secret in found]

    def _timeout(self, most: float | None = None) -> httpx2.Timeout:
        """Return the timeouts of each connect, read, write and wait, none longer than `most`."""
        import httpx2

        def at_most(seconds: float) -> float:
            return seconds if most is None else min(seconds, most)

        return httpx2.Timeout(
            connect=at_most(5.0),
            read=at_most(self._read_timeout),
            write=at_most(10.0),
            pool=at_most(5.0),
        )

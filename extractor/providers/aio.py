"""The asynchronous connections, over aiohttp: an exchange takes half of httpx2's processor time.

httpx2 stays the SDKs' client; only what is below it is another. Failures are told in httpx2's
classes, by what they mean for the bill: before a request was handed over, nothing is billed.
"""

from __future__ import annotations

import asyncio
import logging
import select
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from weakref import WeakSet

import aiohttp
import httpx2
from aiohttp.abc import AbstractStreamWriter
from aiohttp.connector import Connection
from aiohttp.http_writer import StreamWriter
from aiohttp.payload import Payload
from multidict import CIMultiDict
from yarl import URL

from extractor.providers.bounds import Post, ReplyTooLargeError, current_post, largest_reply

_log = logging.getLogger("httpx2")
_DONE = 'HTTP Request: %s %s "HTTP/1.1 %d %s"'
"""What httpx2's clients log, for requests that pass them by."""

_CONNECTIONS = 1_000
_IDLE = 60.0
"""Seconds after which a connection that nobody uses is closed."""

_LONGEST_HEADER = 64 * 1024
_PIECE = 64 * 1024
"""Bytes of a body that are handed over at once."""

_OWN_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""That aiohttp would add where a request has none."""

# The first that fits counts: each before those that it is derived from.
_MEANING: tuple[tuple[type[Exception], type[httpx2.TransportError]], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx2.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx2.ReadTimeout),
    (aiohttp.ClientProxyConnectionError, httpx2.ProxyError),
    (aiohttp.ClientHttpProxyError, httpx2.ProxyError),
    (aiohttp.ClientConnectorError, httpx2.ConnectError),
    (aiohttp.ServerDisconnectedError, httpx2.RemoteProtocolError),
    (aiohttp.ClientConnectionError, httpx2.ReadError),
    (aiohttp.ClientPayloadError, httpx2.RemoteProtocolError),
    (aiohttp.ClientResponseError, httpx2.RemoteProtocolError),
    (aiohttp.InvalidURL, httpx2.UnsupportedProtocol),
    (aiohttp.ClientError, httpx2.ReadError),
    (OSError, httpx2.ReadError),
)

_BROKEN = (httpx2.ReadError, httpx2.RemoteProtocolError)
"""What a connection that breaks means, unless the request was not handed over yet."""


class Answered(NamedTuple):
    """A reply, read to its end; the names are those of httpx2's responses."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """A request as aiohttp takes it: its address, and its headers but for the body's length."""

    request: httpx2.Request
    url: URL
    headers: CIMultiDict[str]

    @classmethod
    def of(cls, request: httpx2.Request) -> Written:
        """Take a request of httpx2's."""
        headers = CIMultiDict(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        )
        headers.popall("Content-Length", None)
        return cls(request, URL(str(request.url), encoded=True), headers)


class AioTransport(httpx2.AsyncBaseTransport):
    """Sends a client's requests; a reply larger than `reply_limit` is given up.

    Args:
        proxy: the proxy's address; None for none.
        reply_limit: the most bytes of a reply, decompressed.
        keep_alive: options for each connection's socket.

    Raises:
        OSError: the environment names certificates that can't be read.
    """

    def __init__(
        self,
        *,
        proxy: str | None,
        reply_limit: int,
        keep_alive: list[tuple[int, int, int]],
    ) -> None:
        self._proxy = proxy
        self._reply_limit = reply_limit
        self._keep_alive = keep_alive
        self._ssl = httpx2.create_ssl_context()
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = await request.aread()
        response = await self._sent(
            Written.of(request), body, _timeout(request.extensions.get("timeout", {}))
        )
        return _Reply(response, request, largest_reply(self._reply_limit))

    async def post(
        self, written: Written, body: bytes, timeout: httpx2.Timeout
    ) -> Answered | httpx2.Response:
        """Send a request as one before, with another body, and read the reply.

        No request and response of httpx2's is made for it, which takes as long as to send it. A
        reply that is no 2xx, or compressed, is one of them.

        Raises:
            httpx2.HTTPError: there was no reply, or it broke off.
            ReplyTooLargeError: it is larger than is allowed.
        """
        response = await self._sent(written, body, _timeout(timeout.as_dict()))
        _log.info(_DONE, response.method, response.url, response.status, response.reason)
        is_plain = "Content-Encoding" not in response.headers
        if not (200 <= response.status < 300 and is_plain):
            reply = _Reply(response, written.request, largest_reply(self._reply_limit))
            try:
                await reply.aread()
            finally:
                await reply.aclose()
            return reply
        stream = _Stream(response, written.request)
        try:
            content, limit = bytearray(), largest_reply(self._reply_limit)
            async for chunk in stream:
                content += chunk
                if len(content) > limit:
                    raise ReplyTooLargeError(response.status, limit)
        finally:
            await stream.aclose()
        return Answered(response.status, httpx2.Headers(response.raw_headers), bytes(content))

    async def _sent(
        self, written: Written, body: bytes, timeout: aiohttp.ClientTimeout
    ) -> aiohttp.ClientResponse:
        post = current_post()
        if post is not None:
            post.sent = False
        with _told(written.request):
            return await self._opened().request(
                written.request.method,
                written.url,
                headers=written.headers,
                data=_Body(body, post) if body else None,
                skip_auto_headers=_OWN_HEADERS,
                allow_redirects=False,
                timeout=timeout,
                proxy=self._proxy,
            )

    def _opened(self) -> aiohttp.ClientSession:
        """Return the session, made on the loop that it serves."""
        if self._session is None:
            connector = _Connector(
                limit=_CONNECTIONS,
                keepalive_timeout=_IDLE,
                ssl=self._ssl,
                socket_factory=self._socket,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                max_line_size=_LONGEST_HEADER,
                max_field_size=_LONGEST_HEADER,
            )
        return self._session

    def _socket(self, address: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol = address[:3]
        made = socket.socket(family, kind, protocol)
        for level, name, value in self._keep_alive:
            made.setsockopt(level, name, value)
        return made

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


class _Connector(aiohttp.TCPConnector):
    """Uses a connection again only where nothing has come on it since the last reply.

    aiohttp asks no more than whether it is open. What came unasked, such as a reply that a proxy
    repeats, would be read as the reply to the next request.
    """

    @cached_property
    def _used(self) -> WeakSet[asyncio.BaseProtocol]:
        return WeakSet()

    async def connect(self, *given: Any, **options: Any) -> Connection:
        while True:  # each that is closed here was used before, and those are finitely many
            connection = await super().connect(*given, **options)
            protocol = connection.protocol
            if protocol is None or protocol not in self._used:
                break
            if not (protocol.should_close or _has_bytes(protocol.transport)):
                return connection
            connection.close()
        if protocol is not None:
            self._used.add(protocol)
        return connection


def _has_bytes(transport: asyncio.BaseTransport | None) -> bool:
    """Say whether there is something to read that a busy event loop has not come to yet."""
    opened = None if transport is None else transport.get_extra_info("socket")
    if opened is None or opened.fileno() < 0:
        return True
    if not hasattr(select, "poll"):  # on Windows, where any number of a socket will do
        return bool(select.select([opened], [], [], 0)[0])
    poll = select.poll()
    poll.register(opened, select.POLLIN)
    return bool(poll.poll(0))


class _Body(Payload):
    """A request's body that notes when the last of it is taken to be written.

    Not when it is written: a call that is cancelled in between may have been heard all the same.
    """

    _value: bytes

    def __init__(self, value: bytes, post: Post | None) -> None:
        super().__init__(value)
        self._size = len(value)
        self._post = post

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._value.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        transport = writer.transport if isinstance(writer, StreamWriter) else None
        try:
            for start in range(0, len(self._value), _PIECE):
                if self._post is not None:
                    self._post.sent = start + _PIECE >= len(self._value)
                await writer.write(self._value[start : start + _PIECE])
        except BaseException:  # given up: a server that takes no more would keep it open for ever
            if transport is not None:
                transport.abort()
            raise

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        await self.write(writer)


class _Reply(httpx2.Response):
    """A response that stops being read when it grows too large; bytes count decompressed."""

    def __init__(
        self, response: aiohttp.ClientResponse, request: httpx2.Request, limit: int
    ) -> None:
        super().__init__(
            response.status,
            headers=response.raw_headers,
            stream=_Stream(response, request),
            request=request,
            extensions={
                "http_version": b"HTTP/1.1",
                "reason_phrase": (response.reason or "").encode("ascii", "replace"),
            },
        )
        self._limit = limit

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncGenerator[bytes, None]:
        size = 0
        async for chunk in super().aiter_bytes(chunk_size):
            size += len(chunk)
            if size > self._limit:
                raise ReplyTooLargeError(self.status_code, self._limit)
            yield chunk


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, response: aiohttp.ClientResponse, request: httpx2.Request) -> None:
        self._response = response
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _told(self._request):
            async for chunk in self._response.content.iter_any():
                yield chunk

    async def aclose(self) -> None:
        if self._response.content.at_eof():
            self._response.release()
        else:  # somebody gave up: what still comes is of no use to the next request
            self._response.close()


@contextmanager
def _told(request: httpx2.Request) -> Generator[None]:
    """Tell failures of aiohttp in httpx2's classes."""
    try:
        yield
    except (aiohttp.ClientError, OSError) as error:
        kind = next(kind for known, kind in _MEANING if isinstance(error, known))
        post = current_post()
        if post is not None and not post.sent and kind in _BROKEN:
            kind = httpx2.WriteError
        raise kind(str(error), request=request) from error


def _timeout(given: Mapping[str, float | None]) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=None,
        connect=given.get("pool"),
        sock_connect=given.get("connect"),
        sock_read=given.get("read"),
    )

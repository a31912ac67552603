"""The connections to a provider: no call outlives its time, no reply fills the memory.

The timeouts of httpx2 are for one read or write each, so that a server which sends a byte now and
then holds a call for ever. Here every read, write and connect of a blocking call is given what is
left of the whole call's time; an asynchronous one is cancelled by its caller. Looking up a name is
the operating system's affair, and takes as long as that allows.
"""

from __future__ import annotations

import logging
import os
import socket
import ssl
from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from extractor.errors import ConfigurationError
from extractor.providers.addresses import is_loopback
from extractor.providers.aio import AioTransport
from extractor.providers.bounds import ReplyTooLargeError, current_post, largest_reply

_log = logging.getLogger(__name__)

_LIMITS = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)

_PROBES = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 60), ("TCP_KEEPCNT", 5))
_KEEP_ALIVE: list[tuple[int, int, int]] = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *((socket.IPPROTO_TCP, getattr(socket, n), s) for n, s in _PROBES if hasattr(socket, n)),
]
"""A model may think for minutes; routers on the way forget a connection on which nothing moves."""

_PIECE = 64 * 1024
"""Bytes that are written before the time is looked at again."""


def client(base_url: str, *, reply_limit: int) -> httpx2.Client:
    """Make a client that keeps to the time of its calls and to the size of their replies.

    It follows no redirects: a contract goes to the address that was given and nowhere else.

    Args:
        base_url: where its requests will go, which decides on the proxy.
        reply_limit: the most bytes of a reply, decompressed.
    """
    _check_certificates(base_url)
    return httpx2.Client(transport=Transport(proxy=proxy_for(base_url), reply_limit=reply_limit))


def async_transport(base_url: str, *, reply_limit: int) -> AioTransport:
    """Make what an asynchronous client sends with; whoever calls has to end a call in time."""
    _check_certificates(base_url)
    return AioTransport(proxy=proxy_for(base_url), reply_limit=reply_limit, keep_alive=_KEEP_ALIVE)


class Transport(httpx2.HTTPTransport):
    """httpx2's transport, with the bounds of `extractor.providers.bounds`."""

    def __init__(self, *, proxy: str | None, reply_limit: int) -> None:
        super().__init__(proxy=proxy, limits=_LIMITS, socket_options=[*_KEEP_ALIVE])
        self._reply_limit = reply_limit
        # httpcore2's pools take a `network_backend`; httpx2 has no argument that hands it on.
        pool = vars(self._pool)
        if "_network_backend" not in pool:
            _log.warning("This httpx2 is unknown: blocking calls have no total timeout.")
        pool["_network_backend"] = _Backend()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        stream = response.extensions.get("network_stream")
        if isinstance(stream, _Stream) and not stream.was_read:
            response.close()
            raise httpx2.RemoteProtocolError("The reply was there before its request: a repetition")
        return _Reply(response, largest_reply(self._reply_limit))


class _Reply(httpx2.Response):
    """A response that stops being read when it grows too large; bytes count decompressed."""

    def __init__(self, response: httpx2.Response, limit: int) -> None:
        super().__init__(
            response.status_code,
            headers=response.headers,
            stream=response.stream,
            extensions=response.extensions,
        )
        self._limit = limit

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        size = 0
        for chunk in super().iter_bytes(chunk_size):
            size += len(chunk)
            if size > self._limit:
                raise ReplyTooLargeError(self.status_code, self._limit)
            yield chunk


class _Backend(httpcore2.NetworkBackend):
    """Blocking connections that keep to the time of the call they are used for."""

    def __init__(self) -> None:
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        options = list(socket_options or ())
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in _addresses(host, port):  # one by one: each has only what is left
            left = _left(timeout, httpcore2.ConnectTimeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream)
        raise failure


class _Stream(httpcore2.NetworkStream):
    """One connection.

    `was_read` says whether something was read since a request was written. What came together with
    the reply before, such as one that a proxy repeats, httpcore2 would take for the next reply.
    """

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner
        self.was_read = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.was_read = True
        return self._inner.read(max_bytes, _left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.was_read = False
        for start in range(0, len(buffer), _PIECE):
            left = _left(timeout, httpcore2.WriteTimeout)
            self._inner.write(buffer[start : start + _PIECE], left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


Late = TypeVar("Late", bound=httpcore2.TimeoutException)


def _left(timeout: float | None, late: type[Late]) -> float | None:
    """Return the seconds that the next step may take, or raise `late` where none are left."""
    post = current_post()
    left = None if post is None else post.left
    if left is None:
        return timeout
    if left <= 0:
        raise late
    return left if timeout is None else min(left, timeout)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore2.ConnectError(str(error)) from error
    return [str(address[0]) for *_, address in found]


def proxy_for(base_url: str) -> str | None:
    """Return the proxy that the environment (or the system's settings) names for an address.

    None for this machine, where http is allowed because nobody can read it on the way. `NO_PROXY`
    may hold names, their endings, addresses and networks such as 10.0.0.0/8.
    """
    if is_loopback(base_url):
        return None
    parts, proxies = urlsplit(base_url), getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    exempt = proxies.get("no", "").split(",")
    if not proxy or proxy_bypass(parts.netloc) or any(_lies_in(parts.hostname, n) for n in exempt):
        return None
    if proxy.lower().startswith("socks"):
        raise ConfigurationError(
            "The environment names a SOCKS proxy, which is not supported.",
            hint="Name an HTTP proxy in HTTPS_PROXY, or except the host in NO_PROXY.",
        )
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    httpx2.Proxy(proxy)  # refuses what is no address, which aiohttp would only fail to reach
    return proxy


def _check_certificates(base_url: str) -> None:
    """Refuse a folder of certificates that is none: OpenSSL takes it, and then trusts nobody."""
    folders = os.environ.get("SSL_CERT_DIR")
    if not folders or os.environ.get("SSL_CERT_FILE") or urlsplit(base_url).scheme != "https":
        return
    if not any(map(os.path.isdir, folders.split(os.pathsep))):
        raise ConfigurationError(
            "SSL_CERT_DIR names no folder: no certificate could be checked.",
            hint="Name the folder with the certificates that are trusted, or unset it.",
        )


def _lies_in(host: str | None, network: str) -> bool:
    try:
        return ip_address(host or "") in ip_network(network.strip(), strict=False)
    except ValueError:  # a name
        return False

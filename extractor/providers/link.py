"""One way to a provider: an SDK's client, and the HTTP client that this sends with.

An SDK works out the address and the headers of each request anew, which takes longer than to send
it. Here it writes and sends the first request to an address, with all that it thinks belongs to it.
Those that follow are the same but for the body and the timeouts, and go at once to what sends them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic_core import to_json

from extractor.types import JsonObject

if TYPE_CHECKING:
    import httpx2

    from extractor.providers.aio import AioTransport, Answered, Written


_TOLD_TIMEOUT = "X-Stainless-Read-Timeout"
"""The header in which the SDKs say how long they wait."""


class Sdk(Protocol):
    """What is used here of an SDK's blocking client."""

    def post(self, path: str, *, cast_to: Any, body: object, options: Any) -> Any: ...

    def close(self) -> None: ...


class AsyncSdk(Protocol):
    """What is used here of an SDK's asynchronous client."""

    async def post(self, path: str, *, cast_to: Any, body: object, options: Any) -> Any: ...

    async def close(self) -> None: ...


ClientT = TypeVar("ClientT", bound=Sdk)
AsyncClientT = TypeVar("AsyncClientT", bound=AsyncSdk)


class Link(Generic[ClientT]):
    """A blocking one, for all threads.

    Args:
        sdk: the SDK's client.
        http: what sends the requests after the first, if they differ in nothing but the body: not
            where credentials are renewed, or the HTTP client is the caller's.
    """

    def __init__(self, sdk: ClientT, http: httpx2.Client | None) -> None:
        self.sdk = sdk
        self._http = http
        self._templates: dict[str, httpx2.Request] = {}

    def post(
        self, path: str, body: JsonObject, timeout: httpx2.Timeout, headers: Mapping[str, Any]
    ) -> httpx2.Response:
        """POST a body.

        Args:
            path: the address, below the provider's base URL.
            body: what is sent as JSON.
            timeout: for each connect, read, write and wait.
            headers: others than the SDK's own.

        Raises:
            Exception: the SDK's own, or httpx2's: `HTTPStatusError` for what is no 2xx.
        """
        import httpx2

        if self._http is not None and (template := self._templates.get(path)):
            return self._http.send(_like(template, body, timeout)).raise_for_status()
        options = {"headers": headers, "timeout": timeout}
        response: httpx2.Response = self.sdk.post(
            path, cast_to=httpx2.Response, body=body, options=options
        )
        if self._http is not None:
            self._templates[path] = _bare(response.request)
        return response

    def close(self) -> None:
        self.sdk.close()


class AsyncLink(Generic[AsyncClientT]):
    """An asynchronous one, for one event loop; see `Link`."""

    def __init__(self, sdk: AsyncClientT, transport: AioTransport | None) -> None:
        self.sdk = sdk
        self._transport = transport
        self._templates: dict[str, Written] = {}

    async def post(
        self, path: str, body: JsonObject, timeout: httpx2.Timeout, headers: Mapping[str, Any]
    ) -> httpx2.Response | Answered:
        """POST a body, as `Link.post` does."""
        import httpx2

        from extractor.providers.aio import Written

        if self._transport is not None and (template := self._templates.get(path)):
            answer = await self._transport.post(template, _as_json(body), timeout)
            return answer.raise_for_status() if isinstance(answer, httpx2.Response) else answer
        options = {"headers": headers, "timeout": timeout}
        response: httpx2.Response = await self.sdk.post(
            path, cast_to=httpx2.Response, body=body, options=options
        )
        if self._transport is not None:
            self._templates[path] = Written.of(_bare(response.request))
        return response

    async def close(self) -> None:
        await self.sdk.close()


def _bare(request: httpx2.Request) -> httpx2.Request:
    """Return a request without its body, which is a contract's, and without a cookie.

    That would be the one of the first request for ever.
    """
    import httpx2

    headers = httpx2.Headers(request.headers)
    headers.pop("Cookie", None)
    return httpx2.Request(request.method, request.url, headers=headers)


def _like(template: httpx2.Request, body: JsonObject, timeout: httpx2.Timeout) -> httpx2.Request:
    """Write a request with the address and headers of another."""
    import httpx2

    headers = httpx2.Headers(template.headers)
    headers.pop("Content-Length", None)
    if _TOLD_TIMEOUT in headers:
        headers[_TOLD_TIMEOUT] = str(timeout.read)
    return httpx2.Request(
        template.method,
        template.url,
        headers=headers,
        content=_as_json(body),
        extensions={"timeout": timeout.as_dict()},
    )


def _as_json(body: JsonObject) -> bytes:
    """Write a body by the rules of the SDKs; the texts, which are long, by a quicker writer."""
    members = (
        _encoded(name) + b":" + (to_json(value) if name == "messages" else _encoded(value))
        for name, value in body.items()
    )
    return b"{" + b",".join(members) + b"}"


def _encoded(value: object) -> bytes:
    return _ENCODER.encode(value).encode()


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
"""Writes as the SDKs do."""

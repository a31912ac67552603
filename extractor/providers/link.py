"""One way to a provider: an SDK's client, and the HTTP client that this sends with.

An SDK works out the address and the headers of each request anew, which takes longer than to send
it. Here it writes and sends the first request to an address, with all that it thinks belongs to it.
Those that follow are the same but for the body and the timeouts, and go to the HTTP client at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic_core import to_json

from extractor.types import JsonObject

if TYPE_CHECKING:
    import httpx2


class Sdk(Protocol):
    """What is used here of an SDK's blocking client."""

    def post(self, path: str, *, cast_to: Any, body: object, options: Any) -> Any: ...

    def close(self) -> None: ...


class AsyncSdk(Protocol):
    """What is used here of an SDK's asynchronous client."""

    async def post(self, path: str, *, cast_to: Any, body: object, options: Any) -> Any: ...

    async def close(self) -> None: ...


SdkT = TypeVar("SdkT", bound="Sdk | AsyncSdk")
ClientT = TypeVar("ClientT", bound=Sdk)
AsyncClientT = TypeVar("AsyncClientT", bound=AsyncSdk)


class _Written(ABC, Generic[SdkT]):
    """What an SDK wrote so far.

    Args:
        sdk: its client.
        repeats: whether its requests to one address differ in nothing but the body: not where
            credentials are renewed, or where the HTTP client is the caller's.
    """

    def __init__(self, sdk: SdkT, *, repeats: bool) -> None:
        self.sdk = sdk
        self._repeats = repeats
        self._written: dict[str, httpx2.Request] = {}

    @abstractmethod
    def close(self) -> object: ...

    def _keep(self, path: str, response: httpx2.Response) -> httpx2.Response:
        if self._repeats and not response.history:
            self._written[path] = response.request
        return response


def _like(written: httpx2.Request, body: JsonObject, timeout: httpx2.Timeout) -> httpx2.Request:
    """Write a request with the address and headers of another."""
    import httpx2

    headers = httpx2.Headers(written.headers)
    del headers["Content-Length"]
    return httpx2.Request(
        written.method,
        written.url,
        headers=headers,
        content=to_json(body),
        extensions={"timeout": timeout.as_dict()},
    )


class Link(_Written[ClientT]):
    """A blocking one, for all threads."""

    def __init__(self, sdk: ClientT, http: httpx2.Client, *, repeats: bool) -> None:
        super().__init__(sdk, repeats=repeats)
        self._http = http

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

        if written := self._written.get(path):
            return self._http.send(_like(written, body, timeout)).raise_for_status()
        options = {"headers": headers, "timeout": timeout}
        response = self.sdk.post(path, cast_to=httpx2.Response, body=body, options=options)
        return self._keep(path, response)

    def close(self) -> None:
        self.sdk.close()


class AsyncLink(_Written[AsyncClientT]):
    """An asynchronous one, for one event loop."""

    def __init__(self, sdk: AsyncClientT, http: httpx2.AsyncClient, *, repeats: bool) -> None:
        super().__init__(sdk, repeats=repeats)
        self._http = http

    async def post(
        self, path: str, body: JsonObject, timeout: httpx2.Timeout, headers: Mapping[str, Any]
    ) -> httpx2.Response:
        """POST a body, as `Link.post` does."""
        import httpx2

        if written := self._written.get(path):
            response = await self._http.send(_like(written, body, timeout))
            return response.raise_for_status()
        options = {"headers": headers, "timeout": timeout}
        response = await self.sdk.post(path, cast_to=httpx2.Response, body=body, options=options)
        return self._keep(path, response)

    async def close(self) -> None:
        await self.sdk.close()

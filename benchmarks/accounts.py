"""One provider as many accounts: limits and outages are kept apart, connections are shared."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.providers import Provider
from extractor.types import ModelProfile, ModelRequest, ModelResponse


@dataclass(frozen=True, slots=True)
class OnAccount:
    """A provider as the owner of one account sees it; it is closed by whoever made it."""

    provider: Provider
    account: str

    @property
    def name(self) -> str:
        return self.provider.name

    @property
    def base_url(self) -> str | None:
        return self.provider.base_url

    def profile(self, model: str, /) -> ModelProfile:
        return self.provider.profile(model)

    def send(self, request: ModelRequest, /, *, timeout: float | None = None) -> ModelResponse:
        return self.provider.send(request, timeout=timeout)

    async def asend(
        self,
        request: ModelRequest,
        /,
        *,
        timeout: float | None = None,
    ) -> ModelResponse:
        return await self.provider.asend(request, timeout=timeout)

    def close(self) -> None:
        """Leave the provider to its other accounts."""

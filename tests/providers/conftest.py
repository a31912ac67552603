"""What the tests of the providers share: a clean environment, and a server behind the real SDKs."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import httpx2
import pytest

from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.http import HttpProvider
from extractor.providers.openai import OpenAIProvider
from extractor.types import ModelRequest, ModelResponse

KEY = "sk-test-0123456789abcdef"

Answer: TypeAlias = httpx2.Response | Exception
Kind: TypeAlias = type[OpenAIProvider | AnthropicProvider]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's keys, profiles and proxies out of the tests."""
    prefixes = ("OPENAI_", "ANTHROPIC_", "EXTRACTOR_")
    for name in [name for name in os.environ if name.startswith(prefixes)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


class Server:
    """Answers every POST of one provider with the next answer, and remembers the requests."""

    def __init__(self, kind: Kind, *answers: Answer) -> None:
        self.kind = kind
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []

    def __call__(self, asked: httpx2.Request) -> httpx2.Response:
        self.requests.append(asked)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def body(self) -> Any:
        return json.loads(self.requests[-1].content)

    def ask(self, asked: ModelRequest, how: str = "send", **options: Any) -> ModelResponse:
        response: ModelResponse = self.call(how, asked, **options)
        return response

    def call(self, how: str, asked: ModelRequest, **options: Any) -> Any:
        """Call a method of the provider with a request; one that begins with an a, awaited."""
        transport = httpx2.MockTransport(self)
        options = {"api_key": KEY} | options
        if not how.startswith("a"):
            with httpx2.Client(transport=transport) as client:
                return getattr(self.kind(http_client=client, **options), how)(asked)

        async def run() -> Any:
            async with httpx2.AsyncClient(transport=transport) as client:
                provider: HttpProvider[Any, Any] = self.kind(async_http_client=client, **options)
                return await getattr(provider, how)(asked)

        return asyncio.run(run())


Serve: TypeAlias = Callable[..., Server]


@pytest.fixture
def serve() -> Serve:
    """Make a server from a provider's class and the answers to its POSTs."""
    return Server


@pytest.fixture(params=["send", "asend"])
def how(request: pytest.FixtureRequest) -> str:
    """Both ways of doing a POST."""
    way: str = request.param
    return way


@pytest.fixture(params=[OpenAIProvider, AnthropicProvider])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Both of the providers that stand behind an SDK of their own."""
    either: Kind = request.param
    return either

"""`local:` as a provider, on the session's real server."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extractor.errors import APIConnectionError, ConfigurationError, ContextWindowError
from extractor.providers.base import Provider
from extractor.providers.local import LocalProvider, LocalServer
from extractor.providers.local import provider as provider_module
from extractor.providers.local import server as server_module
from extractor.types import (
    JsonSchemaOutput,
    Message,
    ModelRequest,
    ModelResponse,
    OutputFormat,
    TextOutput,
)

NAME = "qwen2.5-coder-1.5b"
SCHEMA = {
    "type": "object",
    "properties": {"law": {"enum": ["Ohio", "Texas"]}},
    "required": ["law"],
    "additionalProperties": False,
}


QUESTION = "The laws of Ohio govern. Which law governs? One word."


def request(text: str = QUESTION, output: OutputFormat | None = None) -> ModelRequest:
    tokens = 4 if output is None else 20
    return ModelRequest(
        "default", (Message("user", text),), output or TextOutput(), tokens, temperature=0.0
    )


@pytest.fixture
def provider(local_server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> LocalProvider:
    """A provider that finds the session's server already started."""
    monkeypatch.setattr(server_module, "_shared", {os.getpid(): local_server})
    return LocalProvider()


def test_blocking_and_asynchronous_calls_get_equal_answers(
    provider: Provider, local_server: LocalServer
) -> None:
    wanted = request(output=JsonSchemaOutput("law", SCHEMA))
    blocking = provider.send(wanted)
    asynchronous = asyncio.run(provider.asend(wanted))
    assert json.loads(blocking.text) == {"law": "Ohio"}
    assert asynchronous.text == blocking.text
    assert blocking.model == NAME
    assert blocking.usage is not None
    assert blocking.usage.input_tokens > 0
    assert provider.base_url == local_server.url
    provider.close()


def test_many_at_once_wait_in_the_servers_queue(provider: LocalProvider) -> None:
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(provider.send, [request()] * 4))
    provider.close()
    assert ["Ohio" in reply.text for reply in replies] == [True] * 4


def test_a_closed_provider_leaves_the_server_to_others(
    provider: LocalProvider, local_server: LocalServer
) -> None:
    provider.send(request())
    provider.close()
    assert local_server.alive
    assert provider.send(request()).text
    provider.close()


def test_a_proxy_for_the_internet_is_not_asked_for_loopback(
    provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert provider.send(request()).text
    assert asyncio.run(provider.asend(request())).text
    provider.close()


def test_too_long_a_prompt_is_a_typed_error(provider: LocalProvider) -> None:
    with pytest.raises(ContextWindowError):
        provider.send(request("rent " * 40_000))
    provider.close()


@pytest.mark.parametrize("is_async", [False, True])
def test_a_server_that_died_says_so_and_the_next_request_starts_another(
    is_async: bool, local_weights: Path, local_server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed = LocalServer(local_weights, name=NAME, context=512)
    running = {os.getpid(): doomed}
    monkeypatch.setattr(server_module, "_shared", running)
    provider = LocalProvider()
    send: Callable[[ModelRequest], ModelResponse] = provider.send
    if is_async:
        send = lambda wanted: asyncio.run(provider.asend(wanted))  # noqa: E731
    send(request())

    def dead_but_unnoticed(_start: object) -> LocalServer:
        return doomed

    with monkeypatch.context() as patch:
        patch.setattr(provider_module, "shared_server", dead_but_unnoticed)
        doomed.close()
        with pytest.raises(APIConnectionError, match=r"process died: .*status -9") as caught:
            send(request())
    assert caught.value.provider == "local"
    running[os.getpid()] = local_server
    assert "Ohio" in send(request()).text
    provider.close()


def test_the_first_request_starts_the_server_and_tells_its_progress(
    local_weights: Path, local_server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_shared", {})
    told: list[str] = []

    def start(weights: Path, *, name: str) -> LocalServer:
        assert (weights, name) == (local_weights, NAME)
        return local_server

    monkeypatch.setattr(provider_module, "LocalServer", start)
    provider = LocalProvider(weights=local_weights, progress=told.append)
    assert provider.base_url == "http://127.0.0.1 (embedded)"
    assert told == []
    provider.send(request())
    provider.send(request())
    provider.close()
    assert "is reading and answering" in told[-1]
    assert told.count(f"Starting {NAME}") == 1


@pytest.mark.parametrize("name", ["", "default", "local", NAME])
def test_the_one_model_has_a_short_name(name: str) -> None:
    assert LocalProvider().profile(name).context_window == 32_768


def test_any_other_model_is_refused_before_anything_starts() -> None:
    wanted = ModelRequest("gpt-5", (Message("user", "Hi"),), TextOutput(), 5)
    provider = LocalProvider()
    with pytest.raises(ConfigurationError, match="no embedded model 'gpt-5'"):
        provider.profile("gpt-5")
    with pytest.raises(ConfigurationError, match="no embedded model 'gpt-5'"):
        provider.send(wanted)
    with pytest.raises(ConfigurationError, match="no embedded model 'gpt-5'"):
        asyncio.run(provider.asend(wanted))

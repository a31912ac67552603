from __future__ import annotations

import socket
from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.getaddrinfo("example.com", 443),
        lambda: socket.create_connection(("192.0.2.1", 443), timeout=1),
        lambda: socket.create_connection(("2001:db8::1", 443), timeout=1),
    ],
    ids=["a name", "IPv4", "IPv6"],
)
def test_a_test_that_leaves_the_machine_fails(reach: Callable[[], object]) -> None:
    with pytest.raises(pytest.fail.Exception, match="tried to reach"):
        reach()


def test_this_machine_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as client,
    ):
        assert client.getpeername() == server.getsockname()

"""The asynchronous connections: what their failures mean, and what they take."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import httpx2
import pytest

from extractor.providers.aio import AioTransport
from extractor.providers.bounds import posting
from tests.loopback import Behaviour, Connection, Loopback, cut, reply


def client(*, proxy: str | None = None, reply_limit: int = 1_000_000) -> httpx2.AsyncClient:
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    return httpx2.AsyncClient(
        transport=AioTransport(proxy=proxy, reply_limit=reply_limit, keep_alive=options)
    )


@pytest.fixture
def nobody() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


async def test_a_reply_is_that_of_the_server() -> None:
    with Loopback(reply({"text": "ü"}, status=201, headers={"x-request-id": "r1"})) as server:
        async with client() as http:
            answer = await http.post(server.url, json={"a": 1})
        assert (answer.status_code, answer.json(), answer.reason_phrase) == (
            201,
            {"text": "ü"},
            "Said",
        )
        assert answer.headers["x-request-id"] == "r1"
        assert server.requests == [b'{"a":1}']


async def test_where_nobody_listens_there_is_no_connection(nobody: str) -> None:
    async with client() as http:
        with pytest.raises(httpx2.ConnectError):
            await http.post(nobody, content=b"x")


async def test_a_proxy_that_is_not_there_is_no_connection_either(nobody: str) -> None:
    async with client(proxy=nobody) as http:
        with pytest.raises(httpx2.ProxyError):
            await http.post("http://example.invalid/", content=b"x")


@pytest.mark.parametrize(
    "sent", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc", b"nonsense\r\n\r\n"]
)
async def test_a_server_that_breaks_off_may_have_billed(sent: bytes) -> None:
    with Loopback(cut(sent)) as server:
        async with client() as http:
            with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
                await http.post(server.url, content=b"x")


async def test_a_server_that_breaks_off_before_it_has_the_request_has_billed_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            connection, _ = listener.accept()
            connection.recv(1_000)
            connection.close()  # with bytes that nobody has read: a reset

        thread = threading.Thread(target=refuse)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        async with client() as http:
            with posting(30) as post, pytest.raises(httpx2.WriteError):
                await http.post(url, content=b"x" * 50_000_000)
            assert not post.sent
        thread.join()


async def test_long_headers_are_taken() -> None:
    with Loopback(reply(headers={"x-long": "a" * 30_000})) as server:
        async with client() as http:
            answer = await http.post(server.url, content=b"x")
    assert len(answer.headers["x-long"]) == 30_000


async def test_nothing_is_handed_over_before_there_is_a_connection(nobody: str) -> None:
    async with client() as http:
        with posting(5) as post:
            with pytest.raises(httpx2.ConnectError):
                await http.post(nobody, content=b"x")
            assert not post.sent


def followed_by(more: bytes) -> Behaviour:
    """Answer as a server should, and send more when the reply has been read."""

    def behave(connection: Connection) -> bool:
        reply({"text": "first"})(connection)
        time.sleep(0.03)
        connection.send(more)
        return True

    return behave


_REPEATED = b'HTTP/1.1 200 Said\r\ncontent-length: 17\r\n\r\n{"text": "first"}'


@pytest.mark.parametrize(
    "more", [_REPEATED, _REPEATED[:50], b"HTTP/1.1 408 Late\r\n\r\n", b"nonsense\r\n\r\n"]
)
@pytest.mark.parametrize("is_busy", [False, True], ids=["an idle loop", "a busy loop"])
async def test_what_comes_unasked_answers_no_request(more: bytes, is_busy: bool) -> None:
    with Loopback(followed_by(more), reply({"text": "second"})) as server:
        async with client() as http:
            first = await http.post(server.url, content=b"x")
            if is_busy:
                time.sleep(0.1)  # noqa: ASYNC251 - such as while a reply is proved
            else:
                await asyncio.sleep(0.1)
            second = await http.post(server.url, content=b"y")
            assert server.has_only(1)
    assert (first.json(), second.json()) == ({"text": "first"}, {"text": "second"})
    assert server.requests == [b"x", b"y"]


async def test_a_connection_that_the_server_has_closed_meanwhile_is_not_asked() -> None:
    def closing(connection: Connection) -> bool:
        return not reply()(connection)

    with Loopback(closing, reply()) as server:
        async with client() as http:
            await http.post(server.url, content=b"x")
            time.sleep(0.1)  # noqa: ASYNC251 - the loop has not heard of it
            assert (await http.post(server.url, content=b"y")).status_code == 200


async def test_connections_are_used_again() -> None:
    with Loopback(reply()) as server:
        async with client() as http:
            for _ in range(5):
                await http.post(server.url, content=b"x")
            assert server.has_only(1)

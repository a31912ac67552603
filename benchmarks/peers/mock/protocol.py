"""The mock's HTTP: requests with a content-length, one after the other, over kept connections."""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import cast

from benchmarks.fault_server.acts import response
from benchmarks.peers.mock.knobs import Knobs
from benchmarks.peers.mock.server import Later, MockServer

_LENGTH = b"content-length:"


class Connection(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: MockServer) -> None:
        self._server = server
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self._pending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._pending is not None:
            self._pending.cancel()
            self._server.counts.in_flight -= 1
            self._server.counts.abandoned += 1

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        first, *lines = bytes(self._received[:end]).split(b"\r\n")
        lengths = (line[len(_LENGTH) :] for line in lines if line.lower().startswith(_LENGTH))
        whole = end + 4 + int(next(lengths, b"0"))
        if len(self._received) < whole:
            return
        body = bytes(self._received[end + 4 : whole])
        del self._received[:whole]
        method, path, _ = first.decode("latin-1").split(" ", 2)
        self._do(method, path, body)

    def _do(self, method: str, path: str, body: bytes) -> None:
        server, now = self._server, time.monotonic()
        match method, path:
            case "POST", "/v1/chat/completions":
                self._answer(server.receive(body, now))
            case "GET", "/stats":
                server.counts.processor_s = round(time.process_time(), 3)
                self._write(response(200, server.counts.model_dump_json().encode()))
            case "POST", "/reset":
                server.begin(server.knobs, now)
                self._write(response(200, b"{}"))
            case "POST", "/config":
                server.begin(Knobs.model_validate_json(body), now)
                self._write(response(200, b"{}"))
            case _:
                self._write(response(404, b"{}"))

    def _answer(self, answer: bytes | Later) -> None:
        if isinstance(answer, bytes):
            self._write(answer)
            return
        self._server.counts.enter()
        loop = asyncio.get_running_loop()
        self._pending = loop.call_later(answer.delay, self._finish, answer)

    def _finish(self, answer: Later) -> None:
        self._pending = None
        self._server.counts.in_flight -= 1
        sent = answer.finish()
        if sent is not None:
            self._write(sent)
        elif self._transport is not None:
            self._transport.abort()

    def _write(self, sent: bytes) -> None:
        if self._transport is not None:
            self._transport.write(sent)


async def serve() -> None:
    """Serve on a port that the kernel picks, and print where."""
    loop = asyncio.get_running_loop()
    connect = partial(Connection, MockServer())
    server = await loop.create_server(connect, "127.0.0.1", 0, backlog=4_096)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    """Serve until interrupted."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())

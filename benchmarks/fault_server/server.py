"""The server: a small HTTP/1.1 on asyncio that does what a plan says, and remembers all of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import time
from collections.abc import Iterator
from functools import partial
from typing import cast

from benchmarks.fault_server.acts import Act, Acts, End, response
from benchmarks.fault_server.asked import PATHS, Asked, read
from benchmarks.fault_server.buckets import Limits
from benchmarks.fault_server.faults import FAULTS
from benchmarks.fault_server.plan import Plan
from benchmarks.fault_server.replies import Reply, body, error_body, right
from benchmarks.fault_server.truth import Seen, Truth

_LOOKS_UP = 0.005
"""Seconds between two looks at whether the door is to be open."""
_DOWN = {"429": "rate_limit_error", "529": "overloaded_error", "503": "api_error"}


class FaultServer:
    """One address on this machine, a plan, and the truth about what came.

    Serves POST /v1/chat/completions and POST /v1/messages at `port`. Whoever runs the trial asks at
    `control_port`, which stays open in every outage, for GET /truth and POST /plan.
    """

    def __init__(self) -> None:
        self._door = _listening(0)
        self._side_door = _listening(0)
        self.port = _port_of(self._door)
        self.control_port = _port_of(self._side_door)
        self.connections: set[_Connection] = set()
        self.begin(Plan())

    def begin(self, plan: Plan) -> None:
        """Forget what was and follow a plan from now on."""
        now = time.monotonic()
        self._plan = plan
        self._began = now
        self._limits = Limits.of(plan.rpm, plan.tpm, plan.burst, now)
        self.truth = Truth()

    async def serve(self) -> None:
        """Serve until cancelled; the door is shut while connections are to be refused."""
        loop = asyncio.get_running_loop()
        connect = partial(_Connection, self)
        async with await loop.create_server(connect, sock=self._side_door):
            open_door = await loop.create_server(connect, sock=self._door)
            while True:
                await asyncio.sleep(_LOOKS_UP)
                refuses = self._plan.failing(self._seconds()) == "refused"
                if refuses and open_door.is_serving():
                    open_door.close()
                    for connection in list(self.connections):
                        connection.drop()
                elif not refuses and not open_door.is_serving():
                    open_door = await loop.create_server(connect, sock=_listening(self.port))

    def acts(self, path: str, content: bytes) -> Acts:
        """Decide what becomes of a POST, and note it."""
        try:
            asked = read(PATHS[path], content)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            self._note(0, "unreadable")
            return [response(400, error_body(PATHS[path], "invalid_request_error", repr(error)))]
        latency: Acts = [self._plan.latency] if self._plan.latency else []
        if how := self._plan.failing(self._seconds()):
            self._note(asked.number, f"down {how}")
            if how == "refused":
                return [End.RESET]
            sent = error_body(asked.api, _DOWN[how], "The service is down.")
            return [*latency, response(int(how), sent)]
        reply = right(asked)
        wait = self._limits.take(asked.input_tokens + reply.output_tokens, time.monotonic())
        if wait:
            self._note(asked.number, "limit")
            return self._turned_away(asked, wait)
        return [*latency, *self._answered(asked, reply)]

    def counted(self, content: bytes) -> Acts:
        """Count the tokens of a question; a POST like any other, but nothing is billed for it."""
        try:
            asked = read("anthropic", content)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            self._note(0, "unreadable")
            said = error_body("anthropic", "invalid_request_error", repr(error))
            return [response(400, said)]
        self._note(asked.number, "counted")
        return [response(200, json.dumps({"input_tokens": asked.input_tokens}).encode())]

    def _answered(self, asked: Asked, reply: Reply) -> Acts:
        seen = self.truth.documents.setdefault(asked.number, Seen())
        name = self._plan.fault(asked.number, seen.attempts)
        seen.attempts += 1
        self._note(asked.number, name or "right")
        if name:
            fault = FAULTS[name]
            if fault.reply is not None:
                _bill(seen, asked, fault.reply(asked))
            return fault.acts(asked, self._plan.patience)
        _bill(seen, asked, reply)
        told = self._limits.headers(asked.api, time.monotonic())
        return [response(200, body(asked, reply), headers=told)]

    def _turned_away(self, asked: Asked, wait: float) -> Acts:
        told = self._limits.headers(asked.api, time.monotonic())
        told["retry-after"] = str(max(1, round(wait + 0.5)))
        if asked.api == "openai":
            told["retry-after-ms"] = str(round(wait * 1000) + 1)
        said = f"Rate limit reached for {asked.model}: please try again in {wait:.2f}s."
        sent = error_body(asked.api, "rate_limit_error", said, code="rate_limit_exceeded")
        return [response(429, sent, headers=told)]

    def _note(self, number: int, fate: str) -> None:
        self.truth.documents.setdefault(number, Seen()).fates.append(fate)
        self.truth.posts.append(round(self._seconds(), 4))

    def _seconds(self) -> float:
        return time.monotonic() - self._began


def _listening(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=4096)


def _port_of(listening: socket.socket) -> int:
    port: int = listening.getsockname()[1]
    return port


def _bill(seen: Seen, asked: Asked, reply: Reply) -> None:
    seen.input_tokens += asked.input_tokens
    seen.output_tokens += reply.output_tokens


class _Connection(asyncio.Protocol):
    """One connection that is kept alive; requests come one after the other."""

    def __init__(self, server: FaultServer) -> None:
        self._server = server
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self._later: asyncio.TimerHandle | None = None
        self._is_model_call = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._over()
        self._transport = None
        self._server.connections.discard(self)

    def drop(self) -> None:
        """Reset the connection, unless it is one to the side door."""
        transport = self._transport
        if transport and transport.get_extra_info("sockname")[1] == self._server.port:
            _reset(transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        first, *lines = bytes(self._received[:end]).decode("latin-1").split("\r\n")
        length = next(
            (int(line[15:]) for line in lines if line.lower().startswith("content-length:")), 0
        )
        if len(self._received) < end + 4 + length:
            return
        content = bytes(self._received[end + 4 : end + 4 + length])
        del self._received[: end + 4 + length]
        method, path, _ = first.split(" ", 2)
        self._do(iter(self._acts(method, path, content)))

    def _acts(self, method: str, path: str, content: bytes) -> Acts:
        server = self._server
        match method, path:
            case "GET", "/truth":
                return [response(200, server.truth.model_dump_json().encode())]
            case "POST", "/plan":
                server.begin(Plan.model_validate_json(content))
                return [response(200, b"{}")]
            case "POST", "/v1/messages/count_tokens":
                return server.counted(content)
            case "POST", _ if path in PATHS:
                self._is_model_call = True
                server.truth.in_flight += 1
                server.truth.peak_in_flight = max(
                    server.truth.in_flight, server.truth.peak_in_flight
                )
                return server.acts(path, content)
            case _:
                server.truth.elsewhere += 1
                return [response(404, b"{}")]

    def _do(self, acts: Iterator[Act]) -> None:
        transport = self._transport
        for act in acts:
            if transport is None or transport.is_closing():
                return
            if isinstance(act, bytes):
                transport.write(act)
            elif isinstance(act, End):
                _reset(transport) if act is End.RESET else transport.close()
            else:
                loop = asyncio.get_running_loop()
                self._later = loop.call_later(act, self._do, acts)
                return
        self._over()

    def _over(self) -> None:
        if self._later is not None:
            self._later.cancel()
        if self._is_model_call:
            self._is_model_call = False
            self._server.truth.in_flight -= 1


def _reset(transport: asyncio.Transport) -> None:
    """Close with a RST instead of a FIN, whatever was sent and received."""
    now = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
    transport.abort()


def main() -> None:
    """Serve until interrupted; the first line says where."""
    server = FaultServer()
    print(f"http://127.0.0.1:{server.port} http://127.0.0.1:{server.control_port}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(server.serve())

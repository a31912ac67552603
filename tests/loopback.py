"""A server on this machine that misbehaves on the wire, as the test says.

A behaviour is a function of the connection, called when a request has been read whole. It sends
what it likes; the connection is then kept if it returns True, else closed.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeAlias

Behaviour: TypeAlias = Callable[["Connection"], bool]

REPLY: dict[str, Any] = {
    "id": "r-1",
    "model": "m-2026",
    "choices": [{"finish_reason": "stop", "message": {"content": "fine"}}],
    "type": "message",
    "content": [{"type": "text", "text": "fine"}],
    "stop_reason": "end_turn",
    "usage": {
        "prompt_tokens": 11,
        "completion_tokens": 7,
        "input_tokens": 11,
        "output_tokens": 7,
    },
}
"""Both APIs' answers in one object; each SDK reads its own part."""


class Connection:
    """One connection, with the head and the body of the request that is to be answered."""

    def __init__(self, raw: socket.socket, stopping: threading.Event) -> None:
        self.raw = raw
        self.stopping = stopping
        self.head = b""
        self.body = b""
        self._read = b""

    def read_request(self) -> bool:
        """Read a request; False when the client has closed."""
        while b"\r\n\r\n" not in self._read:
            if not self._more():
                return False
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(self._read) < length:
            if not self._more():
                return False
        self.head = head
        self.body, self._read = self._read[:length], self._read[length:]
        return True

    def send(self, data: bytes) -> None:
        self.raw.sendall(data)

    def _more(self) -> bool:
        got = self.raw.recv(1 << 20)
        self._read += got
        return bool(got)


class Loopback:
    """Treats each request as the next behaviour says, and all further ones as the last."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self._behaviours = list(behaviours)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.requests: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def has_only(self, connections: int, *, within: float = 2.0) -> bool:
        """Tell whether no more connections than these are left open, soon."""
        return _soon(lambda: len(self._open) <= connections, within)

    def was_asked(self, requests: int, *, within: float = 2.0) -> bool:
        """Tell whether so many requests have come, soon."""
        return _soon(lambda: len(self.requests) >= requests, within)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        with self._lock:
            for raw in self._open:
                with suppress(OSError):  # the client has closed it already
                    raw.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def _start(self, run: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=run, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(raw)
            self._start(self._serve, raw)

    def _serve(self, raw: socket.socket) -> None:
        connection = Connection(raw, self._stopping)
        try:
            while connection.read_request():
                if not self._next(connection.body)(connection):
                    break
        except OSError:
            pass  # the client went away: a test asks for that
        finally:
            with self._lock:
                self._open.remove(raw)
                raw.close()

    def _next(self, body: bytes) -> Behaviour:
        with self._lock:
            self.requests.append(body)
            return self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]


def _soon(holds: Callable[[], bool], within: float) -> bool:
    end = time.monotonic() + within
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def reply(
    body: bytes | Any = REPLY, status: int = 200, headers: Mapping[str, str] | None = None
) -> Behaviour:
    """Answer as a server should."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = [f"HTTP/1.1 {status} Said", f"content-length: {len(content)}"]
    head += [f"{name}: {value}" for name, value in (headers or {}).items()]

    def behave(connection: Connection) -> bool:
        connection.send("\r\n".join([*head, "", ""]).encode() + content)
        return True

    return behave


def drip(first: bytes, drop: bytes) -> Behaviour:
    """Send a beginning, and then a little again and again."""

    def behave(connection: Connection) -> bool:
        connection.send(first)
        while not connection.stopping.wait(0.02):
            connection.send(drop)
        return False

    return behave


def flood(first: bytes, piece: bytes) -> Behaviour:
    """Send a beginning, and then pieces as quickly as they are taken."""

    def behave(connection: Connection) -> bool:
        connection.send(first)
        while not connection.stopping.is_set():
            connection.send(piece)
        return False

    return behave


def silence(connection: Connection) -> bool:
    """Never answer; it ends when the client closes, or the test."""
    connection.raw.recv(1)
    return False


def cut(sent: bytes) -> Behaviour:
    """Send a part, and close."""

    def behave(connection: Connection) -> bool:
        connection.send(sent)
        return False

    return behave


def reset(sent: bytes = b"") -> Behaviour:
    """Send a part, and break the connection off so that the client gets a reset."""

    def behave(connection: Connection) -> bool:
        connection.send(sent)
        time.sleep(0.05)  # what was sent must be read before the reset throws it away
        connection.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    return behave


DRIPPED_HEADERS = drip(b"HTTP/1.1 200 OK\r\nx-a: ", b"b")
DRIPPED_BODY = drip(b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n{", b" ")
_MIB = b"x" * (1 << 20)
ENDLESS_BODY = flood(
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"100000\r\n" + _MIB + b"\r\n"
)


def bomb() -> Behaviour:
    """Send a kilobyte for each megabyte of blanks, compressed, for ever."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    first = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + head
    return flood(first, piece * 64)

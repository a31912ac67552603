"""POSTs written by hand to a socket, and all that comes back over it."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from benchmarks.fault_server import (
    Running,
    Terms,
    contract,
)
from extractor.types import JsonObject

Api = Literal["openai", "anthropic"]


PATIENCE = 0.3


@dataclass(frozen=True, slots=True)
class Raw:
    """What came over the wire, and how it ended: `open`, `closed` or `reset`."""

    received: bytes
    ended: str
    seconds: float

    @property
    def head(self) -> str:
        return self.received.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def body(self) -> bytes:
        return self.received.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        return int(self.head.split()[1])

    def header(self, name: str) -> str | None:
        for line in self.head.splitlines()[1:]:
            key, _, value = line.partition(": ")
            if key == name:
                return value
        return None

    @property
    def is_whole(self) -> bool:
        return len(self.body) == int(self.header("content-length") or -1)


def request(number: int, api: Api) -> bytes:
    sent: JsonObject = {
        "model": "m",
        "messages": [{"role": "user", "content": contract(number)}],
    }
    schema = Terms.model_json_schema()
    if api == "openai":
        wanted = {"name": "Terms", "strict": True, "schema": schema}
        sent["response_format"] = {"type": "json_schema", "json_schema": wanted}
    else:
        sent |= {
            "max_tokens": 500,
            "output_config": {"format": {"type": "json_schema", "schema": schema}},
        }
    content = json.dumps(sent).encode()
    path = "/v1/chat/completions" if api == "openai" else "/v1/messages"
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(content)}\r\n\r\n"
    return head.encode() + content


def ask(server: Running, number: int, api: Api = "openai") -> Raw:
    """Send one POST and read until the reply is whole, or as long as the server is patient."""
    began = time.monotonic()
    host, port = urlsplit(server.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=2 + PATIENCE) as line:
        line.sendall(request(number, api))
        received, ended = b"", "open"
        while not (received.count(b"\r\n\r\n") and Raw(received, "", 0.0).is_whole):
            try:
                part = line.recv(1_000_000)
            except ConnectionResetError:
                ended = "reset"
                break
            if not part:
                ended = "closed"
                break
            received += part
    return Raw(received, ended, time.monotonic() - began)

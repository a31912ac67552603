"""What a server does on the wire, as a list: bytes to write, seconds to let pass, and an end."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TypeAlias


class End(Enum):
    """How a connection is given up: with a TCP reset, or closed in order."""

    RESET = "reset"
    CLOSE = "close"


Act: TypeAlias = bytes | float | End
Acts: TypeAlias = list[Act]

_REASONS = {200: "OK", 307: "Temporary Redirect", 429: "Too Many Requests", 529: "Overloaded"}
_JSON = "application/json"


def response(
    status: int,
    content: bytes,
    *,
    content_type: str = _JSON,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
) -> bytes:
    """Write a response as it goes over the wire."""
    return head(status, len(content), content_type=content_type, headers=headers) + content


def head(
    status: int,
    length: int,
    *,
    content_type: str = _JSON,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
) -> bytes:
    """Write a status line and headers that announce `length` bytes."""
    lines = [
        f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}",
        f"content-type: {content_type}",
        f"content-length: {length}",
        "x-request-id: req_1",
        "request-id: req_1",
        *(f"{name}: {value}" for name, value in dict(headers).items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def dripped(data: bytes, seconds: float, *, step: float = 0.05) -> Acts:
    """Write a byte now and then for so many seconds, and never all of them."""
    acts: Acts = []
    for at in range(min(round(seconds / step), len(data) - 1)):
        acts += [data[at : at + 1], step]
    return [*acts, End.RESET]


def gzipped(content: bytes) -> bytes:
    """Write a 200 whose body is compressed."""
    return response(200, gzip.compress(content), headers={"content-encoding": "gzip"})


def spaces(megabytes: int) -> bytes:
    """Return a JSON object after so much white space that nobody should read it all."""
    return b" " * (megabytes * 1_000_000) + json.dumps({}).encode()

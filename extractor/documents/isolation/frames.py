"""Messages over a pipe: a JSON object and raw bytes, each with its length before it.

Nothing else is understood. The other side may have been taken over by the file that it read, so
what it says is measured before it is kept, and never run as a pickle would be.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import IO, Any, cast

from extractor.types import JsonObject

_PIECE = 1 << 20
_LENGTHS = struct.Struct(">QQ")


class BadFrameError(Exception):
    """What came is no frame, or a larger one than may come."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message; its repr shows how much there is, never what it says."""

    head: JsonObject
    body: bytes = b""

    def __repr__(self) -> str:
        return f"Frame({sorted(self.head)}, {len(self.body):,} bytes)"


def write_frame(stream: IO[bytes], frame: Frame) -> None:
    """Write a frame at once."""
    head = json.dumps(frame.head).encode()
    for part in (_LENGTHS.pack(len(head), len(frame.body)) + head, frame.body):
        left = memoryview(part)
        while left:  # a pipe without a buffer takes what it has room for
            left = left[stream.write(left) :]
    stream.flush()


def read_frame(stream: IO[bytes], *, most: int, most_head: int | None = None) -> Frame | None:
    """Wait for a frame of at most this many bytes, so many of them JSON; None if the other side
    has ended.

    Raises:
        BadFrameError: it is larger, or no frame at all.
    """
    lengths = _read(stream, _LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    if head_size + body_size > most or head_size > (most if most_head is None else most_head):
        raise BadFrameError("it is larger than allowed")
    head, body = _read(stream, head_size), _read(stream, body_size)
    if len(head) < head_size or len(body) < body_size:
        return None
    return Frame(_object(head), body)


def _read(stream: IO[bytes], size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = stream.read(min(size - len(data), _PIECE))
        if not piece:
            break
        data += piece
    return bytes(data)


def _object(data: bytes) -> JsonObject:
    try:
        value: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadFrameError("its head is no JSON") from error
    if not isinstance(value, dict):
        raise BadFrameError("its head is no object")
    return cast(JsonObject, value)

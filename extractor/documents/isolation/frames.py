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
    stream.write(_LENGTHS.pack(len(head), len(frame.body)))
    stream.write(head)
    stream.write(frame.body)
    stream.flush()


def read_frame(stream: IO[bytes], *, most: int) -> Frame | None:
    """Wait for a frame of at most this many bytes; None if the other side has ended.

    Raises:
        BadFrameError: it is larger, or no frame at all.
    """
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    if head_size + body_size > most:
        raise BadFrameError("it is larger than allowed")
    head, body = stream.read(head_size), stream.read(body_size)
    if len(head) < head_size or len(body) < body_size:
        return None
    return Frame(_object(head), body)


def _object(data: bytes) -> JsonObject:
    try:
        value: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadFrameError("its head is no JSON") from error
    if not isinstance(value, dict):
        raise BadFrameError("its head is no object")
    return cast(JsonObject, value)

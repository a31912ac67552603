"""A reading process that a file has taken over: it writes what it likes."""

from __future__ import annotations

import struct
import sys
import time

from extractor.documents.isolation.frames import Frame, read_frame, write_frame

ANSWERS = {
    "rubbish": b"\xff" * 100,
    "huge": struct.pack(">QQ", 2, 1 << 50),
    "no JSON": struct.pack(">QQ", 4, 0) + b"nope",
    "deep JSON": struct.pack(">QQ", 200_000, 0) + b"[" * 200_000,
    "no object": struct.pack(">QQ", 2, 0) + b"[]",
    "half": struct.pack(">QQ", 100, 0) + b"{",
    "no error": struct.pack(">QQ", 12, 0) + b'{"error": 1}',
    "an error of no document": struct.pack(">QQ", 74, 0)
    + b'{"error": {"type": "SystemExit", "message": "gone", "hint": null}}'.ljust(74),
}

if __name__ == "__main__":
    outbox, inbox = sys.stdout.buffer, sys.stdin.buffer
    write_frame(outbox, Frame({"ready": True}))
    while frame := read_frame(inbox, most=1 << 40):
        if frame.head["task"] == "endless pages":
            while True:
                write_frame(outbox, Frame({"pages": 1_000_000_000}))
                time.sleep(0.01)
        outbox.write(ANSWERS[frame.head["task"]])
        outbox.flush()
        if frame.head["task"] == "half":
            break

"""A reading process whose tasks do what hostile files make readers do."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

from extractor.documents.isolation import child
from extractor.documents.isolation.frames import Frame
from extractor.documents.options import ReadOptions
from extractor.documents.progress import tell_pages
from extractor.errors import EmptyDocumentError


def echo(frame: Frame, _options: ReadOptions) -> bytes:
    return frame.body


def pid(frame: Frame, _options: ReadOptions) -> bytes:
    time.sleep(frame.head.get("seconds", 0))
    return str(os.getpid()).encode()


def environment(_frame: Frame, _options: ReadOptions) -> bytes:
    return json.dumps(dict(os.environ)).encode()


def prints(_frame: Frame, _options: ReadOptions) -> bytes:
    print("This Agreement is confidential.")  # noqa: T201 - as libraries do
    os.write(1, b"so is this")
    os.write(2, b"and this")
    return b"done"


def memory(_frame: Frame, _options: ReadOptions) -> bytes:
    kept = [b"x" * 50_000_000 for _ in range(1_000)]
    return kept[0]


kept: list[bytes] = []


def much_memory(_frame: Frame, _options: ReadOptions) -> bytes:
    kept.append(b"x" * 100_000_000)
    return str(len(kept[-1])).encode()


def deep(frame: Frame, options: ReadOptions) -> bytes:
    return deep(frame, options)


def spin(_frame: Frame, _options: ReadOptions) -> bytes:
    while True:
        pass


def sleep(frame: Frame, _options: ReadOptions) -> bytes:
    time.sleep(frame.head.get("seconds", 600))
    return b"slept"


def paged(_frame: Frame, _options: ReadOptions) -> bytes:
    tell_pages(10)
    time.sleep(1.5)
    return b"slept"


def started_another(frame: Frame, _options: ReadOptions) -> bytes:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as other:
        with open(frame.head["file"], "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(f"{os.getpid()} {other.pid}")
        time.sleep(600)
    return b""


def crash(frame: Frame, _options: ReadOptions) -> bytes:
    os.kill(os.getpid(), signal.Signals[frame.head["signal"]])
    return b""


def leave(_frame: Frame, _options: ReadOptions) -> bytes:
    os._exit(3)


def typed(_frame: Frame, _options: ReadOptions) -> bytes:
    raise EmptyDocumentError("nothing in it", hint="look at it")


def bug(_frame: Frame, _options: ReadOptions) -> bytes:
    raise KeyError("This Agreement is confidential.")


def writes_a_file(frame: Frame, _options: ReadOptions) -> bytes:
    with open(frame.head["file"], "wb") as file:  # noqa: PTH123
        file.write(b"x" * 5_000_000)
    return b""


def dials(frame: Frame, _options: ReadOptions) -> bytes:
    try:
        socket.create_connection(("127.0.0.1", frame.head["port"]), timeout=5).close()
    except OSError as error:
        return type(error).__name__.encode()
    return b"reached"


TASKS = (
    *(echo, pid, environment, prints, memory, much_memory, deep, spin, sleep, paged),
    *(started_another, crash, leave, typed, bug, writes_a_file, dials),
)

if __name__ == "__main__":
    child.main({task.__name__: task for task in TASKS})

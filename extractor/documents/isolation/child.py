"""The reading process: `python -m extractor.documents.isolation.child`, frames in, frames out.

It reads one file after the other and ends when its stdin does, so that no parent leaves one behind,
however it ended itself. Nothing is written but frames: stdout and stderr are the null device's.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from typing import IO

from extractor.documents.isolation import codec, resources
from extractor.documents.isolation.frames import Frame, read_frame, write_frame
from extractor.documents.isolation.tasks import TASKS, Task
from extractor.documents.options import Limits
from extractor.documents.progress import hearing_pages
from extractor.errors import DocumentError, HostileDocumentError, UnreadableDocumentError
from extractor.types import JsonObject

_ANY_SIZE = 1 << 62
"""What a parent sends is not measured: it has measured the file."""


def main(tasks: Mapping[str, Task] = TASKS) -> None:
    """Serve files until stdin ends."""
    inbox, outbox = _own_pipes()
    offline = resources.leave_network()
    frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(inbox, frames), daemon=True).start()
    write_frame(outbox, Frame({"ready": True, "offline": offline}))
    while True:
        frame = frames.get()
        write_frame(outbox, _serve(frame, tasks, outbox))
        del frame
        gc.collect()  # while nobody waits


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Take stdin and stdout for frames, and leave the null device to whoever else prints."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    return inbox, outbox


def _receive(inbox: IO[bytes], frames: queue.SimpleQueue[Frame]) -> None:
    """Take in frames, and notice that the parent is gone also while a file is being read."""
    while frame := read_frame(inbox, most=_ANY_SIZE):
        frames.put(frame)
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # with the programs that a reader has started
    os._exit(0)


def _serve(frame: Frame, tasks: Mapping[str, Task], outbox: IO[bytes]) -> Frame:
    options = codec.options_of(frame.head["options"])
    limits, source = options.limits, str(frame.head["source"])

    def tell(pages: int) -> None:
        resources.add_seconds(min(pages, limits.pages) * limits.seconds_per_page)
        write_frame(outbox, Frame({"pages": pages}))

    failure: DocumentError | None = None
    body, worn = b"", False
    try:
        with hearing_pages(tell):
            resources.limit(memory=limits.memory, seconds=limits.seconds)
            body = tasks[str(frame.head["task"])](frame, options)
    except DocumentError as error:
        failure = error
        worn = isinstance(error, HostileDocumentError)
    except (MemoryError, RecursionError) as error:
        failure, worn = _exhausted(error, source, limits), True
    except Exception as error:
        failure = _failed(error, source)
    finally:
        resources.free_memory_limit()
    worn = worn or resources.memory_in_use() > limits.memory // 4
    head: JsonObject = {"worn": worn}
    return Frame(head | {"error": codec.error_record(failure)} if failure else head, body)


def _exhausted(error: BaseException, source: str, limits: Limits) -> HostileDocumentError:
    if isinstance(error, RecursionError):
        return HostileDocumentError(f"{source} is nested too deeply to be read")
    return HostileDocumentError(
        f"{source} would take more than {limits.memory / 1e6:,.0f} MB of memory to read"
    )


def _failed(error: Exception, source: str) -> UnreadableDocumentError:
    """Name a reader's own failure and its place; not its words, which may be the contract's."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119 - a name, no path
    return UnreadableDocumentError(
        f"{source} can't be read: {type(error).__name__} in its reader, at {place}",
        hint="The file is broken, or the reader is: open it and print it to a new PDF.",
    )


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # the parent is gone
        main()

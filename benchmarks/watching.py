"""What a trial watches of its own process: leaks, memory, and exceptions that nobody catches."""

from __future__ import annotations

import ctypes
import gc
import os
import platform
import resource
import sys
import threading
import time
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_C_LIBRARY = ctypes.CDLL("libc.so.6") if platform.libc_ver()[0] == "glibc" else None
"""It keeps memory that large bodies were in, for every thread that has read one."""


@dataclass(slots=True)
class Watch:
    """What was seen by the end of the block, as sentences; an empty list is a clean process."""

    complaints: list[str] = field(default_factory=list[str])
    resident: list[float] = field(default_factory=list[float])

    def note_memory(self) -> None:
        """Keep how many megabytes the process holds now, without what is freed already."""
        gc.collect()
        if _C_LIBRARY is not None:
            _C_LIBRARY.malloc_trim(0)
        self.resident.append(resident_megabytes())

    def growth(self) -> float:
        """Return the megabytes by which the last third of the notes passes the one before.

        The least of each counts: a note may fall on large bodies that are being read.
        """
        third = len(self.resident) // 3
        if not third:
            return 0.0
        return min(self.resident[-third:]) - min(self.resident[-2 * third : -third])


@contextmanager
def watched() -> Generator[Watch]:
    """Watch the block; what it opened has to be closed, and its threads over, when it ends."""
    watch = Watch()
    threads, sockets = set(threading.enumerate()), _sockets()
    unraisable, in_thread = sys.unraisablehook, threading.excepthook

    def note_unraisable(args: sys.UnraisableHookArgs, /) -> None:
        watch.complaints.append(f"unraisable: {args.exc_value!r} in {args.object!r}"[:300])

    def note_in_thread(args: threading.ExceptHookArgs, /) -> None:
        watch.complaints.append(f"in a thread: {args.exc_value!r}"[:300])

    sys.unraisablehook, threading.excepthook = note_unraisable, note_in_thread
    gc.collect()
    gc.freeze()  # with all that is imported, each collection would hold up an event loop
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ResourceWarning)
            try:
                yield watch
            finally:
                gc.unfreeze()
            gc.collect()
    finally:
        sys.unraisablehook, threading.excepthook = unraisable, in_thread
    _wait_until(lambda: not set(threading.enumerate()) - threads and _sockets() <= sockets)
    left = [thread.name for thread in set(threading.enumerate()) - threads]
    if left:
        watch.complaints.append(f"{len(left)} threads are left: {', '.join(left[:5])}")
    if (still := _sockets()) > sockets:
        watch.complaints.append(f"{still - sockets} sockets are left open")


def resident_megabytes(process: int | None = None) -> float:
    """Return the memory that a process holds, or this one."""
    held = Path("/proc") / str(process or "self") / "statm"
    pages = int(held.read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _sockets() -> int:
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            count += os.readlink(descriptor).startswith("socket:")  # noqa: PTH115 - not a path
        except OSError:  # the one that read the folder
            continue
    return count


def _wait_until(is_so: Callable[[], bool], *, longest: float = 3.0) -> None:
    end = time.monotonic() + longest
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)

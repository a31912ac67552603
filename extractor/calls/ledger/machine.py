"""What the operating system knows: which boot this is, its clocks, and whether a process lives.

On Linux all of it comes from /proc (proc(5)): the boot's random id, and the tick at which a process
started, which tells it from a later one with the same number. Elsewhere less is known, and the
functions say so.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A process, among all that ever ran here.

    `namespace` is what its number is valid in (a container has one of its own); `started` is in
    ticks since the boot, 0 where that is not told.
    """

    boot: str
    namespace: str
    pid: int
    started: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks at one moment, in nanoseconds.

    `steady` runs through sleep, is never set, and counts from a moment of its own in each `boot`;
    `wall` counts from 1970, and anybody may set it.
    """

    boot: str
    steady: int
    wall: int


def read_clocks() -> Reading:
    """Read the clocks of this machine.

    Where no boot has an id, each process counts as a boot of its own.
    """
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return Reading(_boot() or _this_run(os.getpid()), time.clock_gettime_ns(clock), time.time_ns())


def this_process() -> Process:
    """Return the process that asks."""
    pid = os.getpid()
    return Process(_boot(), _namespace(), pid, _started(pid) or 0)


def is_alive(process: Process) -> bool | None:
    """Say whether a process still runs; None where that can't be seen from here."""
    if process.boot != _boot():
        return False
    if process.namespace != _namespace() or os.name != "posix":
        return None
    if process.started:
        return _started(process.pid) == process.started
    try:
        os.kill(process.pid, 0)  # sends nothing
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is somebody else's, and there
    return True


@cache
def _boot() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


@cache
def _this_run(_pid: int) -> str:
    return f"process {uuid4()}"


def _namespace() -> str:
    try:
        return str((_PROC / "self/ns/pid").readlink())
    except OSError:
        return ""


def _started(pid: int) -> int | None:
    """Return the tick at which a process started; None if there is none, or only its remains."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *fields = text.rpartition(")")[2].split()  # a name may hold anything, but is in brackets
    return None if state in {"Z", "X"} else int(fields[18])

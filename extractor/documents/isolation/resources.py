"""What the reading process may use, set by itself before each file.

On Linux all limits hold. On macOS the kernel ignores the one on address space, and Windows has none
of them: there only the parent's clock does, and its kill.
"""

from __future__ import annotations

import ctypes
import math
import mmap
import sys
from pathlib import Path

if sys.platform != "win32":
    import resource

_LARGEST_FILE = 1_000_000
"""Bytes: room for Python's own compiled modules, which are written when a reader is first used."""

_NEW_USER, _NEW_NETWORK = 0x1000_0000, 0x4000_0000  # unshare(2); os.unshare comes with Python 3.12


def leave_network() -> bool:
    """Move to a network of our own that has no way out; return whether the system let us.

    Only Linux has such, and only while there is one thread. Who may not do so as he is may as a
    rule as the root of a space of users of his own; containers often allow neither. Sockets that
    are files stay in reach.
    """
    if sys.platform != "linux":
        return False
    unshare = ctypes.CDLL(None).unshare
    return any(unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))


def limit(*, memory: int, seconds: float) -> None:
    """Allow so many bytes of address space and seconds of processor time from now on.

    No core is dumped, and no large file written. Soft limits only: the next file has its own.
    """
    if sys.platform == "win32":
        return
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    _set(resource.RLIMIT_AS, memory)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds))


def add_seconds(seconds: float) -> None:
    """Allow so many seconds of processor time more."""
    if sys.platform == "win32":
        return
    allowed, _ = resource.getrlimit(resource.RLIMIT_CPU)
    if allowed != resource.RLIM_INFINITY:
        _set(resource.RLIMIT_CPU, allowed + math.ceil(seconds))


def free_memory_limit() -> None:
    """Let the process say what happened where it has no memory left to say it in."""
    if sys.platform != "win32":
        _set(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def memory_in_use() -> int:
    """Return the bytes that are resident now; 0 where the system does not say.

    Not the most that were: on Linux a new process begins with its parent's (getrusage(2)).
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * mmap.PAGESIZE


def _set(kind: int, wanted: int) -> None:
    if sys.platform == "win32":
        return
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:  # somebody else's limit, which can't be raised
        wanted = hard if wanted == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (wanted, hard))

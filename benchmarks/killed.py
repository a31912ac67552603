"""What trials share that kill processes: waiting for their end, and judging what they left."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from typing import Any

from benchmarks.fault_server import right_answer

_LONGEST = 60.0
"""Seconds after which a process hangs."""


def ended(process: int) -> int | None:
    """Wait for a process and return its status; None if it hung and had to be killed."""
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.02)
    with suppress(ProcessLookupError):  # it leads no group
        os.killpg(process, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None


def is_right(path: str, result: str) -> bool:
    """Say whether a result is what the contract of that number says."""
    value: Any = json.loads(result)["value"]
    return bool(value == right_answer(int(path[:6])).model_dump(mode="json"))

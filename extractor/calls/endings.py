"""How an attempt is settled whatever happens: all of it, and never from inside the collector."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from extractor.errors import StoreError

_log = logging.getLogger("extractor.calls")


class Orphans:
    """Ends of attempts that nobody drives any more, kept until somebody may take locks for them.

    A call whose event loop has ended without cancelling it is closed by the garbage collector,
    which comes at any allocation: also of a thread that holds a lock of the limits, the ledger or
    a gate, which is the very lock that the call's end needs. So a generator that is merely closed
    (`GeneratorExit`) touches no lock. It adds its end here, and the core settles it before its next
    attempt. A driver that gives a generator up in earnest says so with `steps.abandon`.
    """

    def __init__(self) -> None:
        self._ends: deque[Callable[[], None]] = deque()

    def add(self, end: Callable[[], None]) -> None:
        """Keep an end for later; takes no lock."""
        self._ends.append(end)

    def settle(self) -> None:
        """Do what was kept. Safe for threads; hold no lock."""
        while True:
            try:
                end = self._ends.popleft()
            except IndexError:
                return
            end()


def do_all(call: str, **parts: Callable[[], object]) -> None:
    """Do each part of a call's end, also after one that fails.

    A fault is logged and not raised: it must cost neither a paid reply nor the error that is told.
    """
    interrupt: BaseException | None = None
    for name, part in parts.items():
        try:
            part()
        except Exception as error:
            told = error.message if isinstance(error, StoreError) else type(error).__name__
            _log.error("The end of call %s is incomplete (%s): %s", call, name, told)
        except BaseException as error:  # Ctrl-C
            interrupt = error
    if interrupt is not None:
        raise interrupt


def named(error: BaseException | None) -> str:
    """Return the name that a failure has in records; `Cancelled` for a call that was given up."""
    return type(error).__name__ if isinstance(error, Exception) else "Cancelled"

"""What a reader tells while it reads: how many pages there are, so that it gets time for them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

_listeners: list[Callable[[int], None]] = []
"""Of the file being read; a process that reads one reads no other at the same time."""


def tell_pages(count: int) -> None:
    """Say how many pages a file has, as soon as that is known; each reader of pages calls it once.

    Time is allowed for each of them. Without a word a file has `Limits.seconds` alone.
    """
    for listener in _listeners:
        listener(count)


@contextmanager
def hearing_pages(listener: Callable[[int], None]) -> Generator[None]:
    """Hear of the pages of the file that is read meanwhile."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)

"""What one POST may take of time and memory, for those who do its I/O far below the SDK."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

REPLY_LIMIT = 16 * 1024 * 1024
"""Bytes of a reply, decompressed: the longest answer of any model is far below a tenth of it."""


class Post:
    """One POST under way.

    Attributes:
        timeout: the most seconds that it may take; None for no limit.
        reply_limit: bytes of its reply, where that is not the transport's own limit.
        sent: whether the server may have all of it; True where nobody looks.
    """

    __slots__ = ("_ends", "reply_limit", "sent", "timeout")

    def __init__(self, timeout: float | None, reply_limit: int | None = None) -> None:
        self.timeout = timeout
        self.reply_limit = reply_limit
        self.sent = True
        self._ends = None if timeout is None else time.monotonic() + timeout

    @property
    def left(self) -> float | None:
        """Seconds until it has to be over, negative when it is too late; None for no limit."""
        return None if self._ends is None else self._ends - time.monotonic()

    @property
    def is_over(self) -> bool:
        left = self.left
        return left is not None and left <= 0


class ReplyTooLargeError(Exception):
    """A reply was given up because of its size; never leaves the providers."""

    def __init__(self, status: int, limit: int) -> None:
        super().__init__(f"more than {limit / 1024**2:g} MB")
        self.status = status


_current: ContextVar[Post | None] = ContextVar("_current", default=None)


@contextmanager
def posting(timeout: float | None, *, reply_limit: int | None = None) -> Generator[Post]:
    """Let the transports below know what the POST made in this thread or task may take."""
    post = Post(timeout, reply_limit)
    token = _current.set(post)
    try:
        yield post
    finally:
        with suppress(ValueError):  # ended by the collector, in a context that it was never set in
            _current.reset(token)


def current_post() -> Post | None:
    """Return the POST that this thread or task is making, if it is one of ours."""
    return _current.get()


def largest_reply(usual: int) -> int:
    """Return the most bytes of a reply: the POST's own limit, or the transport's usual one."""
    post = current_post()
    return (post and post.reply_limit) or usual

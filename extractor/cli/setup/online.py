"""Asking hosts whether they are there and what time they have; no key and no contract is sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from email.utils import parsedate_to_datetime

import httpx2

from extractor.providers.addresses import is_loopback
from extractor.types import JsonObject

TIMEOUT = 3.0
"""Seconds that all hosts together have to answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said.

    Attributes:
        status: its HTTP status, of any kind: it is there; None if it is not.
        seconds: how long it took.
        clock_skew: seconds that this machine's clock is ahead of the host's, to half a second; None
            if the host did not say.
        error: why there was no answer.
    """

    status: int | None = None
    seconds: float | None = None
    clock_skew: float | None = None
    error: str | None = None

    def facts(self) -> JsonObject:
        return asdict(self)

    def __str__(self) -> str:
        if self.error is not None:
            return self.error
        skew = self.clock_skew
        clock = "no clock told" if skew is None else f"our clock is ahead by {skew:+.1f} s"
        return f"HTTP {self.status} in {self.seconds:.1f} s; {clock}"


@dataclass(slots=True)
class _Question:
    url: str
    answer: Answer = field(default_factory=lambda: Answer(error=f"no answer in {TIMEOUT:g} s"))

    def ask(self) -> None:
        self.answer = _ask(self.url)


def ask_hosts(urls: Iterable[str]) -> dict[str, Answer]:
    """Ask each base URL once, all at the same time, following no redirect."""
    questions = [_Question(url) for url in dict.fromkeys(urls)]
    # Threads that nobody waits for: looking up a name can't be cut short otherwise.
    threads = [threading.Thread(target=question.ask, daemon=True) for question in questions]
    ends_at = time.monotonic() + TIMEOUT
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends_at - time.monotonic()))
    return {question.url: question.answer for question in questions}


def clock_skew(date: str | None, sent_at: float, answered_at: float) -> float | None:
    """Return how far this clock is ahead of a `Date` header (RFC 9110, 6.6.1), in seconds.

    The header is cut to whole seconds, so on average its second is half over. Times are seconds
    since 1970 by this clock.

    >>> clock_skew("Thu, 01 Jan 1970 00:16:40 GMT", 1_009.0, 1_012.0)
    10.0
    """
    try:
        theirs = parsedate_to_datetime(date or "").timestamp() + 0.5
    except ValueError:
        return None
    return round((sent_at + answered_at) / 2 - theirs, 1)


def _ask(url: str) -> Answer:
    sent_at, began = time.time(), time.monotonic()
    try:
        response = httpx2.head(
            url, timeout=TIMEOUT, follow_redirects=False, trust_env=not is_loopback(url)
        )
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        return Answer(error=f"no answer: {type(error).__name__}: {error}")
    return Answer(
        response.status_code,
        round(time.monotonic() - began, 3),
        clock_skew(response.headers.get("date"), sent_at, time.time()),
    )
